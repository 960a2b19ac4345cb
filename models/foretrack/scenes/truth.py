"""Exact tracks of a scene: surface points under the query grid at "now", followed through time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from ..common.geometry import CENTRE, FRAMES, HEIGHT, NOW, WIDTH, grid_centres, grid_corners, inside
from .compose import Scene
from .raster import NEAR, View, covered, trace

Array = np.ndarray
FARTHEST_PX = 1e4  # positions of points behind the camera are held inside this


@dataclass
class Truth:
    """tracks [F,N,2] videoPx of the working frame, visibility [F,N], depth [F,N] metres, body [N];
    frame `NOW` lies on the query grid."""

    tracks: Array
    visibility: Array
    depth: Array
    body: Array


def query_grid(alignment: str = "cell-centre") -> Array:
    """[N,2] videoPx, row by row."""
    return grid_centres() if alignment == "cell-centre" else grid_corners()


def view_at(scene: Scene, frame: int, scale: float = 1.0) -> View:
    return View(float(scene.camera.focal[frame]), CENTRE, WIDTH, HEIGHT, scale)


def corners_at(scene: Scene, frame: int) -> torch.Tensor:
    """Triangles [M,3,3] in camera space, double precision."""
    positions = scene.stage.positions[frame].astype(np.float64)
    seen = scene.camera.view_of(frame, positions)
    return torch.from_numpy(seen[scene.stage.faces])


def follow(scene: Scene, alignment: str = "cell-centre") -> Truth:
    """Every point is fixed to the triangle it lies on at "now", so its track is exact for the
    picture; it is visible where it lies in the frame and no other triangle covers it."""
    query = torch.from_numpy(query_grid(alignment))
    start = trace(query, corners_at(scene, NOW), view_at(scene, NOW))
    tracks = np.empty((FRAMES, len(query), 2))
    depth = np.empty((FRAMES, len(query)))
    visibility = np.empty((FRAMES, len(query)), dtype=bool)
    for frame in range(FRAMES):
        corners, view = corners_at(scene, frame), view_at(scene, frame)
        points = (corners[start.face] * start.weights[..., None]).sum(1)
        xy, z = view.project(points), points[:, 2]
        shown = inside(xy) & (z > NEAR)
        visibility[frame] = (shown & ~covered(xy, z, start.face, corners, view)).numpy()
        tracks[frame] = xy.clamp(-FARTHEST_PX, FARTHEST_PX).numpy()
        depth[frame] = z.numpy()
    body = scene.stage.face_body[start.face.numpy()]
    return Truth(tracks.astype(np.float32), visibility, depth.astype(np.float32), body)
