"""Pictures with a known future, in the frame of a camera that stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..common.cases import load_cases
from ..common.geometry import POINTS, grid_centres
from .make_data import KEPT_EVERY, read_pictures, tower_maps
from .parallax import epipolar_distance
from .pictures import MOVING_PX, OWN_AT, OWN_PX, Pictures, Projection, joined_maps
from .stabilise import camera_told, without_camera
from .tower import load_tower

RATE = 16
SECOND = 16  # working frames
SCORED_EVERY = 4  # working frames of a validation clip


@dataclass
class PhotoCase:
    """A picture and what followed: features [F,N], truth [T,N,2] px and mask [T,N] at the working
    `frames` [T] after it (from 0); the moving points [N] and where that is known."""

    clip: str
    source: str
    category: str
    features: Tensor
    truth: Tensor
    mask: Tensor
    frames: Tensor
    moving: Tensor
    known: Tensor
    camera: Tensor | None = None  # [T,3,2], taken out of the truth
    subject: Tensor | None = None  # [N] how much of the subject's a point is, where that is asked

    def upto(self, frames: int) -> PhotoCase:
        """The first so many working frames alone."""
        count = int((self.frames < frames).sum())
        camera = None if self.camera is None else self.camera[:count]
        return replace(
            self,
            truth=self.truth[:count],
            mask=self.mask[:count],
            frames=self.frames[:count],
            camera=camera,
        )


def moving_points(truth: Tensor, mask: Tensor, frames: Tensor) -> tuple[Tensor, Tensor]:
    """[N] whether a point goes further than 1.5 % of the width within a second, and whether the
    truth knows."""
    early = frames < SECOND
    far = truth[early].square().sum(-1) > MOVING_PX**2
    return (far & mask[early]).any(0), mask[early].float().mean(0) > 0.6


def by_itself(moved: Tensor, mask: Tensor, camera: Tensor) -> Tensor:
    """[N] what no parallax explains, at every frame: all under a still camera."""
    early = min(SECOND, len(moved))
    if (camera[:early].abs().sum((1, 2)) == 0).float().mean() > 0.8:
        return torch.ones(POINTS, dtype=torch.bool)
    xy, own = grid_centres(), torch.zeros(POINTS, dtype=torch.bool)
    for at in (KEPT_EVERY * (kept + 1) - 1 for kept in OWN_AT):
        if at >= len(moved):
            break
        far = epipolar_distance(xy, moved[at].numpy(), mask[at].numpy()) > OWN_PX
        own |= torch.from_numpy(far) & mask[at]
    return own


def eyes(projection: Projection) -> Callable[[np.ndarray], Tensor]:
    """Pictures [240,416,3] uint8 RGB -> features [F,N]."""
    tower = load_tower()

    def see(picture: np.ndarray) -> Tensor:
        told = tower_maps(tower, picture[None])
        maps = joined_maps(*(torch.from_numpy(m).float() for m in told))
        return ((maps[0].flatten(1).T - projection.mean) @ projection.matrix).T

    return see


def validation_cases(
    clips: Path,
    see: Callable[[np.ndarray], Tensor],
    subject: Callable[[np.ndarray], Tensor] | None = None,
    parallax: bool = False,
    every: int = 1,
) -> Iterator[PhotoCase]:
    """Each `every`-th of the validation clips, each fourth frame of 16 a second: the picture at the
    "now" of the independent truth. Points that only parallax moves rest in the truth, unless
    `parallax`. Left out are pictures whose camera cannot be told for half a second."""
    xy = torch.from_numpy(grid_centres().astype(np.float32))
    files = {path.stem: path for path in clips.rglob("*.mp4")}
    for case in list(load_cases(clips, None, str(RATE)))[::every]:
        with np.load(clips / "truth" / f"{case.clip}.npz") as truth:
            now = int(truth["now_index"])
            seen = truth["visibility_tn"][now, POINTS:].astype(bool)
        picture = read_pictures(files[case.clip], now)[0][0]
        full, mask = torch.zeros(len(case.truth), POINTS, 2), torch.zeros(len(case.truth), POINTS)
        full[:, seen] = case.truth - case.history[-1]
        mask[:, seen] = case.mask.float()
        still, camera = without_camera(full, mask, xy)
        mask = (mask > 0) & camera_told(still, mask)[:, None]
        frames = torch.arange(SCORED_EVERY - 1, len(still), SCORED_EVERY)
        own = by_itself(full, mask, camera)
        if not parallax:
            still = still * own[:, None]
        still, mask, camera = still[frames], mask[frames], camera[frames]
        if not mask[frames < SECOND // 2].any(1).all():
            continue
        moving, known = moving_points(still, mask, frames)
        yield PhotoCase(
            case.clip,
            case.source,
            case.category,
            see(picture),
            still,
            mask,
            frames,
            moving,
            known,
            camera,
            subject(picture) if subject else None,
        )


def training_cases(pictures: Pictures, sources: set[int], a_clip: int = 3) -> list[PhotoCase]:
    """Some pictures of each clip of the given sources that are not mirrored: their chains are the
    truth, at every second frame, where the point is textured."""
    cases = []
    frames = torch.arange(1, pictures.moved.shape[1] + 1) * KEPT_EVERY - 1
    for clip, name in enumerate(pictures.clips):
        rows = torch.nonzero((pictures.clip == clip) & ~pictures.mirrored)[:, 0]
        if not len(rows) or int(pictures.source[rows[0]]) not in sources:
            continue
        for row in rows[np.unique(np.linspace(0, len(rows) * 0.7, a_clip).astype(int))].tolist():
            mask = pictures.weight[row] > 0.5
            length = int(mask.any(1).nonzero().max()) + 1 if mask.any() else 0
            truth, mask, at = pictures.moved[row, :length].float(), mask[:length], frames[:length]
            if mask[at < SECOND].sum() < 400:
                continue
            moving, known = (x[0] for x in pictures.moving(torch.tensor([row])))
            cases.append(
                PhotoCase(
                    name,
                    pictures.sources[int(pictures.source[row])],
                    pictures.categories[clip],
                    pictures.features[row].float(),
                    truth,
                    mask,
                    at,
                    moving,
                    known,
                    pictures.camera[row, :length].float(),
                )
            )
    return cases
