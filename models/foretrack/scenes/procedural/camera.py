"""A moving camera and the depths that it sees."""

from __future__ import annotations

import numpy as np

from ...common.geometry import CENTRE, FRAMES, HEIGHT, WIDTH
from .motion import Clock, Rng, log_uniform, oscillation, path, smooth


def camera_path(rng: Rng, clock: Clock) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rotation angles [F,3] (rad), translation [F,3] (scene depths), log zoom [F]."""
    angles, move, zoom = np.zeros((FRAMES, 3)), np.zeros((FRAMES, 3)), np.zeros(FRAMES)
    kind = rng.choice(
        ["still", "shaken", "handheld", "pan", "dolly", "orbit", "zoom", "drive", "walk"],
        p=[0.22, 0.08, 0.16, 0.14, 0.12, 0.09, 0.05, 0.08, 0.06],
    )
    if kind == "still":
        return angles, move, zoom
    shake = log_uniform(rng, 0.0005, 0.06)
    angles += path(rng, clock, 3, 0.0, 1.0) * shake * np.array([1.0, 1.0, 0.4])
    if rng.random() < 0.5:
        fast = smooth(rng.normal(size=(FRAMES, 3)), clock, 0.06) * 0.15 * shake
        angles += fast - fast[clock.reference]
    if kind == "handheld":
        angles += path(rng, clock, 3, 0.0, log_uniform(rng, 0.01, 0.3)) * [1, 0.7, 0.3]
        move += path(rng, clock, 3, 0.0, log_uniform(rng, 0.005, 0.25))
    elif kind == "pan":
        speed = log_uniform(rng, 0.015, 1.2)
        angles[:, :2] += path(rng, clock, 2, speed, 0.12 * speed) * [1, rng.choice([0.1, 1])]
    elif kind in ("dolly", "drive", "walk"):
        speed = log_uniform(rng, 0.02, 0.9)
        way = path(rng, clock, 1, speed, 0.1 * speed)[:, 0]
        side = rng.normal(0, 0.25 if kind == "drive" else 1.0, 2)
        move += way[:, None] * np.array([side[0], 0.3 * side[1], rng.choice([1, 1, 1, -1])])
        angles[:, :2] += path(rng, clock, 2, 0.0, 0.15 * speed)
        if kind == "walk":
            bob = oscillation(rng, clock, log_uniform(rng, 0.002, 0.02))
            angles[:, 1] += bob
            angles[:, 0] += 0.4 * oscillation(rng, clock, log_uniform(rng, 0.002, 0.02))
    elif kind == "orbit":
        speed = log_uniform(rng, 0.03, 1.0)
        way = path(rng, clock, 1, speed, 0.1 * speed)[:, 0]
        move[:, 0] += way
        angles[:, 0] -= way * rng.uniform(0.2, 0.9)
    if kind == "zoom" or rng.random() < 0.04:
        rate = log_uniform(rng, 0.01, 0.4)
        zoom += path(rng, clock, 2, rate, 0.1 * rate)[:, 0]
    return angles, move, zoom


def project(xy: np.ndarray, inverse_depth: np.ndarray, camera: tuple, focal: float) -> np.ndarray:
    """Points [N,2] or moving ones [F,N,2] seen by the moving camera, [N] -> [F,N,2]."""
    angles, move, zoom = camera
    x = (xy[..., 0] - CENTRE[0]) / focal
    y = (xy[..., 1] - CENTRE[1]) / focal
    # In units of each point's own depth: translation shrinks by the inverse depth.
    px = x - move[:, 0:1] * inverse_depth
    py = y - move[:, 1:2] * inverse_depth
    pz = np.maximum(1 - move[:, 2:3] * inverse_depth, 0.08)
    yaw, pitch, roll = angles[:, 0:1], angles[:, 1:2], angles[:, 2:3]
    cx, sx = np.cos(yaw), np.sin(yaw)
    px, pz = cx * px - sx * pz, sx * px + cx * pz
    cy, sy = np.cos(pitch), np.sin(pitch)
    py, pz = cy * py - sy * pz, sy * py + cy * pz
    pz = np.maximum(pz, 0.08)
    cr, sr = np.cos(roll), np.sin(roll)
    px, py = cr * px - sr * py, sr * px + cr * py
    f = focal * np.exp(zoom)[:, None]
    return np.stack([f * px / pz + CENTRE[0], f * py / pz + CENTRE[1]], -1)


def depths(rng: Rng, xy: np.ndarray) -> np.ndarray:
    """Inverse depth [N]: a wall or a ground plane, with bumps."""
    y = xy[:, 1] / HEIGHT
    horizon = rng.uniform(-0.4, 0.7)
    ground = np.clip((y - horizon) * rng.uniform(0.3, 1.6), 0.02, 1.2)
    inverse = ground if rng.random() < 0.55 else np.full(len(xy), rng.uniform(0.1, 0.9))
    for _ in range(rng.integers(0, 6)):
        centre = rng.uniform(0, [WIDTH, HEIGHT])
        radius = log_uniform(rng, 30, 300)
        near = ((xy - centre) ** 2).sum(1) < radius**2
        inverse = np.where(near, rng.uniform(0.1, 1.3), inverse)
    return inverse
