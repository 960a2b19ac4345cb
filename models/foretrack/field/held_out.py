"""What tracks of real clips say of the network alone, where no truth is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..common.geometry import CENTRE
from .geometry import see
from .network import FieldNetwork, Told
from .real_tracks import FOCAL_PX, Past, RealBatch
from .reprojection import cameras_of_past, weighted_median

TOLD_SHARE = 1 / 3  # of a past
LEAST_TOLD = 10  # frames
SCALES_PX = (400, 100, 40, 20, 10, 5, 3, 2, 2)  # of the robust homography, falling
UNIT_PX = 400.0

Array = np.ndarray


@dataclass
class HeldOut:
    """Median distance in px of tracks from where depth told of the last third of the past puts them
    in the frames before, under cameras that every other point gave, and from a homography of each
    frame by those; how far depths told by either half of all frames are apart: median
    |ratio − 1|."""

    error_px: float
    homography_px: float
    halves: float


@torch.inference_mode()
def judge(network: FieldNetwork, past: Past) -> HeldOut:
    """Of points that still are and texture holds. The other points of a pair are those held out."""
    points = np.flatnonzero(past.held)
    count = len(past.tracks)
    span = max(LEAST_TOLD, round(TOLD_SHARE * count))
    told = tell(network, past, points, np.arange(count - span, count))
    even, odd = np.arange(0, len(points), 2), np.arange(1, len(points), 2)
    tracks, seen = past.tracks[:, points], past.visibility[:, points]
    batch = batch_of(tracks[:, even], seen[:, even], np.arange(count))
    half = Told(*(value[:, even] for value in told))
    path = cameras_of_past(batch, half)
    trust = (-half.moving_logit).sigmoid()
    shift = weighted_median(path.log_rho - half.log_rho, trust)
    others = batch_of(tracks[:, odd], seen[:, odd], np.arange(count))
    xy = (others.whole - torch.tensor(CENTRE)) / FOCAL_PX
    own = path.tracks._replace(
        xy=xy.float(),
        visible=others.whole_visibility,
        directions=torch.cat([xy[:, -1], torch.ones_like(xy[:, -1, :, :1])], -1).float(),
    )
    rho = (told.log_rho[:, odd] + shift).exp()
    miss = see(own, path.poses, rho).miss[0].norm(dim=-1).numpy() * FOCAL_PX
    still = (told.moving_logit[0, odd] < 0).numpy()
    counted = seen[:, odd] & still
    counted[count - span :] = False
    flat = np.stack([homography_miss(tracks, seen, t, even, odd) for t in range(count)])
    halves = (np.arange(count) % 2 == (count - 1) % 2, np.arange(count) % 2 != (count - 1) % 2)
    told_by = []
    for chosen in halves:
        frames = np.flatnonzero(chosen)
        told_by.append(tell(network, past, points, np.union1d(frames, [count - 1])))
    return HeldOut(median(miss[counted]), median(flat[counted]), apart(*told_by))


def tell(network: FieldNetwork, past: Past, points: Array, frames: Array) -> Told:
    batch = batch_of(past.tracks[:, points], past.visibility[:, points], frames)
    told, _ = network(batch.tracks, batch.visibility, batch.queries, batch.focal)
    return told[-1]


def batch_of(tracks: Array, seen: Array, frames: Array) -> RealBatch:
    """Told of some frames, the whole beside it; the studio's focal length."""

    def of(values: Array) -> Tensor:
        return torch.from_numpy(values.astype(np.float32))[None]

    focal = torch.tensor([FOCAL_PX], dtype=torch.float32)
    told = of(tracks[frames]), of(seen[frames])
    return RealBatch(*told, of(tracks[-1]), focal, of(tracks), of(seen))


def apart(one: Told, other: Told) -> float:
    still = (one.moving_logit < 0) & (other.moving_logit < 0)
    off = (one.log_rho - other.log_rho)[still].numpy()
    return median(np.abs(np.expm1(off - np.median(off)))) if len(off) else float("nan")


def homography_miss(tracks: Array, seen: Array, t: int, even: Array, odd: Array) -> Array:
    """[len(odd)] px, in frame t, by the homography of the even points from the last frame."""
    own = (tracks - CENTRE) / UNIT_PX
    used = even[seen[t, even]]
    h = fit_homography(own[-1, used], own[t, used])
    return np.linalg.norm(through(h, own[-1, odd]) - own[t, odd], axis=-1) * UNIT_PX


def fit_homography(start: Array, end: Array) -> Array:
    """[3,3] of points [N,2], as `src/engine/space/homography.ts`."""
    h = np.eye(3)
    x, y = start.T
    o, i = np.zeros_like(x), np.ones_like(x)
    for scale in SCALES_PX:
        w = h[2, 0] * x + h[2, 1] * y + 1
        off = through(h, start) - end
        s2 = (scale / UNIT_PX) ** 2
        weight = (s2 / (s2 + (off**2).sum(-1))) ** 2 / w**2
        u, v = end.T
        rows = np.concatenate(
            [
                np.stack([x, y, i, o, o, o, -u * x, -u * y], -1),
                np.stack([o, o, o, x, y, i, -v * x, -v * y], -1),
            ]
        )
        both = np.concatenate([weight, weight])[:, None]
        matrix = rows.T @ (both * rows) + 1e-9 * np.eye(8)
        try:
            solved = np.linalg.solve(matrix, rows.T @ (both[:, 0] * np.concatenate([u, v])))
        except np.linalg.LinAlgError:  # too few points are left: the round before is the best
            break
        h = np.append(solved, 1).reshape(3, 3)
    return h


def through(h: Array, points: Array) -> Array:
    mapped = np.concatenate([points, np.ones((len(points), 1))], -1) @ h.T
    return mapped[:, :2] / mapped[:, 2:]


def median(values: Array) -> float:
    return float(np.median(values)) if len(values) else float("nan")
