"""Made pictures and tracks on the published grid for a tiny configuration with few frames."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from foretrack.trajloom.clip_frames import WindowStart
from foretrack.trajloom.config import SIZES

TINY = SIZES["tiny"]
FRAME = {"input_height": 480, "input_width": 832}
CONFIG = replace(TINY, vae=replace(TINY.vae, **FRAME), generator=replace(TINY.generator, **FRAME))
SHAPE = (3, 390, 3)  # latent frames, cells, channels
NOW, FPS, LENGTH = 2, 10.0, 24
START = WindowStart(NOW, NOW / FPS, FPS)
LAST_PAST = NOW + CONFIG.vae.num_frames_in - 1
needs_ffmpeg = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="no ffmpeg here")


def made_pictures(seed: int = 0) -> np.ndarray:
    """[24,60,104,3] uint8: a coarse pattern that moves to the right."""
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 40, 3), dtype=np.uint8)
    wide = coarse.repeat(10, 0).repeat(10, 1)
    return np.stack([wide[:, 100 - t : 204 - t] for t in range(LENGTH)])


def write_clip(path: Path, pictures: np.ndarray) -> None:
    """Without loss: equal pictures are decoded to equal ones."""
    height, width = pictures.shape[1:3]
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", f"{FPS}"]
    command = ["ffmpeg", "-v", "error", "-y", *source, "-i", "-", "-c:v", "ffv1"]
    subprocess.run([*command, "-pix_fmt", "bgr0", path], input=pictures.tobytes(), check=True)


def write_tracks(path: Path, now: int = NOW, frames: int = 2 * CONFIG.vae.num_frames_in) -> None:
    x, y = np.meshgrid(np.arange(26) * 32 + 16.0, np.arange(15) * 32 + 16.0)
    query = np.stack([x, y], -1).reshape(-1, 2)
    tracks = (query + 3 * np.arange(frames)[:, None, None] * [1, 0]).astype(np.float32)
    seen = np.ones((frames, 390), np.uint8)
    np.savez(
        path,
        history_tracks_tn2=tracks[:1],
        history_visibility_tn=seen[:1],
        future_tracks_tn2=tracks[1:],
        future_visibility_tn=seen[1:],
        fps=FPS,
        now_secs=now / FPS,
        now_frame=np.int32(now),
    )
