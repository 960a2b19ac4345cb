"""Procedural scenes as tracks alone: hundreds a second on one core, exact, deterministic by seed.

A scene is a depth field seen by a moving camera (static, handheld, pan, dolly, orbit, zoom, drive,
with start and stop events), over which objects move on paths of their own: rigid motion,
ballistics with bounces, articulated swings, waves and smooth flows. Points lie on their
query at the reference frame, "now" where nothing else is said.
Positions are pixels of the working frame; a scene has `F` = FRAMES frames.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from ..common.geometry import CENTRE, FRAMES, HEIGHT, NOW, WIDTH, inside

# Filter taps: the lag of output row and input column; after the diagonal, the appended zero.
LAG = np.subtract.outer(np.arange(FRAMES), np.arange(FRAMES))
LAG[LAG < 0] = FRAMES
Rng = np.random.Generator


@dataclass
class Scene:
    """tracks [F,N,2] px, visibility [F,N]; frame `NOW` is now, and lies on `query` [N,2] where
    nothing else is said."""

    tracks: np.ndarray
    visibility: np.ndarray
    interval: float


class Change(NamedTuple):
    """Of a motion's factor: when, within how long (secs), by how much."""

    at: float
    width: float
    step: float


class Events(NamedTuple):
    """A motion's factor before all of its changes, and these."""

    first: float
    changes: tuple[Change, ...]


def _log_uniform(rng: Rng, low: float, high: float) -> float:
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
    width = _log_uniform(rng, 0.05, 1.0)
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


def _smooth(noise: np.ndarray, clock: Clock, tau: float) -> np.ndarray:
    """Ornstein-Uhlenbeck filter along axis 0 with unit variance and time constant tau, secs."""
    decay = np.exp(-clock.interval / tau)
    filtered = np.append(decay ** np.arange(FRAMES), 0.0)[LAG]
    filtered[:, 1:] *= np.sqrt(1 - decay * decay)
    return filtered @ noise


def _switch(rng: Rng, clock: Clock) -> np.ndarray:
    """[F] factor of a motion, smooth in time."""
    events = clock.events(rng, clock)
    gate = np.full(FRAMES, events.first)
    for at, width, step in events.changes:
        gate += step * (0.5 + 0.5 * np.tanh((clock.time - at) / (0.5 * width)))
    return gate


def _path(rng: Rng, clock: Clock, dims: int, steady: float, wander: float) -> np.ndarray:
    """Displacement [F,dims] from the reference frame: steady velocity with events plus a wandering
    one."""
    direction = rng.normal(size=dims)
    direction /= np.linalg.norm(direction) + 1e-9
    velocity = steady * direction * _switch(rng, clock)[:, None]
    if rng.random() < 0.4:
        velocity = velocity * (1 + 0.3 * _smooth(rng.normal(size=(FRAMES, 1)), clock, 0.7))
    tau = _log_uniform(rng, 0.1, 4.0)
    velocity = velocity + wander * _smooth(rng.normal(size=(FRAMES, dims)), clock, tau)
    if dims > 1 and rng.random() < 0.25:  # turning: the velocity vector rotates
        angle = rng.normal(0, 0.8) * clock.time
        c, s = np.cos(angle), np.sin(angle)
        x, y = velocity[:, 0].copy(), velocity[:, 1].copy()
        velocity[:, 0], velocity[:, 1] = c * x - s * y, s * x + c * y
    way = np.cumsum(velocity, 0) * clock.interval
    return way - way[clock.reference]


def _oscillation(rng: Rng, clock: Clock, amplitude: float) -> np.ndarray:
    """Displacement [F] from the reference frame of a swing with drifting phase and amplitude."""
    rate = _log_uniform(rng, 0.3, 3.0)
    phase = rng.uniform(0, 2 * np.pi) + 2 * np.pi * rate * clock.time
    phase += 0.3 * np.cumsum(rng.normal(size=FRAMES)) * np.sqrt(clock.interval)
    wave = np.sin(phase) + rng.normal(0, 0.3) * np.sin(2 * phase + rng.uniform(0, 6))
    wave *= _switch(rng, clock) * amplitude
    return wave - wave[clock.reference]


def _camera(rng: Rng, clock: Clock) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rotation angles [F,3] (rad), translation [F,3] (scene depths), log zoom [F]."""
    angles, move, zoom = np.zeros((FRAMES, 3)), np.zeros((FRAMES, 3)), np.zeros(FRAMES)
    kind = rng.choice(
        ["still", "shaken", "handheld", "pan", "dolly", "orbit", "zoom", "drive", "walk"],
        p=[0.22, 0.08, 0.16, 0.14, 0.12, 0.09, 0.05, 0.08, 0.06],
    )
    if kind == "still":
        return angles, move, zoom
    shake = _log_uniform(rng, 0.0005, 0.06)
    angles += _path(rng, clock, 3, 0.0, 1.0) * shake * np.array([1.0, 1.0, 0.4])
    if rng.random() < 0.5:
        fast = _smooth(rng.normal(size=(FRAMES, 3)), clock, 0.06) * 0.15 * shake
        angles += fast - fast[clock.reference]
    if kind == "handheld":
        angles += _path(rng, clock, 3, 0.0, _log_uniform(rng, 0.01, 0.3)) * [1, 0.7, 0.3]
        move += _path(rng, clock, 3, 0.0, _log_uniform(rng, 0.005, 0.25))
    elif kind == "pan":
        speed = _log_uniform(rng, 0.015, 1.2)
        angles[:, :2] += _path(rng, clock, 2, speed, 0.12 * speed) * [1, rng.choice([0.1, 1])]
    elif kind in ("dolly", "drive", "walk"):
        speed = _log_uniform(rng, 0.02, 0.9)
        way = _path(rng, clock, 1, speed, 0.1 * speed)[:, 0]
        side = rng.normal(0, 0.25 if kind == "drive" else 1.0, 2)
        move += way[:, None] * np.array([side[0], 0.3 * side[1], rng.choice([1, 1, 1, -1])])
        angles[:, :2] += _path(rng, clock, 2, 0.0, 0.15 * speed)
        if kind == "walk":
            bob = _oscillation(rng, clock, _log_uniform(rng, 0.002, 0.02))
            angles[:, 1] += bob
            angles[:, 0] += 0.4 * _oscillation(rng, clock, _log_uniform(rng, 0.002, 0.02))
    elif kind == "orbit":
        speed = _log_uniform(rng, 0.03, 1.0)
        way = _path(rng, clock, 1, speed, 0.1 * speed)[:, 0]
        move[:, 0] += way
        angles[:, 0] -= way * rng.uniform(0.2, 0.9)
    if kind == "zoom" or rng.random() < 0.04:
        rate = _log_uniform(rng, 0.01, 0.4)
        zoom += _path(rng, clock, 2, rate, 0.1 * rate)[:, 0]
    return angles, move, zoom


def _project(xy: np.ndarray, inverse_depth: np.ndarray, camera: tuple, focal: float) -> np.ndarray:
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


def _depths(rng: Rng, xy: np.ndarray) -> np.ndarray:
    """Inverse depth [N]: a wall or a ground plane, with bumps."""
    y = xy[:, 1] / HEIGHT
    horizon = rng.uniform(-0.4, 0.7)
    ground = np.clip((y - horizon) * rng.uniform(0.3, 1.6), 0.02, 1.2)
    inverse = ground if rng.random() < 0.55 else np.full(len(xy), rng.uniform(0.1, 0.9))
    for _ in range(rng.integers(0, 6)):
        centre = rng.uniform(0, [WIDTH, HEIGHT])
        radius = _log_uniform(rng, 30, 300)
        near = ((xy - centre) ** 2).sum(1) < radius**2
        inverse = np.where(near, rng.uniform(0.1, 1.3), inverse)
    return inverse


def _blob(rng: Rng, xy: np.ndarray, low: float = 20, high: float = 220):
    """Membership [N] of a random ellipse or box, its centre and its half sizes."""
    centre = rng.uniform(0, [WIDTH, HEIGHT])
    half = np.array([_log_uniform(rng, low, high), _log_uniform(rng, low, high)])
    turn = rng.uniform(0, np.pi)
    d = xy - centre
    u = np.stack([d @ [np.cos(turn), np.sin(turn)], d @ [-np.sin(turn), np.cos(turn)]], -1) / half
    members = (u**2).sum(1) < 1 if rng.random() < 0.6 else np.abs(u).max(1) < 1
    return members, centre, half


def _rigid(rng: Rng, xy: np.ndarray, centre: np.ndarray, clock: Clock, speed: float):
    """Own motion of one body: displacement [F,N,2] from the reference frame."""
    way = _path(rng, clock, 2, speed, rng.uniform(0.02, 0.6) * speed)
    if rng.random() < 0.2:  # thrown: gravity and bounces on a floor
        way[:, 1] = _bounce(rng, clock, speed)
    d = xy - centre
    turn = np.zeros(FRAMES)
    if rng.random() < 0.5:
        turn += _path(rng, clock, 2, rng.normal(0, 0.4), 0.2)[:, 0]
    scale = np.zeros(FRAMES)
    if rng.random() < 0.4:
        scale += _path(rng, clock, 2, rng.normal(0, 0.15), 0.05)[:, 0]
    k = np.exp(np.clip(scale, -1.5, 1.2))
    c, s = (k * np.cos(turn) - 1)[:, None], (k * np.sin(turn))[:, None]
    spin = np.stack([c * d[:, 0] - s * d[:, 1], s * d[:, 0] + c * d[:, 1]], -1)
    return way[:, None] + spin


def _bounce(rng: Rng, clock: Clock, speed: float) -> np.ndarray:
    gravity = _log_uniform(rng, 100, 1200)
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


def _articulated(rng: Rng, xy: np.ndarray, centre, half, clock: Clock) -> np.ndarray:
    """Limbs of a body: parts swing about joints, each part inside the last."""
    out = np.zeros((FRAMES, len(xy), 2))
    for _ in range(rng.integers(1, 5)):
        joint = centre + rng.uniform(-0.8, 0.8, 2) * half
        reach = half * rng.uniform(0.3, 1.0)
        heading = rng.uniform(0, 2 * np.pi)
        d = xy - joint
        part = (np.abs(d) < reach).all(1) & (d @ [np.cos(heading), np.sin(heading)] > 0)
        swing = _oscillation(rng, clock, _log_uniform(rng, 0.05, 0.8))
        if rng.random() < 0.4:
            swing = _path(rng, clock, 2, rng.normal(0, 0.8), 0.5)[:, 0]
        c, s = (np.cos(swing) - 1)[:, None], np.sin(swing)[:, None]
        out += part[:, None] * np.stack([c * d[:, 0] - s * d[:, 1], s * d[:, 0] + c * d[:, 1]], -1)
    return out


def _waves(rng: Rng, xy: np.ndarray, clock: Clock) -> np.ndarray:
    """Travelling waves: cloth, water, leaves."""
    time = clock.time[:, None]
    out = np.zeros((FRAMES, len(xy), 2))
    for _ in range(rng.integers(1, 4)):
        length = _log_uniform(rng, 60, 800)
        heading = rng.uniform(0, 2 * np.pi)
        rate = _log_uniform(rng, 0.2, 2.5)
        along = xy @ [np.cos(heading), np.sin(heading)] / length
        phase = 2 * np.pi * (along - rate * time) + rng.uniform(0, 6)
        lean = rng.uniform(0, 2 * np.pi)
        sway = _log_uniform(rng, 0.5, 15) * np.sin(phase)
        out += sway[..., None] * np.array([np.cos(lean), np.sin(lean)])
    return out - out[clock.reference]


def _stream(rng: Rng, xy: np.ndarray, clock: Clock) -> np.ndarray:
    """Points carried by a smooth flow field of vortices and a drift: smoke, water, crowds."""
    vortices = [
        (rng.uniform(0, [WIDTH, HEIGHT]), _log_uniform(rng, 60, 300), rng.normal(0, 60))
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


def make_scene(
    rng: Rng,
    query: np.ndarray,
    reference: int = NOW,
    events: Callable[[Rng, Clock], Events] = draw_events,
) -> Scene:
    """One scene for query points [N,2], on which they lie at frame `reference`."""
    interval = rng.choice(
        [1 / 30, 1 / 25, 1 / 24, 1 / 16, 1 / 16, _log_uniform(rng, 1 / 60, 1 / 8)]
    )
    clock = Clock(interval, reference, events)
    focal = WIDTH * rng.uniform(0.6, 1.8)
    camera = _camera(rng, clock)
    inverse_depth = _depths(rng, query)
    layer = np.zeros(len(query), dtype=int)
    own = np.zeros((FRAMES, len(query), 2))
    bodies = []
    busy = rng.random() > 0.12
    pace = _log_uniform(rng, 4, 400)
    for index in range(1, 1 + (rng.integers(1, 8) if busy else 0)):
        members, centre, half = _blob(rng, query)
        speed = pace * _log_uniform(rng, 0.3, 2)
        motion = np.zeros((FRAMES, len(query), 2))
        if rng.random() < 0.75:
            motion += _rigid(rng, query, centre, clock, speed)
        if rng.random() < 0.4:
            motion += _articulated(rng, query, centre, half, clock)
        if rng.random() < 0.15:
            motion += _waves(rng, query, clock)
        own = np.where(members[:, None], motion, own)
        layer = np.where(members, index, layer)
        inverse_depth = np.where(members, rng.uniform(0.2, 1.2), inverse_depth)
        bodies.append((index, centre, half))
    background = rng.random()
    if background < 0.08:
        own += (layer == 0)[:, None] * _waves(rng, query, clock)
    elif background < 0.14:
        own += (layer == 0)[:, None] * _stream(rng, query, clock)
    static = _project(query, inverse_depth, camera, focal)
    tracks = static + own
    visible = _visible(tracks, layer, bodies, reference)
    return Scene(tracks.astype(np.float32), visible, float(interval))


def _visible(tracks: np.ndarray, layer: np.ndarray, bodies: list, reference: int) -> np.ndarray:
    """Inside the frame and under no body of a higher layer (its ellipse moved with its points)."""
    visible = inside(tracks)
    for index, centre, half in bodies:
        members = layer == index
        if not members.any():
            continue
        moved = centre + (tracks[:, members] - tracks[reference, members]).mean(1)
        u = (tracks - moved[:, None]) / (0.8 * half)
        covered = ((u**2).sum(-1) < 1) & (layer < index)
        # What is visible at the reference frame was not covered then, whatever the ellipse says.
        visible &= ~(covered & ~covered[reference])
    visible[reference] = True
    return visible


def add_tracker_noise(scene: Scene, rng: Rng) -> Scene:
    """Tracker-like errors in the history only: jitter, drift, losses, false jumps."""
    tracks, visibility = scene.tracks.copy(), scene.visibility.copy()
    n = tracks.shape[1]
    jitter = rng.normal(size=(NOW, n, 2)) * _log_uniform(rng, 0.03, 0.4)
    drift = np.cumsum(rng.normal(size=(NOW, n, 2)), 0)[::-1] * _log_uniform(rng, 0.005, 0.15)
    tracks[:NOW] += jitter + drift * (rng.random((1, n, 1)) < 0.5)
    lost = rng.random(n) < rng.uniform(0, 0.25)
    when = rng.integers(0, NOW, n)
    frame = np.arange(FRAMES)[:, None]
    visibility[(frame < when) & lost] = False
    return replace(scene, tracks=tracks.astype(np.float32), visibility=visibility)
