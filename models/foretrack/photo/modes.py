"""Modes of a set of futures by greedy cover, as the studio groups them."""

from __future__ import annotations

import torch
from torch import Tensor

NEAR = 0.1  # quantile of the distances within which a future stands for another
LEAST_PX = 8.32  # 1 % of the width: futures nearer than this are alike whatever the others do
MOST = 8
LEAST_SHARE = 0.04


def radius(between: Tensor) -> Tensor:
    """Futures no further apart than this are alike."""
    k = len(between)
    return torch.quantile(between[~torch.eye(k, dtype=torch.bool)], NEAR).clamp(min=LEAST_PX)


def greedy_cover(between: Tensor) -> tuple[Tensor, Tensor]:
    """Distances [K,K] -> the futures that stand for a mode [M] and the share of each [M]: again and
    again the future that has most of the uncovered ones near it."""
    k = len(between)
    near = between <= radius(between)
    free = torch.ones(k, dtype=torch.bool)
    chosen: list[int] = []
    shares: list[float] = []
    while len(chosen) < MOST:
        counts = (near & free).sum(1)
        best = int(counts.argmax())
        share = float(counts[best]) / k
        if share < LEAST_SHARE:
            break
        chosen.append(best)
        shares.append(share)
        free &= ~near[best]
    return torch.tensor(chosen, dtype=torch.long), torch.tensor(shares)


def share_of_truth(between: Tensor, to_truth: Tensor) -> float:
    """Share that the forecast gave the mode nearest to the truth; NaN where there are no modes."""
    chosen, shares = greedy_cover(between)
    if not len(chosen):
        return float("nan")
    return float(shares[to_truth[chosen].argmin()])


def said_and_happened(between: Tensor, to_truth: Tensor) -> list[tuple[float, bool]]:
    """Of each mode, and of what is in none, the share that the forecast gives it and whether the
    truth fell to it: to the first mode that has it near, as futures do. Of futures drawn as the
    truth is, modes of share p happen in p of all pictures."""
    chosen, shares = greedy_cover(between)
    near = (to_truth[chosen] <= radius(between)).tolist()
    first = near.index(True) if True in near else len(near)
    # The future that stands for a mode is near itself: the others tell how likely one is.
    others = (shares * len(between) - 1) / (len(between) - 1)
    said = [*others.clamp(min=0).tolist(), float(1 - others.clamp(min=0).sum())]
    return [(share, mode == first) for mode, share in enumerate(said)]
