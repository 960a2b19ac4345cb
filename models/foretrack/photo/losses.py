"""Proper scores of futures of a picture, as training losses.

futures [B,K,T,2,N] px, truth [B,T,2,N], weight [B,T,N]. All scores are fair (Ferro, 2014).
"""

from __future__ import annotations

import torch
from torch import Tensor

EPS = 1e-4
FLOOR_PX = 4.0  # motion below which a picture's error no longer weighs more


def energy(futures: Tensor, truth: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """Energy score [B] with the root mean square distance over points and frames, which looks at
    all at once, and with the mean distance of single points; px."""
    k = futures.shape[1]
    total = weight.sum((1, 2)).clamp(min=1)

    def distances(difference: Tensor) -> tuple[Tensor, Tensor]:
        square = difference.square().sum(-2)
        joint = ((square * weight[:, None]).sum((2, 3)) / total[:, None] + EPS).sqrt()
        single = ((square + EPS).sqrt() * weight[:, None]).sum((2, 3)) / total[:, None]
        return joint, single

    skill = distances(futures - truth[:, None])
    if k == 1:
        return skill[0][:, 0], skill[1][:, 0]
    # Each future and its neighbour in a ring: as fair as all pairs, at 2/(K−1) of the cost.
    spread = distances(futures - futures.roll(1, 1))
    joint, single = (a.mean(1) - 0.5 * b.mean(1) for a, b in zip(skill, spread, strict=True))
    return joint, single


def apart(futures: Tensor, truth: Tensor, weight: Tensor, regions: Tensor) -> Tensor:
    """Energy score [B] of how differently regions move, px: of each region `regions` [B,R,N] and
    another one, the difference of their mean displacements. Scores of single points and of all at
    once hardly see whether parts go together (Pinson and Tastu, 2013)."""
    share = weight[:, :, None] * regions[:, None]  # [B,T,R,N]
    mass = share.sum(3)
    share = (share / mass[..., None].clamp(min=1e-3)).transpose(2, 3)
    of_futures, of_truth = futures @ share[:, None], truth @ share
    step = int(torch.randint(1, regions.shape[1], ()))
    there = [of - of.roll(step, -1) for of in (of_futures, of_truth)]
    both = mass.minimum(mass.roll(step, 2)).detach()
    return energy(there[0], there[1], both)[1]


def weight_of(truth: Tensor, weight: Tensor, evenness: float) -> Tensor:
    """[B]: what a picture's scores are multiplied by. At evenness 1 every picture weighs the same,
    at 0 as many pixels as it errs by."""
    total = weight.sum((1, 2)).clamp(min=1)
    static = ((truth.square().sum(-2) * weight).sum((1, 2)) / total).sqrt()
    return (static + FLOOR_PX) ** -evenness
