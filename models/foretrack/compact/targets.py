"""What the compact model is trained towards: true futures factored, and constraints from them."""

from __future__ import annotations

import torch
from torch import Tensor

from ..common import scenario
from ..common.batch import Batch
from ..common.constraints import Constraints
from .history import look_back


def scaled_paths(batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Residual and camera displacement of past and future as VAE examples [M,H,2], mask, px."""
    past = look_back(batch.history, batch.seen, batch.points)
    camera, residual = future_parts(batch)
    scale = past.scale[:, None, None, None]
    ahead = torch.cat([residual, camera], 2) / scale
    seen = torch.cat([batch.mask, batch.mask.any(2, keepdim=True).expand(-1, -1, 3)], 2)
    paths = ahead.transpose(1, 2).flatten(0, 1)
    pixels = scale.expand(-1, -1, ahead.shape[2], 1).transpose(1, 2).flatten(0, 1)[:, 0, 0]
    return paths, seen.transpose(1, 2).flatten(0, 1), pixels


def future_parts(batch: Batch, factored: bool = True) -> tuple[Tensor, Tensor]:
    """True future factored: camera [B,H,3,2] by robust fit, residual [B,H,N,2] in its frame."""
    now = batch.now
    displacement = batch.future - now[:, None]
    xy = now[:, None].expand_as(displacement)
    mask = batch.mask.float()
    camera = scenario.robust_affine(xy, displacement, mask, rounds=4)
    if not factored:
        camera = 0 * camera
    q = scenario.stabilise(batch.future, camera)
    residual = scenario.interpolate(q - now[:, None], batch.mask)
    known = batch.mask.any(2, keepdim=True).expand(-1, -1, 3)
    return scenario.interpolate(camera, known), residual


def draw_constraints(batch: Batch) -> Constraints:
    """The true displacement of 1 to 4 points or 5 to 12 % of them, over their whole visible future,
    at a few frames of it, or where they are last seen."""
    size, frames, points = batch.mask.shape
    few = torch.randint(1, 5, (size, 1)) / points
    share = torch.where(torch.rand(size, 1) < 0.5, few, 0.05 + 0.07 * torch.rand(size, 1))
    rank = torch.rand(size, points).argsort(1).argsort(1)
    chosen = rank < (share * points).round().clamp(min=1)
    last = batch.mask & (batch.mask.flip(1).cumsum(1).flip(1) == 1)
    some = batch.mask & (torch.rand(batch.mask.shape) < 0.08)
    kind = torch.randint(3, (size, 1, 1))
    when = torch.where(kind == 0, batch.mask, torch.where(kind == 1, some, last))
    displacement = batch.future - batch.now[:, None]
    return Constraints(displacement, (when & chosen[:, None]).float())
