"""Distributions as a few quantiles: how they are read from weighted values, and drawn from."""

from __future__ import annotations

import torch
from torch import Tensor

KNOTS = 41
OUTERMOST = 0.005  # share of the values beyond the last knot, a side


def knots() -> Tensor:
    """[KNOTS] shares at which a distribution is kept."""
    return torch.linspace(OUTERMOST, 1 - OUTERMOST, KNOTS)


def quantiles(values: Tensor, weight: Tensor, at: Tensor) -> Tensor:
    """The quantiles of values [P] at shares [K], weights summing to 1, straight between values."""
    order = values.argsort()
    share = weight[order].cumsum(0) - weight[order] / 2
    place = torch.searchsorted(share, at).clamp(1, len(values) - 1)
    low, high = share[place - 1], share[place]
    part = ((at - low) / (high - low).clamp(min=1e-9)).clamp(0, 1)
    ordered = values[order]
    return ordered[place - 1] + part * (ordered[place] - ordered[place - 1])


def between(share: Tensor, at: Tensor, kept: Tensor) -> Tensor:
    """The quantile [n] of shares [n] of a distribution kept as `kept` [K] at the shares `at` [K],
    straight between them; beyond the last ones, those. A form that a graph can be exported of."""
    inside = share.clamp(OUTERMOST, 1 - OUTERMOST)
    slopes = kept.diff() / at.diff()
    bends = torch.cat([slopes[:1], slopes.diff()])
    return kept[0] + (inside[:, None] - at[:-1]).clamp(min=0) @ bends


def normal_share(z: Tensor) -> Tensor:
    """The share of a normal's draws below z."""
    return 0.5 * (1 + torch.erf(z * 0.5**0.5))
