"""Scenes as they were not: seen by another camera, at other speeds, with less history.

Displacements are 0 at "now", frame `NOW`.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from .draw import Draw
from .geometry import FRAMES, NOW
from .scenario import affine_features, stabilise
from .scene_batch import CameraPaths, Scenes

MIN_FUTURE = 24  # frames of a scene that is turned back


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
