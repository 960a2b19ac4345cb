"""Time of a clip, smooth random processes over it, and rotations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..common.geometry import FRAMES, NOW

Array = np.ndarray
Rng = np.random.Generator


@dataclass(frozen=True)
class Clock:
    """Seconds between frames; frame `NOW` is time 0."""

    interval: float

    @property
    def secs(self) -> Array:
        return (np.arange(FRAMES) - NOW) * self.interval


def log_uniform(rng: Rng, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def chance(rng: Rng, probability: float) -> bool:
    return bool(rng.random() < probability)


def wander(rng: Rng, clock: Clock, tau: float, dims: int) -> Array:
    """Ornstein-Uhlenbeck process [F,dims] of unit variance and time constant tau, secs."""
    decay = np.exp(-clock.interval / tau)
    noise = rng.normal(size=(FRAMES, dims))
    noise[1:] *= np.sqrt(1 - decay * decay)
    for i in range(1, FRAMES):
        noise[i] += decay * noise[i - 1]
    return noise


def own_time(rng: Rng, clock: Clock, events: float = 0.45) -> Array:
    """Seconds [F] that a mover has lived since now: real time, or slowed, stopped and started by
    events (with probability `events`)."""
    rate = np.ones(FRAMES)
    if chance(rng, events):
        level = float(chance(rng, 0.6))
        rate[:] = level
        for _ in range(rng.integers(1, 4)):
            at = rng.uniform(clock.secs[0], clock.secs[-1])
            width = log_uniform(rng, 0.08, 0.8)
            target = 0.0 if level > 0.5 else float(rng.choice([1.0, 1.0, 0.5]))
            rate += (target - level) * (0.5 + 0.5 * np.tanh((clock.secs - at) / (0.5 * width)))
            level = target
    lived = np.cumsum(rate) * clock.interval
    return lived - lived[NOW]


def path(rng: Rng, clock: Clock, lived: Array, speed: float, turn: float) -> tuple[Array, Array]:
    """Way [F,2] on a plane and heading angle [F], both from now, at `speed` (units/sec) with a
    slowly wandering heading (rad)."""
    heading = rng.uniform(-np.pi, np.pi) + turn * wander(rng, clock, 2.0, 1)[:, 0]
    step = np.diff(lived, prepend=lived[0]) * speed
    way = np.cumsum(np.stack([np.cos(heading), np.sin(heading)], 1) * step[:, None], 0)
    return way - way[NOW], heading


def rotation(axis: int, angle: Array) -> Array:
    """Right-handed rotations [F,3,3] about axis 0, 1 or 2 by angle [F]."""
    angle = np.asarray(angle, dtype=np.float64)
    c, s = np.cos(angle), np.sin(angle)
    out = np.zeros((*angle.shape, 3, 3))
    i, j = (axis + 1) % 3, (axis + 2) % 3
    out[..., axis, axis] = 1
    out[..., i, i], out[..., j, j] = c, c
    out[..., i, j], out[..., j, i] = -s, s
    return out


def euler(angles: Array) -> Array:
    """Rotations [F,3,3] from yaw, pitch, roll [F,3] rad: roll first, yaw last; y points down."""
    return rotation(1, angles[:, 0]) @ rotation(0, angles[:, 1]) @ rotation(2, angles[:, 2])


def random_rotation(rng: Rng) -> Array:
    q, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    return q * np.sign(np.linalg.det(q))
