"""How the camera of a made-up scene moves: world → camera, in units of the median depth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..scenes.procedural.motion import Clock, Rng, log_uniform, oscillation, path, smooth

STANDING = ("still", "shake", "pan", "zoom")
MOVING = ("sideways", "forward", "orbit", "walk", "handheld", "drive")


@dataclass
class Cameras:
    """rotation [F,3,3], translation [F,3], log_zoom [F]; the anchor's are 1, 0 and 0."""

    rotation: np.ndarray
    translation: np.ndarray
    log_zoom: np.ndarray


def draw_cameras(rng: Rng, move: str, clock: Clock, anchor: int) -> Cameras:
    """Of all frames of the clock; how far it moves is free (`scaled`)."""
    count = len(clock.time)
    at, turn, zoom = np.zeros((count, 3)), np.zeros((count, 3)), np.zeros(count)
    way = path(rng, clock, 1, 1.0, rng.choice([0.0, 0.1, 0.4]))[:, 0]
    side = rng.normal(0, 1, 2)
    if move == "sideways":
        at += np.stack([way, 0.3 * side[0] * way, 0.3 * side[1] * way], -1)
        if rng.random() < 0.2:
            at[:, [0, 1]] = at[:, [1, 0]]
    elif move in ("forward", "drive", "walk"):
        at += way[:, None] * [0.2 * side[0], 0.1 * side[1], rng.choice([1, 1, 1, -1])]
    elif move == "orbit":
        at += np.stack([way, 0.2 * side[0] * way, 0.3 * side[1] * way**2], -1)
        turn[:, 1] += rng.uniform(0.1, 0.9) * way / max(1e-6, np.abs(way).max()) * 0.3
    elif move == "handheld":
        at += path(rng, clock, 3, rng.choice([0.0, 0.3]), 1.0)
    if move == "walk":
        size = 0.15 * np.abs(way).max()
        at[:, 0] += oscillation(rng, clock, size)
        at[:, 1] += oscillation(rng, clock, size)
    if move == "pan":
        speed = log_uniform(rng, 0.03, 0.6)
        turn[:, [1, 0]] += path(rng, clock, 2, speed, 0.1 * speed) * [1, rng.choice([0.1, 1])]
    if move == "zoom" or rng.random() < 0.03:
        zoom += path(rng, clock, 1, log_uniform(rng, 0.02, 0.3), 0.01)[:, 0]
    if move == "drive" and rng.random() < 0.5:
        turn[:, 1] += path(rng, clock, 1, log_uniform(rng, 0.01, 0.2), 0.0)[:, 0]
    if move != "still":
        turn += _shake(rng, clock, move)
    turn, at, zoom = (v - v[anchor] for v in (turn, at, zoom))
    return Cameras(rotations(turn), at, np.clip(zoom, -0.8, 0.8))


def _shake(rng: Rng, clock: Clock, move: str) -> np.ndarray:
    if move not in ("shake", "handheld", "walk") and rng.random() < 0.4:
        return np.zeros((len(clock.time), 3))
    slow = smooth(rng.normal(size=(len(clock.time), 3)), clock, 0.5) * log_uniform(rng, 5e-4, 0.04)
    fast = rng.normal(size=slow.shape) * log_uniform(rng, 1e-4, 5e-3)
    return (slow + fast) * [1, 1, 0.5]


def rotations(turn: np.ndarray) -> np.ndarray:
    """[F,3] rotation vectors -> [F,3,3] (Rodrigues)."""
    angle = np.linalg.norm(turn, axis=-1)[:, None, None]
    x, y, z = (turn / np.maximum(angle[..., 0], 1e-12)).T
    o = np.zeros_like(x)
    cross = np.stack([o, -z, y, z, o, -x, -y, x, o], -1).reshape(-1, 3, 3)
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross)


def parallax_px(
    translation: np.ndarray, offsets: np.ndarray, rho: np.ndarray, focal: float
) -> float:
    """Largest shift by translation alone of the median point, px: f·ρ·|t_xy − x·t_z|, turn left
    out. Offsets [N,2] px from the centre. As `medianParallaxPx` of
    `src/engine/space/turning.ts`."""
    shift = focal * translation[:, None, :2] - translation[:, None, 2:] * offsets[None]
    return float(np.median(rho * np.linalg.norm(shift, axis=-1).max(0)))


def scaled(
    translation: np.ndarray, offsets: np.ndarray, rho: np.ndarray, focal: float, wanted_px: float
) -> np.ndarray:
    """The translation, as long as makes its parallax `wanted_px`."""
    own = parallax_px(translation, offsets, rho, focal)
    return translation * (wanted_px / own) if own > 1e-9 else translation
