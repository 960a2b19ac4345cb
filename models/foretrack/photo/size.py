"""How far a picture's points go altogether, apart from where and which way.

The size of what followed a picture is its root mean square displacement over points and frames,
against how far points go by then at large (`growth`). Its logarithm is foretold by a ridge
regression on what the features and probes say of the whole picture, with a spread of its own to
either side, as far as pictures of unknown sources lay from what was foretold.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

LEAST_PX = 0.7  # what moves less cannot be told from the tracks' errors
MOST_PX = 400.0
SECOND_FRAMES = 16.0
BEFORE, AFTER = 0.75, 0.3  # powers of time by which displacement grows, within a second and later
RIDGE = 0.3
INNER = 10  # folds of cross-fitting
LEAST_KNOWN = 400  # positions of a picture whose size is fitted
SIDE = 0.1587  # share of a normal's draws that lie further out than its spread, a side
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


def summary(features: Tensor, said: Tensor) -> Tensor:
    """Features [B,F,N] and what probes say [B,5,N] -> what the size is read from [B,2F+TOLD]."""
    mean = features.mean(2)
    spread = (features - mean[..., None]).square().mean(2).clamp(min=1e-6).sqrt()
    extents, where = said[:, 1:3], said[:, 0]
    level = (2 * extents).clamp(-8, 16).exp().mean(2).log() / 2
    sure = torch.stack([where.mean(1), where.amax(1), (3 * where).exp().mean(1).log()], 1)
    return torch.cat([mean, spread, extents.mean(2), level, sure], 1)


class SizeProbe(nn.Module):
    """Foretells the logarithm of a size: its middle, and spreads below and above it."""

    offset: Tensor
    scale: Tensor
    weights: Tensor
    middle: Tensor
    spread: Tensor

    def __init__(self, features: int) -> None:
        super().__init__()
        count = 2 * features + TOLD
        self.register_buffer("offset", torch.zeros(count))
        self.register_buffer("scale", torch.ones(count))
        self.register_buffer("weights", torch.zeros(count))
        self.register_buffer("middle", torch.tensor(2.5))
        self.register_buffer("spread", torch.tensor([1.2, 1.0]))

    def forward(self, told: Tensor) -> Tensor:
        """Summaries [B,I] -> [B,3]: middle, spread below and above."""
        middle = ((told - self.offset) * self.scale) @ self.weights + self.middle
        return torch.cat([middle[:, None], self.spread.expand(len(told), -1)], 1)

    def fit(self, told: Tensor, size: Tensor, weight: Tensor, source: Tensor) -> Tensor:
        """Summaries [P,I], sizes [P] px, weights and sources [P] -> what was foretold of each
        without its source [P,3]."""
        value, foretold = size.log(), torch.zeros_like(size)
        for fold in range(INNER):
            out = source % INNER == fold
            self._solve(told, value, weight * ~out)
            foretold[out] = self(told[out])[:, 0]
        off = value - foretold
        at = _quantiles(off, weight, (SIDE, 0.5, 1 - SIDE))
        self._solve(told, value, weight)
        self.middle += at[1]
        self.spread.copy_(torch.stack([at[1] - at[0], at[2] - at[1]]).clamp(min=0.05))
        return torch.cat([(foretold + at[1])[:, None], self.spread.expand(len(told), -1)], 1)

    def _solve(self, told: Tensor, value: Tensor, weight: Tensor) -> None:
        share = weight / weight.sum()
        self.offset.copy_(share @ told)
        self.middle.copy_(share @ value)
        self.scale.copy_(1 / (share @ (told - self.offset).square()).sqrt().clamp(min=1e-4))
        x = (told - self.offset) * self.scale
        gram = (x * share[:, None]).T @ x + RIDGE * torch.eye(x.shape[1])
        self.weights.copy_(torch.linalg.solve(gram, x.T @ (share * (value - self.middle))))


def drawn_size(told: Tensor, z: Tensor) -> Tensor:
    """What a size probe says [n,3] and a normal number each [n] -> sizes [n] px."""
    middle, below, above = told.unbind(1)
    log = middle + above * z.clamp(min=0) + below * z.clamp(max=0)
    return log.clamp(-1, 6).exp()


def _quantiles(values: Tensor, weight: Tensor, at: tuple[float, ...]) -> Tensor:
    order = values.argsort()
    share = weight[order].cumsum(0) / weight.sum()
    place = torch.searchsorted(share, torch.tensor(at)).clamp(max=len(values) - 1)
    return values[order][place]
