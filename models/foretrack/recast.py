"""Real scenes under the camera of another clip: new pairs from few clips.

Two thirds of a forecast's error is the camera, and few clips have much of it. A scene is factored
into its camera path and stabilised tracks, and composed again with a mixture of its own path and
another clip's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from .procedural import FRAMES, PAST, Scene
from .scenario import affine_features, robust_affine, stabilise

MIN_POINTS = 20


@dataclass
class CameraPath:
    """affine [162,3,2]: displacement from now on `affine_features`; known [162]."""

    affine: Tensor
    known: np.ndarray


def camera_path(scene: Scene) -> CameraPath:
    """Robust affine fit of the displacement of each frame; unknown frames repeat a neighbour."""
    tracks = torch.from_numpy(scene.tracks).float()
    seen = torch.from_numpy(scene.visibility).float()
    xy = tracks[PAST].expand_as(tracks)
    affine = robust_affine(xy, tracks - xy, seen, rounds=4)
    affine[PAST] = 0
    known = scene.visibility.sum(1) >= MIN_POINTS
    nearest = np.arange(FRAMES)
    ahead = np.flatnonzero(known)
    if len(ahead):
        nearest = ahead[np.abs(ahead[None] - nearest[:, None]).argmin(1)]
    return CameraPath(affine[nearest], known)


def recast(scene: Scene, own: CameraPath, other: CameraPath, rng: np.random.Generator) -> Scene:
    """The scene seen by a mixture of its own camera and another clip's (in pixels a frame)."""
    keep = float(rng.choice([0.0, 0.5, 1.0, 1.5]))
    borrow = float(rng.normal(0, 0.8))
    tracks = torch.from_numpy(scene.tracks).float()
    camera = keep * own.affine + borrow * other.affine
    still = stabilise(tracks, own.affine)
    moved = still + affine_features(still) @ camera
    visibility = scene.visibility & own.known[:, None]
    if borrow:
        visibility = visibility & other.known[:, None]
    return replace(scene, tracks=moved.numpy(), visibility=visibility)
