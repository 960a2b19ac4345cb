"""What the networks see of the past: camera path, stabilised motion, motion scale.

`B` scenes, `T` = HISTORY frames (the last is "now"), `N` points; positions are videoPx.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from ..common.scenario import affine_features, robust_affine

PHOTO_SCALE_PX = 40.0
SPEED_FRAMES = 16


@dataclass
class History:
    """Displacements look back: index l is (position at now) - (position l+1 frames before)."""

    xy: Tensor  # [B,N,2] at now
    seen: Tensor  # [B,T-1,N] visible at that lag, 0 or 1
    displacement: Tensor  # [B,T-1,N,2] px
    camera: Tensor  # [B,T-1,3,2] affine part of the displacement, px
    residual: Tensor  # [B,T-1,N,2] the rest, px
    scale: Tensor  # [B] px: 2 + what a mean point moves in 16 frames
    length: Tensor  # [B] known frames


def look_back(tracks: Tensor, visibility: Tensor, points: int | None = None) -> History:
    """tracks [B,T,N,2], visibility [B,T,N] (0 in frames before the clip began). Camera and scale
    are those of all points, the rest is kept of the first `points` alone."""
    now = tracks[:, -1]
    seen = visibility[:, :-1].flip(1)
    displacement = now[:, None] - tracks[:, :-1].flip(1)
    xy = now[:, None]
    camera = robust_affine(xy, displacement, seen, rounds=4)
    residual = displacement - affine_features(xy) @ camera
    steps = (tracks[:, 1:] - tracks[:, :-1])[:, -SPEED_FRAMES:]
    both = (visibility[:, 1:] * visibility[:, :-1])[:, -SPEED_FRAMES:]
    total = both.sum((1, 2))
    speed = (steps.square().sum(-1).add(1e-12).sqrt() * both).sum((1, 2)) / total.clamp(min=1)
    known = (seen.sum(-1) > 0).to(tracks.dtype)
    length = 1 + known.sum(-1)
    moving = (total > 0).to(tracks.dtype)
    scale = moving * (2 + SPEED_FRAMES * speed) + (1 - moving) * PHOTO_SCALE_PX
    return History(
        now[:, :points],
        seen[..., :points],
        displacement[:, :, :points],
        camera,
        residual[:, :, :points],
        scale,
        length,
    )
