"""Training data of the published architecture: past and future with the grid on the first frame.

Procedural scenes are made as they are needed, a few hundredths of a second each. Real tracks come
from `npm run tracks -- CLIPS --history 1 --future 161 --at 0.1,0.4 --out DIR`: "now" is then the
first frame, from which the studio's tracker follows the grid through past and future.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ..common.geometry import CELL, COLUMNS, FAR, FRAMES, HEIGHT, ROWS, WIDTH, inside
from ..scenes.procedural.scene import make_scene
from .config import VaeConfig
from .graphs import corner_queries
from .video_latents import VideoLatents, window_start

LEAST_FUTURE = 8  # known frames of a real future


class WindowsError(ValueError):
    """Tracks that this configuration cannot be trained on."""


@dataclass
class Windows:
    """Tracks [B,T,N,2] videoPx of the configuration's frame; visibility [B,T,N], 1 = visible.

    `video` [B,L,N,V]: standardised latents of the past's pictures, zeros where a scene has none;
    None where the source gives none."""

    history: Tensor
    history_visibility: Tensor
    future: Tensor
    future_visibility: Tensor
    video: Tensor | None = None


class Scene(NamedTuple):
    """Tracks [2T,N,2], visibility [2T,N], and of pictures the video latents [2,L,N,V]: as they
    are, mirrored. A drawn scene has those of its own side alone, [L,N,V]."""

    tracks: np.ndarray
    seen: np.ndarray
    video: np.ndarray | None = None


class FirstFrameTracks:
    """Tracks of real clips from their first frame on, with their video latents where given."""

    def __init__(self, folder: Path, config: VaeConfig, video: VideoLatents | None = None) -> None:
        if (config.rows, config.columns) != (ROWS, COLUMNS):
            raise WindowsError(f"Real tracks lie on the {ROWS}x{COLUMNS} grid: not for this size")
        self.folder, self.frames, self.video = folder, config.num_frames_in, video
        self.scenes: dict[Path, Scene] = {}

    def refresh(self) -> None:
        running = bool(self.scenes)
        for path in sorted(self.folder.glob("*.npz")):
            if path in self.scenes:
                continue
            if running and self.video and not self.video.has(path.name):
                continue  # tracks that come during a run wait for their latents
            if scene := self._read(path):
                self.scenes[path] = scene

    def _read(self, path: Path) -> Scene | None:
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
        video = self.video.read(path.name, window_start(file)) if self.video else None
        return Scene((tracks[:end] - CELL / 2).astype(np.float32), seen[:end], video)

    def draw(self, rng: np.random.Generator) -> Scene:
        tracks, seen, video = list(self.scenes.values())[rng.integers(len(self.scenes))]
        mirrored = rng.random() < 0.5
        if mirrored:  # corners fall on corners again, in reversed columns
            order = np.arange(ROWS * COLUMNS).reshape(ROWS, COLUMNS)[:, ::-1].ravel()
            tracks, seen = tracks[:, order].copy(), seen[:, order]
            tracks[..., 0] = WIDTH - CELL - tracks[..., 0]
        return Scene(tracks, seen, None if video is None else video[int(mirrored)])


class WindowSource:
    """Batches for the training loop. `real_share` of the scenes are real, where there are any;
    with `video` those show their pictures."""

    def __init__(
        self,
        config: VaeConfig,
        size: int,
        seed: int,
        tracks: Path | None,
        real_share: float,
        video: VideoLatents | None = None,
    ) -> None:
        self.config, self.size, self.seed, self.video = config, size, seed, video
        self.real = FirstFrameTracks(tracks, config, video) if tracks else None
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
        tracks = torch.from_numpy(np.stack([scene.tracks for scene in drawn])).float()
        seen = torch.from_numpy(np.stack([scene.seen for scene in drawn])).float()
        video = None
        if self.video:
            none = np.zeros(self.video.shape, np.float16)
            shown = [none if scene.video is None else scene.video for scene in drawn]
            video = torch.from_numpy(np.stack(shown)).float()
        past, ahead = slice(frames), slice(frames, None)
        return Windows(tracks[:, past], seen[:, past], tracks[:, ahead], seen[:, ahead], video)

    def _draw(self, rng: np.random.Generator) -> Scene:
        if self.real and self.real.scenes and rng.random() < self.real_share:
            drawn = self.real.draw(rng)
        else:
            scene = make_scene(rng, self.query, reference=0)
            frames = slice(0, 2 * self.config.num_frames_in * self.stride, self.stride)
            drawn = Scene(scene.tracks[frames], scene.visibility[frames])
        tracks = np.clip(drawn.tracks, -FAR, FAR) * self.shrink
        shown = inside(tracks, (self.config.input_width, self.config.input_height))
        return Scene(tracks, drawn.seen & shown, drawn.video)
