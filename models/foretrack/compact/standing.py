"""A camera that stood keeps standing, as the studio holds it
(`src/engine/models/compact/standing.ts`).

Without it, ground that stood still drifts by several px in most futures of the model.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ..common.scenario import affine_features, robust_affine

STANDS_PX = 1.0  # a point stands that stayed so near to where it is now
STANDS_SHARE = 0.9  # in so much of the last frames that it was seen in
LOOK_BACK_FRAMES = 41
MIN_FRAMES = 9
CAMERA_SHARE = 0.35  # the camera stands where more of the points than this do
HELD_WAY_PX = 0.7  # so far a point that keeps standing still goes, as trackers drift
LEAST_WAY_PX = 5.0  # a standing point whose way is shorter stands; one of twice that goes all of it


def standing_points(history: Tensor, seen: Tensor) -> Tensor | None:
    """Which points of a history [T,N,2] px, [T,N] stand under a camera that does, [N] bool; None
    where the camera moves, or where the history is too short to tell."""
    if len(history) < MIN_FRAMES:
        return None
    history, known = history[-LOOK_BACK_FRAMES:], seen[-LOOK_BACK_FRAMES:] > 0
    near = ((history - history[-1]).norm(dim=-1) < STANDS_PX) & known
    frames = known.sum(0)
    standing = (2 * frames >= len(history)) & (near.sum(0) >= STANDS_SHARE * frames)
    return standing if standing.float().mean() > CAMERA_SHARE else None


def hold_standing(futures: Tensor, now: Tensor, standing: Tensor) -> Tensor:
    """Futures [K,H,N,2] px without what the standing points share, [N,2] px at now, and those of
    them held that would hardly move."""
    places = now.expand_as(futures)
    weight = standing.to(futures).expand(futures.shape[:-1])
    shared = affine_features(places) @ robust_affine(places, futures - now, weight)
    moved = futures - shared - now
    way = moved.norm(dim=-1).amax(1)
    held = torch.maximum(way / LEAST_WAY_PX - 1, HELD_WAY_PX / way.clamp(min=1e-6)).clamp(max=1)
    share = torch.where(standing, held, 1.0)
    return now + share[:, None, :, None] * moved
