"""How well a relief orders what is near and far: Spearman's rank correlation with what is known of
each picture, beside rows that see little of it, and bootstrap by source."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from ..common.space_metrics import rank_correlation
from .data import Sights
from .make_data import CELL_COLUMNS, CELL_ROWS
from .network import ReliefHead

HORIZON = 0.4  # of the height: where the studio takes it to be
SUBJECT = 0.5  # probability of moving from which a cell is of the subject

Row = Callable[[int], tuple[Tensor, Tensor | None]]


def ramp() -> Tensor:
    """[30,52]: flat ground under a horizon, 0 above it."""
    y = (torch.arange(CELL_ROWS) + 0.5) / CELL_ROWS
    level = ((y - HORIZON) / (1 - HORIZON)).clamp(0, 1)
    return level[:, None].expand(CELL_ROWS, CELL_COLUMNS)


def straight_ramp() -> Tensor:
    """[30,52]: nearer from the top of the picture down, without a horizon."""
    return torch.arange(CELL_ROWS)[:, None].float().expand(CELL_ROWS, CELL_COLUMNS)


def raised(level: Tensor, subject: Tensor) -> Tensor:
    """The subject [30,52] stands upright: cells take the level of the lowest of their column."""
    out = level.clone()
    for column in range(CELL_COLUMNS):
        rows = torch.nonzero(subject[:, column])[:, 0]
        if len(rows):
            out[rows, column] = level[rows.max(), column]
    return out


def correlations(sights: Sights, rows: list[int], tell: Row) -> np.ndarray:
    """[len(rows)] of the first view of each picture, where it is known."""
    out = []
    for row in rows:
        known = sights.weight[row, 0] > 0
        out.append(
            rank_correlation(tell(row)[0][known].numpy(), sights.near[row, 0][known].numpy())
        )
    return np.array(out)


def told_by(head: ReliefHead, sights: Sights) -> Row:
    @torch.inference_mode()
    def tell(row: int) -> tuple[Tensor, Tensor | None]:
        near, spread = head(*(m[row, :1].float() for m in sights.maps))
        return near[0], spread[0]

    return tell


def coverage(sights: Sights, rows: list[int], tell: Row) -> float:
    """Share of known cells within two spreads' standard deviations (√2 each, Laplace)."""
    inside: list[Tensor] = []
    for row in rows:
        near, spread = tell(row)
        known = sights.weight[row, 0] > 0
        miss = near[known] - sights.near[row, 0][known]
        miss = (miss - miss.median()).abs()
        assert spread is not None
        inside.append((miss < 2 * 2**0.5 * spread[known]).float())
    return float(torch.cat(inside).mean())


def by_clip(values: np.ndarray, clips: list[str]) -> dict[str, float]:
    """The mean of each clip's pictures."""
    own: dict[str, list[float]] = {}
    for value, clip in zip(values, clips, strict=True):
        own.setdefault(clip, []).append(float(value))
    return {clip: float(np.mean(all_)) for clip, all_ in own.items()}


def bootstrap(
    values: dict[str, float], source_of: dict[str, str], draws: int = 2000
) -> tuple[float, float, float]:
    """The median over clips, and 2.5 and 97.5 % of medians where sources are drawn with
    replacement."""
    groups: dict[str, list[float]] = {}
    for clip, value in values.items():
        groups.setdefault(source_of[clip], []).append(value)
    lists = list(groups.values())
    rng = np.random.default_rng(1)
    medians = [
        np.median(np.concatenate([lists[i] for i in rng.integers(len(lists), size=len(lists))]))
        for _ in range(draws)
    ]
    low, high = np.quantile(medians, [0.025, 0.975])
    return float(np.median(list(values.values()))), float(low), float(high)
