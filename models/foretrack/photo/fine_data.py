"""What the refinement learns from: how the points of 30x52 and 60x104 cells move within half a
second and a second, beside how those of the grid do.

Writes OUT/<clip>.npz, two pictures a clip: maps `stride4` [S,24,60,104] and `stride8` [S,40,30,52]
float16; `coarse` [S,2,15,26,2] and `fine` [S,2,60,104,2] displacement in 1/16 px of 832x480 at
frames 8 and 16; `known` [S,2,60,104] whether the fine one is.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from ..common.geometry import COLUMNS, ROWS
from .chains import chain
from .make_data import RATE, SUBPIXEL, luma, read_pictures
from .tower import PICTURE_WIDTH, Tower

TIMES = (8, 16)  # working frames
FINEST = 4  # cells of a cell's side
SHARES = (0.2, 0.6)  # of the clip, where its pictures are


def cell_middles(factor: int) -> np.ndarray:
    """[N·factor²,2] px of the 416x240 picture: the points of the grid's cells, cut finer."""
    rows, columns = ROWS * factor, COLUMNS * factor
    side = PICTURE_WIDTH / columns
    x, y = np.meshgrid((np.arange(columns) + 0.5) * side, (np.arange(rows) + 0.5) * side)
    return np.stack([x, y], -1).reshape(-1, 2).astype(np.float32) - 0.25


@torch.inference_mode()
def make_fine(clip: Path, out: Path, tower: Tower) -> int:
    """Writes the file of a clip; the number of its pictures (0: it is too short)."""
    pictures, fps = read_pictures(clip)
    count = int((len(pictures) - 1) / fps * RATE + 1e-6) + 1
    native = (np.arange(count) / RATE * fps).round().astype(int).clip(0, len(pictures) - 1)
    last = count - 1 - TIMES[-1]
    if last < 0:
        return 0
    starts = sorted({int(share * last) for share in SHARES})
    coarse, fine = cell_middles(1), cell_middles(FINEST)
    query = np.concatenate([coarse, fine])
    moved, known, maps = [], [], []
    for start in starts:
        window = luma(pictures[native[start : start + TIMES[-1] + 1]])
        tracks = chain(list(window), [0], query, TIMES[-1])
        moved.append(2 * (tracks.positions[0, list(TIMES)] - query))
        known.append(tracks.visible[0, list(TIMES)] & tracks.textured[0])
        picture = torch.from_numpy(pictures[native[start]].copy()).permute(2, 0, 1)[None]
        maps.append([m[0].numpy().astype(np.float16) for m in tower(picture.float())[:2]])
    packed = np.round(np.stack(moved) * SUBPIXEL).clip(-32768, 32767).astype(np.int16)
    shape = (len(starts), len(TIMES))
    np.savez(
        out / f"{clip.stem}.npz",
        stride4=np.stack([m[0] for m in maps]),
        stride8=np.stack([m[1] for m in maps]),
        coarse=packed[:, :, : len(coarse)].reshape(*shape, ROWS, COLUMNS, 2),
        fine=packed[:, :, len(coarse) :].reshape(*shape, ROWS * FINEST, COLUMNS * FINEST, 2),
        known=np.stack(known)[:, :, len(coarse) :].reshape(*shape, ROWS * FINEST, COLUMNS * FINEST),
    )
    return len(starts)
