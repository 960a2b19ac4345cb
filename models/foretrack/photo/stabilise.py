"""Motion in the frame of the picture: the camera's affine path taken out of tracks.

Shapes: moved [...,T,N,2] px since the picture, weight [...,T,N] of each point and frame, xy [N,2]
videoPx. A frame in which enough points rest is a still camera's; else the camera is the robust
affine fit of all points (Huber, as everywhere in the models). Where the camera cannot be told,
nothing is known of that frame and of those after it (`camera_told`).
"""

from __future__ import annotations

import torch
from torch import Tensor

from ..common.scenario import robust_affine, stabilise

REST_PX = 1.5  # of 832: tracks of what rests wander this far
REST_SHARE = 0.4  # of points that rest under a still camera
ROUNDS = 6
LEAST_KNOWN = 0.15  # of the points: fewer tell no camera
UNEXPLAINED_PX = 25.0  # 3 % of the width: where half of the points are further off, the fit is none


def camera_of(moved: Tensor, weight: Tensor, xy: Tensor) -> Tensor:
    """The camera's affine displacement [...,T,3,2] on `affine_features`; 0 where it is still."""
    affine = robust_affine(xy.expand_as(moved), moved, weight, rounds=ROUNDS)
    rests = (moved.square().sum(-1) < REST_PX**2).float()
    share = (rests * weight).sum(-1) / weight.sum(-1).clamp(min=1e-6)
    return torch.where((share > REST_SHARE)[..., None, None], torch.zeros_like(affine), affine)


def without_camera(moved: Tensor, weight: Tensor, xy: Tensor) -> tuple[Tensor, Tensor]:
    """Displacement [...,T,N,2] px as under a camera that stands still, and the camera."""
    affine = camera_of(moved, weight, xy)
    return stabilise(xy + moved, affine) - xy, affine


def camera_told(still: Tensor, weight: Tensor) -> Tensor:
    """[...,T] whether a frame's camera is told by its points and so are those of all frames before
    it: enough of them are known, and of those at least half go where the camera takes them (the
    most that a robust fit can do without). `still` as `without_camera` gives it."""
    known = weight > 0
    enough = known.float().mean(-1) >= LEAST_KNOWN
    near = ((still.square().sum(-1) < UNEXPLAINED_PX**2) & known).float().sum(-1)
    told = enough & (near >= 0.5 * known.float().sum(-1))
    return told.long().cumprod(-1).bool()
