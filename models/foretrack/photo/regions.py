"""Regions of a picture that may choose apart: a soft k-means of what moves.

Every point has a place and what it looks like; regions begin as a lattice over the picture and
follow the points that probably move. Nothing of it is trained. Regions that are near and look alike
go together: each is driven by a blend of the latents of all, and of one that all share.
"""

from __future__ import annotations

import torch
from torch import Tensor

ROUNDS = 5
SHARPNESS = 12.0
LOOKS = 8  # leading features that tell what a point looks like
LOOKS_WEIGHT = 0.15
HEIGHT_WEIGHT = 0.6  # y in [-1,1] is a shorter way than x
RESTING = 0.02  # of a point that surely rests, in a centre


def lattice(count: int, x: Tensor, y: Tensor) -> Tensor:
    """Assignments [R,N] of points at x, y [N] to a lattice of `count` places in two rows."""
    columns = -(-count // 2)
    at = torch.arange(count)
    cx = (at % columns + 0.5) * 2 / columns - 1
    cy = (at // columns).float() - 0.5
    square = (x - cx[:, None]).square() + (HEIGHT_WEIGHT * (y - cy[:, None])).square()
    return (-SHARPNESS * square).softmax(0)


def soft_regions(moving: Tensor, looks: Tensor, start: Tensor, place: Tensor) -> tuple[Tensor, ...]:
    """Probabilities to move [B,N], features [B,F,N], start [R,N], x and y [2,N] -> assignments
    [B,R,N] that sum to 1 over regions, and squared distances of the regions [B,R,R]."""
    xy = place * torch.tensor([[1.0], [HEIGHT_WEIGHT]])
    at = torch.cat([xy.expand(len(looks), -1, -1), LOOKS_WEIGHT * looks[:, :LOOKS]], 1)
    weight = moving.square() + RESTING
    square = at.square().sum(1)[:, None]
    share = start.expand(len(looks), -1, -1)
    for _ in range(ROUNDS):
        own = share * weight[:, None]
        centre = own @ at.transpose(1, 2) / own.sum(2, keepdim=True).clamp(min=1e-4)
        far = square - 2 * centre @ at + centre.square().sum(2)[..., None]
        share = (-SHARPNESS * far).softmax(1)
    norm = centre.square().sum(2)
    apart = norm[:, :, None] + norm[:, None] - 2 * centre @ centre.transpose(1, 2)
    return share, apart.clamp(min=0)


def blend(apart: Tensor, reach: Tensor, common: Tensor) -> Tensor:
    """How much each region takes of every region's latent and, last, of the one that all share:
    [B,R,R+1], rows of unit length, so that what a region is driven by stays normal."""
    near = (-apart / (2 * reach.square())).exp()
    both = torch.cat([near, common.expand(*near.shape[:2], 1)], 2)
    return both / both.norm(dim=2, keepdim=True)
