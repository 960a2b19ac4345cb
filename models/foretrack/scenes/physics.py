"""Small simulations: balls that bounce, roll and collide, and hanging cloth."""

from __future__ import annotations

import numpy as np

from .timing import FRAMES, Clock, Rng, chance, log_uniform

Array = np.ndarray
GRAVITY = 9.81
SETTLE_ROUNDS = 20


def balls(
    rng: Rng, clock: Clock, radii: Array, centre: Array, spread: float
) -> tuple[Array, Array]:
    """Centres [F,B,3] and rotations [F,B,3,3] of balls on the plane y = centre[1].

    Gravity, restitution, sliding friction that turns into rolling, elastic collisions; kicks at
    random moments start motion again."""
    count = len(radii)
    bounce = rng.uniform(0.3, 0.88, count)
    friction = rng.uniform(0.05, 0.6)
    place = centre + rng.uniform(-spread, spread, (count, 3)) * [1, 0, 1]
    place[:, 1] = centre[1] - radii - rng.uniform(0, 2.2, count) * (rng.random(count) < 0.7)
    for _ in range(SETTLE_ROUNDS):  # balls that were drawn inside each other
        _collide(place, np.zeros_like(place), radii)
        place[:, 1] = np.minimum(place[:, 1], centre[1] - radii)
    speed = rng.normal(size=(count, 3)) * log_uniform(rng, 0.3, 3.0) * [1, 0.5, 1]
    spin = np.zeros((count, 3))
    turn = np.tile(np.eye(3), (count, 1, 1))
    kicks = rng.random((FRAMES, count)) < 1.2 * clock.interval / 5
    substeps = 6
    dt = clock.interval / substeps
    centres, turns = np.empty((FRAMES, count, 3)), np.empty((FRAMES, count, 3, 3))
    for frame in range(FRAMES):
        centres[frame], turns[frame] = place, turn
        if kicks[frame].any():
            kick = rng.normal(size=(count, 3)) * [1.5, 0.7, 1.5] - [0, rng.uniform(1, 5), 0]
            speed = np.where(kicks[frame][:, None], kick, speed)
        for _ in range(substeps):
            speed[:, 1] += GRAVITY * dt
            place = place + speed * dt
            deep = place[:, 1] + radii - centre[1]
            touch = deep > 0
            place[:, 1] -= np.where(touch, deep, 0)
            down = touch & (speed[:, 1] > 0)
            rebound = np.where(speed[:, 1] > 0.35, -bounce * speed[:, 1], 0)
            speed[:, 1] = np.where(down, rebound, speed[:, 1])
            # Slip of the contact point: friction pulls it to zero, then the ball rolls.
            arm = np.stack([0 * radii, radii, 0 * radii], 1)
            slip = (speed + np.cross(spin, arm)) * [1, 0, 1]
            pull = np.minimum(friction * GRAVITY * dt / (np.linalg.norm(slip, axis=1) + 1e-9), 0.28)
            change = -slip * (pull * touch)[:, None]
            speed = speed + change
            spin = spin + 2.5 * np.cross(arm, change) / (radii**2)[:, None]
            speed = np.where(touch[:, None], speed * (1 - 0.15 * friction * dt), speed)
            _collide(place, speed, radii)
            place[:, 1] = np.minimum(place[:, 1], centre[1] - radii)
        angle = np.linalg.norm(spin, axis=1) * clock.interval
        turn = axis_rotation(spin, angle) @ turn
    return centres, turns


def _collide(place: Array, speed: Array, radii: Array) -> None:
    """Elastic collisions of pairs, mass ∝ r³, in place."""
    for i in range(len(radii)):
        for j in range(i + 1, len(radii)):
            gap = place[j] - place[i]
            distance = np.linalg.norm(gap) + 1e-9
            overlap = radii[i] + radii[j] - distance
            if overlap <= 0:
                continue
            normal = gap / distance
            share = radii[j] ** 3 / (radii[i] ** 3 + radii[j] ** 3)
            place[i] -= normal * overlap * share
            place[j] += normal * overlap * (1 - share)
            closing = (speed[i] - speed[j]) @ normal
            if closing > 0:
                speed[i] -= 1.8 * closing * share * normal
                speed[j] += 1.8 * closing * (1 - share) * normal


def axis_rotation(axis: Array, angle: Array) -> Array:
    """Rodrigues: rotations [B,3,3] about axes [B,3] (any length) by angles [B]."""
    unit = axis / (np.linalg.norm(axis, axis=1, keepdims=True) + 1e-12)
    x, y, z = unit.T
    zero = np.zeros_like(x)
    k = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], 1).reshape(-1, 3, 3)
    s, c = np.sin(angle)[:, None, None], (1 - np.cos(angle))[:, None, None]
    return np.eye(3) + s * k + c * (k @ k)


def cloth(rng: Rng, clock: Clock, vertices: Array, rows: int, columns: int, flag: bool) -> Array:
    """Positions [F,V,3] of a cloth of (rows+1)×(columns+1) nodes in gusty wind, pinned along its
    top edge, or with `flag` along its left one. Verlet with projected distances."""
    shape = (rows + 1, columns + 1, 3)
    rest = vertices.reshape(shape)
    now = rest + 0.01 * rng.normal(size=shape)
    before = now.copy()
    pinned = np.zeros(shape[:2], bool)
    if flag:
        pinned[:, 0] = True
    else:
        pinned[0] = True if chance(rng, 0.6) else np.arange(columns + 1) % columns == 0
    across = np.linalg.norm(rest[:, 1:] - rest[:, :-1], axis=2)
    down = np.linalg.norm(rest[1:] - rest[:-1], axis=2)
    blow = rng.normal(size=3) * [1, 0.15, 1]
    strength = log_uniform(rng, 1.0, 9.0) * (2.5 if flag else 1.0)
    if flag:
        blow[0] = abs(blow[0]) + 1.0
    blow = strength * blow / np.linalg.norm(blow)
    rate, phase = rng.uniform(0.3, 1.5, 3), rng.uniform(0, 6, 3)
    substeps, settle = 5, 60
    dt = clock.interval / substeps
    gust_at = rest[..., 0] * rng.uniform(1, 4) + rest[..., 1] * rng.uniform(1, 4)
    frames = np.empty((FRAMES, len(vertices), 3))
    for step in range(-settle, FRAMES * substeps):
        time = step * dt
        gust = 0.6 + 0.5 * np.sin(2 * np.pi * rate[0] * time + phase[0] - gust_at)
        gust += 0.4 * np.sin(2 * np.pi * rate[1] * 2.3 * time + phase[1] - 1.7 * gust_at)
        push = np.array([0, GRAVITY * (0.35 if flag else 0.8), 0]) + gust[..., None] * blow
        following = now + (now - before) * (1 - 1.2 * dt) + push * dt * dt
        before, now = now, np.where(pinned[..., None], rest, following)
        for _ in range(5):
            _pull(now[:, :-1], now[:, 1:], across, pinned[:, :-1], pinned[:, 1:])
            _pull(now[:-1], now[1:], down, pinned[:-1], pinned[1:])
        if step >= 0 and step % substeps == 0:
            frames[step // substeps] = now.reshape(-1, 3)
    return frames


def _pull(a: Array, b: Array, length: Array, held_a: Array, held_b: Array) -> None:
    """Moves neighbours half of the way to their rest length, in place (Jacobi, under-relaxed)."""
    gap = b - a
    distance = np.linalg.norm(gap, axis=2) + 1e-9
    shift = 0.35 * ((distance - length) / distance)[..., None] * gap
    move_a, move_b = shift * ~held_a[..., None], shift * ~held_b[..., None]
    a += move_a
    b -= move_b
