"""How deep a made-up scene is where its points lie: rooms, streets, boxes and rolling land."""

from __future__ import annotations

import numpy as np

from ..common.geometry import HEIGHT, WIDTH
from ..scenes.procedural.motion import Rng, log_uniform

LEAST = 0.02  # of inverse depth, beside a median of 1


def inverse_depths(rng: Rng, xy: np.ndarray) -> np.ndarray:
    """[N] 1/Z of points [N,2] videoPx, median 1."""
    u = (xy[:, 0] - WIDTH / 2) / WIDTH
    v = (xy[:, 1] - HEIGHT / 2) / WIDTH
    kind = rng.choice(["ground", "room", "land", "wall"], p=[0.42, 0.2, 0.2, 0.18])
    if kind == "ground":
        rho = _ground(rng, u, v)
    elif kind == "room":
        rho = _room(rng, u, v)
    elif kind == "land":
        rho = _land(rng, u, v)
    else:
        rho = np.maximum(1 + rng.normal(0, 0.6) * u + rng.normal(0, 0.6) * v, 0.1)
    rho = _boxes(rng, rho, u, v, int(rng.integers(0, 7)))
    if rng.random() < 0.25:  # leaves, crowds: depth that differs from point to point
        near = np.hypot(u - rng.uniform(-0.5, 0.5), v - rng.uniform(-0.3, 0.3)) < rng.uniform(
            0.1, 0.5
        )
        rho = rho * np.exp(near * rng.normal(0, rng.uniform(0.1, 0.5), len(rho)))
    if rng.random() < 0.05:  # hung upside down, or another thing than a ground lies nearest below
        return _centred(rho[::-1])
    return _centred(rho)


def _centred(rho: np.ndarray) -> np.ndarray:
    return np.maximum(rho / np.median(rho), LEAST)


def _ground(rng: Rng, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Level ground under a horizon, which may lie outside of the picture, before a far wall."""
    horizon = rng.uniform(-0.6, 0.2) + rng.normal(0, 0.08) * u
    ground = np.maximum(v - horizon, 0)
    far = log_uniform(rng, 0.01, 0.4) * max(ground.max(), 0.05)
    return np.maximum(ground, far * (1 + rng.normal(0, 0.3) * u))


def _room(rng: Rng, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Floor, ceiling, side walls and a back wall, the nearest of which is seen."""
    shift, lift = rng.uniform(-0.3, 0.3), rng.uniform(-0.15, 0.15)
    sides = [(u - shift) / log_uniform(rng, 0.3, 3), (shift - u) / log_uniform(rng, 0.3, 3)]
    levels = [(v - lift) / log_uniform(rng, 0.2, 2), (lift - v) / log_uniform(rng, 0.2, 4)]
    back = log_uniform(rng, 0.05, 0.5) * (1 + rng.normal(0, 0.4) * u)
    return np.maximum.reduce([*sides, *levels, np.maximum(back, 0.02)])


def _land(rng: Rng, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Any smooth relief."""
    log = np.zeros_like(u)
    for _ in range(rng.integers(1, 5)):
        wave = rng.normal(0, 6, 2)
        log += rng.normal(0, 0.35) * np.sin(wave[0] * u + wave[1] * v + rng.uniform(0, 6.3))
    return np.exp(log + rng.normal(0, 0.7) * u + rng.normal(0.5, 1.2) * v)


def _boxes(rng: Rng, rho: np.ndarray, u: np.ndarray, v: np.ndarray, count: int) -> np.ndarray:
    """Things before the rest: upright ones that stand where they touch it, and some that float."""
    for _ in range(count):
        x, foot = rng.uniform(-0.5, 0.5), rng.uniform(-0.15, 0.35)
        half, tall = log_uniform(rng, 0.03, 0.2), log_uniform(rng, 0.05, 0.5)
        inside = (np.abs(u - x) < half) & (v < foot) & (v > foot - tall)
        if rng.random() < 0.3:
            inside = np.hypot(u - x, v - foot + tall / 2) < half
        if not inside.any():
            continue
        standing = rho[np.argmin(np.hypot(u - x, v - foot))]
        depth = standing if rng.random() < 0.7 else rng.uniform(1, 3) * rho[inside].max()
        slant = 1 + rng.normal(0, 0.5) * (u - x)
        rho = np.where(inside, np.maximum(rho, depth * slant), rho)
    return rho
