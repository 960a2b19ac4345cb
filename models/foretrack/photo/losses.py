"""Proper scores of futures of a picture, as training losses.

futures [B,K,T,2,N] px, truth [B,T,2,N], weight [B,T,N]. All scores are fair (Ferro, 2014).
"""

from __future__ import annotations

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


def size_of(truth: Tensor, weight: Tensor, evenness: float) -> Tensor:
    """[B]: what a picture's scores are divided by. At evenness 1 every picture weighs the same, at
    0 as many pixels as it errs by."""
    total = weight.sum((1, 2)).clamp(min=1)
    static = ((truth.square().sum(-2) * weight).sum((1, 2)) / total).sqrt()
    return (static + FLOOR_PX) ** evenness
