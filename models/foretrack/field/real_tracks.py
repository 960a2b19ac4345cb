"""Tracks of real clips without any truth: a short past to tell depth from, and all of it to be met.

Files are those of `npm run tracks`; only their past is read, whose last frame is the anchor.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import radians, tan

import numpy as np
import torch
from torch import Tensor

from ..common.geometry import WIDTH
from ..common.track_files import TrackFiles

LEAST_FRAMES = 24  # of a past
LEAST_POINTS = 48  # seen at the anchor and held by what they show
HOLDS = 4.0  # texture that holds a track: `HOLDS` of src/engine/space/bare.ts
FOV_DEGREES = 55.0  # the studio's where none is known: of the wider side
FOCAL_PX = WIDTH / 2 / tan(radians(FOV_DEGREES / 2))
FOCAL_SPREAD = 0.1  # of the logarithm of the focal length that is told
WHOLE_FRAMES = 33  # of the past that is to be met


@dataclass
class RealBatch:
    """What is told: tracks [B,T,N,2] videoPx, visibility [B,T,N], queries [B,N,2], focal [B] px;
    what is to be met: the same points over the whole past, whole [B,U,N,2] and whole_visibility."""

    tracks: Tensor
    visibility: Tensor
    queries: Tensor
    focal: Tensor
    whole: Tensor
    whole_visibility: Tensor


@dataclass
class Past:
    """tracks [T,N,2] videoPx, visibility [T,N] bool; the last frame is the anchor; held [N] bool:
    points that texture holds, all where that is not known."""

    name: str
    tracks: np.ndarray
    visibility: np.ndarray
    held: np.ndarray


def read_pasts(files: TrackFiles) -> list[Past]:
    """Those that are long enough. ValueError where there is none."""
    pasts = []
    for name in files.names():
        file = files.read(name)
        tracks = file["history_tracks_tn2"].astype(np.float32)
        seen = file["history_visibility_tn"] > 0
        held = file["texture_n"] >= HOLDS if "texture_n" in file else np.ones(seen.shape[1], bool)
        past = Past(name, tracks, seen, held & seen[-1])
        if len(tracks) >= LEAST_FRAMES and past.held.sum() >= LEAST_POINTS:
            pasts.append(past)
    if not pasts:
        raise ValueError("no tracks with a past that is long enough")
    return pasts


class RealDraws:
    """Batches of pasts by number; all files of a source alike."""

    def __init__(self, pasts: list[Past], count: int, points: int, seed: int) -> None:
        self.pasts, self.count, self.points, self.seed = pasts, count, points, seed
        sources = [p.name.split("__")[0].rsplit("_", 1)[0] for p in pasts]
        chance = np.array([1 / sources.count(s) for s in sources])
        self.chance = chance / chance.sum()

    def batch(self, index: int) -> RealBatch:
        rng = np.random.default_rng((self.seed, index, 1))
        picked = rng.choice(len(self.pasts), self.count, p=self.chance)
        frames = int(rng.integers(10, LEAST_FRAMES))
        parts = [self._draw(rng, self.pasts[i], frames) for i in picked]

        def stack(k: int) -> Tensor:
            return torch.from_numpy(np.stack([p[k] for p in parts]).astype(np.float32))

        focal = FOCAL_PX * np.exp(rng.normal(0, FOCAL_SPREAD, self.count))
        told = torch.from_numpy(focal.astype(np.float32))
        return RealBatch(stack(0), stack(1), stack(0)[:, -1], told, stack(2), stack(3))

    def _draw(self, rng: np.random.Generator, past: Past, frames: int) -> tuple[np.ndarray, ...]:
        """Tracks and visibility of the part that is told, and of the whole."""
        length = len(past.tracks)
        span = int(np.exp(rng.uniform(np.log(frames), np.log(length + 1))))
        own = np.linspace(length - min(span, length), length - 1, frames).round().astype(int)
        whole = np.linspace(0, length - 1, WHOLE_FRAMES).round().astype(int)
        candidates = np.flatnonzero(past.held)
        few = len(candidates) < self.points
        points = np.sort(rng.choice(candidates, self.points, replace=few))
        tracks, seen = past.tracks[:, points], past.visibility[:, points]
        if rng.random() < 0.5:
            tracks = tracks * [-1, 1] + [WIDTH - 1, 0]
        return tracks[own], seen[own], tracks[whole], seen[whole]
