"""Articulated bodies: walkers, gestures, pendulums and swings, swimmers and birds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .mesh import Body, box, grid, limb, rigid, sphere
from .timing import FRAMES, Array, Clock, Rng, chance, log_uniform, own_time, path, rotation

PickTexture = Callable[[], int]


def walker(
    rng: Rng, clock: Clock, at: Array, pick: PickTexture, pace: float, label: str = "walker"
) -> list[Body]:
    """A person of about 1.7 m whose feet stand on `at` [3] now, walking or gesturing in place."""
    lived = own_time(rng, clock)
    walking = chance(rng, 0.75)
    speed = pace * log_uniform(rng, 0.4, 2.4) if walking else 0.0
    way, heading = path(rng, clock, lived, speed, rng.uniform(0, 0.5))
    size = rng.uniform(0.85, 1.1)
    stride = 2 * np.pi * (0.75 + 0.35 * speed) * lived + rng.uniform(0, 6)
    swing = min(0.25 + 0.3 * speed, 0.95) if walking else 0.0
    facing = rotation(1, np.pi / 2 - heading)
    hips = at + np.stack(
        [way[:, 0], -0.9 * size - 0.025 * np.cos(2 * stride) * swing, way[:, 1]], 1
    )

    clothes, legs_texture, skin = pick(), pick(), pick()
    lean = rotation(0, np.full(FRAMES, 0.05 * speed)) @ rotation(2, 0.05 * swing * np.sin(stride))
    trunk = facing @ lean
    bodies = []

    def part(mesh, texture: int, joint: Array, turn: Array) -> None:
        bodies.append(rigid(mesh, texture, label, joint, turn))

    part(limb(0.52, 0.17, 0.15, 9).scaled(size, -size, 0.7 * size), clothes, hips, trunk)
    neck = hips + trunk @ np.array([0, -0.6, 0]) * size
    nod = trunk @ rotation(1, 0.3 * np.sin(0.7 * lived + 1) * chance(rng, 0.5))
    part(sphere(6, 10).scaled(0.11, 0.14, 0.12).moved(0, -0.1, 0).scaled(size, size, size),
         skin, neck, nod)  # fmt: skip
    gesture = 2 * np.pi * log_uniform(rng, 0.3, 2.0) * own_time(rng, clock, 0.7)
    wild = 0.0 if walking and chance(rng, 0.7) else rng.uniform(0.2, 1.3)
    for side in (-1, 1):
        phase = stride + (0 if side > 0 else np.pi)
        hip = hips + facing @ (np.array([0.1 * side, 0, 0]) * size)
        thigh = facing @ rotation(0, -swing * np.sin(phase))
        part(limb(0.42, 0.085, 0.065).scaled(size, size, size), legs_texture, hip, thigh)
        knee = hip + thigh @ np.array([0, 0.43, 0]) * size
        bend = swing * 1.1 * np.clip(np.sin(phase + 0.9), 0, None)
        shin = thigh @ rotation(0, bend)
        part(limb(0.42, 0.06, 0.045).scaled(size, size, size), legs_texture, knee, shin)
        shoulder = hips + trunk @ (np.array([0.2 * side, -0.5, 0]) * size)
        lift = wild * (0.8 + np.sin(gesture + side * rng.uniform(0, 2)))
        upper = trunk @ rotation(2, -side * lift) @ rotation(0, 0.8 * swing * np.sin(phase))
        part(limb(0.28, 0.05, 0.042).scaled(size, size, size), clothes, shoulder, upper)
        elbow = shoulder + upper @ np.array([0, 0.29, 0]) * size
        fold = -0.35 - 0.9 * wild * (0.5 + 0.5 * np.sin(1.3 * gesture + side))
        fore = upper @ rotation(0, np.broadcast_to(fold, FRAMES))
        part(limb(0.28, 0.042, 0.032).scaled(size, size, size), skin, elbow, fore)
    return bodies


def swinging_chain(rng: Rng, clock: Clock, at: Array, pick: PickTexture) -> list[Body]:
    """One to four links hanging from `at`, swinging with a lag from link to link."""
    links = int(rng.integers(1, 5))
    length = rng.uniform(0.3, 0.9)
    lived = own_time(rng, clock)
    rate = 2 * np.pi * log_uniform(rng, 0.25, 1.2)
    reach, lag, damping = rng.uniform(0.15, 1.0), rng.uniform(0, 0.9), rng.uniform(0, 0.15)
    plane = rotation(1, np.full(FRAMES, rng.uniform(-1.2, 1.2)))
    joint = np.broadcast_to(at, (FRAMES, 3))
    bodies = []
    for i in range(links):
        fade = np.exp(-damping * np.clip(lived - lived[0], 0, None))
        angle = reach * fade * np.sin(rate * lived - lag * i) * (1 + 0.2 * i)
        turn = plane @ rotation(2, angle)
        bodies.append(rigid(limb(length, 0.05, 0.05), pick(), "chain", joint, turn))
        joint = joint + turn @ np.array([0, length, 0])
    load = box(cuts=2) if chance(rng, 0.5) else sphere(8, 12).scaled(0.6, 0.6, 0.6)
    size = rng.uniform(0.25, 0.6)
    bodies.append(rigid(load.scaled(size, size, size), pick(), "chain", joint, turn))
    return bodies


def swimmer(rng: Rng, clock: Clock, at: Array, pick: PickTexture) -> list[Body]:
    """A fish, bird or snake-like ribbon with a wave that grows towards its tail."""
    lived = own_time(rng, clock)
    speed = log_uniform(rng, 0.1, 2.5)
    way, heading = path(rng, clock, lived, speed, rng.uniform(0.1, 0.8))
    mesh = grid(6, 16)
    length, height = rng.uniform(0.6, 1.8), rng.uniform(0.15, 0.5)
    along = mesh.vertices[:, 0] + 0.5
    profile = np.sin(np.pi * np.clip(along * 0.9 + 0.08, 0, 1)) ** 0.6
    rate = 2 * np.pi * log_uniform(rng, 0.6, 3.0)
    wave = np.sin(2 * np.pi * along * rng.uniform(0.6, 1.3) + rate * lived[:, None])
    side = 0.16 * length * (0.15 + (1 - along) ** 1.5) * wave
    local = np.stack(
        [
            np.broadcast_to(mesh.vertices[:, 0] * length, side.shape),
            np.broadcast_to(mesh.vertices[:, 1] * height * profile, side.shape),
            side,
        ],
        -1,
    )
    turned = local @ rotation(1, -heading).transpose(0, 2, 1)
    lift = 0.15 * np.sin(rng.uniform(0.5, 2) * lived)
    centre = at + np.stack([way[:, 0], lift - lift[FRAMES // 2], way[:, 1]], 1)
    return [Body(turned + centre[:, None], mesh, pick(), "swimmer")]
