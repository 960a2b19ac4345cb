"""Everything that moves and is no person: balls, traffic, cloth, blobs, water, stirred fluids."""

from __future__ import annotations

import numpy as np

from .mesh import Body, box, floor, grid, join, outline, rigid, sphere
from .people import PickTexture
from .physics import balls, cloth
from .timing import (
    FRAMES,
    NOW,
    Array,
    Clock,
    Rng,
    chance,
    log_uniform,
    own_time,
    path,
    random_rotation,
    rotation,
    wander,
)


def bouncing(rng: Rng, clock: Clock, at: Array, pick: PickTexture) -> list[Body]:
    count = int(rng.integers(2, 9))
    radii = rng.uniform(0.12, 0.5, count)
    centres, turns = balls(rng, clock, radii, at, rng.uniform(0.8, 2.5))
    bodies = []
    for i, radius in enumerate(radii):
        if chance(rng, 0.75):
            mesh = sphere().scaled(radius, radius, radius)
        else:
            mesh = box(cuts=3).scaled(*[1.2 * radius] * 3).turned(random_rotation(rng))
        bodies.append(rigid(mesh, pick(), "ball", centres[:, i], turns[:, i]))
    return bodies


def thrown(rng: Rng, clock: Clock, at: Array, pick: PickTexture) -> list[Body]:
    """Free flight past the camera: a parabola with spin."""
    size = rng.uniform(0.15, 0.5)
    mesh = box(cuts=3) if chance(rng, 0.5) else sphere().scaled(0.6, 0.6, 0.6)
    speed = np.array([rng.normal(0, 2), -rng.uniform(0, 4), rng.normal(0, 1)])
    t = clock.secs[:, None]
    where = at - [0, rng.uniform(0.5, 2.0), 0] + speed * t + 0.5 * t * t * [0, 9.81, 0]
    where[:, 1] = np.minimum(where[:, 1], at[1] + 4)
    spin = rotation(int(rng.integers(3)), rng.normal(0, 4) * clock.secs)
    turn = random_rotation(rng) @ spin
    return [rigid(mesh.scaled(size, size, size), pick(), "thrown", where, turn)]


def traffic(rng: Rng, clock: Clock, at: Array, pick: PickTexture) -> list[Body]:
    """Cars in lanes: each lane one direction and speed, with stops."""
    bodies = []
    along_view = chance(rng, 0.4)
    turn = rotation(1, np.array([rng.uniform(-0.4, 0.4) + along_view * np.pi / 2]))[0]
    if along_view:  # beside the camera, not through it
        at = at * [0, 1, 1] + [rng.uniform(2.0, 4.0), 0, 0]
    for lane in range(int(rng.integers(1, 4))):
        lived = own_time(rng, clock, 0.6)
        speed = rng.choice([-1, 1]) * log_uniform(rng, 0.5, 9.0)
        start = rng.uniform(-3, 3)
        for k in range(int(rng.integers(2, 6))):
            length, height = rng.uniform(1.6, 3.4), rng.uniform(0.6, 1.3)
            low = box(cuts=2).scaled(length, 0.55 * height, 1.3).moved(0, -0.4 * height, 0)
            high = box(cuts=2).scaled(0.55 * length, 0.45 * height, 1.15)
            mesh = join([low, high.moved(-0.05 * length, -0.9 * height, 0)])
            along = start + (k - 1.5) * rng.uniform(4.2, 6.0) + speed * lived
            along = along + 0.1 * wander(rng, clock, 1.0, 1)[:, 0]
            local = np.stack([along, np.full(FRAMES, -0.15), np.full(FRAMES, 2.1 * lane)], 1)
            bodies.append(rigid(mesh, pick(), "car", at + local @ turn.T, turn))
    return bodies


def hanging(rng: Rng, clock: Clock, at: Array, pick: PickTexture) -> list[Body]:
    flag = chance(rng, 0.5)
    rows, columns = 14, 18
    width, height = rng.uniform(0.9, 2.4), rng.uniform(0.8, 2.0)
    mesh = grid(rows, columns).scaled(width, height, 1)
    turn = rotation(1, np.array([rng.uniform(-0.7, 0.7)]))[0]
    moving = cloth(rng, clock, mesh.vertices, rows, columns, flag)
    return [Body((moving @ turn.T) + at - [0, 1.5, 0], mesh, pick(), "cloth")]


def jelly(rng: Rng, clock: Clock, at: Array, pick: PickTexture) -> list[Body]:
    """A body in a deforming cage: low-order modes swing with their own rates."""
    mesh = sphere(14, 22) if chance(rng, 0.6) else box(cuts=6).scaled(1.5, 1.5, 1.5)
    size = rng.uniform(0.35, 0.9)
    lived = own_time(rng, clock)
    rest = mesh.vertices
    moved = np.broadcast_to(rest, (FRAMES, *rest.shape)).copy()
    for _ in range(int(rng.integers(2, 5))):
        wave = rng.normal(0, 1.3, 3)
        push = rng.normal(0, 1, 3)
        push *= rng.uniform(0.08, 0.3) / np.linalg.norm(push)
        rate = 2 * np.pi * log_uniform(rng, 0.3, 2.5)
        phase = rest @ wave + rng.uniform(0, 6)
        moved += np.sin(rate * lived[:, None] + phase)[..., None] * push
    way, _ = path(rng, clock, lived, log_uniform(rng, 0.02, 0.8), 0.4)
    where = at + np.stack([way[:, 0], np.full(FRAMES, -size), way[:, 1]], 1)
    return [Body(moved * size + where[:, None], mesh, pick(), "jelly")]


def water(rng: Rng, clock: Clock, at: Array, pick: PickTexture) -> list[Body]:
    """Gerstner waves on a patch of ground."""
    mesh = floor(44, 44).scaled(rng.uniform(3, 7), 1, rng.uniform(3, 7)).tiled(2)
    lived = own_time(rng, clock, 0.1)[:, None]
    moved = np.broadcast_to(mesh.vertices, (FRAMES, *mesh.vertices.shape)).copy()
    for _ in range(int(rng.integers(2, 5))):
        length = log_uniform(rng, 0.6, 3.0)
        direction = rng.normal(size=2)
        direction /= np.linalg.norm(direction)
        height = length * rng.uniform(0.01, 0.035)
        k = 2 * np.pi / length
        phase = k * mesh.vertices[:, [0, 2]] @ direction - np.sqrt(9.81 * k) * lived
        moved[..., 1] -= height * np.sin(phase)
        moved[..., 0] += direction[0] * height * np.cos(phase)
        moved[..., 2] += direction[1] * height * np.cos(phase)
    return [Body(moved + at - [0, 0.15, 0], mesh, pick(), "water")]


def stirred(rng: Rng, clock: Clock, at: Array, pick: PickTexture) -> list[Body]:
    """A patch carried by vortices and a current: divergence-free, still at its edge."""
    upright = chance(rng, 0.5)
    mesh = grid(40, 40)
    lived = own_time(rng, clock, 0.2)
    centres, width = rng.uniform(-0.3, 0.3, (4, 2)), rng.uniform(0.08, 0.2, 4)
    strength = rng.normal(0, 1, 4) * log_uniform(rng, 0.02, 0.25)

    def flow(xy: Array) -> Array:
        away = xy[:, None] - centres
        bell = np.exp(-(away**2).sum(-1) / (2 * width**2)) * strength
        swirl = (bell / width)[..., None] * np.stack([-away[..., 1], away[..., 0]], -1)
        calm = np.clip(1 - (2 * np.abs(xy)) ** 4, 0, 1).prod(-1)
        return swirl.sum(1) * calm[:, None]

    places = np.empty((FRAMES, len(mesh.vertices), 2))
    places[NOW] = mesh.vertices[:, :2]
    for way in (range(NOW + 1, FRAMES), range(NOW - 1, -1, -1)):
        for frame in way:
            previous = frame - 1 if frame > NOW else frame + 1
            step = lived[frame] - lived[previous]
            half = places[previous] + 0.5 * step * flow(places[previous])
            places[frame] = places[previous] + step * flow(half)
    size = rng.uniform(1.5, 4.0)
    flat = np.zeros((FRAMES, len(mesh.vertices), 3))
    flat[..., [0, 1] if upright else [0, 2]] = places * size
    lift = np.array([0, -0.5 * size, 0]) if upright else np.array([0, -0.05, 0])
    return [Body(flat + at + lift, mesh, pick(), "flow")]


def layer(rng: Rng, clock: Clock, at: Array, pick: PickTexture) -> list[Body]:
    """A flat cut-out that slides, turns and scales: 2.5-D."""
    count = 40
    angle = np.arange(count) * 2 * np.pi / count
    radii = np.ones(count)
    for order in range(1, 6):
        radii += rng.normal(0, 0.22 / order) * np.cos(order * angle + rng.uniform(0, 6))
    size = log_uniform(rng, 0.25, 1.5)
    mesh = outline(np.clip(radii, 0.25, 2.0) * size)
    lived = own_time(rng, clock)
    way, _ = path(rng, clock, lived, log_uniform(rng, 0.02, 2.0), rng.uniform(0, 1.0))
    where = at + np.stack([way[:, 0], 0.5 * way[:, 1], 0.2 * way[:, 1]], 1)
    spin = rotation(2, rng.normal(0, 0.5) * chance(rng, 0.4) * lived)
    swing = rotation(1, rng.normal(0, 0.3) * np.sin(rng.uniform(0.5, 3) * lived))
    return [rigid(mesh, pick(), "layer", where, swing @ spin)]
