"""Random views of scenes: turned, cropped, mirrored, of some of their points."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .draw import Draw
from .geometry import CENTRE, HEIGHT, WIDTH, inside
from .tensor_cache import cached_tensor

CROP_POINTS = 40  # that a crop keeps at least


@dataclass
class View:
    """Positions are multiplied by `linear` [B,2,2] from the right and moved by `offset` [B,2]."""

    linear: Tensor
    offset: Tensor
    mirrored: Tensor  # [B,2] along x, along y

    def __call__(self, xy: Tensor) -> Tensor:
        """[B,...,2] px -> [B,...,2] px."""
        flat = xy.flatten(1, -2) @ self.linear + self.offset[:, None]
        return flat.view(xy.shape)


def draw_view(draw: Draw, now: Tensor, turn: float = 0.0) -> View:
    """Turned by up to `turn` rad in half of the cases, cropped in a third, mirrored. `now` [B,N,2]:
    a crop that keeps too few of them is none."""
    size = len(now)
    angle = draw.between(-turn, turn, size) * draw.chance(0.5, size)
    cropped = draw.chance(0.35, size)
    zoom = torch.where(cropped, draw.between(1, 1.8, size), 1.0)[:, None]
    frame = cached_tensor((WIDTH, HEIGHT), now)
    corner = draw.uniform(size, 2) * (frame - frame / zoom)
    mirror = 1 - 2 * (draw.uniform(size, 2) < cached_tensor((0.5, 0.15), now)).float()
    wide = _view(angle, torch.ones_like(zoom), torch.zeros_like(corner), mirror)
    close = _view(angle, zoom, corner, mirror)
    enough = inside(close(now)).sum(1) >= CROP_POINTS
    return View(
        torch.where(enough[:, None, None], close.linear, wide.linear),
        torch.where(enough[:, None], close.offset, wide.offset),
        close.mirrored,
    )


def _view(angle: Tensor, zoom: Tensor, corner: Tensor, mirror: Tensor) -> View:
    cosine, sine = angle.cos(), angle.sin()
    turned = torch.stack([cosine, sine, -sine, cosine], -1).unflatten(-1, (2, 2))
    linear = turned * (zoom * mirror)[:, None]
    centre = cached_tensor(CENTRE, corner)
    shown = centre + mirror * ((centre - corner) * zoom - centre)
    return View(linear, shown - torch.einsum("i,bij->bj", centre, linear), mirror < 0)


def choose(draw: Draw, candidates: Tensor, count: int) -> Tensor:
    """`count` of each row's candidates [B,N], as indices [B,count]; again where they are fewer."""
    order = (draw.uniform(*candidates.shape) + 2.0 * ~candidates).argsort(1)
    slots = torch.arange(count, device=order.device) % candidates.sum(1, keepdim=True).clamp(min=1)
    return order.gather(1, slots)
