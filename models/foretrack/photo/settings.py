"""Settings of a training run of the photo model."""

from __future__ import annotations

from dataclasses import dataclass

from ..common.ranges import Count, Positive, Several, Share, Weight
from .network import PhotoConfig


@dataclass
class Settings:
    batch: Count = 20
    futures: Several = 6
    rate: Positive = 3e-3
    decay: Weight = 0.1
    evenness: Share = 0.8  # 1: every picture weighs the same, 0: as many pixels as it errs by
    single_weight: Weight = 0.5  # of the score of single points
    pair_weight: Weight = 0.3  # of the score of how differently regions move
    camera_weight: Weight = 0.1
    frames: Count = 6  # frames scored a step
    regions: Count = 6
    fields: Count = 6
    shape: Count = 4
    width: Count = 48
    seen: Count = 32
    dropout: Share = 0.3
    heard: Weight = 0.7  # how far sizes go by what the picture tells of them: chosen on folds
    common: Share = 0.4  # what remains of the latent that all regions share: chosen on folds
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
