"""Many scenes at once, on whatever device they lie. Positions are videoPx."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from .geometry import FRAMES, NOW
from .scenario import robust_affine

MIN_POINTS = 20  # of a camera path's frame


@dataclass
class Scenes:
    """tracks [B,F,N,2] px, seen [B,F,N], interval [B] secs, told [B,F,N]: whether it is known
    if the point is seen. It is not before a clip begins, after it ends, and of a point that left
    the clip's frame, which another camera may show."""

    tracks: Tensor
    seen: Tensor
    interval: Tensor
    told: Tensor


@dataclass
class CameraPaths:
    """affine [B,F,3,2]: displacement from now on `affine_features`; known [B,F]."""

    affine: Tensor
    known: Tensor


def camera_paths(tracks: Tensor, seen: Tensor) -> CameraPaths:
    """Robust affine fit of each frame's displacement; unknown frames repeat the nearest known."""
    now = tracks[:, NOW : NOW + 1].expand_as(tracks)
    affine = robust_affine(now, tracks - now, seen.float(), rounds=4)
    affine[:, NOW] = 0
    known = seen.sum(2) >= MIN_POINTS
    frames = torch.arange(FRAMES, device=tracks.device)
    far = (frames[:, None] - frames).abs() + FRAMES * ~known[:, None, :]
    nearest = far.argmin(2)[..., None, None].expand_as(affine)
    return CameraPaths(affine.gather(1, nearest), known)


def mixture(parts: Sequence[tuple[CameraPaths, Tensor]]) -> CameraPaths:
    """Sum of camera paths, each times its share [B]; known where all that count are."""
    affine = functools.reduce(
        torch.add, [share[:, None, None, None] * path.affine for path, share in parts]
    )
    known = torch.stack([path.known | (share == 0)[:, None] for path, share in parts])
    return CameraPaths(affine, known.all(0))


def pick(scenes: Scenes, chosen: Tensor) -> Scenes:
    """The points `chosen` [B,M] of each scene."""
    index = chosen[:, None].expand(-1, FRAMES, -1)
    tracks = scenes.tracks.gather(2, index[..., None].expand(-1, -1, -1, 2))
    seen, told = (x.gather(2, index) for x in (scenes.seen, scenes.told))
    return Scenes(tracks, seen, scenes.interval, told)


def joined(parts: Sequence[tuple[Tensor, ...]]) -> Iterator[Tensor]:
    return (torch.cat(part) for part in zip(*parts, strict=True))
