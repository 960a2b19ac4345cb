"""How far constraints steer a forecast, on held-out real tracks.

In every clip the true future of some points is a constraint, and eight futures are drawn with and
without. The mean error of a future, px of the working frame: of the constrained points
themselves, and of all others.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ..common.cases import Case, padded
from ..common.constraints import Constraints
from ..common.metrics import displacement
from .model import CompactForecaster
from .reconstruction import batch_of

COUNTS = (1, 4, 20)
FUTURES = 8


def choose(case: Case, count: int, generator: torch.Generator) -> Tensor:
    """`count` points of those whose future is known longest: [N], 0 or 1."""
    known = case.mask.float().sum(0) + torch.rand(case.mask.shape[1], generator=generator)
    able = known.topk(min(len(known), 4 * count)).indices
    chosen = able[torch.randperm(len(able), generator=generator)[:count]]
    return torch.zeros_like(known).index_fill(0, chosen, 1.0)


def errors(
    model: CompactForecaster, case: Case, count: int, seed: int
) -> tuple[list[float], list[float]]:
    """Errors of the constrained and of the other points: free, then steered."""
    generator = torch.Generator().manual_seed(seed)
    chosen = choose(case, count, generator)
    batch = batch_of(case)
    history, seen = padded(case.history, case.seen)
    constraints = Constraints(batch.future - history[:, -1:], batch.mask * chosen)
    results: tuple[list[float], list[float]] = ([], [])
    for given in (None, constraints):
        same = torch.Generator().manual_seed(seed)
        futures, _ = model.forecast(
            history, seen, batch.interval, FUTURES, 4, same, independent=True, constraints=given
        )
        for out, part in zip(results, (chosen > 0, chosen == 0), strict=True):
            mask = case.mask & part
            error = displacement(futures[0, :, : len(case.truth)], case.truth, mask)
            out.append(float(error.mean()))
    return results
