"""Proper scores as training losses.

`futures` [B,K,H,N,2], `truth` [B,H,N,2] px, `mask` [B,H,N]. The fair energy score divides the
spread by K(K-1), so its expectation does not depend on K (Ferro, 2014).
"""

from __future__ import annotations

import torch
from torch import Tensor

from .scenario import affine_features, robust_affine

EPS = 1e-6


def _norm(x: Tensor) -> Tensor:
    return x.square().sum(-1).add(EPS).sqrt()


def _pairs(k: int) -> tuple[Tensor, Tensor]:
    first, second = torch.triu_indices(k, k, offset=1)
    return first, second


def fair_energy(
    futures: Tensor, truth: Tensor, mask: Tensor, stride: int = 3
) -> tuple[Tensor, Tensor, Tensor]:
    """Energy score with the mean Euclidean distance, and with the root mean square distance.

    The first is a sum of marginal scores; the second looks at all points at once and so rewards
    futures that hang together. Third, the smallest mean distance (joint minADE_K). Every
    `stride`-th frame. All [B], px.
    """
    first = int(torch.randint(stride, (), device="cpu"))
    futures, truth, mask = (
        futures[:, :, first::stride],
        truth[:, first::stride],
        mask[:, first::stride],
    )
    weight = mask.float()
    total = weight.sum((1, 2)).clamp(min=1)
    a, b = _pairs(futures.shape[1])

    def distances(difference: Tensor) -> tuple[Tensor, Tensor]:
        square = difference.square().sum(-1)
        mean = (square.add(EPS).sqrt() * weight[:, None]).sum((2, 3)) / total[:, None]
        rms = ((square * weight[:, None]).sum((2, 3)) / total[:, None]).add(EPS).sqrt()
        return mean, rms

    skill = distances(futures - truth[:, None])
    spread = distances(futures[:, a] - futures[:, b])
    energy, joint = (s.mean(1) - 0.5 * d.mean(1) for s, d in zip(skill, spread, strict=True))
    return energy, joint, skill[0].amin(1)


def widen_target(
    futures: Tensor, truth: Tensor, factor: Tensor, mask: Tensor, xy: Tensor
) -> Tensor:
    """The truth with what the whole picture shares of its distance to the mean of its futures, an
    affine motion, `factor` [B] times as large. `xy` [B,N,2] query points.

    Scored against it, the camera's futures come out about as much wider and their mean stays
    unbiased. That makes up for what a model has memorised of few scenes. Single bodies are left
    alone: widened, a body that stops becomes one that turns back. (A larger weight of the spread in
    the score would not do: it rewards rare futures without bound, however far off they are.)
    """
    off = truth - futures.detach().mean(1)
    places = xy[:, None].expand_as(off)
    shared = affine_features(places) @ robust_affine(places, off, mask.float(), rounds=4)
    return truth + (factor - 1)[:, None, None, None] * shared


def hidden_loss(logits: Tensor, seen: Tensor, told: Tensor) -> Tensor:
    """Cross entropy of visibility logits [B,H,N], over the points and frames where it is `told` if
    they are seen: a clip that ends hides nothing."""
    return torch.nn.functional.binary_cross_entropy_with_logits(
        logits, seen.float(), weight=told.float()
    )


def motion_energy(futures: Tensor, truth: Tensor, mask: Tensor, xy: Tensor) -> Tensor:
    """Energy score of motion over 4 frames and of its difference between neighbours, [B].

    Relative to the truth's own motion: keeps single futures as rough and as coherent as tracks are,
    which scores of positions hardly feel. `xy` [B,N,2] query points.
    """
    lag = 4
    first = int(torch.randint(lag, (), device="cpu"))
    near = torch.cdist(xy, xy).add(1e9 * (torch.cdist(xy, xy) < 1)).argmin(-1)
    index = near[:, None, :, None]

    def motion(p: Tensor) -> Tensor:
        return p[..., first + lag :: lag, :, :] - p[..., first:-lag:lag, :, :]

    def unlike(m: Tensor) -> Tensor:
        gather = index if m.dim() == 4 else index[:, None]
        return m - m.gather(-2, gather.expand(m.shape))

    both = (mask[:, first + lag :: lag] & mask[:, first:-lag:lag]).float()
    pair = both * both.gather(-1, near[:, None].expand(both.shape))
    move, true_move = motion(futures), motion(truth)
    a, b = _pairs(futures.shape[1])
    score = futures.new_zeros(len(futures))
    for x, y, w in (
        (move, true_move, both),
        (unlike(move), unlike(true_move), pair),
    ):
        total = w.sum((1, 2)).clamp(min=1)
        skill = (_norm(x - y[:, None]) * w[:, None]).sum((2, 3)).mean(1) / total
        spread = (_norm(x[:, a] - x[:, b]) * w[:, None]).sum((2, 3)).mean(1) / total
        size = (_norm(y) * w).sum((1, 2)) / total + 0.5
        score = score + 0.5 * (skill - 0.5 * spread) / size
    return score


def normaliser(
    scenarios: Tensor, truth: Tensor, mask: Tensor, evenness: float = 0.75
) -> tuple[Tensor, Tensor]:
    """Loss weight per scene [B] and the scenario ensemble's own energy score [B], px.

    Between the ratio to the ensemble (evenness 1) and plain pixels (0), so neither calm nor wild
    clips own the loss.
    """
    energy, _, _ = fair_energy(scenarios, truth, mask)
    energy = energy.clamp(min=0)
    return (energy + 2) ** evenness, energy
