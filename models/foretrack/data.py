"""Training batches: procedural scenes and real tracks, augmented, anchored at "now"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .procedural import FRAMES, FUTURE, HEIGHT, PAST, WIDTH, Scene, make_scene, shake, spoil, turn
from .recast import CameraPath, camera_path, recast

CELL = 32
FAR = 2500  # px: hidden points may be anywhere, but not without bound
NO_LOOKS = np.zeros((3, 16, 16), np.uint8)
QUANTUM = 16  # stored displacements are sixteenths of a pixel


def grid_centres() -> np.ndarray:
    """[390,2] videoPx, row-major over the 15x26 grid."""
    x, y = np.meshgrid(np.arange(26) * CELL + CELL / 2, np.arange(15) * CELL + CELL / 2)
    return np.stack([x, y], -1).reshape(-1, 2)


@dataclass
class Batch:
    """Future tracks [B,81,N,2] px and visibility [B,81,N], history of these points and of others
    that only tell the camera [B,81,N+M,2], [B,81,N+M] 0 or 1, interval [B] secs, real or made [B].

    `looks` [B,N,3,16,16] uint8, zeros where a scene has no picture.
    """

    history: Tensor
    seen: Tensor
    future: Tensor
    mask: Tensor
    interval: Tensor
    real: Tensor
    looks: Tensor | None = None

    @property
    def points(self) -> int:
        return self.future.shape[2]

    @property
    def now(self) -> Tensor:
        """Where the N points are at now, [B,N,2] px."""
        return self.history[:, -1, : self.points]


def write_pool(path: Path, count: int, seed: int, points: int = 160) -> None:
    """A shard of `count` scenes with random grid points, about 80 kB a scene."""
    centres = grid_centres()
    moved = np.zeros((count, FRAMES, points, 2), np.int16)
    seen = np.zeros((count, FRAMES, points), bool)
    query = np.zeros((count, points, 2), np.float32)
    interval = np.zeros(count, np.float32)
    for i in range(count):
        rng = np.random.default_rng((seed, i))
        query[i] = centres[rng.choice(len(centres), points, replace=False)]
        scene = make_scene(rng, query[i].astype(np.float64))
        offset = (scene.tracks - scene.tracks[PAST]) * QUANTUM
        moved[i] = np.clip(np.round(offset), -32767, 32767)
        seen[i], interval[i] = scene.visibility, scene.interval
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial.npz")
    np.savez(partial, moved=moved, seen=seen, query=query, interval=interval)
    partial.rename(path)


class Pool:
    """Shards of procedural scenes in memory, at most `limit`; new shards replace old ones."""

    def __init__(self, folder: Path, limit: int = 30) -> None:
        self.folder, self.limit = folder, limit
        self.shards: dict[Path, dict[str, np.ndarray]] = {}
        self.chances: dict[Path, np.ndarray] = {}

    def refresh(self) -> None:
        newest = sorted(self.folder.glob("pool-*.npz"))[-self.limit :]
        for path in newest:
            if path not in self.shards and ".partial" not in path.name:
                self.shards[path] = dict(np.load(path))
                self.chances[path] = _chances(self.shards[path])
        for path in set(self.shards) - set(newest):
            del self.shards[path], self.chances[path]

    def draw(self, rng: np.random.Generator) -> Scene:
        path = list(self.shards)[rng.integers(len(self.shards))]
        shard = self.shards[path]
        i = rng.choice(len(shard["interval"]), p=self.chances[path])
        tracks = shard["query"][i] + shard["moved"][i].astype(np.float32) / QUANTUM
        scene = Scene(tracks, shard["seen"][i].copy(), float(shard["interval"][i]))
        return spoil(scene, rng)


def _chances(shard: dict[str, np.ndarray]) -> np.ndarray:
    """Of each scene of a shard: fast ones, which errors in pixels are made of, more often."""
    way = shard["moved"][:, ::8].astype(np.float32) / QUANTUM
    pace = np.linalg.norm(np.diff(way, axis=1), axis=-1).mean((1, 2)) / 8
    weights = (pace + 1) ** 0.5
    return weights / weights.sum()


class RealTracks:
    """Tracks of real clips by the studio's tracker: <clip>__<now>.npz of `npm run tracks`."""

    def __init__(self, folder: Path, looks: Path | None = None) -> None:
        self.folder, self.looks = folder, looks
        self.scenes: dict[Path, Scene] = {}
        self.cameras: dict[Path, CameraPath] = {}
        self.by_clip: dict[str, list[Path]] = {}
        self.speeds: dict[str, float] = {}

    def refresh(self) -> None:
        for path in sorted(self.folder.glob("*.npz")):
            if path in self.scenes:
                continue
            data = np.load(path)
            past, future = data["history_tracks_tn2"], data["future_tracks_tn2"]
            if len(future) < 8:
                continue
            n = past.shape[1]
            tracks = np.zeros((FRAMES, n, 2), np.float32)
            seen = np.zeros((FRAMES, n), bool)
            h, f = min(len(past), PAST + 1), min(len(future), FUTURE)
            tracks[: PAST + 1 - h] = past[-h]
            tracks[PAST + 1 - h : PAST + 1] = past[-h:]
            seen[PAST + 1 - h : PAST + 1] = data["history_visibility_tn"][-h:] > 0
            tracks[PAST + 1 : PAST + 1 + f] = future[:f]
            tracks[PAST + 1 + f :] = future[f - 1]
            seen[PAST + 1 : PAST + 1 + f] = data["future_visibility_tn"][:f] > 0
            look = self.looks and np.load(self.looks / f"{path.stem}.npy")
            self.scenes[path] = Scene(tracks, seen, 1 / float(data["fps"]), look)
            self.cameras[path] = camera_path(self.scenes[path])
            clip = path.stem.split("__")[0]
            self.by_clip.setdefault(clip, []).append(path)
            self.speeds.setdefault(clip, _speed(self.scenes[path]))
        weights = (np.array(list(self.speeds.values())) + 0.5) ** 0.75
        self.chance = weights / weights.sum()

    def _pick(self, rng: np.random.Generator) -> Path:
        """Fast clips, which are rare, more often."""
        clips = list(self.by_clip.values())
        paths = clips[rng.choice(len(clips), p=self.chance)]
        return paths[rng.integers(len(paths))]

    def draw(self, rng: np.random.Generator) -> Scene:
        path = self._pick(rng)
        scene = self.scenes[path]
        if rng.random() < 0.5:
            scene = recast(scene, self.cameras[path], self.cameras[self._pick(rng)], rng)
        scene = retime(scene, rng)
        if rng.random() < 0.35:
            scene = shake(scene, rng)
        return turn(scene, rng, 0.35) if rng.random() < 0.5 else scene


def _speed(scene: Scene) -> float:
    """Mean speed of visible points, px a frame."""
    both = scene.visibility[1:] & scene.visibility[:-1]
    return float(np.linalg.norm(np.diff(scene.tracks, axis=0), axis=-1)[both].mean())


def retime(scene: Scene, rng: np.random.Generator) -> Scene:
    """Another frame interval (linear in time), sometimes another speed, sometimes reversed."""
    rate = float(np.exp(rng.uniform(np.log(0.6), np.log(3.0)))) if rng.random() < 0.7 else 1.0
    at = np.clip((np.arange(FRAMES) - PAST) * rate + PAST, 0, FRAMES - 1)
    inside = np.abs((np.arange(FRAMES) - PAST) * rate + PAST - at) < 1e-6
    low = np.minimum(at.astype(int), FRAMES - 2)
    part = (at - low)[:, None]
    tracks = scene.tracks[low] * (1 - part[..., None]) + scene.tracks[low + 1] * part[..., None]
    seen = (scene.visibility[low] | (part > 0.98)) & (scene.visibility[low + 1] | (part < 0.02))
    seen &= inside[:, None]
    interval = scene.interval * (rate if rng.random() < 0.7 else 1.0)
    known = np.flatnonzero(seen[PAST + 1 :].any(1))
    if len(known) > 24 and rng.random() < 0.3:
        tracks, seen = _reversed(tracks, seen)
    return replace(scene, tracks=tracks.astype(np.float32), visibility=seen, interval=interval)


def _reversed(tracks: np.ndarray, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The past as the future: both are anchored at now, so nothing else changes."""
    back, ahead = tracks[PAST::-1], tracks[PAST:]
    turned = np.concatenate([ahead[PAST::-1], back[1:], back[-1:]])
    marks = np.concatenate([seen[PAST : 2 * PAST + 1][::-1], seen[PAST - 1 :: -1]])
    marks = np.concatenate([marks, np.zeros_like(marks[:1])])
    return turned, marks


def _crop(scene: Scene, rng: np.random.Generator) -> Scene:
    zoom = rng.uniform(1, 1.8)
    corner = rng.uniform(0, [WIDTH - WIDTH / zoom, HEIGHT - HEIGHT / zoom])
    tracks = (scene.tracks - corner) * zoom
    now = tracks[PAST]
    inside = ((now >= 0) & (now < [WIDTH, HEIGHT])).all(-1)
    if inside.sum() < 40:
        return scene
    looks = None if scene.looks is None else scene.looks[inside]
    return replace(
        scene, tracks=tracks[:, inside], visibility=scene.visibility[:, inside], looks=looks
    )


def history_length(rng: np.random.Generator) -> int:
    kind = rng.random()
    if kind < 0.06:
        return 1
    if kind < 0.16:
        return int(rng.integers(2, 12))
    return int(rng.integers(12, 82)) if kind < 0.45 else 81


def prepare(scene: Scene, rng: np.random.Generator, points: int, around: int = 0):
    """One training example, tracks, visibility and looks: crop, flip, points and others `around`,
    history length."""
    if rng.random() < 0.35:
        scene = _crop(scene, rng)
    now = scene.tracks[PAST]
    inside = ((now >= 0) & (now < [WIDTH, HEIGHT])).all(-1)
    candidates = np.flatnonzero(scene.visibility[PAST] & inside)
    chosen = rng.choice(candidates, points, replace=len(candidates) < points)
    if around:
        more = rng.choice(candidates, around, replace=len(candidates) < around)
        chosen = np.concatenate([chosen, more])
    tracks, seen = scene.tracks[:, chosen].copy(), scene.visibility[:, chosen].copy()
    looks = NO_LOOKS if scene.looks is None else scene.looks[chosen]
    if rng.random() < 0.5:
        tracks[..., 0], looks = WIDTH - 1 - tracks[..., 0], looks[..., ::-1]
    if rng.random() < 0.15:
        tracks[..., 1], looks = HEIGHT - 1 - tracks[..., 1], looks[..., ::-1, :]
    tracks = np.clip(tracks, -FAR, FAR)
    x, y = tracks[..., 0], tracks[..., 1]
    seen &= (x > -1) & (x < WIDTH) & (y > -1) & (y < HEIGHT)
    first = PAST + 1 - history_length(rng)
    tracks[:first], seen[:first] = tracks[first], False
    return tracks, seen, np.broadcast_to(looks, (len(chosen), *NO_LOOKS.shape))[:points]


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
    real, where there are any. Scenes that lost their future at
    random augmentation are drawn again."""
    rng = np.random.default_rng(seed)
    tracks, seen, interval, origin, looks = [], [], [], [], []
    while len(tracks) < size:
        use_real = real is not None and real.scenes and rng.random() < share
        scene = (real if use_real else pool).draw(rng)
        if scene.visibility[PAST].sum() < 20:
            continue
        t, v, look = prepare(scene, rng, points, around)
        if v[PAST + 1 :, :points].sum() < points * 4:
            continue
        tracks.append(t)
        seen.append(v)
        interval.append(scene.interval)
        origin.append(bool(use_real))
        looks.append(look)
    t = torch.from_numpy(np.stack(tracks)).float()
    v = torch.from_numpy(np.stack(seen))
    return Batch(
        history=t[:, : PAST + 1],
        seen=v[:, : PAST + 1].float(),
        future=t[:, PAST + 1 :, :points],
        mask=v[:, PAST + 1 :, :points],
        interval=torch.tensor(interval, dtype=torch.float32),
        real=torch.tensor(origin),
        looks=torch.from_numpy(np.stack(looks)) if real is not None and real.looks else None,
    )
