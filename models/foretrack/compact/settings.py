"""Settings of a training run of the compact model."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .config import SIZES, CompactConfig


@dataclass
class Settings:
    size: str = "compact"
    batch: int = 16
    futures: int = 4
    points: int = 80
    around: int = 0  # points besides, from which the past camera and scale are told
    rate: float = 8e-4
    decay: float = 0.3
    real_share: float = 0.4
    matching_share: float = 0.05
    joint_weight: float = 0.3
    best_weight: float = 0.35
    motion_weight: float = 0.3
    most_steps: int = 8  # of the solver on policy, 1 at least; the studio takes one
    evenness: float = 0.75  # 1: every scene weighs the same, 0: as many pixels as it errs by
    constraint_share: float = 0.15
    independent_share: float = 0.5  # batches whose futures are drawn each on its own
    real_spread: float = 1.4  # how much wider than the score asks real scenes' cameras are drawn
    shards: int = 30  # of procedural scenes in memory, at most
    seed: int = 1
    video: bool = False  # needs --patches
    variant: str = "shipped"  # ablations: see `model.draw_source`


def config_of(settings: Settings) -> CompactConfig:
    return replace(SIZES[settings.size], video=settings.video)
