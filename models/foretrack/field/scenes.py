"""Made-up scenes as tracks whose cameras, depths and movers are known, hundreds a second.

Frames end in the anchor, "now", or hold it; points are those of the studio's grid there. Everything
is drawn from the random numbers given.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..common.geometry import CENTRE, HEIGHT, HISTORY, NOW, WIDTH, grid_centres, inside
from ..scenes.procedural.motion import Clock, Rng, log_uniform, path
from .cameras import MOVING, STANDING, Cameras, draw_cameras, parallax_px, scaled
from .surfaces import inverse_depths

NEAREST = 0.05  # of a point's own depth at the anchor
LOST_PX = 4000.0


@dataclass(frozen=True)
class Request:
    """What is asked of a scene; the rest is drawn."""

    move: str | None = None
    parallax_px: float | None = None
    moving_share: float | None = None
    noise_px: float | None = None
    drift_px: float | None = None
    points: int | None = None  # a part of the grid
    frames: int | None = None  # that the tracks have, spread over the history
    anchor_last: bool = True
    knows_focal: bool | None = None


@dataclass
class Scene:
    """tracks [T,N,2] videoPx, visibility [T,N] bool, inverse_depth [N] (median of still points 1),
    moving [N] bool; cameras world → camera; focal px of the anchor, true and as told."""

    tracks: np.ndarray
    visibility: np.ndarray
    anchor: int
    inverse_depth: np.ndarray
    moving: np.ndarray
    cameras: Cameras
    focal_px: float
    told_focal_px: float
    move: str
    parallax_px: float
    lost: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))  # [N] mistracked
    # [T,N,3] how far a mover has gone since the anchor, in its own depths there.
    shift: np.ndarray = field(default_factory=lambda: np.zeros(0))


def draw_scene(rng: Rng, request: Request = Request()) -> Scene:
    move = request.move or str(rng.choice(STANDING if rng.random() < 0.22 else MOVING))
    frames, anchor = _frames(rng, request)
    xy = grid_centres()
    if request.points:
        xy = xy[np.sort(rng.choice(len(xy), request.points, replace=False))]
    offsets = xy - CENTRE
    focal = log_uniform(rng, 420, 1500)
    rho = inverse_depths(rng, xy)
    clock = Clock(float(rng.choice([1 / 30, 1 / 25, 1 / 16])), HISTORY - 1)
    whole = draw_cameras(rng, move, clock, frames[anchor])
    at = whole.translation[frames]
    moving, shift, rho = _movers(rng, xy, rho, clock, frames, anchor, request.moving_share)
    rho = rho / np.median(rho[~moving] if (~moving).any() else rho)
    wanted = 0.0
    if move in MOVING:
        wanted = log_uniform(rng, 0.7, 150) if request.parallax_px is None else request.parallax_px
        at = scaled(at, offsets, rho, focal, wanted)
    cameras = Cameras(whole.rotation[frames], at, whole.log_zoom[frames])
    tracks, ahead = project(offsets, rho, shift / focal, cameras, focal)
    tracks, lost = _tracked(rng, tracks, anchor, request)
    seen = inside(tracks) & ahead & _kept(rng, len(frames), anchor, len(xy))
    seen[anchor] = True
    knows = rng.random() < 0.5 if request.knows_focal is None else request.knows_focal
    told = focal * (1.0 if knows else float(np.exp(np.clip(rng.normal(0, 0.22), -0.5, 0.5))))
    tracks = np.clip(tracks, -LOST_PX, LOST_PX)
    return Scene(
        tracks.astype(np.float32),
        seen,
        anchor,
        rho,
        moving,
        cameras,
        focal,
        told,
        move,
        parallax_px(at, offsets, rho, focal) if move in MOVING else 0.0,
        lost,
        shift / focal,
    )


def project(
    offsets: np.ndarray, rho: np.ndarray, shift: np.ndarray, cameras: Cameras, focal: float
) -> tuple[np.ndarray, np.ndarray]:
    """Points at offsets [N,2] px from the centre, moved by shift [T,N,3] (in units of their own
    depth), seen by the cameras: [T,N,2] videoPx and whether they lie before the camera."""
    directions = np.concatenate([offsets / focal, np.ones((len(offsets), 1))], -1)
    moved = directions[None] + shift
    seen = moved @ cameras.rotation.transpose(0, 2, 1)
    seen = seen + rho[None, :, None] * cameras.translation[:, None]
    z = np.maximum(seen[..., 2:], NEAREST)
    own = focal * np.exp(cameras.log_zoom)[:, None, None]
    return own * seen[..., :2] / z + CENTRE, seen[..., 2] > NEAREST


def _frames(rng: Rng, request: Request) -> tuple[np.ndarray, int]:
    """Frames of the history and which of them is the anchor."""
    count = request.frames or int(rng.integers(16, 42))
    span = HISTORY if request.frames else int(rng.integers(max(16, count), HISTORY + 1))
    frames = np.unique(np.round(np.linspace(NOW - span + 1, NOW, min(count, span))).astype(int))
    middle = not request.anchor_last and rng.random() < 0.2
    return frames, int(rng.integers(0, len(frames))) if middle else len(frames) - 1


def _movers(
    rng: Rng,
    xy: np.ndarray,
    rho: np.ndarray,
    clock: Clock,
    frames: np.ndarray,
    anchor: int,
    share: float | None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which points move by themselves [N], by how much [T,N,3] (px at the anchor's focal length),
    and the inverse depths with theirs: bodies stand where they touch the rest."""
    moving = np.zeros(len(xy), bool)
    shift = np.zeros((len(frames), len(xy), 3))
    wanted = rng.choice([0.0, rng.uniform(0, 0.45)], p=[0.25, 0.75]) if share is None else share
    for _ in range(60):
        if moving.sum() >= wanted * len(xy):
            break
        x, foot = rng.uniform([0, 0.2 * HEIGHT], [WIDTH, 1.2 * HEIGHT])
        half, tall = log_uniform(rng, 30, 130), log_uniform(rng, 40, 220)
        own = (np.abs(xy[:, 0] - x) < half) & (xy[:, 1] < foot) & (xy[:, 1] > foot - tall) & ~moving
        own &= np.cumsum(own) <= wanted * len(xy) - moving.sum() + 1
        if not own.any():
            continue
        moving |= own
        standing = rho[np.argmin(np.hypot(xy[:, 0] - x, xy[:, 1] - foot))]
        depth = standing if rng.random() < 0.6 else rho[own] * np.exp(abs(rng.normal(0, 0.2)))
        rho = np.where(own, np.maximum(rho, depth) if np.ndim(depth) == 0 else rho, rho)
        if np.ndim(depth):
            rho[own] = depth
        way = path(rng, clock, 3, 1.0, rng.choice([0.2, 1.0]))[frames]
        way = way - way[anchor]
        far = log_uniform(rng, 4, 120) / max(1e-6, np.linalg.norm(way, axis=-1).max())
        shift[:, own] += (far * way * [1, 1, 0.4])[:, None]
        if rng.random() < 0.4:  # limbs: each point adds its own
            swing = path(rng, clock, int(own.sum()) * 2, 0.0, 1.0)[frames]
            swing = (swing - swing[anchor]).reshape(len(frames), -1, 2)
            size = log_uniform(rng, 1, 15) / max(1e-6, np.abs(swing).max())
            shift[:, own, :2] += size * swing
    return moving, shift, rho


def _tracked(
    rng: Rng, tracks: np.ndarray, anchor: int, request: Request
) -> tuple[np.ndarray, np.ndarray]:
    """Tracks with a tracker's jitter, drift away from the anchor, and points that slid [N]."""
    count, points = tracks.shape[:2]
    noise = log_uniform(rng, 0.1, 0.6) if request.noise_px is None else request.noise_px
    drift = rng.choice([0, 1]) * log_uniform(rng, 0.1, 0.8)
    drift = drift if request.drift_px is None else request.drift_px
    steps = np.cumsum(rng.normal(size=(count, points, 2)), 0)
    walk = (steps - steps[anchor]) / np.sqrt(count)
    slid = np.zeros(points, bool)
    if request.noise_px is None:
        slid = rng.random(points) < rng.choice([0, 0.01, 0.05])
    size = np.where(slid, log_uniform(rng, 3, 30), drift)[None, :, None]
    jitter = noise * rng.normal(size=tracks.shape)
    jitter[anchor] = 0
    return tracks + jitter + size * walk, slid


def _kept(rng: Rng, count: int, anchor: int, points: int) -> np.ndarray:
    """[T,N] of tracks that begin and end, or are hidden for a while."""
    distance = np.abs(np.arange(count) - anchor)[:, None]
    lost = rng.random(points) < rng.uniform(0, 0.25)
    return ~(lost & (distance > rng.integers(2, count + 2, points)))
