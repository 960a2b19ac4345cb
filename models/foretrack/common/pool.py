"""Shards of procedural scenes, made once and drawn from in training."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..scenes.procedural.scene import make_scene
from ..scenes.procedural.themes import make_themed_scene
from ..scenes.procedural.tracker_noise import add_tracker_noise
from .draw import Draw
from .geometry import FRAMES, NOW, grid_centres
from .scene_batch import CameraPaths, Scenes, camera_paths, joined

QUANTUM = 16  # stored displacements are sixteenths of a pixel

SHARDS_A_BATCH = 16  # at most

SHARD_CAMERAS = 50  # camera paths of a shard, to see real scenes by


def write_pool(path: Path, count: int, seed: int, points: int = 160, themed: float = 0.0) -> None:
    """A shard of `count` scenes with random grid points, about 130 kB a scene, `themed` of them of
    the kinds of `themes.py`. Their past is as a tracker would see it."""
    centres = grid_centres()
    moved = np.zeros((count, FRAMES, points, 2), np.int16)
    seen = np.zeros((count, FRAMES, points), bool)
    query = np.zeros((count, points, 2), np.float32)
    interval = np.zeros(count, np.float32)
    for i in range(count):
        rng = np.random.default_rng((seed, i))
        query[i] = centres[rng.choice(len(centres), points, replace=False)]
        make = make_themed_scene if i < themed * count else make_scene
        scene = add_tracker_noise(make(rng, query[i].astype(np.float64)), rng)
        offset = (scene.tracks - scene.tracks[NOW]) * QUANTUM
        moved[i] = np.clip(np.round(offset), -32767, 32767)
        seen[i], interval[i] = scene.visibility, scene.interval
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial.npz")
    np.savez(partial, moved=moved, seen=seen, query=query, interval=interval)
    partial.rename(path)


class NoScenesError(ValueError):
    """Nothing to train on where procedural scenes should be."""


class Pool:
    """Shards of procedural scenes in the device's memory, at most `limit` of them: new ones take
    the place of the oldest."""

    def __init__(self, folder: Path, limit: int = 30, device: torch.device | None = None) -> None:
        self.folder, self.limit, self.device = folder, limit, device or torch.device("cpu")
        self.shards: list[dict[str, Tensor]] = []
        self.loaded = 0
        self.known: set[Path] = set()
        self.coming: deque[Future[dict[str, Tensor]]] = deque()
        self.reader = ThreadPoolExecutor(1)

    def refresh(self) -> None:
        """Waits for the first shards; those that come later are read while training goes on."""
        found = sorted(p for p in self.folder.glob("pool-*.npz") if ".partial" not in p.name)
        for path in [p for p in found if p not in self.known][-self.limit :]:
            self.known.add(path)
            self.coming.append(self.reader.submit(_read_shard, path))
        first = not self.shards
        while self.coming and (first or self.coming[0].done()):
            slot = self.loaded % self.limit
            self.shards[slot : slot + 1] = [self._place(self.coming.popleft().result())]
            self.loaded += 1

    def require(self) -> None:
        """Raises NoScenesError where no shard was found."""
        if not self.shards:
            raise NoScenesError(
                f"{self.folder} holds no procedural scenes; make some with foretrack make-pool "
                f"--out {self.folder}"
            )

    def _place(self, shard: dict[str, Tensor]) -> dict[str, Tensor]:
        """On the device, with each scene's chance to be drawn and some camera paths."""
        shard = {name: values.to(self.device) for name, values in shard.items()}
        shard["chance"] = _chances(shard["moved"])
        few = slice(SHARD_CAMERAS)
        paths = camera_paths(_positions(shard, few), shard["seen"][few])
        return shard | {"affine": paths.affine, "known": paths.known}

    def draw(self, draw: Draw, count: int) -> Scenes:
        """Of all shards alike; fast scenes more often."""
        drawn = []
        for shard, share in self._shares(draw, count):
            index = draw.indices(shard["chance"], share)
            drawn.append((_positions(shard, index), shard["seen"][index], shard["interval"][index]))
        tracks, seen, interval = joined(drawn)
        return Scenes(tracks, seen, interval, torch.ones_like(seen))

    def draw_cameras(self, draw: Draw, count: int) -> CameraPaths:
        drawn = []
        for shard, share in self._shares(draw, count):
            index = draw.indices(torch.ones(len(shard["known"]), device=self.device), share)
            drawn.append((shard["affine"][index], shard["known"][index]))
        return CameraPaths(*joined(drawn))

    def _shares(self, draw: Draw, count: int) -> list[tuple[dict[str, Tensor], int]]:
        """Shards, and how many of `count` scenes come from each; few shards, so that a large batch
        is cut into few pieces."""
        rng = np.random.default_rng(draw.generator.initial_seed())
        chosen = rng.integers(len(self.shards), size=min(count, SHARDS_A_BATCH))
        sizes = [len(part) for part in np.array_split(np.arange(count), len(chosen))]
        return [(self.shards[i], size) for i, size in zip(chosen, sizes, strict=True)]


def _read_shard(path: Path) -> dict[str, Tensor]:
    with np.load(path) as file:
        return {name: torch.from_numpy(file[name]) for name in file}


def _positions(shard: dict[str, Tensor], index: Tensor | slice) -> Tensor:
    """Tracks [B,F,N,2] px of scenes of a shard."""
    return shard["query"][index][:, None] + shard["moved"][index].float() / QUANTUM


def _chances(moved: Tensor) -> Tensor:
    """Of each scene of a shard: fast ones, which errors in pixels are made of, more often."""
    way = moved[:, ::8].float() / QUANTUM
    pace = way.diff(dim=1).norm(dim=-1).mean((1, 2)) / 8
    return (pace + 1) ** 0.5
