"""Bodies and what they do: rigid motion, bounces, limbs, waves, streams."""

from __future__ import annotations

import numpy as np

from ...common.geometry import FRAMES, HEIGHT, WIDTH
from .motion import Clock, Rng, log_uniform, oscillation, path


def blob(rng: Rng, xy: np.ndarray, low: float = 20, high: float = 220):
    """Membership [N] of a random ellipse or box, its centre and its half sizes."""
    centre = rng.uniform(0, [WIDTH, HEIGHT])
    half = np.array([log_uniform(rng, low, high), log_uniform(rng, low, high)])
    turn = rng.uniform(0, np.pi)
    d = xy - centre
    u = np.stack([d @ [np.cos(turn), np.sin(turn)], d @ [-np.sin(turn), np.cos(turn)]], -1) / half
    members = (u**2).sum(1) < 1 if rng.random() < 0.6 else np.abs(u).max(1) < 1
    return members, centre, half


def rigid(rng: Rng, xy: np.ndarray, centre: np.ndarray, clock: Clock, speed: float):
    """Own motion of one body: displacement [F,N,2] from the reference frame."""
    way = path(rng, clock, 2, speed, rng.uniform(0.02, 0.6) * speed)
    if rng.random() < 0.2:  # thrown: gravity and bounces on a floor
        way[:, 1] = bounce(rng, clock, speed)
    d = xy - centre
    turn = np.zeros(FRAMES)
    if rng.random() < 0.5:
        turn += path(rng, clock, 2, rng.normal(0, 0.4), 0.2)[:, 0]
    scale = np.zeros(FRAMES)
    if rng.random() < 0.4:
        scale += path(rng, clock, 2, rng.normal(0, 0.15), 0.05)[:, 0]
    k = np.exp(np.clip(scale, -1.5, 1.2))
    c, s = (k * np.cos(turn) - 1)[:, None], (k * np.sin(turn))[:, None]
    spin = np.stack([c * d[:, 0] - s * d[:, 1], s * d[:, 0] + c * d[:, 1]], -1)
    return way[:, None] + spin


def bounce(rng: Rng, clock: Clock, speed: float) -> np.ndarray:
    gravity = log_uniform(rng, 100, 1200)
    floor = rng.uniform(0, 250)
    loss = rng.uniform(0.4, 0.95)
    y, v = np.zeros(FRAMES), rng.normal(0, speed)
    height = -rng.uniform(0, 250)
    for t in range(FRAMES):
        v += gravity * clock.interval
        height += v * clock.interval
        if height > floor:
            height, v = floor, -loss * v
        y[t] = height
    return y - y[clock.reference]


def articulated(rng: Rng, xy: np.ndarray, centre, half, clock: Clock) -> np.ndarray:
    """Limbs of a body: parts swing about joints, each part inside the last."""
    out = np.zeros((FRAMES, len(xy), 2))
    for _ in range(rng.integers(1, 5)):
        joint = centre + rng.uniform(-0.8, 0.8, 2) * half
        reach = half * rng.uniform(0.3, 1.0)
        heading = rng.uniform(0, 2 * np.pi)
        d = xy - joint
        part = (np.abs(d) < reach).all(1) & (d @ [np.cos(heading), np.sin(heading)] > 0)
        swing = oscillation(rng, clock, log_uniform(rng, 0.05, 0.8))
        if rng.random() < 0.4:
            swing = path(rng, clock, 2, rng.normal(0, 0.8), 0.5)[:, 0]
        c, s = (np.cos(swing) - 1)[:, None], np.sin(swing)[:, None]
        out += part[:, None] * np.stack([c * d[:, 0] - s * d[:, 1], s * d[:, 0] + c * d[:, 1]], -1)
    return out


def waves(rng: Rng, xy: np.ndarray, clock: Clock) -> np.ndarray:
    """Travelling waves: cloth, water, leaves."""
    time = clock.time[:, None]
    out = np.zeros((FRAMES, len(xy), 2))
    for _ in range(rng.integers(1, 4)):
        length = log_uniform(rng, 60, 800)
        heading = rng.uniform(0, 2 * np.pi)
        rate = log_uniform(rng, 0.2, 2.5)
        along = xy @ [np.cos(heading), np.sin(heading)] / length
        phase = 2 * np.pi * (along - rate * time) + rng.uniform(0, 6)
        lean = rng.uniform(0, 2 * np.pi)
        sway = log_uniform(rng, 0.5, 15) * np.sin(phase)
        out += sway[..., None] * np.array([np.cos(lean), np.sin(lean)])
    return out - out[clock.reference]


def stream(rng: Rng, xy: np.ndarray, clock: Clock) -> np.ndarray:
    """Points carried by a smooth flow field of vortices and a drift: smoke, water, crowds."""
    vortices = [
        (rng.uniform(0, [WIDTH, HEIGHT]), log_uniform(rng, 60, 300), rng.normal(0, 60))
        for _ in range(rng.integers(1, 5))
    ]
    drift = rng.normal(0, 40, 2)

    def velocity(p: np.ndarray) -> np.ndarray:
        v = np.tile(drift, (len(p), 1))
        for centre, radius, strength in vortices:
            d = p - centre
            w = strength * np.exp(-(d**2).sum(1) / (2 * radius**2)) / radius
            v = v + w[:, None] * np.stack([-d[:, 1], d[:, 0]], -1)
        return v

    out = np.zeros((FRAMES, len(xy), 2))
    for sign in (1, -1):
        p = xy.copy()
        for step in range(1, FRAMES - clock.reference if sign > 0 else clock.reference + 1):
            p = p + sign * clock.interval * velocity(p)
            out[clock.reference + sign * step] = p - xy
    return out
