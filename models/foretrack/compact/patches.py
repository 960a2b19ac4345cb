"""What the points look like at "now": a patch of the picture around each, for models that see.

Writes one <clip>__<now>.npy [N,3,16,16] uint8 for each tracks file: RGB of a 208x120 picture, so a
patch spans 64 px of the working frame. The shipped model does not see (Choices in
models/MODEL_CARD.md).
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np

WIDTH, HEIGHT, SIDE = 208, 120, 16


def frame_at(clip: Path, secs: float) -> np.ndarray:
    """The picture at `secs` [120,208,3] uint8, the whole of it stretched to this size."""
    command = ["ffmpeg", "-v", "error", "-ss", f"{max(secs - 0.005, 0):.4f}", "-i", str(clip)]
    command += ["-frames:v", "1", "-vf", f"scale={WIDTH}:{HEIGHT}", "-pix_fmt", "rgb24"]
    raw = subprocess.run([*command, "-f", "rawvideo", "-"], capture_output=True, check=True).stdout
    if len(raw) != WIDTH * HEIGHT * 3:
        raise ValueError(f"{clip.name} has no frame at {secs:.3f} s")
    return np.frombuffer(raw, np.uint8).reshape(HEIGHT, WIDTH, 3)


def patches(picture: np.ndarray, xy: np.ndarray) -> np.ndarray:
    """Picture [120,208,3] around points xy [N,2] videoPx -> [N,3,16,16]; edges are repeated."""
    half = SIDE // 2
    padded = np.pad(picture, ((half, half), (half, half), (0, 0)), mode="edge")
    corner = np.clip((xy / 4).round().astype(int), 0, [WIDTH - 1, HEIGHT - 1])
    cut = [padded[y : y + SIDE, x : x + SIDE] for x, y in corner]
    return np.stack(cut).transpose(0, 3, 1, 2)
