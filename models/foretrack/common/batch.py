"""Training batches: procedural scenes and real tracks, augmented."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .augment import draw_history, truncate_history
from .draw import Draw
from .geometry import FAR, NOW, inside
from .pool import Pool
from .real_tracks import RealTracks
from .scene_batch import Scenes, joined, pick
from .views import View, choose, draw_view

SURPLUS = 1.3  # scenes drawn for one that is used: some lose their future in augmentation

MIN_NOW, MIN_FRAMES = 20, 4  # points at now, and frames of future a point, of a scene that is used

TURN = 0.35  # rad, at most, of real scenes

PATCH = (3, 16, 16)


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
    counted = np.random.default_rng(seed).binomial(size, share) if real and real.names else 0
    shown = real is not None and real.patch_folder is not None
    parts = [
        _examples(draw, pool, source, count, points, around, shown)
        for count, source in ((counted, real), (size - counted, None))
        if count
    ]
    tracks, seen, told, interval, origin, *patches = joined(parts)
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
    index = torch.empty(0)
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
    assert real.patches is not None  # as they are wanted
    patches = real.patches[index[:, None], chosen]
    for axis, flipped in zip((-1, -2), view.mirrored.unbind(-1), strict=True):
        patches = torch.where(flipped[:, None, None, None, None], patches.flip(axis), patches)
    return patches
