"""Metrics of probabilistic trajectory forecasts and the benchmark's own.

Tracks are videoPx. `samples` [K,H,N,2], `truth` [H,N,2], `mask` [H,N] (true position known).
The distance of two forecasts is the mean Euclidean distance over the mask, so a forecast of one
future has an energy score equal to its average displacement error.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from .geometry import CELL, ROWS


def displacement(a: Tensor, b: Tensor, mask: Tensor) -> Tensor:
    """Mean Euclidean distance over the mask; leading dimensions broadcast."""
    distance = (a - b).norm(dim=-1)
    return (distance * mask).sum((-1, -2)) / mask.sum((-1, -2)).clamp(min=1)


def energy_score(samples: Tensor, truth: Tensor, mask: Tensor) -> Tensor:
    """mean_k d(x_k, y) - 1/2 mean_{k<l} d(x_k, x_l): energy score (Gneiting and Raftery, 2007),
    in its fair form whose expectation does not depend on K (Ferro, 2014)."""
    skill = displacement(samples, truth, mask).mean()
    return skill - 0.5 * diversity(samples, mask)


def set_energy_score(samples: Tensor, truth: Tensor, mask: Tensor) -> Tensor:
    """Energy score of the K samples taken as the whole forecast, each with probability 1/K.

    Cannot be flattered by samples that avoid each other, as the fair form can; compares only
    forecasts of the same K.
    """
    k = samples.shape[0]
    skill = displacement(samples, truth, mask).mean()
    return skill - 0.5 * diversity(samples, mask) * (k - 1) / k


def min_ade(samples: Tensor, truth: Tensor, mask: Tensor) -> Tensor:
    """Joint minADE_K: the future with the smallest mean error over all points at once."""
    return displacement(samples, truth, mask).min()


def last_seen(mask: Tensor) -> Tensor:
    """Mask [H,N] that keeps each point's last known frame."""
    later = mask.flip(0).cumsum(0).flip(0)
    return mask & (later == 1)


def min_fde(samples: Tensor, truth: Tensor, mask: Tensor) -> Tensor:
    return min_ade(samples, truth, last_seen(mask))


def crps(samples: Tensor, truth: Tensor, mask: Tensor) -> Tensor:
    """Mean CRPS of the x and y marginals, px, fair form."""
    skill = (samples - truth).abs().mean(0)
    ordered = samples.sort(0).values
    k = samples.shape[0]
    rank = torch.arange(1, k + 1, dtype=samples.dtype).view(-1, 1, 1, 1)
    spread = (ordered * (2 * rank - k - 1)).sum(0) / (k * max(k - 1, 1))
    return ((skill - spread).mean(-1) * mask).sum() / mask.sum().clamp(min=1)


def coverage(samples: Tensor, truth: Tensor, mask: Tensor, level: float) -> Tensor:
    """Share of true coordinates inside the samples' central interval: the given level where the
    samples are drawn as the truth is, whatever their number.

    Quantiles at (K+1)q of the sorted samples (Weibull, 1939; type 6 of Hyndman and Fan, 1996): the
    usual ones, at (K-1)q + 1, hold 70 % of the truth and not 90 % with eight samples. ValueError
    with fewer samples than 2 / (1 - level) - 1, 19 for 90 %.
    """
    below = (len(samples) + 1) * (1 - level) / 2 - 1
    if below < -1e-9:
        raise ValueError(
            f"{len(samples)} futures are too few for an interval of {100 * level:.0f} %, "
            f"draw {math.ceil(2 / (1 - level) - 1 - 1e-9)}"
        )
    first = max(math.floor(below + 1e-9), 0)
    share = max(below - first, 0.0)
    ordered = samples.sort(0).values
    low = ordered[first].lerp(ordered[min(first + 1, len(samples) - 1)], share)
    high = ordered[-1 - first].lerp(ordered[max(len(samples) - 2 - first, 0)], share)
    inside = ((truth >= low) & (truth <= high)).float().mean(-1)
    return (inside * mask).sum() / mask.sum().clamp(min=1)


def diversity(samples: Tensor, mask: Tensor) -> Tensor:
    """Mean distance between two different samples."""
    k = samples.shape[0]
    # One sample at a time: all pairs at once do not fit any cache.
    total = samples.new_zeros(())
    for sample in samples:
        total = total + displacement(sample, samples, mask).sum()
    return total / max(k * (k - 1), 1)


def _grid(tracks: Tensor, rows: int) -> Tensor:
    return tracks.unflatten(-2, (rows, tracks.shape[-2] // rows))


def flow_smooth_tv(tracks: Tensor, visibility: Tensor, rows: int = ROWS) -> Tensor:
    """FlowSmoothTV of one video: tracks [T,N,2], visibility [T,N] (TrajLoom benchmark)."""
    flow = _grid(tracks[1:] - tracks[:-1], rows) / CELL
    valid = (visibility[1:] & visibility[:-1]).unflatten(-1, (rows, -1))
    total = tracks.new_zeros(len(tracks) - 1)
    for dim in (1, 2):
        step = flow.diff(dim=dim).abs().sum(-1)
        n = valid.shape[dim]
        both = valid.narrow(dim, 1, n - 1) & valid.narrow(dim, 0, n - 1)
        total = total + (step * both).sum((1, 2)) / both.sum((1, 2)).clamp(min=1)
    return total.mean()


def div_curl_energy(tracks: Tensor, visibility: Tensor, rows: int = ROWS) -> Tensor:
    """DivCurlEnergy of one video: (du/dx + dv/dy)^2 + (dv/dx - du/dy)^2 over the grid."""
    flow = _grid(tracks[1:] - tracks[:-1], rows) / CELL
    valid = (visibility[1:] & visibility[:-1]).unflatten(-1, (rows, -1))
    dx = flow.diff(dim=2)[:, :-1]
    dy = flow.diff(dim=1)[:, :, :-1]
    ok = valid[:, :-1, :-1] & valid[:, :-1, 1:] & valid[:, 1:, :-1]
    energy = (dx[..., 0] + dy[..., 1]) ** 2 + (dx[..., 1] - dy[..., 0]) ** 2
    return ((energy * ok).sum((1, 2)) / ok.sum((1, 2)).clamp(min=1)).mean()
