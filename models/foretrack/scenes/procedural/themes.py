"""Scenes of the kinds that general ones hold too few of, in which a forecast has to know when to be
sure: steady drives, hands and arms that take, carry and let go, a lone body under a still camera,
and everyday ones that move at the pace of real clips.

Arguments and results are those of `scene.make_scene`.
"""

from __future__ import annotations

import numpy as np

from ...common.geometry import CENTRE, FRAMES, HEIGHT, NOW, WIDTH
from .bodies import blob, rigid
from .camera import depths
from .everyday import everyday
from .handling import arm, carry
from .motion import Change, Clock, Events, Rng, log_uniform, oscillation, smooth, switch
from .scene import Body, Scene, compose, draw_interval

Camera = tuple[np.ndarray, np.ndarray, np.ndarray]


def make_themed_scene(rng: Rng, query: np.ndarray, reference: int = NOW) -> Scene:
    clock = Clock(draw_interval(rng), reference, few_events)
    theme = (drive, handling, lone, everyday)[rng.choice(4, p=[0.28, 0.24, 0.18, 0.3])]
    return theme(rng, query, clock)


def make_everyday_scene(rng: Rng, query: np.ndarray, reference: int = NOW) -> Scene:
    return everyday(rng, query, Clock(draw_interval(rng), reference))


def few_events(rng: Rng, clock: Clock) -> Events:
    """Three in four go on as they are; the others start, stop, or slow down, once."""
    if rng.random() < 0.75:
        return Events(1.0, ())
    first, last = ((0.0, 1.0), (1.0, 0.0), (1.0, 0.5))[rng.integers(3)]
    at = rng.uniform(clock.time[0], clock.time[-1])
    return Events(first, (Change(at, log_uniform(rng, 0.3, 2.0), last - first),))


def nearly_still(rng: Rng, clock: Clock) -> Camera:
    """A tripod in four of five cases, else a hand or a desk that shakes."""
    angles = np.zeros((FRAMES, 3))
    if rng.random() < 0.2:
        shake = smooth(rng.normal(size=(FRAMES, 3)), clock, log_uniform(rng, 0.1, 1.0))
        angles += (shake - shake[clock.reference]) * log_uniform(rng, 0.0003, 0.01)
    return angles, np.zeros((FRAMES, 3)), np.zeros(FRAMES)


def drive(rng: Rng, query: np.ndarray, clock: Clock) -> Scene:
    """A camera that travels at a steady pace, mostly forwards over ground, among a few others."""
    gate = switch(rng, clock)
    pace = log_uniform(rng, 0.03, 0.9) * gate
    pace = pace * (1 + rng.uniform(0, 0.12) * smooth(rng.normal(size=FRAMES), clock, 2.0))
    heading = rng.normal(0, [0.12, 0.05, 0]) + [0, 0, rng.choice([1, -1], p=[0.88, 0.12])]
    if rng.random() < 0.12:  # out of a side window
        heading = np.array([rng.choice([1.0, -1.0]), 0.0, rng.normal(0, 0.1)])
    bend = smooth(rng.normal(size=FRAMES), clock, 2.5) * rng.choice([0.003, 0.03, 0.12])
    angles = np.zeros((FRAMES, 3))
    angles[:, 0] = np.cumsum(bend * gate) * clock.interval
    bumps = smooth(rng.normal(size=(FRAMES, 3)), clock, log_uniform(rng, 0.05, 0.3))
    angles += bumps * log_uniform(rng, 0.0002, 0.006) * np.array([0.4, 1.0, 0.5])
    move = np.cumsum(pace)[:, None] * clock.interval * heading
    if rng.random() < 0.25:  # carried by someone who walks
        angles[:, 1] += oscillation(rng, clock, log_uniform(rng, 0.001, 0.015))
        angles[:, 0] += oscillation(rng, clock, log_uniform(rng, 0.0005, 0.006))
    ahead = (angles - angles[clock.reference], move - move[clock.reference], np.zeros(FRAMES))
    bodies = []
    for _ in range(rng.integers(0, 5)):
        members, centre, half = blob(rng, query, 15, 110)
        motion = np.zeros((FRAMES, len(query), 2))
        if rng.random() < 0.7:
            motion = rigid(rng, query, centre, clock, log_uniform(rng, 3, 80))
        bodies.append(Body(members, centre, half, motion, rng.uniform(0.1, 1.0)))
    ground = _road(rng, query) if rng.random() < 0.7 else depths(rng, query)
    return compose(query, clock, ground, bodies, ahead, WIDTH * rng.uniform(0.6, 1.5))


def _road(rng: Rng, query: np.ndarray) -> np.ndarray:
    """Inverse depth [N] of a plane below the horizon, of sky above it, of rows at the sides."""
    horizon = rng.uniform(0.25, 0.55) * HEIGHT
    below = np.clip((query[:, 1] - horizon) / HEIGHT, 0, None) * rng.uniform(0.8, 2.2)
    beside = np.abs(query[:, 0] - CENTRE[0]) / WIDTH * rng.uniform(0, 1.2)
    tall = query[:, 1] > horizon - rng.uniform(0, 1.2) * np.abs(query[:, 0] - CENTRE[0])
    return np.maximum(below, np.where(tall, beside, 0.0)) + 0.01


def handling(rng: Rng, query: np.ndarray, clock: Clock) -> Scene:
    """Hands or arms at work over a table that stands."""
    bodies = []
    for _ in range(rng.integers(1, 3)):
        bodies += carry(rng, query, clock) if rng.random() < 0.6 else arm(rng, query, clock)
    camera = nearly_still(rng, clock)
    return compose(query, clock, depths(rng, query), bodies, camera, WIDTH * rng.uniform(0.6, 1.8))


def lone(rng: Rng, query: np.ndarray, clock: Clock) -> Scene:
    """One or two bodies that come, go, start or stop where all else stands."""
    bodies = []
    for _ in range(rng.choice([1, 1, 1, 2])):
        members, centre, half = blob(rng, query, 25, 160)
        motion = rigid(rng, query, centre, clock, log_uniform(rng, 8, 320))
        bodies.append(Body(members, centre, half, motion, 0.5))
    camera = nearly_still(rng, clock)
    return compose(query, clock, depths(rng, query), bodies, camera, WIDTH)
