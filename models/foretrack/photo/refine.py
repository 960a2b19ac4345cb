"""From the grid to finer cells, sharp at the edges of movers.

A fine cell takes a weighted mean of the nine coarse cells around the one it lies in. Weights come
from how alike tower features of the fine cell and of the coarse cells are, under a learned metric,
and from where in its coarse cell the fine one lies: joint bilateral upsampling (Kopf et al., 2007)
with a learned guide. They belong to the picture, so every future is refined by the same nine sums.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..common.geometry import COLUMNS, ROWS

NEIGHBOURS = 9  # row by row, from above left to below right


def neighbours(coarse: Tensor) -> Tensor:
    """[B,D,15,26] -> [B,D,9,15,26]: each cell's neighbours, edges repeated."""
    padded = F.pad(coarse, (1, 1, 1, 1), mode="replicate")
    height, width = coarse.shape[-2:]
    parts = [padded[..., dy : dy + height, dx : dx + width] for dy in range(3) for dx in range(3)]
    return torch.stack(parts, 2)


class Refine(nn.Module):
    """features [B,C,15f,26f] of the tower -> weights [B,9,15f,26f], their sum 1."""

    def __init__(self, channels: int, factor: int, width: int = 16) -> None:
        super().__init__()
        self.factor = factor
        self.key = nn.Conv2d(channels, width, 1)
        self.sharpness = nn.Parameter(torch.tensor(0.0))
        self.place = nn.Parameter(bilinear_logits(factor))
        nn.init.normal_(self.key.weight, std=0.05 / channels**0.5)

    def forward(self, features: Tensor) -> Tensor:
        f = self.factor
        fine = self.key(features)
        around = neighbours(F.avg_pool2d(fine, f)).flatten(1, 2)
        there = F.interpolate(around, scale_factor=float(f), mode="nearest")
        unlike = (fine[:, :, None] - there.unflatten(1, (-1, NEIGHBOURS))).square().sum(1)
        place = self.place.repeat(1, ROWS, COLUMNS)
        return (place - self.sharpness.exp() * unlike).softmax(1)


def bilinear_logits(factor: int) -> Tensor:
    """[9,f,f]: logarithms of bilinear weights, floored, by the place in the coarse cell."""
    at = (torch.arange(factor) + 0.5) / factor - 0.5
    offsets = torch.tensor([-1.0, 0.0, 1.0])
    one = (1 - (at[None] - offsets[:, None]).abs()).clamp(min=0.02)
    return (one[:, None, :, None] * one[None, :, None, :]).flatten(0, 1).log()


def refined(weights: Tensor, coarse: Tensor) -> Tensor:
    """Weights [B,9,15f,26f] and a quantity [B,D,15,26] on the grid -> [B,D,15f,26f]."""
    factor = weights.shape[-1] // COLUMNS
    around = neighbours(coarse)
    there = around.repeat_interleave(factor, -2).repeat_interleave(factor, -1)
    return (there * weights[:, None]).sum(2)
