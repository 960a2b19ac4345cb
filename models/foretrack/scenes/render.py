"""Writes rendered clips with exact truth.

Per scene `scene-SEED.mp4` and `scene-SEED.npz`: tracks [F,N,2] float32 px of the working frame,
visibility [F,N] uint8, depth [F,N] float32 metres, body [N], query [N,2], now (frame index),
interval (secs between frames), calm; `scene-SEED.json`: camera, kinds, labels of bodies.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np

from ..common.geometry import COLUMNS, NOW, WIDTH, inside
from .compose import Scene
from .truth import Truth, query_grid


def write_video(frames: list[np.ndarray], path: Path, rate: float, quality: int) -> None:
    """H.264 through ffmpeg; frames [H,W,3] uint8."""
    height, width = frames[0].shape[:2]
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", f"{rate:.6f}"]
    colour = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
    convert = ["-vf", "scale=out_color_matrix=bt709:out_range=tv", "-pix_fmt", "yuv420p"]
    command = ["ffmpeg", "-v", "error", "-y", *source, "-i", "-", *convert, "-c:v", "libx264"]
    command += ["-crf", str(quality), "-preset", "veryfast", "-threads", "1", *colour, str(path)]
    subprocess.run(command, input=b"".join(f.tobytes() for f in frames), check=True)


def write_truth(scene: Scene, truth: Truth, alignment: str, path: Path) -> None:
    np.savez_compressed(
        path,
        tracks=truth.tracks,
        visibility=truth.visibility.astype(np.uint8),
        depth=truth.depth,
        body=truth.body.astype(np.int32),
        query=query_grid(alignment).astype(np.float32),
        now=np.int32(NOW),
        interval=np.float32(scene.clock.interval),
        calm=np.uint8(scene.calm),
        seed=np.int64(scene.seed),
    )
    words = {"camera": scene.camera.kind, "kinds": scene.kinds, "labels": scene.stage.labels}
    path.with_suffix(".json").write_text(json.dumps(words))


def overlay(frames: list[np.ndarray], truth: Truth, at: int, trail: int = 24) -> np.ndarray:
    """Frame `at` with the last `trail` positions of every second visible point, by hue."""
    picture = (0.65 * frames[at].astype(np.float32) + 40).clip(0, 255)
    height, width = picture.shape[:2]
    scale = width / WIDTH
    for n in np.flatnonzero(truth.visibility[at]):
        hue = (n % COLUMNS) / COLUMNS * 2 * np.pi
        colour = 128 + 127 * np.cos(hue + np.array([0, 2.1, 4.2]))
        path = truth.tracks[max(at - trail, 0) : at + 1, n] * scale
        steps = np.linspace(0, 1, 12)[:, None]
        dense = [a + (b - a) * steps for a, b in zip(path[:-1], path[1:], strict=True)]
        dots = np.concatenate([*dense, path[-1] + np.array([[0, 0], [1, 0], [0, 1], [1, 1]])])
        dots = dots.round().astype(int)
        x, y = dots[inside(dots, (width, height))].T
        picture[y, x] = colour
    return picture.astype(np.uint8)


def write_picture(picture: np.ndarray, path: Path) -> None:
    height, width = picture.shape[:2]
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24"]
    command += ["-s", f"{width}x{height}", "-i", "-", "-frames:v", "1", str(path)]
    subprocess.run(command, input=picture.tobytes(), check=True)
