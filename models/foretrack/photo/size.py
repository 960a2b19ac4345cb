"""How far a picture's points go altogether, apart from where and which way.

The size of what followed a picture is its root mean square displacement over points and frames,
against how far points go by then at large (`growth`). A ridge regression on what the probes say and
on the features of what probably moves foretells its rank among training pictures. A size is drawn
as a normal number that goes along with that rank as far as it is trusted (`heard`), through the
quantiles that the sizes of training pictures have (a Gaussian copula): however little a picture
tells, sizes are drawn as they are at large.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .quantiles import KNOTS, between, knots, normal_share, quantiles

LEAST_PX = 0.7  # what moves less cannot be told from the tracks' errors
MOST_PX = 400.0
SECOND_FRAMES = 16.0
BEFORE, AFTER = 0.75, 0.3  # powers of time by which displacement grows, within a second and later
RIDGE = 6.0
INNER = 10  # folds of cross-fitting
LEAST_KNOWN = 400  # positions of a picture whose size is fitted
TELLS_AT_LEAST = 0.02  # of a summary's correlation with the size
RESTING = 0.02  # of a point that surely rests, in what moves looks like
FURTHEST = 2.5  # spreads that what is foretold may lie from its mean
TOLD = 7


def growth(frames: Tensor) -> Tensor:
    """[T] how far points go by working frames [T] (from 0), 1 at a second."""
    time = (frames.float() + 1) / SECOND_FRAMES
    return time.clamp(max=1) ** BEFORE * time.clamp(min=1) ** AFTER


def size_of(moved: Tensor, weight: Tensor, frames: Tensor) -> Tensor:
    """moved [P,T,N,2] px, weight [P,T,N] -> [P] px."""
    square = moved.float().square().sum(-1) / growth(frames)[:, None].square()
    total = weight.float().sum((1, 2)).clamp(min=1e-6)
    return ((square * weight).sum((1, 2)) / total).sqrt().clamp(LEAST_PX, MOST_PX)


def summary(features: Tensor, said: Tensor, moving: Tensor) -> Tensor:
    """Features [B,F,N], what probes say [B,5,N] and probabilities to move [B,N] -> what the size is
    read from [B,TOLD+F]."""
    share = (moving + RESTING).square()
    looks = (features @ (share / share.sum(1, keepdim=True))[..., None])[..., 0]
    extents, where = said[:, 1:3], said[:, 0]
    level = (2 * extents).clamp(-8, 16).exp().mean(2).log() / 2
    sure = torch.stack([where.mean(1), where.amax(1), (3 * where).exp().mean(1).log()], 1)
    return torch.cat([extents.mean(2), level, sure, looks], 1)


class SizeProbe(nn.Module):
    """Foretells the rank of a size as a normal number, and draws sizes that go by it."""

    offset: Tensor
    weights: Tensor
    shift: Tensor
    heard: Tensor
    knots: Tensor
    sizes: Tensor

    def __init__(self, features: int) -> None:
        super().__init__()
        self.register_buffer("offset", torch.zeros(TOLD + features))
        self.register_buffer("weights", torch.zeros(TOLD + features))
        self.register_buffer("shift", torch.tensor(0.0))
        self.register_buffer("heard", torch.tensor(0.0))  # correlation of ranks, 0 to 1
        self.register_buffer("knots", knots())
        self.register_buffer("sizes", torch.linspace(0, 5, KNOTS))  # logarithms

    def forward(self, told: Tensor) -> Tensor:
        """Summaries [B,I] -> [B,1]: the rank that is drawn about, as far as it is heard."""
        rank = (told - self.offset) @ self.weights + self.shift
        return (self.heard * rank.clamp(-FURTHEST, FURTHEST))[:, None]

    def drawn(self, rank: Tensor, z: Tensor) -> Tensor:
        """What the probe says [n,1] and a normal number each [n] -> sizes [n] px."""
        normal = rank[:, 0] + (1 - self.heard.square()).sqrt() * z
        return between(normal_share(normal), self.knots, self.sizes).exp()

    def fit(self, told: Tensor, size: Tensor, weight: Tensor, source: Tensor) -> Tensor:
        """Summaries [P,I], sizes [P] px, weights and sources [P] -> the rank foretold of each
        without its source [P]."""
        value, foretold = size.log(), torch.zeros_like(size)
        share = weight / weight.sum()
        for fold in range(INNER):
            out = source % INNER == fold
            offset, weights, middle = _ridge(told, value, weight * ~out)
            foretold[out] = (told[out] - offset) @ weights + middle
        mean = share @ foretold
        spread = (share @ (foretold - mean).square()).sqrt().clamp(min=1e-4)
        offset, weights, middle = _ridge(told, value, weight)
        self.offset.copy_(offset)
        self.weights.copy_(weights / spread)
        self.shift.copy_((middle - mean) / spread)
        self.sizes.copy_(quantiles(value, share, self.knots))
        return (foretold - mean) / spread


def _ridge(told: Tensor, value: Tensor, weight: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Offset [I], weights [I] and middle of a line. A number of the summary is held back the less
    the more it tells by itself: by the fourth power of its correlation with the value."""
    share = weight / weight.sum()
    offset, middle = share @ told, share @ value
    off = value - middle
    scale = 1 / (share @ (told - offset).square()).sqrt().clamp(min=1e-4)
    x = (told - offset) * scale
    alone = ((x * share[:, None]).T @ off) / (share @ off.square()).sqrt().clamp(min=1e-9)
    trust = (alone.abs() + TELLS_AT_LEAST).square()
    trust = trust / trust.square().mean().sqrt()
    x = x * trust
    gram = (x * share[:, None]).T @ x + RIDGE * torch.eye(x.shape[1])
    solved = torch.linalg.solve(gram, x.T @ (share * off))
    return offset, solved * trust * scale, middle
