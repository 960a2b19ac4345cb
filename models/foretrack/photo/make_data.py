"""What the photo model trains on: of each training clip, pictures through the tower and what the
grid's points did after them.

Working frames are 16 a second; every third one is a picture, alternately as it is and mirrored.
Writes OUT/<clip>.npz: maps `stride8` [S,40,15,26] (means of 2x2), `stride16` [S,112,15,26],
`stride32` [S,320,8,13] float16; `moved` [S,40,390,2] int16, displacement in 1/16 px of 832x480 at
frames 2, 4 ... 80 after the picture; `visible` [S,40,390], `textured` [S,390], `frames` [S] native.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from ..common.geometry import grid_centres
from .chains import chain
from .tower import PICTURE_HEIGHT, PICTURE_WIDTH, Tower

RATE = 16.0  # working frames a second
PICTURE_EVERY = 3  # working frames
LEAST_AHEAD = 9  # working frames that a picture needs after it
HORIZON_KEPT = 80
KEPT_EVERY = 2  # working frames between kept displacements
SUBPIXEL = 16


def read_pictures(clip: Path, only: int | None = None) -> tuple[np.ndarray, float]:
    """Pictures [T,240,416,3] uint8 RGB of a clip, all or the one of a number, and its frames a
    second, by ffmpeg."""
    probe = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-of", "csv=p=0"]
    probe += ["-show_entries", "stream=r_frame_rate", str(clip)]
    rate = subprocess.run(probe, capture_output=True, check=True, text=True).stdout.split(",")[0]
    above, _, below = rate.strip().partition("/")
    command = ["ffmpeg", "-v", "error", "-nostdin", "-threads", "1", "-i", str(clip)]
    scale = f"scale={PICTURE_WIDTH}:{PICTURE_HEIGHT}:flags=area"
    chosen = "" if only is None else f"select=eq(n\\,{only}),"
    command += ["-vf", chosen + scale, "-fps_mode", "passthrough"]
    command += [] if only is None else ["-frames:v", "1"]
    raw = subprocess.run(
        [*command, "-pix_fmt", "rgb24", "-f", "rawvideo", "-"], capture_output=True, check=True
    ).stdout
    pictures = np.frombuffer(raw, np.uint8).reshape(-1, PICTURE_HEIGHT, PICTURE_WIDTH, 3)
    return pictures, float(above) / float(below or 1)


def luma(pictures: np.ndarray) -> np.ndarray:
    """RGB [T,h,w,3] uint8 -> luma [T,h,w] uint8 (BT.601 weights)."""
    return (pictures @ np.array([0.299, 0.587, 0.114], np.float32)).round().astype(np.uint8)


@torch.inference_mode()
def tower_maps(tower: Tower, pictures: np.ndarray) -> list[np.ndarray]:
    """Pictures [S,240,416,3] uint8 -> stride 8 as means of 2x2, 16 and 32, float16."""
    parts: list[list[np.ndarray]] = [[], [], []]
    for picture in pictures:
        x = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None].float()
        _, fine, middle, coarse = tower(x)
        for part, map_ in zip(parts, (F.avg_pool2d(fine, 2), middle, coarse), strict=True):
            part.append(map_[0].numpy().astype(np.float16))
    return [np.stack(part) for part in parts]


def make_clip(clip: Path, out: Path, tower: Tower) -> int:
    """Writes the file of a clip; the number of its pictures (0: it is too short)."""
    pictures, fps = read_pictures(clip)
    count = int((len(pictures) - 1) / fps * RATE + 1e-6) + 1
    native = (np.arange(count) / RATE * fps).round().astype(int).clip(0, len(pictures) - 1)
    starts = list(range(0, count - LEAST_AHEAD, PICTURE_EVERY))
    if not starts:
        return 0
    query = (grid_centres().astype(np.float32) + 0.5) / 2 - 0.5
    gray = luma(pictures[native])
    tracks = chain(list(gray), starts, query, HORIZON_KEPT)
    kept = slice(KEPT_EVERY, None, KEPT_EVERY)
    moved = 2 * (tracks.positions[:, kept] - query)
    visible, textured = tracks.visible[:, kept], tracks.textured
    shown = pictures[native[starts]].copy()
    mirrored = np.arange(len(starts)) % 2 == 1
    shown[mirrored] = shown[mirrored][:, :, ::-1]
    moved, visible, textured = mirror(moved, visible, textured, mirrored)
    stride8, stride16, stride32 = tower_maps(tower, shown)
    limit = np.iinfo(np.int16)
    partial = out / f".{clip.stem}.npz"
    np.savez(
        partial,
        stride8=stride8,
        stride16=stride16,
        stride32=stride32,
        moved=np.clip(np.round(moved * SUBPIXEL), limit.min, limit.max).astype(np.int16),
        visible=visible,
        textured=textured,
        mirrored=mirrored,
        frames=native[starts].astype(np.int32),
    )
    partial.rename(out / f"{clip.stem}.npz")
    return len(starts)


def mirror(
    moved: np.ndarray, visible: np.ndarray, textured: np.ndarray, which: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Left and right exchanged in the moments `which` [S]; x of displacements [S,T,N,2] negated."""
    moved, visible, textured = moved.copy(), visible.copy(), textured.copy()
    order = mirrored_points()
    moved[which] = moved[which][:, :, order] * np.array([-1, 1], np.float32)
    visible[which] = visible[which][:, :, order]
    textured[which] = textured[which][:, order]
    return moved, visible, textured


def mirrored_points() -> np.ndarray:
    """[N] index of the point that a mirror puts in each point's place."""
    from ..common.geometry import COLUMNS, ROWS

    return np.arange(ROWS * COLUMNS).reshape(ROWS, COLUMNS)[:, ::-1].ravel()
