"""Training data of the published architecture: past and future with the grid on the first frame.

Procedural scenes are made as they are needed, a few hundredths of a second each. Real tracks come
from `npm run tracks -- CLIPS --history 1 --future 161 --at 0.1,0.4 --out DIR`: "now" is then the
first frame, from which the studio's tracker follows the grid through past and future.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..data import CELL, FAR
from ..procedural import FRAMES, HEIGHT, WIDTH, make_scene
from .config import VaeConfig
from .graphs import corner_queries

LEAST_FUTURE = 8  # known frames of a real future
ROWS, COLUMNS = HEIGHT // CELL, WIDTH // CELL


class WindowsError(ValueError):
    """Tracks that this configuration cannot be trained on."""


@dataclass
class Windows:
    """Tracks [B,T,N,2] videoPx of the configuration's frame; visibility [B,T,N], 1 = visible."""

    history: Tensor
    history_visibility: Tensor
    future: Tensor
    future_visibility: Tensor


class FirstFrameTracks:
    """Tracks of real clips from their first frame on."""

    def __init__(self, folder: Path, config: VaeConfig) -> None:
        if (config.rows, config.columns) != (ROWS, COLUMNS):
            raise WindowsError(f"Real tracks lie on the {ROWS}x{COLUMNS} grid: not for this size")
        self.folder, self.frames = folder, config.num_frames_in
        self.scenes: dict[Path, tuple[np.ndarray, np.ndarray]] = {}

    def refresh(self) -> None:
        for path in sorted(self.folder.glob("*.npz")):
            if path not in self.scenes and (scene := self._read(path)):
                self.scenes[path] = scene

    def _read(self, path: Path) -> tuple[np.ndarray, np.ndarray] | None:
        """Tracks [2T,N,2] from the cells' corners and visibility [2T,N]; None where too short."""
        file = np.load(path)
        if len(file["history_tracks_tn2"]) != 1:
            raise WindowsError(f"{path.name} has a past: track with --history 1 --future 161")
        tracks = np.concatenate([file["history_tracks_tn2"], file["future_tracks_tn2"]])
        seen = np.concatenate([file["history_visibility_tn"], file["future_visibility_tn"]]) > 0
        missing = 2 * self.frames - len(tracks)
        if missing > self.frames - LEAST_FUTURE:
            return None
        if missing > 0:  # the clip is over: points stay, unseen
            tracks = np.concatenate([tracks, np.repeat(tracks[-1:], missing, 0)])
            seen = np.concatenate([seen, np.zeros((missing, seen.shape[1]), bool)])
        # The studio's points start on cell centres, the published ones on corners.
        end = 2 * self.frames
        return (tracks[:end] - CELL / 2).astype(np.float32), seen[:end]

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        tracks, seen = list(self.scenes.values())[rng.integers(len(self.scenes))]
        if rng.random() < 0.5:  # mirrored: corners fall on corners again, in reversed columns
            order = np.arange(ROWS * COLUMNS).reshape(ROWS, COLUMNS)[:, ::-1].ravel()
            tracks, seen = tracks[:, order].copy(), seen[:, order]
            tracks[..., 0] = WIDTH - CELL - tracks[..., 0]
        return tracks, seen


class WindowSource:
    """Batches for the training loop. `real_share` of the scenes are real, where there are any."""

    def __init__(
        self, config: VaeConfig, size: int, seed: int, tracks: Path | None, real_share: float
    ) -> None:
        self.config, self.size, self.seed = config, size, seed
        self.real = FirstFrameTracks(tracks, config) if tracks else None
        self.real_share = real_share
        frame = np.array([config.input_width, config.input_height])
        self.shrink = frame / [WIDTH, HEIGHT]
        self.query = corner_queries(config).double().numpy() / self.shrink
        # Smaller configurations have fewer frames: they see the same time in longer steps.
        self.stride = FRAMES // (2 * config.num_frames_in)
        self.refresh()

    def refresh(self) -> None:
        if self.real:
            self.real.refresh()

    def batch(self, index: int, size: int | None = None) -> Windows:
        rng = np.random.default_rng((self.seed, index))
        drawn = [self._draw(rng) for _ in range(size or self.size)]
        frames = self.config.num_frames_in
        tracks = torch.from_numpy(np.stack([d[0] for d in drawn])).float()
        seen = torch.from_numpy(np.stack([d[1] for d in drawn])).float()
        return Windows(tracks[:, :frames], seen[:, :frames], tracks[:, frames:], seen[:, frames:])

    def _draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        if self.real and self.real.scenes and rng.random() < self.real_share:
            tracks, seen = self.real.draw(rng)
        else:
            scene = make_scene(rng, self.query, anchor=0)
            frames = slice(0, 2 * self.config.num_frames_in * self.stride, self.stride)
            tracks, seen = scene.tracks[frames], scene.visibility[frames]
        tracks = np.clip(tracks, -FAR, FAR) * self.shrink
        inside = (tracks > -1) & (tracks < [self.config.input_width, self.config.input_height])
        return tracks, seen & inside.all(-1)
