"""Scores of points, depths and cameras in space, as `src/engine/metrics/space` has them.

Positions are [T,N,3], visibility [T,N] bool, points of all frames [M,3], camera centres [F,3].
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

THRESHOLDS_PX = (1, 2, 4, 8, 16)
NEIGHBOURHOOD_METRES = 0.05
WITHIN_METRES = (0.1, 0.3, 0.5, 1.0)

Array = np.ndarray


class TapVid3d(NamedTuple):
    """Share of points within thresholds, average Jaccard, accuracy of visibility."""

    apd: float
    aj: float
    oa: float


def tapvid3d(
    truth: Array,
    visible: Array,
    predicted: Array,
    says_visible: Array,
    focal_px: tuple[float, float],
    scaling: str = "median",
    query_frame: Array | None = None,
) -> TapVid3d:
    """TAPVid-3D (Koppula et al., 2024) of one clip in camera coordinates; `focal_px` of a picture
    whose shorter side is 256 px. `scaling`: median, per-trajectory, local-neighbourhood or none."""
    per_px = 1 / np.sqrt(focal_px[0] * focal_px[1])
    sums = np.zeros((3, len(THRESHOLDS_PX)))  # within, met, falsely
    seen = equal = total = 0.0
    sets = _judged(truth, visible, predicted, says_visible, scaling, query_frame)
    for t, n, scale, weight in sets:
        true, told = visible[t, n], says_visible[t, n]
        total += weight * len(t)
        equal += weight * (true == told).sum()
        seen += weight * true.sum()
        square = np.square(scale * predicted[t, n] - truth[t, n]).sum(-1)
        for i, px in enumerate(THRESHOLDS_PX):
            near = square < np.square(px * per_px * truth[t, n, 2])
            sums[:, i] += weight * np.array(
                [(near & true).sum(), (near & true & told).sum(), (told & ~(true & near)).sum()]
            )
    within, met, falsely = sums
    return TapVid3d(
        float((within / seen).mean()), float((met / (seen + falsely)).mean()), float(equal / total)
    )


def _judged(
    truth: Array,
    visible: Array,
    predicted: Array,
    says_visible: Array,
    scaling: str,
    query_frame: Array | None,
) -> Iterator[tuple[Array, Array, float, float]]:
    """Frames and points that are judged together, their scale and weight."""
    frames, points = visible.shape
    if scaling in ("median", "none"):
        both = visible & says_visible
        norm = [np.median(np.linalg.norm(p[both], axis=-1)) for p in (truth, predicted)]
        t, n = (a.ravel() for a in np.indices((frames, points)))
        yield t, n, 1.0 if scaling == "none" else norm[0] / norm[1], 1.0
        return
    query = np.zeros(points, int) if query_frame is None else query_frame
    for own in range(points):
        z = [max(1e-12, p[query[own], own, 2]) for p in (truth, predicted)]
        t, n = np.arange(frames), np.full(frames, own)
        weight = 1.0
        if scaling == "local-neighbourhood":
            near = np.square(truth - truth[:, own : own + 1]).sum(-1) < NEIGHBOURHOOD_METRES**2
            t, n = np.nonzero(near)
            weight = visible[:, own].sum() / max(1, visible[t, n].sum())
        yield t, n, z[0] / z[1], float(weight)


def similarity(source: Array, target: Array) -> tuple[float, Array, Array]:
    """Scale, rotation [3,3] and shift [3] that map points onto others best (Umeyama, 1991)."""
    a, b = source.mean(0), target.mean(0)
    u, size, v = np.linalg.svd((target - b).T @ (source - a))
    sign = np.array([1, 1, np.sign(np.linalg.det(u @ v))])
    rotation = (u * sign) @ v
    scale = float((size * sign).sum() / np.square(source - a).sum())
    return scale, rotation, b - scale * rotation @ a


def aligned(source: Array, target: Array) -> Array:
    scale, rotation, shift = similarity(source, target)
    return scale * source @ rotation.T + shift


def world_tracking(
    truth: Array, predicted: Array, alignment: str = "similarity"
) -> tuple[float, float]:
    """Share of points [M,3] within 0.1, 0.3, 0.5 and 1 m, mean of the four, and mean distance."""
    if alignment == "similarity":
        moved = aligned(predicted, truth)
    else:
        moved = predicted * (np.median(_norms(truth)) / np.median(_norms(predicted)))
    far = _norms(moved - truth)
    return float(np.mean([(far < metres).mean() for metres in WITHIN_METRES])), float(far.mean())


def point_map_epe(truth: Array, predicted: Array) -> float:
    """EPE of dynamic point maps (DPM, V-DPM): both sets divided by their mean norm."""
    return float(_norms(truth / _norms(truth).mean() - predicted / _norms(predicted).mean()).mean())


def still_jitter(positions: Array, median_depth: float) -> float:
    """Ours, for the SDD of Trace Anything: mean of sqrt(sum of variances over time)."""
    return float(np.sqrt(positions.var(0).sum(-1)).mean() / median_depth)


def curve_disagreement(a: Array, b: Array, median_depth: float) -> float:
    """Ours, for the CA of Trace Anything: mean distance of curves [T,M,3] of matched pixels."""
    return float(_norms(a - b).mean() / median_depth)


def depth_score(truth: Array, predicted: Array) -> tuple[float, float]:
    """AbsRel and share below 1.25 of depths [N] after their medians agree."""
    ratio = predicted * (np.median(truth) / np.median(predicted)) / truth
    return float(np.abs(ratio - 1).mean()), float((np.maximum(ratio, 1 / ratio) < 1.25).mean())


def trajectory_error(truth: Array, predicted: Array) -> float:
    """ATE: root mean square distance of camera centres [F,3] after the best similarity."""
    return float(np.sqrt(np.square(aligned(predicted, truth) - truth).sum(-1).mean()))


def step_error(truth: Array, predicted: Array) -> float:
    """RPE: the same of the steps from each centre to the next, after the same similarity."""
    miss = np.diff(aligned(predicted, truth), axis=0) - np.diff(truth, axis=0)
    return float(np.sqrt(np.square(miss).sum(-1).mean()))


def rank_correlation(a: Array, b: Array) -> float:
    """Spearman's, ties sharing their mean rank; 0 where one of them is constant."""
    x, y = (r - r.mean() for r in (_ranks(a), _ranks(b)))
    size = np.sqrt((x * x).sum() * (y * y).sum())
    return float((x * y).sum() / size) if size > 0 else 0.0


def _ranks(values: Array) -> Array:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = counts.cumsum()
    return (ends - (counts - 1) / 2)[inverse]


def _norms(points: Array) -> Array:
    return np.linalg.norm(points, axis=-1)
