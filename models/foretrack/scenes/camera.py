"""Camera paths: still, shaken, handheld, pan, zoom, orbit, dolly, drive, walk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .timing import FRAMES, NOW, Array, Clock, Rng, chance, euler, log_uniform, own_time, wander

KINDS = ("still", "shaken", "handheld", "pan", "zoom", "orbit", "dolly", "drive", "walk")
SHARES = (0.20, 0.08, 0.18, 0.14, 0.07, 0.10, 0.11, 0.06, 0.06)


@dataclass
class Camera:
    """world point p -> camera space: turn [F,3,3] @ (p − centre [F,3]); focal [F] working px."""

    kind: str
    turn: Array
    centre: Array
    focal: Array

    def view_of(self, frame: int, positions: Array) -> Array:
        return (positions - self.centre[frame]) @ self.turn[frame].T


def make_camera(rng: Rng, clock: Clock, depth: float, calm: bool) -> Camera:
    """Path at eye height looking along +z; `depth` is the distance of what it looks at, which an
    orbit keeps in view. `calm` allows hardly any motion."""
    kind = str(rng.choice(KINDS, p=SHARES))
    if calm:
        kind = str(rng.choice(["still", "shaken"], p=[0.7, 0.3]))
    angles = np.zeros((FRAMES, 3))  # yaw, pitch, roll
    move = np.zeros((FRAMES, 3))
    zoom = np.zeros(FRAMES)
    lived = own_time(rng, clock)

    def drift(tau: float, dims: int) -> Array:
        """Integrated noise from now: a path that wanders."""
        way = np.cumsum(wander(rng, clock, tau, dims), 0) * clock.interval
        return way - way[NOW]

    if kind != "still":
        shake = log_uniform(rng, 0.0003, 0.001 if calm else 0.005)
        quick = wander(rng, clock, log_uniform(rng, 0.08, 0.5), 3)
        angles += shake * (quick - quick[NOW]) * [1, 1, 0.5]
    if kind in ("handheld", "walk"):
        angles += drift(0.6, 3) * log_uniform(rng, 0.01, 0.12) * [1, 0.6, 0.25]
        move += drift(0.8, 3) * log_uniform(rng, 0.02, 0.3) * [1, 0.5, 1]
    if kind == "pan":
        speed = log_uniform(rng, 0.01, 0.4) * rng.choice([-1, 1])
        steady = speed * lived * (1 + 0.1 * wander(rng, clock, 1.0, 1)[:, 0])
        steady -= steady[NOW]
        angles[:, 0] += steady
        angles[:, 1] += rng.choice([0, 0.15, 0.6]) * steady
    if kind == "zoom":
        zoom += rng.choice([-1, 1]) * log_uniform(rng, 0.02, 0.3) * lived
    if kind == "orbit":
        around = rng.choice([-1, 1]) * log_uniform(rng, 0.02, 0.35) * lived
        move[:, 0] += depth * np.sin(around)
        move[:, 2] += depth * (1 - np.cos(around))
        angles[:, 0] -= around
    if kind in ("dolly", "drive", "walk"):
        speed = log_uniform(rng, 0.05, 1.0)
        if kind == "drive":
            speed = log_uniform(rng, 0.5, 3.0)
        way = speed * lived
        aim = (
            rng.normal(0, 0.15)
            if kind != "dolly"
            else rng.choice([0, np.pi / 2, -np.pi / 2, np.pi])
        )
        move += way[:, None] * [np.sin(aim), 0, np.cos(aim)]
        if kind == "drive":
            angles += drift(1.0, 3) * 0.04 * [1, 0.15, 0.1]
        if kind == "walk":
            steps = 2 * np.pi * rng.uniform(1.4, 2.1) * lived
            move[:, 1] += 0.025 * (np.cos(steps) - 1)
            move[:, 0] += 0.02 * np.sin(steps / 2)
    # A path must not cross what stands before the camera now.
    move[:, 2] = 0.4 * depth * np.tanh(move[:, 2] / (0.4 * depth))
    zoom = 0.7 * np.tanh(zoom / 0.7)
    pitch = rng.uniform(-0.02, 0.22)
    base = np.array([[0.0, -rng.uniform(1.0, 2.2), 0.0]])
    angles[:, 1] -= pitch
    if chance(rng, 0.15):
        angles[:, 2] += rng.normal(0, 0.05)
    turn = euler(angles).transpose(0, 2, 1)
    focal = rng.uniform(550, 1150) * np.exp(zoom)
    return Camera(kind, turn, base + move, focal)
