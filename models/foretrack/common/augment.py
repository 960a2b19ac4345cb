"""Random views of scenes for training: a whole batch at once, on whatever device it lies.

A real scene is seen by other cameras and at other speeds, sometimes backwards, and turned; every
scene is cropped, mirrored and loses some of its past. Positions are videoPx, and displacements are
0 at "now", frame `NOW`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from .geometry import CENTRE, FRAMES, HEIGHT, NOW, WIDTH, inside
from .scenario import affine_features, robust_affine, stabilise
from .tensor_cache import cached_tensor

MIN_POINTS = 20  # of a camera path's frame
CROP_POINTS = 40  # that a crop keeps at least
MIN_FUTURE = 24  # frames of a scene that is turned back


@dataclass
class Scenes:
    """tracks [B,F,N,2] px, seen [B,F,N], interval [B] secs, told [B,F,N]: whether it is known
    if the point is seen. It is not before a clip begins, after it ends, and of a point that left
    the clip's frame, which another camera may show."""

    tracks: Tensor
    seen: Tensor
    interval: Tensor
    told: Tensor


@dataclass
class CameraPaths:
    """affine [B,F,3,2]: displacement from now on `affine_features`; known [B,F]."""

    affine: Tensor
    known: Tensor


class Draw:
    """Random numbers by seed, on a device."""

    def __init__(self, seed: int, device: torch.device) -> None:
        self.generator = torch.Generator(device).manual_seed(seed)
        self.device = device

    def uniform(self, *shape: int) -> Tensor:
        return torch.rand(shape, generator=self.generator, device=self.device)

    def normal(self, *shape: int) -> Tensor:
        return torch.randn(shape, generator=self.generator, device=self.device)

    def between(self, low: float, high: float, *shape: int) -> Tensor:
        return low + (high - low) * self.uniform(*shape)

    def chance(self, share: float, *shape: int) -> Tensor:
        return self.uniform(*shape) < share

    def one_of(self, values: tuple[float, ...], *shape: int) -> Tensor:
        index = torch.randint(len(values), shape, generator=self.generator, device=self.device)
        return cached_tensor(values, device=self.device)[index]

    def indices(self, weights: Tensor, count: int) -> Tensor:
        return torch.multinomial(weights, count, replacement=True, generator=self.generator)


def camera_paths(tracks: Tensor, seen: Tensor) -> CameraPaths:
    """Robust affine fit of each frame's displacement; unknown frames repeat the nearest known."""
    now = tracks[:, NOW : NOW + 1].expand_as(tracks)
    affine = robust_affine(now, tracks - now, seen.float(), rounds=4)
    affine[:, NOW] = 0
    known = seen.sum(2) >= MIN_POINTS
    frames = torch.arange(FRAMES, device=tracks.device)
    far = (frames[:, None] - frames).abs() + FRAMES * ~known[:, None, :]
    nearest = far.argmin(2)[..., None, None].expand_as(affine)
    return CameraPaths(affine.gather(1, nearest), known)


def mixture(parts: Sequence[tuple[CameraPaths, Tensor]]) -> CameraPaths:
    """Sum of camera paths, each times its share [B]; known where all that count are."""
    affine = sum(share[:, None, None, None] * path.affine for path, share in parts)
    known = torch.stack([path.known | (share == 0)[:, None] for path, share in parts])
    return CameraPaths(affine, known.all(0))


def swap_camera(scenes: Scenes, own: CameraPaths, camera: CameraPaths) -> Scenes:
    """The scenes seen by another camera in place of their own, where the two differ.

    Two thirds of a forecast's error is the camera, and few clips have much of it: new pairs from
    few clips."""
    change = (camera.affine != own.affine).flatten(1).any(1)[:, None, None]
    still = stabilise(scenes.tracks, own.affine)
    moved = still + affine_features(still) @ camera.affine
    known = (own.known & camera.known)[..., None]
    return replace(
        scenes,
        tracks=torch.where(change[..., None], moved, scenes.tracks),
        seen=scenes.seen & (known | ~change),
        told=scenes.told & (known | ~change),
    )


def retimed(scenes: Scenes, rate: Tensor, backwards: Tensor, named: Tensor) -> Scenes:
    """At `rate` [B] of the speed, linear in time; the past as the future where `backwards` [B]. The
    frame interval grows with the rate where `named` [B], else things are faster."""
    frames = torch.arange(FRAMES, device=rate.device) - NOW
    wanted = NOW + torch.where(backwards, -rate, rate)[:, None] * frames
    at = wanted.clamp(0, FRAMES - 1)
    low = at.long().clamp(max=FRAMES - 2)
    part = (at - low)[..., None]

    def frame(values: Tensor, index: Tensor) -> Tensor:
        shape = index.shape + (1,) * (values.dim() - 2)
        return values.gather(1, index.view(shape).expand_as(values))

    before, after = frame(scenes.tracks, low), frame(scenes.tracks, low + 1)
    seen = (frame(scenes.seen, low) | (part > 0.98)) & (frame(scenes.seen, low + 1) | (part < 0.02))
    told = frame(scenes.told, low) & frame(scenes.told, low + 1)
    exists = ((wanted - at).abs() < 1e-6)[..., None]
    return Scenes(
        torch.lerp(before, after, part[..., None]),
        seen & exists,
        scenes.interval * torch.where(named, rate, 1.0),
        told & exists,
    )


def draw_retiming(draw: Draw, future: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Arguments of `retimed` for scenes with `future` [B] known frames."""
    size = len(future)
    rate = torch.exp(draw.between(-0.51, 1.1, size))
    rate = torch.where(draw.chance(0.7, size), rate, 1.0)
    backwards = draw.chance(0.3, size) & (future > MIN_FUTURE * rate)
    return rate, backwards, draw.chance(0.7, size)


@dataclass
class View:
    """Positions are multiplied by `linear` [B,2,2] from the right and moved by `offset` [B,2]."""

    linear: Tensor
    offset: Tensor
    mirrored: Tensor  # [B,2] along x, along y

    def __call__(self, xy: Tensor) -> Tensor:
        """[B,...,2] px -> [B,...,2] px."""
        flat = xy.flatten(1, -2) @ self.linear + self.offset[:, None]
        return flat.view(xy.shape)


def draw_view(draw: Draw, now: Tensor, turn: float = 0.0) -> View:
    """Turned by up to `turn` rad in half of the cases, cropped in a third, mirrored. `now` [B,N,2]:
    a crop that keeps too few of them is none."""
    size = len(now)
    angle = draw.between(-turn, turn, size) * draw.chance(0.5, size)
    cropped = draw.chance(0.35, size)
    zoom = torch.where(cropped, draw.between(1, 1.8, size), 1.0)[:, None]
    frame = cached_tensor((WIDTH, HEIGHT), now)
    corner = draw.uniform(size, 2) * (frame - frame / zoom)
    mirror = 1 - 2 * (draw.uniform(size, 2) < cached_tensor((0.5, 0.15), now)).float()
    wide = _view(angle, torch.ones_like(zoom), torch.zeros_like(corner), mirror)
    close = _view(angle, zoom, corner, mirror)
    enough = inside(close(now)).sum(1) >= CROP_POINTS
    return View(
        torch.where(enough[:, None, None], close.linear, wide.linear),
        torch.where(enough[:, None], close.offset, wide.offset),
        close.mirrored,
    )


def _view(angle: Tensor, zoom: Tensor, corner: Tensor, mirror: Tensor) -> View:
    cosine, sine = angle.cos(), angle.sin()
    turned = torch.stack([cosine, sine, -sine, cosine], -1).unflatten(-1, (2, 2))
    linear = turned * (zoom * mirror)[:, None]
    centre = cached_tensor(CENTRE, corner)
    shown = centre + mirror * ((centre - corner) * zoom - centre)
    return View(linear, shown - torch.einsum("i,bij->bj", centre, linear), mirror < 0)


def choose(draw: Draw, candidates: Tensor, count: int) -> Tensor:
    """`count` of each row's candidates [B,N], as indices [B,count]; again where they are fewer."""
    order = (draw.uniform(*candidates.shape) + 2.0 * ~candidates).argsort(1)
    slots = torch.arange(count, device=order.device) % candidates.sum(1, keepdim=True).clamp(min=1)
    return order.gather(1, slots)


def pick(scenes: Scenes, chosen: Tensor) -> Scenes:
    """The points `chosen` [B,M] of each scene."""
    index = chosen[:, None].expand(-1, FRAMES, -1)
    tracks = scenes.tracks.gather(2, index[..., None].expand(-1, -1, -1, 2))
    seen, told = (x.gather(2, index) for x in (scenes.seen, scenes.told))
    return Scenes(tracks, seen, scenes.interval, told)


def draw_history(draw: Draw, size: int) -> Tensor:
    """Known frames of the past [B], 1 to HISTORY: mostly all, sometimes one (a photo) or a few."""
    kind, where = draw.uniform(size), draw.uniform(size)
    short, long = 2 + (10 * where).long(), 12 + (70 * where).long()
    some = torch.where(kind < 0.16, short, torch.where(kind < 0.45, long, NOW + 1))
    return torch.where(kind < 0.06, 1, some)


def truncate_history(scenes: Scenes, history: Tensor) -> Scenes:
    """Only the last `history` [B] frames up to now are known; the first of them stands before."""
    first = (NOW + 1 - history)[:, None]
    frames = torch.arange(FRAMES, device=first.device)
    index = torch.maximum(frames, first)[..., None, None].expand_as(scenes.tracks)
    return replace(
        scenes,
        tracks=scenes.tracks.gather(1, index),
        seen=scenes.seen & (frames >= first)[..., None],
        told=scenes.told & (frames >= first)[..., None],
    )
