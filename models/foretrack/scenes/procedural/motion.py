"""How things move in time: starts and stops, wandering paths, swings.

A scene has `F` = FRAMES frames; displacements are 0 at its reference frame.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ...common.geometry import FRAMES, NOW

# Filter taps: the lag of output row and input column; after the diagonal, the appended zero.
LAG = np.subtract.outer(np.arange(FRAMES), np.arange(FRAMES))
LAG[LAG < 0] = FRAMES

Rng = np.random.Generator


class Change(NamedTuple):
    """Of a motion's factor: when, within how long (secs), by how much."""

    at: float
    width: float
    step: float


class Events(NamedTuple):
    """A motion's factor before all of its changes, and these."""

    first: float
    changes: tuple[Change, ...]


def log_uniform(rng: Rng, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def draw_events(rng: Rng, clock: Clock) -> Events:
    """None in most motions; else one to three, at any time, that stop, start or turn it back."""
    if rng.random() < 0.55:
        return Events(1.0, ())
    on = rng.random() < 0.5
    first = level = 1.0 if on else 0.0
    changes = []
    for _ in range(rng.integers(1, 4)):
        at = rng.uniform(clock.time[0], clock.time[-1])
        change, level = draw_change(rng, at, level)
        changes.append(change)
    return Events(first, tuple(changes))


def draw_change(rng: Rng, at: float, level: float) -> tuple[Change, float]:
    """At `at` secs, from `level`; and the level after it."""
    width = log_uniform(rng, 0.05, 1.0)
    target = 0.0 if level > 0.5 else rng.choice([1.0, 1.0, 0.5, -1.0])
    return Change(at, width, target - level), target


@dataclass(frozen=True)
class Clock:
    """Frame interval in secs, the frame at which every displacement is 0, and who draws starts and
    stops."""

    interval: float
    reference: int = NOW
    events: Callable[[Rng, Clock], Events] = draw_events

    @property
    def time(self) -> np.ndarray:
        """[F] secs, 0 at the reference frame."""
        return (np.arange(FRAMES) - self.reference) * self.interval


def smooth(noise: np.ndarray, clock: Clock, tau: float) -> np.ndarray:
    """Ornstein-Uhlenbeck filter along axis 0 with unit variance and time constant tau, secs."""
    decay = np.exp(-clock.interval / tau)
    filtered = np.append(decay ** np.arange(FRAMES), 0.0)[LAG]
    filtered[:, 1:] *= np.sqrt(1 - decay * decay)
    return filtered @ noise


def switch(rng: Rng, clock: Clock) -> np.ndarray:
    """[F] factor of a motion, smooth in time."""
    events = clock.events(rng, clock)
    gate = np.full(FRAMES, events.first)
    for at, width, step in events.changes:
        gate += step * (0.5 + 0.5 * np.tanh((clock.time - at) / (0.5 * width)))
    return gate


def path(rng: Rng, clock: Clock, dims: int, steady: float, wander: float) -> np.ndarray:
    """Displacement [F,dims] from the reference frame: steady velocity with events plus a wandering
    one."""
    direction = rng.normal(size=dims)
    direction /= np.linalg.norm(direction) + 1e-9
    velocity = steady * direction * switch(rng, clock)[:, None]
    if rng.random() < 0.4:
        velocity = velocity * (1 + 0.3 * smooth(rng.normal(size=(FRAMES, 1)), clock, 0.7))
    tau = log_uniform(rng, 0.1, 4.0)
    velocity = velocity + wander * smooth(rng.normal(size=(FRAMES, dims)), clock, tau)
    if dims > 1 and rng.random() < 0.25:  # turning: the velocity vector rotates
        angle = rng.normal(0, 0.8) * clock.time
        c, s = np.cos(angle), np.sin(angle)
        x, y = velocity[:, 0].copy(), velocity[:, 1].copy()
        velocity[:, 0], velocity[:, 1] = c * x - s * y, s * x + c * y
    way = np.cumsum(velocity, 0) * clock.interval
    return way - way[clock.reference]


def oscillation(rng: Rng, clock: Clock, amplitude: float) -> np.ndarray:
    """Displacement [F] from the reference frame of a swing with drifting phase and amplitude."""
    rate = log_uniform(rng, 0.3, 3.0)
    phase = rng.uniform(0, 2 * np.pi) + 2 * np.pi * rate * clock.time
    phase += 0.3 * np.cumsum(rng.normal(size=FRAMES)) * np.sqrt(clock.interval)
    wave = np.sin(phase) + rng.normal(0, 0.3) * np.sin(2 * phase + rng.uniform(0, 6))
    wave *= switch(rng, clock) * amplitude
    return wave - wave[clock.reference]
