"""Settings of a training run of the compact model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from ..common.ranges import Count, CountOrNone, Positive, Several, Share, Weight
from .config import SIZES, CompactConfig


@dataclass
class Settings:
    size: Literal["compact", "wide", "tiny"] = "compact"
    batch: Count = 16
    futures: Several = 4
    points: Several = 80
    around: CountOrNone = 0  # points besides, from which the past camera and scale are told
    rate: Positive = 8e-4
    decay: Weight = 0.3
    real_share: Share = 0.4
    matching_share: Share = 0.05
    joint_weight: Weight = 0.3
    best_weight: Weight = 0.35
    motion_weight: Weight = 0.3
    most_steps: Count = 8  # of the solver on policy; the studio takes one
    evenness: Share = 0.75  # 1: every scene weighs the same, 0: as many pixels as it errs by
    constraint_share: Share = 0.15
    independent_share: Share = 0.5  # batches whose futures are drawn each on its own
    real_spread: Positive = 1.4  # how much wider than the score asks real scenes' cameras are drawn
    shards: Count = 30  # of procedural scenes in memory, at most
    seed: int = 1
    video: bool = False  # needs --patches
    variant: Literal["shipped", "noise", "boundary", "unfactored"] = (
        "shipped"  # ablations: see `model.draw_source`
    )


def config_of(settings: Settings) -> CompactConfig:
    return replace(SIZES[settings.size], video=settings.video)
