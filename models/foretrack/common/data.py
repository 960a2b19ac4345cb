"""Training batches: procedural scenes and real tracks, augmented."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..scenes.procedural import add_tracker_noise, make_scene
from .augment import (
    CameraPaths,
    Draw,
    Scenes,
    View,
    camera_paths,
    choose,
    draw_history,
    draw_retiming,
    draw_view,
    mixture,
    pick,
    retimed,
    swap_camera,
    truncate_history,
)
from .geometry import FAR, FRAMES, HORIZON, NOW, grid_centres, inside

QUANTUM = 16  # stored displacements are sixteenths of a pixel
SURPLUS = 1.3  # scenes drawn for one that is used: some lose their future in augmentation
MIN_NOW, MIN_FRAMES = 20, 4  # points at now, and frames of future a point, of a scene that is used
SHARDS_A_BATCH = 16  # at most
TURN = 0.35  # rad, at most, of real scenes
PATCH = (3, 16, 16)
SHARD_CAMERAS = 50  # camera paths of a shard, to see real scenes by


@dataclass
class Batch:
    """Future tracks [B,H,N,2] px, visibility [B,H,N] and whether that is known [B,H,N], history
    of these points and of others that only tell the camera [B,H,N+M,2], [B,H,N+M] 0 or 1,
    interval [B] secs, real or made [B].

    `patches` [B,N,3,16,16] uint8, zeros where a scene has no picture.
    """

    history: Tensor
    seen: Tensor
    future: Tensor
    mask: Tensor
    told: Tensor
    interval: Tensor
    real: Tensor
    patches: Tensor | None = None

    @property
    def points(self) -> int:
        return self.future.shape[2]

    @property
    def now(self) -> Tensor:
        """Where the N points are at now, [B,N,2] px."""
        return self.history[:, -1, : self.points]


def write_pool(path: Path, count: int, seed: int, points: int = 160) -> None:
    """A shard of `count` scenes with random grid points, about 130 kB a scene. Their past is as a
    tracker would see it."""
    centres = grid_centres()
    moved = np.zeros((count, FRAMES, points, 2), np.int16)
    seen = np.zeros((count, FRAMES, points), bool)
    query = np.zeros((count, points, 2), np.float32)
    interval = np.zeros(count, np.float32)
    for i in range(count):
        rng = np.random.default_rng((seed, i))
        query[i] = centres[rng.choice(len(centres), points, replace=False)]
        scene = add_tracker_noise(make_scene(rng, query[i].astype(np.float64)), rng)
        offset = (scene.tracks - scene.tracks[NOW]) * QUANTUM
        moved[i] = np.clip(np.round(offset), -32767, 32767)
        seen[i], interval[i] = scene.visibility, scene.interval
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial.npz")
    np.savez(partial, moved=moved, seen=seen, query=query, interval=interval)
    partial.rename(path)


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
        tracks, seen, interval = _joined(drawn)
        return Scenes(tracks, seen, interval, torch.ones_like(seen))

    def draw_cameras(self, draw: Draw, count: int) -> CameraPaths:
        drawn = []
        for shard, share in self._shares(draw, count):
            index = draw.indices(torch.ones(len(shard["known"]), device=self.device), share)
            drawn.append((shard["affine"][index], shard["known"][index]))
        return CameraPaths(*_joined(drawn))

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


def _joined(parts: list[tuple[Tensor, ...]]) -> Iterator[Tensor]:
    return (torch.cat(part) for part in zip(*parts, strict=True))


def _positions(shard: dict[str, Tensor], index: Tensor | slice) -> Tensor:
    """Tracks [B,F,N,2] px of scenes of a shard."""
    return shard["query"][index][:, None] + shard["moved"][index].float() / QUANTUM


def _chances(moved: Tensor) -> Tensor:
    """Of each scene of a shard: fast ones, which errors in pixels are made of, more often."""
    way = moved[:, ::8].float() / QUANTUM
    pace = way.diff(dim=1).norm(dim=-1).mean((1, 2)) / 8
    return (pace + 1) ** 0.5


class RealTracks:
    """Tracks of real clips by the studio's tracker: <clip>__<now>.npz of `npm run tracks`."""

    def __init__(
        self, folder: Path, patches: Path | None = None, device: torch.device | None = None
    ) -> None:
        self.folder, self.patch_folder = folder, patches
        self.device = device or torch.device("cpu")
        self.paths: list[Path] = []
        self.files: list[tuple[Tensor, ...]] = []

    def refresh(self) -> None:
        known = set(self.paths)
        for path in sorted(p for p in self.folder.glob("*.npz") if p not in known):
            if file := self._read(path):
                self.paths.append(path)
                self.files.append(file)
        if not self.files or len(self.paths) == len(known):
            return
        tracks, seen, interval, told, *patches = (
            torch.stack(x) for x in zip(*self.files, strict=True)
        )
        self.scenes = Scenes(tracks, seen, interval, told)
        self.patches = patches[0] if patches else None
        self.cameras = camera_paths(tracks, seen)
        self.future = seen[:, NOW + 1 :].any(2).sum(1)
        self.chance = self._chances()

    def _read(self, path: Path) -> tuple[Tensor, ...] | None:
        """Tracks, visibility, interval and what is known of visibility, and patches where wanted;
        None where too short."""
        with np.load(path) as file:
            past, future = file["history_tracks_tn2"], file["future_tracks_tn2"]
            if len(future) < 8:
                return None
            n = past.shape[1]
            tracks = np.zeros((FRAMES, n, 2), np.float32)
            seen = np.zeros((FRAMES, n), bool)
            h, f = min(len(past), NOW + 1), min(len(future), HORIZON)
            tracks[: NOW + 1 - h] = past[-h]
            tracks[NOW + 1 - h : NOW + 1] = past[-h:]
            seen[NOW + 1 - h : NOW + 1] = file["history_visibility_tn"][-h:] > 0
            tracks[NOW + 1 : NOW + 1 + f] = future[:f]
            tracks[NOW + 1 + f :] = future[f - 1]
            seen[NOW + 1 : NOW + 1 + f] = file["future_visibility_tn"][:f] > 0
            interval = np.float32(1 / float(file["fps"]))
        told = seen | inside(torch.from_numpy(tracks)).numpy()
        told[: NOW + 1 - h] = told[NOW + 1 + f :] = False
        parts = [tracks, seen, np.asarray(interval), told]
        if self.patch_folder:
            parts.append(np.load(self.patch_folder / f"{path.stem}.npy"))
        return tuple(torch.from_numpy(x).to(self.device) for x in parts)

    def _chances(self) -> Tensor:
        """Fast clips, which are rare, more often; all of a clip's files alike."""
        tracks, seen = self.scenes.tracks, self.scenes.seen
        both = (seen[:, 1:] & seen[:, :-1]).float()
        steps = tracks.diff(dim=1).norm(dim=-1)
        speed = (steps * both).sum((1, 2)) / both.sum((1, 2)).clamp(min=1)
        clips = [path.stem.split("__")[0] for path in self.paths]
        first = torch.tensor([clips.index(clip) for clip in clips], device=self.device)
        files = torch.bincount(first, minlength=len(clips))[first]
        return (speed[first] + 0.5) ** 0.75 / files

    def draw(self, draw: Draw, count: int) -> tuple[Scenes, Tensor]:
        """Scenes as they were, and the numbers of their files."""
        index = draw.indices(self.chance, count)
        return Scenes(*(x[index] for x in vars(self.scenes).values())), index

    def elsewhere(self, draw: Draw, scenes: Scenes, index: Tensor, pool: Pool) -> Scenes:
        """Half of the scenes under a mixture of their own camera and another clip's, a third under
        a procedural one besides; at other speeds, sometimes backwards."""
        count = len(index)
        own, other = (
            CameraPaths(self.cameras.affine[i], self.cameras.known[i])
            for i in (index, draw.indices(self.chance, count))
        )
        mixed, shaken = draw.chance(0.5, count), draw.chance(0.35, count)
        keep = torch.where(mixed, draw.one_of((0.0, 0.5, 1.0, 1.5), count), 1.0)
        borrow = torch.where(mixed, 0.8 * draw.normal(count), 0.0)
        parts = ((own, keep), (other, borrow), (pool.draw_cameras(draw, count), shaken.float()))
        moved = swap_camera(scenes, own, mixture(parts))
        return retimed(moved, *draw_retiming(draw, self.future[index]))


def make_batch(
    pool: Pool,
    real: RealTracks | None,
    size: int,
    points: int,
    share: float,
    seed: int,
    around: int = 0,
) -> Batch:
    """Of `points` points, and `around` others that only tell the camera. `share` of the scenes are
    real, where there are any."""
    draw = Draw(seed, pool.device)
    counted = np.random.default_rng(seed).binomial(size, share) if real and real.paths else 0
    shown = real is not None and real.patch_folder is not None
    parts = [
        _examples(draw, pool, source, count, points, around, shown)
        for count, source in ((counted, real), (size - counted, None))
        if count
    ]
    tracks, seen, told, interval, origin, *patches = _joined(parts)
    return Batch(
        history=tracks[:, : NOW + 1],
        seen=seen[:, : NOW + 1].float(),
        future=tracks[:, NOW + 1 :, :points],
        mask=seen[:, NOW + 1 :, :points],
        told=told[:, NOW + 1 :, :points],
        interval=interval,
        real=origin,
        patches=patches[0] if shown else None,
    )


def _examples(
    draw: Draw,
    pool: Pool,
    real: RealTracks | None,
    count: int,
    points: int,
    around: int,
    shown: bool,
) -> tuple[Tensor, ...]:
    """Tracks, visibility, what is known of it, interval, whether real, and patches where wanted, of
    `count` scenes of one kind."""
    drawn = int(SURPLUS * count) + 2
    index = None
    if real:
        scenes, index = real.draw(draw, drawn)
    else:
        scenes = pool.draw(draw, drawn)
    now = scenes.tracks[:, NOW]
    view = draw_view(draw, now, TURN if real else 0.0)
    candidates = scenes.seen[:, NOW] & inside(view(now))
    chosen = choose(draw, candidates, points + around)
    scenes = pick(scenes, chosen)
    if real:
        scenes = real.elsewhere(draw, scenes, index, pool)
    scenes = truncate_history(_shown(scenes, view), draw_history(draw, drawn))
    ahead = scenes.seen[:, NOW + 1 :, :points].sum((1, 2))
    usable = (candidates.sum(1) >= MIN_NOW) & (ahead >= MIN_FRAMES * points)
    kept = (~usable).byte().argsort(stable=True)[:count]
    examples = [scenes.tracks, scenes.seen, scenes.told, scenes.interval]
    examples.append(torch.full_like(usable, bool(real)))
    if shown:
        none = torch.zeros(drawn, points, *PATCH, dtype=torch.uint8, device=pool.device)
        examples.append(_patches(real, index, chosen[:, :points], view) if real else none)
    return tuple(x[kept] for x in examples)


def _shown(scenes: Scenes, view: View) -> Scenes:
    """As the view shows them; seen is what lies in its frame."""
    tracks = view(scenes.tracks).clamp(-FAR, FAR)
    within = inside(tracks)
    framed = scenes.told.any(2, keepdim=True)
    told = scenes.told | (framed & ~within)
    return Scenes(tracks, scenes.seen & within, scenes.interval, told)


def _patches(real: RealTracks, index: Tensor, chosen: Tensor, view: View) -> Tensor:
    """[B,N,3,16,16] of the chosen points, mirrored as the view is."""
    patches = real.patches[index[:, None], chosen]
    for axis, flipped in zip((-1, -2), view.mirrored.unbind(-1), strict=True):
        patches = torch.where(flipped[:, None, None, None, None], patches.flip(axis), patches)
    return patches
