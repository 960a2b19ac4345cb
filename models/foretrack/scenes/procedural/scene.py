"""Procedural scenes as tracks alone: hundreds a second on one core, exact, deterministic by seed.

A scene is a depth field seen by a moving camera (static, handheld, pan, dolly, orbit, zoom, drive,
with start and stop events), over which objects move on paths of their own: rigid motion,
ballistics with bounces, articulated swings, waves and smooth flows. Points lie on their query at
the reference frame, "now" where nothing else is said. Positions are pixels of the working frame; a
scene has `F` = FRAMES frames.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...common.geometry import FRAMES, NOW, WIDTH, inside
from .bodies import articulated, blob, rigid, stream, waves
from .camera import camera_path, depths, project
from .motion import Clock, Events, Rng, draw_events, log_uniform


@dataclass
class Scene:
    """tracks [F,N,2] px, visibility [F,N]; frame `NOW` is now, and lies on `query` [N,2] where
    nothing else is said."""

    tracks: np.ndarray
    visibility: np.ndarray
    interval: float


@dataclass
class Body:
    """Points [N] that move by `motion` [F,N,2] px of their own, at one inverse depth; its ellipse
    (centre, half sizes) hides what lies under it."""

    members: np.ndarray
    centre: np.ndarray
    half: np.ndarray
    motion: np.ndarray
    inverse_depth: float


def draw_interval(rng: Rng) -> float:
    """Secs between two frames."""
    return rng.choice([1 / 30, 1 / 25, 1 / 24, 1 / 16, 1 / 16, log_uniform(rng, 1 / 60, 1 / 8)])


def make_scene(
    rng: Rng,
    query: np.ndarray,
    reference: int = NOW,
    events: Callable[[Rng, Clock], Events] = draw_events,
) -> Scene:
    """One scene for query points [N,2], on which they lie at frame `reference`."""
    clock = Clock(draw_interval(rng), reference, events)
    focal = WIDTH * rng.uniform(0.6, 1.8)
    camera = camera_path(rng, clock)
    inverse_depth = depths(rng, query)
    bodies = []
    busy = rng.random() > 0.12
    pace = log_uniform(rng, 4, 400)
    for _ in range(rng.integers(1, 8) if busy else 0):
        members, centre, half = blob(rng, query)
        speed = pace * log_uniform(rng, 0.3, 2)
        motion = np.zeros((FRAMES, len(query), 2))
        if rng.random() < 0.75:
            motion += rigid(rng, query, centre, clock, speed)
        if rng.random() < 0.4:
            motion += articulated(rng, query, centre, half, clock)
        if rng.random() < 0.15:
            motion += waves(rng, query, clock)
        bodies.append(Body(members, centre, half, motion, rng.uniform(0.2, 1.2)))
    background = rng.random()
    ground = np.zeros((FRAMES, len(query), 2))
    if background < 0.08:
        ground = waves(rng, query, clock)
    elif background < 0.14:
        ground = stream(rng, query, clock)
    return compose(query, clock, inverse_depth, bodies, camera, focal, ground)


def compose(
    query: np.ndarray,
    clock: Clock,
    inverse_depth: np.ndarray,
    bodies: list[Body],
    camera: tuple,
    focal: float,
    ground: np.ndarray | float = 0.0,
) -> Scene:
    """Bodies, later ones in front, on a ground [N] that may move by itself [F,N,2], as the camera
    sees them."""
    layer = np.zeros(len(query), dtype=int)
    own = np.zeros((FRAMES, len(query), 2)) + ground
    for index, body in enumerate(bodies, 1):
        own = np.where(body.members[:, None], body.motion, own)
        layer = np.where(body.members, index, layer)
        inverse_depth = np.where(body.members, body.inverse_depth, inverse_depth)
    tracks = project(query, inverse_depth, camera, focal) + own
    visible = _visible(tracks, layer, bodies, clock.reference)
    return Scene(tracks.astype(np.float32), visible, float(clock.interval))


def _visible(tracks: np.ndarray, layer: np.ndarray, bodies: list[Body], reference: int):
    """[F,N]: inside the frame and under no body of a higher layer (its ellipse moved with its
    points)."""
    visible = inside(tracks)
    for index, body in enumerate(bodies, 1):
        members = layer == index
        if not members.any():
            continue
        moved = body.centre + (tracks[:, members] - tracks[reference, members]).mean(1)
        u = (tracks - moved[:, None]) / (0.8 * body.half)
        covered = ((u**2).sum(-1) < 1) & (layer < index)
        # What is visible at the reference frame was not covered then, whatever the ellipse says.
        visible &= ~(covered & ~covered[reference])
    visible[reference] = True
    return visible
