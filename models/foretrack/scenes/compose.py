"""Draws a whole scene from a seed: place, props, movers, camera, light."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .camera import Camera, make_camera
from .mesh import Body, Stage, assemble, box, floor, grid, limb, outline, rigid, sphere
from .movers import bouncing, hanging, jelly, layer, stirred, thrown, traffic, water
from .people import PickTexture, swimmer, swinging_chain, walker
from .textures import Atlas, make_atlas, sky, texture
from .timing import Array, Clock, Rng, chance, log_uniform, random_rotation, rotation

NEAR_STATIC_SHARE = 0.25
INTERVALS = (1 / 30, 1 / 30, 1 / 30, 1 / 25, 1 / 24, 1 / 60, 1 / 16)
SKY_TEXTURE = 0

Mover = Callable[[Rng, Clock, Array, PickTexture], list[Body]]


@dataclass
class Scene:
    seed: int
    clock: Clock
    camera: Camera
    stage: Stage
    atlas: Atlas
    light: Array
    ambient: float
    noise: float
    calm: bool
    kinds: list[str]


def one_walker(rng: Rng, clock: Clock, at: Array, pick: PickTexture) -> list[Body]:
    return walker(rng, clock, at, pick, 1.0)


def crowd(rng: Rng, clock: Clock, at: Array, pick: PickTexture) -> list[Body]:
    bodies = []
    for _ in range(int(rng.integers(5, 13))):
        place = at + rng.uniform(-1, 1, 3) * [5, 0, 4]
        place[2] = max(place[2], 2.5)
        bodies += walker(rng, clock, place, pick, 1.0, "crowd")
    return bodies


def chain(rng: Rng, clock: Clock, at: Array, pick: PickTexture) -> list[Body]:
    return swinging_chain(rng, clock, at - [0, rng.uniform(2.0, 3.0), 0], pick)


def flying(rng: Rng, clock: Clock, at: Array, pick: PickTexture) -> list[Body]:
    bodies = []
    for _ in range(int(rng.integers(1, 5))):
        bodies += swimmer(rng, clock, at + rng.uniform([-2, -2.5, -0.5], [2, -0.3, 3]), pick)
    return bodies


MOVERS: dict[str, tuple[Mover, float]] = {
    "walker": (one_walker, 0.20),
    "crowd": (crowd, 0.09),
    "traffic": (traffic, 0.13),
    "balls": (bouncing, 0.13),
    "thrown": (thrown, 0.05),
    "chain": (chain, 0.08),
    "cloth": (hanging, 0.09),
    "jelly": (jelly, 0.07),
    "swimmers": (flying, 0.07),
    "water": (water, 0.05),
    "flow": (stirred, 0.04),
}


def make_scene(seed: int) -> Scene:
    """The scene of a seed; the same seed always gives the same scene."""
    rng = np.random.default_rng(seed)
    clock = Clock(float(rng.choice(INTERVALS)))
    calm = chance(rng, NEAR_STATIC_SHARE)
    contrast = rng.uniform(0.25, 1.0)
    pictures = [sky(rng)] + [texture(rng, contrast) for _ in range(int(rng.integers(7, 13)))]

    def pick() -> int:
        return int(rng.integers(1, len(pictures)))

    depth = log_uniform(rng, 2.5, 8.0)
    bodies = [rigid(box(True, 6).scaled(240, 240, 240), SKY_TEXTURE, "sky", np.zeros(3))]
    if chance(rng, 0.25):
        bodies += flat_place(rng, pick)
        kinds = ["layers"]
        for _ in range(0 if calm and chance(rng, 0.5) else int(rng.integers(2, 9))):
            away = rng.uniform(2.2, 9)
            side = rng.uniform([-0.5, -0.35], [0.5, 0.25]) * away
            bodies += layer(rng, clock, np.array([side[0], side[1] - 1.2, away]), pick)
    else:
        bodies += ground_place(rng, pick)
        bodies += props(rng, pick, depth)
        kinds = pick_kinds(rng, calm)
        for kind in kinds:
            at = np.array([rng.uniform(-0.35, 0.35) * depth, 0, depth * rng.uniform(0.8, 1.3)])
            bodies += MOVERS[kind][0](rng, clock, at, pick)
    camera = make_camera(rng, clock, depth, calm)
    light = rng.normal(size=3) * [1, 0.4, 0.7] + [0, -1, -0.4]
    return Scene(
        seed,
        clock,
        camera,
        assemble(bodies),
        make_atlas(pictures),
        light / np.linalg.norm(light),
        rng.uniform(0.35, 0.75),
        log_uniform(rng, 0.3, 4.0),
        calm,
        kinds,
    )


def pick_kinds(rng: Rng, calm: bool) -> list[str]:
    names = list(MOVERS)
    shares = np.array([MOVERS[n][1] for n in names])
    count = (
        int(chance(rng, 0.5)) if calm else int(rng.choice([0, 1, 2, 3], p=[0.1, 0.4, 0.33, 0.17]))
    )
    if calm:  # at rest but for one small thing
        names, shares = ["walker", "jelly", "cloth", "chain"], np.ones(4)
    return [str(k) for k in rng.choice(names, count, replace=False, p=shares / shares.sum())]


def flat_place(rng: Rng, pick: PickTexture) -> list[Body]:
    """A wall facing the camera and still layers before it."""
    wall = grid(10, 16).scaled(70, 45, 1).tiled(rng.uniform(4, 14))
    bodies = [rigid(wall, pick(), "wall", np.array([0, -1.5, rng.uniform(9, 18)]))]
    for _ in range(int(rng.integers(0, 4))):
        radii = rng.uniform(0.6, 1.3, 24)
        away = rng.uniform(4, 8.5)
        at = np.array([rng.uniform(-0.6, 0.6) * away, rng.uniform(-0.5, 0.4) * away - 1, away])
        bodies.append(rigid(outline(radii * rng.uniform(0.5, 1.6)), pick(), "prop", at))
    return bodies


def ground_place(rng: Rng, pick: PickTexture) -> list[Body]:
    """Ground, at times uneven, and a room's walls, a facade or open country."""
    ground = floor(36, 36).scaled(64, 1, 64).moved(0, 0, 22).tiled(rng.uniform(8, 24))
    if chance(rng, 0.5):
        hills = rng.uniform(0.02, 0.25)
        x, z = ground.vertices[:, 0], ground.vertices[:, 2]
        lift = np.sin(0.5 * x + rng.uniform(0, 6)) * np.sin(0.4 * z + rng.uniform(0, 6))
        ground.vertices[:, 1] += hills * lift + 0.1 * hills
    bodies = [rigid(ground, pick(), "ground", np.zeros(3))]
    kind = rng.choice(["room", "facade", "open"])
    away = rng.uniform(9, 22)
    if kind == "facade":
        height = rng.uniform(3, 12)
        wall = grid(6, 16).scaled(60, height, 1).tiled(rng.uniform(5, 12))
        turn = rotation(1, np.array([rng.uniform(-0.5, 0.5)]))[0]
        bodies.append(rigid(wall, pick(), "wall", np.array([0, -height / 2, away]), turn))
    if kind == "room":
        half, height = rng.uniform(3.5, 8), rng.uniform(2.6, 4.5)
        room = box(True, 6).scaled(2 * half, height, 2 * away).tiled(rng.uniform(1, 4))
        bodies.append(rigid(room, pick(), "room", np.array([0, 0.3 - height / 2, 0])))
    return bodies


def props(rng: Rng, pick: PickTexture, depth: float) -> list[Body]:
    """Things that stand: boxes, columns, balls, trees, tables. They give parallax and hide."""
    bodies = []
    for _ in range(int(rng.integers(1, 10))):
        away = rng.uniform(0.6 * depth, 14)
        at = np.array([rng.uniform(-0.7, 0.7) * away, 0, away])
        size = log_uniform(rng, 0.2, 1.3)
        kind = rng.choice(["box", "column", "ball", "tree"])
        turn = rotation(1, rng.uniform(0, 3, 1))[0]
        if kind == "box":
            shape = size * rng.uniform(0.5, 1.6, 3)
            lifted = at - [0, shape[1] / 2, 0]
            bodies.append(rigid(box(cuts=3).scaled(*shape), pick(), "prop", lifted, turn))
        elif kind == "column":
            height = rng.uniform(1, 4)
            tube = limb(height, 0.3 * size, 0.25 * size, 10)
            bodies.append(rigid(tube, pick(), "prop", at - [0, height, 0]))
        elif kind == "ball":
            ball = sphere().scaled(0.6 * size, 0.6 * size, 0.6 * size)
            lifted = at - [0, 0.6 * size, 0]
            bodies.append(rigid(ball, pick(), "prop", lifted, random_rotation(rng)))
        else:
            height = rng.uniform(1.2, 3.0)
            trunk = limb(height, 0.1, 0.08)
            bodies.append(rigid(trunk, pick(), "prop", at - [0, height, 0]))
            crown = sphere(8, 12)
            crown.vertices *= rng.uniform(0.75, 1.2, (len(crown.vertices), 1)) * rng.uniform(
                0.5, 1.1
            )
            bodies.append(rigid(crown, pick(), "prop", at - [0, height + 0.3, 0]))
    return bodies
