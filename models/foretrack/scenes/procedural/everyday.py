"""Everyday scenes: slow cameras, bodies that stop and go, nothing for long.

General scenes move two to four times as fast as real clips do and stop half as often. These are
held to real tracks by `foretrack motion-statistics`, whose figures the ranges below were set by.
"""

from __future__ import annotations

import numpy as np

from ...common.geometry import FRAMES, WIDTH
from .bodies import articulated, blob, waves
from .camera import camera_path, depths
from .motion import Change, Clock, Events, Rng, draw_events, log_uniform, path, smooth
from .scene import Body, Scene, compose

MOST_CHANGES = 60


def everyday(rng: Rng, query: np.ndarray, clock: Clock) -> Scene:
    """Some slow bodies that stop and go, under a camera that mostly stands or is held."""
    restless = Clock(clock.interval, clock.reference, stop_and_go)
    pace = log_uniform(rng, 9, 90)
    bodies = []
    for _ in range(rng.integers(1, 9)):
        members, centre, half = blob(rng, query, 40, 300)
        speed = pace * log_uniform(rng, 0.3, 2.5)
        motion = amble(rng, query - centre, restless, speed, half.max())
        if rng.random() < 0.3:
            motion += 0.1 * articulated(rng, query, centre, half, restless)
        bodies.append(Body(members, centre, half, motion, rng.uniform(0.2, 1.2)))
    ground = trembling(rng, query, clock)
    if rng.random() < 0.15:
        ground = ground + waves(rng, query, clock)
    return compose(query, clock, depths(rng, query), bodies, held(rng, clock), WIDTH, ground)


def amble(rng: Rng, arm: np.ndarray, clock: Clock, speed: float, size: float) -> np.ndarray:
    """Rigid motion [F,N,2] of points `arm` [N,2] px from a body's middle: a way at `speed` px a
    second, turning and coming nearer about as fast at its edge, `size` px away."""
    way = path(rng, clock, 2, speed, 0.1 * speed)
    turn, nearer = (
        path(rng, clock, 2, rate, 0.3 * rate)[:, 0] if rng.random() < 0.5 else np.zeros(FRAMES)
        for rate in rng.uniform(0, 0.7 * speed / size, 2)
    )
    grown = np.exp(np.clip(nearer, -1.5, 1.2))
    c, s = (grown * np.cos(turn) - 1)[:, None], (grown * np.sin(turn))[:, None]
    x, y = arm.T
    return way[:, None] + np.stack([c * x - s * y, s * x + c * y], -1)


def stop_and_go(rng: Rng, clock: Clock) -> Events:
    """Moves and rests by turns, each of a length of its own."""
    moves, rests = log_uniform(rng, 0.15, 0.7), log_uniform(rng, 0.15, 1.2)
    level = 1.0 if rng.random() < moves / (moves + rests) else 0.0
    first, time = level, float(clock.time[0])
    changes: list[Change] = []
    while time < clock.time[-1] and len(changes) < MOST_CHANGES:
        time += rng.exponential(moves if level else rests)
        target = 0.0 if level else rng.choice([1.0, 1.0, 0.6, -1.0])
        changes.append(Change(time, log_uniform(rng, 0.05, 0.4), target - level))
        level = target
    return Events(first, tuple(changes))


def held(rng: Rng, clock: Clock) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A camera that stands in half of the scenes; else one of the general ones, slowed down."""
    if rng.random() < 0.3:
        still = np.zeros((FRAMES, 3))
        return still, still.copy(), np.zeros(FRAMES)
    slow = log_uniform(rng, 0.15, 2.0)
    angles, move, zoom = camera_path(rng, Clock(clock.interval, clock.reference, draw_events))
    return slow * angles, slow * move, slow * zoom


def trembling(rng: Rng, query: np.ndarray, clock: Clock) -> np.ndarray:
    """What hardly moves by itself, leaves or cloth or a tracker's drift: displacement [F,N,2]."""
    shape = (FRAMES, len(query) * 2)
    tremble = smooth(rng.normal(size=shape), clock, log_uniform(rng, 0.05, 0.6))
    out = (tremble * log_uniform(rng, 0.02, 0.8)).reshape(FRAMES, len(query), 2)
    return out - out[clock.reference]
