"""Whether two things that move choose apart.

Of a picture with two separate groups of moving points, the cosine of the angle between their mean
displacements: 1 where they always go together, 0 where one tells nothing of the other. Its mean
over a forecast's futures is held against its mean over what followed.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ..common.geometry import COLUMNS, ROWS

LEAST_POINTS = 4


def groups(moving: Tensor) -> list[Tensor]:
    """Points [N] that move -> the numbers of each group of neighbours (diagonal ones too), the
    largest first."""
    left = {n for n in torch.nonzero(moving)[:, 0].tolist()}
    found: list[list[int]] = []
    while left:
        group = [left.pop()]
        for n in group:
            row, column = divmod(n, COLUMNS)
            for y in range(max(0, row - 1), min(ROWS, row + 2)):
                for x in range(max(0, column - 1), min(COLUMNS, column + 2)):
                    if y * COLUMNS + x in left:
                        left.remove(y * COLUMNS + x)
                        group.append(y * COLUMNS + x)
        found.append(group)
    return [torch.tensor(sorted(group)) for group in sorted(found, key=len, reverse=True)]


def two_movers(moving: Tensor) -> tuple[Tensor, Tensor] | None:
    """The two largest groups; None where the picture has no two of them."""
    large = [group for group in groups(moving) if len(group) >= LEAST_POINTS]
    return (large[0], large[1]) if len(large) > 1 else None


def together(futures: Tensor, mask: Tensor, pair: tuple[Tensor, Tensor]) -> Tensor:
    """Mean over futures [K,T,N,2] of the cosine between the mean displacements of two groups over
    the positions of the mask [T,N]."""

    def mean(group: Tensor) -> Tensor:
        return (futures[:, :, group] * mask[:, group, None]).sum((1, 2))

    return torch.nn.functional.cosine_similarity(mean(pair[0]), mean(pair[1]), dim=-1).mean()
