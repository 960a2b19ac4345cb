"""What the relief model trains on: pictures through the frozen tower, and how near each cell is.

A file holds `VIEWS` views of one picture, the first as it is, the others mirrored, cut and coloured
by chance: `stride8` [V,40,30,52], `stride16` [V,112,15,26], `stride32` [V,320,8,13] float16,
`near` [V,30,52] float16, the logarithm of inverse depth, median 0 where it is known, and `weight`
[V,30,52] float16 (0: unknown). Teachers: rendered scenes, whose depth is exact, and what tracks of
clips tell where the camera travels (`npx tsx src/cli/reliefs.ts`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..common.geometry import COLUMNS, FRAMES, ROWS
from ..photo.make_data import read_pictures
from ..photo.tower import PICTURE_HEIGHT, PICTURE_WIDTH, Tower
from ..scenes.compose import make_scene
from ..scenes.picture import Renderer
from ..scenes.raster import rasterise
from ..scenes.truth import corners_at, view_at

CELL_ROWS, CELL_COLUMNS = 30, 52  # of a relief: stride 8
VIEWS = 4
FINE = 2  # cells of a rendered truth to one of the relief
LOWEST, HIGHEST = -3.0, 2.0  # of the logarithm beside its median
SURE = 0.15  # sigma of log depth up to which a point counts in full
LEAST_PARALLAX_PX = 20.0
MOST_HELD_OUT_RATIO = 0.7
LEAST_STILL = 80  # points

Rng = np.random.Generator


@dataclass
class Sight:
    """A picture [240,416,3] uint8, how near it is `near` [h,w] (log inverse depth) and `weight`."""

    picture: np.ndarray
    near: np.ndarray
    weight: np.ndarray


def rendered_sights(seed: int, count: int) -> list[Sight]:
    """A rendered scene at `count` of its frames."""
    scene = make_scene(seed)
    renderer = Renderer(scene, PICTURE_WIDTH)
    rng = np.random.default_rng((seed, 5))
    sights = []
    for frame in rng.choice(FRAMES, count, replace=False).tolist():
        view = view_at(scene, frame, CELL_COLUMNS * FINE / (PICTURE_WIDTH * 2))
        hits = rasterise(corners_at(scene, frame), view)
        known = (hits.face >= 0).numpy()
        near = np.where(known, -np.log(hits.depth.numpy().clip(1e-3)), 0)
        sights.append(Sight(renderer.frame(frame).numpy(), near, known.astype(np.float32)))
    return sights


def taught_sight(clip: Path, frame: int, relief: Path) -> Sight | None:
    """The frame of a clip, with what its tracks tell; None where they tell too little to teach."""
    with np.load(relief) as file:
        told = {name: file[name] for name in file}
    still = told["state_n"] == 1
    if told["parallax_px"] < LEAST_PARALLAX_PX or still.sum() < LEAST_STILL:
        return None
    if not told["held_out_ratio"] <= MOST_HELD_OUT_RATIO:
        return None
    pictures, _ = read_pictures(clip)
    sure = np.clip(SURE / np.maximum(told["sigma_log_n"], 1e-3), 0, 1)
    near = np.log(np.maximum(told["inverse_depth_n"], 1e-3))
    weight = np.where(still, sure, 0)
    return Sight(pictures[frame], near.reshape(ROWS, COLUMNS), weight.reshape(ROWS, COLUMNS))


def views_of(sight: Sight, rng: Rng) -> list[Sight]:
    """The picture as it is, mirrored, and parts of it, brightness and colour by chance."""
    views = [cut(sight, (0, 0, 1, 1), False)]
    for view in range(1, VIEWS):
        mirrored = view % 2 == 1
        size = 1.0 if view == 1 else rng.uniform(0.55, 0.95)
        x, y = rng.uniform(0, 1 - size, 2)
        part = cut(sight, (x, y, size, size), mirrored)
        gain = np.exp(rng.normal(0, 0.15) + rng.normal(0, 0.06, 3))
        shown = (part.picture * gain + rng.normal(0, 8)).clip(0, 255).astype(np.uint8)
        views.append(Sight(shown, part.near, part.weight))
    return views


def cut(sight: Sight, box: tuple[float, float, float, float], mirrored: bool) -> Sight:
    """The part (x, y, width, height), in shares of the picture, scaled up to a whole one; near and
    weight come on the relief's cells, each that of the nearest place."""
    x, y, width, height = box

    def places(count: int, start: float, size: float, of: int) -> np.ndarray:
        return ((start + (np.arange(count) + 0.5) / count * size) * of).astype(int).clip(0, of - 1)

    def cells(values: np.ndarray) -> np.ndarray:
        rows = places(CELL_ROWS, y, height, values.shape[0])
        columns = places(CELL_COLUMNS, x, width, values.shape[1])
        return values[rows][:, columns]

    h, w = sight.picture.shape[:2]
    top, left = round(y * h), round(x * w)
    part = sight.picture[top : top + max(2, round(height * h)), left : left + round(width * w)]
    picture = resized(part)
    near, weight = cells(sight.near), cells(sight.weight)
    if mirrored:
        picture, near, weight = picture[:, ::-1], near[:, ::-1], weight[:, ::-1]
    return Sight(picture, near, weight)


def resized(picture: np.ndarray) -> np.ndarray:
    """[h,w,3] uint8 -> [240,416,3] uint8, bilinear."""
    if picture.shape[:2] == (PICTURE_HEIGHT, PICTURE_WIDTH):
        return picture
    x = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None].float()
    size = (PICTURE_HEIGHT, PICTURE_WIDTH)
    up = F.interpolate(x, size, mode="bilinear", align_corners=False, antialias=True)
    return up[0].permute(1, 2, 0).round().clamp(0, 255).byte().numpy()


def centred(near: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Median 0 where it is known, within bounds."""
    known = weight > 0
    middle = np.median(near[known]) if known.any() else 0.0
    return (near - middle).clip(LOWEST, HIGHEST)


@torch.inference_mode()
def see(tower: Tower, picture: np.ndarray) -> tuple[Tensor, Tensor, Tensor]:
    """[240,416,3] uint8 -> maps of stride 8, 16 and 32, without a batch."""
    x = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None].float()
    _, stride8, stride16, stride32 = tower(x)
    return stride8[0], stride16[0], stride32[0]


def write_views(views: list[Sight], tower: Tower, path: Path) -> None:
    maps = [see(tower, view.picture) for view in views]
    stack = [np.stack([m[i].numpy() for m in maps]).astype(np.float16) for i in range(3)]
    near = np.stack([centred(view.near, view.weight) for view in views])
    partial = path.with_suffix(".partial.npz")
    np.savez(
        partial,
        stride8=stack[0],
        stride16=stack[1],
        stride32=stack[2],
        near=near.astype(np.float16),
        weight=np.stack([view.weight for view in views]).astype(np.float16),
    )
    partial.rename(path)
