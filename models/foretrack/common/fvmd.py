"""Fréchet video motion distance (FVMD; Liu et al., 2024) as the TrajLoom benchmark has it."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from .geometry import ROWS

WINDOW, STRIDE = 24, 4
CELL_FRAMES, CELL_POINTS, BINS = 4, 5, 8


def _histograms(motion: Tensor, rows: int) -> Tensor:
    """Direction histograms weighted by quantised size: [T,N,2] -> [T/4 * cells, 8], one vector."""
    angle = torch.atan2(motion[..., 0], motion[..., 1])
    size = motion.norm(dim=-1).clamp(max=255)
    weight = torch.ceil(torch.log2(1 + size)) / BINS
    index = ((angle + math.pi) / (2 * math.pi) * BINS).floor().long() % BINS
    spread = torch.nn.functional.one_hot(index, BINS) * weight[..., None]
    frames, points = size.shape
    columns = points // rows
    shape = (frames // CELL_FRAMES, CELL_FRAMES, rows // CELL_POINTS, CELL_POINTS)
    cells = spread.reshape(*shape, columns // CELL_POINTS, CELL_POINTS, BINS)
    return cells.sum((1, 3, 5)).flatten()


def features(tracks: Tensor, visibility: Tensor, rows: int = ROWS) -> Tensor:
    """Windows of one video: tracks [T,N,2] px, visibility [T,N] -> [windows, 2, features].

    The first of the pair is velocity, the second acceleration. Trailing rows and columns of points
    that fill no 5x5 cell are left out.
    """
    columns = tracks.shape[1] // rows
    keep_rows, keep_columns = (
        rows // CELL_POINTS * CELL_POINTS,
        columns // CELL_POINTS * CELL_POINTS,
    )
    grid = tracks.unflatten(1, (rows, columns))[:, :keep_rows, :keep_columns].flatten(1, 2)
    seen = visibility.unflatten(1, (rows, columns))[:, :keep_rows, :keep_columns].flatten(1, 2)
    windows = []
    for first in range(0, len(tracks) - WINDOW + 1, STRIDE):
        p, v = grid[first : first + WINDOW], seen[first : first + WINDOW].bool()
        velocity, acceleration = torch.zeros_like(p), torch.zeros_like(p)
        velocity[1:] = (p[1:] - p[:-1]) * (v[1:] & v[:-1])[..., None]
        acceleration[2:] = (p[2:] - 2 * p[1:-1] + p[:-2]) * (v[2:] & v[1:-1] & v[:-2])[..., None]
        windows.append(
            torch.stack([_histograms(velocity, keep_rows), _histograms(acceleration, keep_rows)])
        )
    return torch.stack(windows)


def frechet(a: Tensor, b: Tensor) -> float:
    """Fréchet distance of two Gaussians fitted to feature rows [M,D]."""
    a, b = a.double(), b.double()
    difference = a.mean(0) - b.mean(0)
    ca, cb = (torch.cov(x.T) for x in (a, b))
    values, vectors = torch.linalg.eigh(ca)
    root = vectors * values.clamp(min=0).sqrt() @ vectors.T
    cross = torch.linalg.eigvalsh(root @ cb @ root).clamp(min=0).sqrt().sum()
    return float(difference @ difference + ca.trace() + cb.trace() - 2 * cross)


def fvmd(predicted: Tensor, truth: Tensor) -> float:
    """FVMD of two sets of windows [M,2,F] from `features`."""
    return frechet(predicted.flatten(1), truth.flatten(1))
