"""Scores of futures of one picture. Lower is better but for coverage, AUROC and the axis.

Displacements since the picture, px of 832x480, in the frame of a camera that stands still:
`samples` [K,T,N,2], `truth` [T,N,2], `mask` [T,N] where the truth is known. The distance of two
futures is the root mean square of their points' distances over the mask. `src/engine/metrics` has
the same for the studio; both are held to `photo-golden.json` there.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

PARZEN_WIDTHS = tuple(2.0**e for e in range(-4, 9))


def distance(a: Tensor, b: Tensor, mask: Tensor) -> Tensor:
    """Root mean square distance over the mask; leading dimensions broadcast."""
    square = (a - b).square().sum(-1) * mask
    return (square.sum((-1, -2)) / mask.sum((-1, -2)).clamp(min=1)).sqrt()


def pairwise(samples: Tensor, mask: Tensor) -> Tensor:
    """Distances [K,K] of the samples from each other."""
    weight = mask.to(samples.dtype).sqrt()[..., None]
    flat = (samples * weight).flatten(1)
    return torch.cdist(flat, flat) / mask.sum().clamp(min=1).sqrt()


def energy_score(to_truth: Tensor, between: Tensor) -> Tensor:
    """Fair energy score (Gneiting and Raftery, 2007; Ferro, 2014) from the distances [K] to the
    truth and [K,K] between the samples."""
    k = len(to_truth)
    return to_truth.mean() - between.sum() / max(2 * k * (k - 1), 1)


def points_energy(samples: Tensor, truth: Tensor, mask: Tensor) -> Tensor:
    """Energy score with the mean distance of points in place of the root mean square, so that
    single points count more: as the compact model's table has it. The spread is that of each
    sample and its neighbour in a ring, which is as fair as all pairs."""
    total = mask.sum().clamp(min=1)
    skill = ((samples - truth).norm(dim=-1) * mask).sum((1, 2)).mean() / total
    spread = ((samples - samples.roll(1, 0)).norm(dim=-1) * mask).sum((1, 2)).mean() / total
    return skill - 0.5 * spread


def least_distance(to_truth: Tensor, counts: list[int]) -> Tensor:
    """Expected least of n distances drawn without replacement from these [K], for each n of
    `counts`: with the distances in order, the sum of d_(i)·C(K−i, n−1)/C(K, n)."""
    ordered = to_truth.double().sort().values
    k = len(ordered)
    out = []
    for n in counts:
        share = [math.comb(k - i, n - 1) / math.comb(k, n) for i in range(1, k + 1)]
        out.append(ordered @ torch.tensor(share, dtype=torch.float64))
    return torch.stack(out)


def representatives(between: Tensor, count: int) -> list[int]:
    """Samples that stand for all: each next one of `count` lowers most the mean distance of the
    samples [K,K] to the nearest one chosen. The first is the medoid; no truth has a part in it."""
    chosen: list[int] = []
    nearest = torch.full_like(between[0], torch.inf)
    for _ in range(count):
        best = int(torch.minimum(nearest, between).mean(1).argmin())
        chosen.append(best)
        nearest = torch.minimum(nearest, between[best])
    return chosen


def variogram_score(
    samples: Tensor, truth: Tensor, mask: Tensor, pairs: Tensor, frames: list[int], xy: Tensor
) -> Tensor:
    """Variogram score of order 1/2 (Scheuerer and Hamill, 2015): whether parts move together.

    Over point pairs [M,2] and `frames`, the mean, weighted by 1/distance at now, of the squared
    difference between √|displacement of a − of b| of the truth and its mean over the samples."""
    a, b = pairs.unbind(1)
    near = 1 / (xy[a] - xy[b]).norm(dim=-1)
    total, weight = samples.new_zeros(()), samples.new_zeros(())
    for t in frames:
        both = mask[t, a] & mask[t, b]
        true = (truth[t, a] - truth[t, b]).norm(dim=-1).sqrt()
        drawn = (samples[:, t, a] - samples[:, t, b]).norm(dim=-1).sqrt().mean(0)
        total = total + ((true - drawn).square() * near * both).sum()
        weight = weight + (near * both).sum()
    return total / weight.clamp(min=1e-9)


def parzen_nll(square: Tensor, dimensions: int, width: float) -> Tensor:
    """Negative log-likelihood of a truth under equal Gaussians of standard deviation `width` about
    the samples, from their squared distances [K] in `dimensions` numbers."""
    k = len(square)
    log = -square / (2 * width**2) - dimensions * math.log(width * math.sqrt(2 * math.pi))
    return math.log(k) - torch.logsumexp(log.double(), 0)


def auroc(score: Tensor, positive: Tensor) -> Tensor:
    """Chance that a positive has the higher score than a negative; ties count half."""
    high, low = score[positive], score[~positive]
    order = (high[:, None] > low).double() + 0.5 * (high[:, None] == low).double()
    return order.mean()


def main_axis(displacement: Tensor, weight: Tensor) -> Tensor:
    """Unit vectors [N,2]: the direction along which each point's displacements [K,T,N,2] spread
    most about the point itself, a direction without a sign. `weight` [T,N]."""
    w = weight[..., None]
    moment = torch.einsum("ktni,ktnj->nij", displacement * w, displacement)
    xx, xy, yy = moment[:, 0, 0], moment[:, 0, 1], moment[:, 1, 1]
    angle = 0.5 * torch.atan2(2 * xy, xx - yy)
    return torch.stack([angle.cos(), angle.sin()], -1)


def axis_agreement(samples: Tensor, truth: Tensor, mask: Tensor, points: Tensor) -> Tensor:
    """Mean |cos| between the main axes of samples and truth over `points` [N]: 2/π by chance."""
    weight = mask.to(truth.dtype)
    ours, true = main_axis(samples, weight), main_axis(truth[None], weight)
    return (ours * true).sum(-1).abs()[points].mean()


def cosine_rows(frames: int, count: int) -> Tensor:
    """Orthonormal DCT-II [count,frames]: the paper keeps five of each axis over a second."""
    t = torch.arange(frames, dtype=torch.float64) + 0.5
    k = torch.arange(count, dtype=torch.float64)[:, None]
    rows = (math.pi / frames * k * t).cos() * math.sqrt(2 / frames)
    rows[0] /= math.sqrt(2)
    return rows.float()
