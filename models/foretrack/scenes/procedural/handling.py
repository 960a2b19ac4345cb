"""Hands and arms that reach, take, carry, let go and wait.

Reaches follow the minimum-jerk profile 10 s³ − 15 s⁴ + 6 s⁵ (Flash and Hogan 1985).
"""

from __future__ import annotations

import numpy as np

from ...common.geometry import FRAMES, HEIGHT, WIDTH
from .bodies import blob
from .motion import Clock, Rng, log_uniform
from .scene import Body


def minimum_jerk(share: np.ndarray) -> np.ndarray:
    """How far a reach has come, 0 to 1, when `share` of its time is over."""
    s = np.clip(share, 0, 1)
    return s**3 * (10 - 15 * s + 6 * s**2)


def reaches(rng: Rng, clock: Clock, reach: np.ndarray) -> np.ndarray:
    """Displacement [F,D] from the reference frame: from place to place, normal of deviation `reach`
    [D], with pauses between."""
    out = np.zeros((FRAMES, len(reach)))
    time = clock.time[0] - rng.uniform(0, 2)
    here = rng.normal(size=len(reach)) * reach
    out += here
    while time < clock.time[-1]:
        time += log_uniform(rng, 0.05, 2.5)
        lasts = log_uniform(rng, 0.35, 2.0)
        there = rng.normal(size=len(reach)) * reach
        out += minimum_jerk((clock.time - time) / lasts)[:, None] * (there - here)
        time, here = time + lasts, there
    return out - out[clock.reference]


def carry(rng: Rng, query: np.ndarray, clock: Clock) -> list[Body]:
    """A thing, and a hand that comes for it, carries it elsewhere, lets go and leaves."""
    spread = rng.uniform(0.1, 0.35) * np.array([WIDTH, HEIGHT])
    away, place, goal, leave = (rng.normal(size=2) * spread for _ in range(4))
    starts = rng.uniform(clock.time[0] - 1, clock.time[-1])
    lasts = [log_uniform(rng, 0.3, 1.8) for _ in range(3)]
    waits = [log_uniform(rng, 0.03, 1.0) for _ in range(2)]
    hand = np.tile(away, (FRAMES, 1))
    thing = np.zeros((FRAMES, 2))
    at, here = starts, away
    for step, there in enumerate((place, goal, leave)):
        way = minimum_jerk((clock.time - at) / lasts[step])[:, None] * (there - here)
        hand += way
        if step == 1:
            thing += way
        at, here = at + lasts[step] + (waits[step] if step < 2 else 0), there
    members, centre, half = blob(rng, query, 14, 60)
    grip = centre + rng.normal(size=2) * 0.5 * half
    # The hand meets the thing where it takes it: both lie on the picture of the reference frame.
    held = grip + hand[clock.reference] - place - thing[clock.reference]
    palm = np.array([log_uniform(rng, 20, 70), log_uniform(rng, 20, 70)])
    sleeve = held + palm * rng.choice([-1.0, 1.0], 2) * rng.uniform(0.5, 1.5, 2)
    thing, hand = thing - thing[clock.reference], hand - hand[clock.reference]
    fingers = (((query - held) / palm) ** 2).sum(1) < 1
    behind = (((query - sleeve) / (1.6 * palm)) ** 2).sum(1) < 1
    still = np.zeros((1, len(query), 1))
    return [
        Body(members, centre, half, thing[:, None] + still, 0.5),
        Body(behind & ~members, sleeve, 1.6 * palm, 0.85 * hand[:, None] + still, 0.5),
        Body(fingers & ~members, held, palm, hand[:, None] + still, 0.5),
    ]


def arm(rng: Rng, query: np.ndarray, clock: Clock) -> list[Body]:
    """Two or three links on a base, turned from pose to pose; the last may hold a thing."""
    links = rng.integers(2, 4)
    lengths = rng.uniform(60, 190, links)
    joint = rng.uniform(0.1, 0.9, 2) * [WIDTH, HEIGHT]
    heading = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.7, links))
    turns = np.cumsum(reaches(rng, clock, np.full(links, log_uniform(rng, 0.1, 0.7))), 1)
    moved = np.zeros((FRAMES, 2))
    bodies = []
    for index in range(links):
        along = np.array([np.cos(heading[index]), np.sin(heading[index])])
        end = joint + lengths[index] * along
        half_width = rng.uniform(12, 45)
        d = query - joint
        members = (d @ along > -half_width) & (d @ along < lengths[index] + half_width)
        members &= np.abs(d @ [-along[1], along[0]]) < half_width
        spun = _turned(d, turns[:, index]) - d
        size = np.maximum(np.abs(end - joint) / 2, half_width)
        middle = (joint + end) / 2
        bodies.append(Body(members, middle, size, moved[:, None] + spun, 0.5))
        moved = moved + _turned((end - joint)[None], turns[:, index])[:, 0] - (end - joint)
        joint = end
    return bodies


def _turned(d: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """Offsets [N,2] turned by each frame's angle [F] rad: [F,N,2]."""
    c, s = np.cos(angle)[:, None], np.sin(angle)[:, None]
    return np.stack([c * d[:, 0] - s * d[:, 1], s * d[:, 0] + c * d[:, 1]], -1)
