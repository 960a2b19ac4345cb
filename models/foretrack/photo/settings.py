"""Settings of a training run of the photo model."""

from __future__ import annotations

from dataclasses import dataclass

from .network import PhotoConfig


@dataclass
class Settings:
    batch: int = 20
    futures: int = 6
    rate: float = 3e-3
    decay: float = 0.1
    evenness: float = 0.8  # 1: every picture weighs the same, 0: as many pixels as it errs by
    single_weight: float = 0.5  # of the score of single points
    pair_weight: float = 0.3  # of the score of how differently regions move
    camera_weight: float = 0.1
    frames: int = 6  # frames scored a step
    regions: int = 6
    fields: int = 6
    shape: int = 4
    width: int = 48
    seen: int = 32
    dropout: float = 0.3
    heard: float = 0.7  # how far sizes go by what the picture tells of them: chosen on folds
    common: float = 0.4  # what remains of the latent that all regions share: chosen on folds
    sees: bool = True  # false: the blind prior
    regressor: bool = False  # one future, z = 0
    seed: int = 1


def config_of(s: Settings) -> PhotoConfig:
    return PhotoConfig(
        regions=s.regions,
        fields=s.fields,
        shape=s.shape,
        width=s.width,
        seen=s.seen,
        dropout=s.dropout,
        sees=s.sees,
    )
