"""Trajectory VAE: the displacement of one token over the horizon as one latent vector.

One code serves the future and the time-reversed past, because both start from "now", where
every displacement is 0. It is a linear VAE on the Karhunen-Loeve basis of Brownian motion that
starts at 0, sin(pi (k - 1/2) t / T): orthonormal, so the posterior mean is a projection. A learned
nonlinear encoder and decoder of the same width reconstructed real tracks worse (Choices in
models/MODEL_CARD.md).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from .config import CompactConfig


def brownian_basis(count: int, frames: int) -> Tensor:
    """Orthonormal rows [count,frames]; row k has k + 1/2 half waves over frames 1..T."""
    time = torch.arange(1, frames + 1, dtype=torch.float64) / frames
    order = torch.arange(count, dtype=torch.float64) + 0.5
    waves = torch.sin(math.pi * order[:, None] * time)
    rows = torch.linalg.qr(waves.T).Q.T
    return (rows * torch.sign((rows * waves).sum(1, keepdim=True))).float()


class TrajectoryVae(nn.Module):
    basis: Tensor
    mean: Tensor
    std: Tensor

    def __init__(self, config: CompactConfig) -> None:
        super().__init__()
        self.register_buffer("basis", brownian_basis(config.channels // 2, config.horizon))
        self.register_buffer("mean", torch.zeros(config.channels))
        self.register_buffer("std", torch.ones(config.channels))

    def analysis(self, path: Tensor) -> Tensor:
        """Time series [...,H] -> coefficients [...,C/2]."""
        return path @ self.basis.T

    def encode_raw(self, displacement: Tensor) -> Tensor:
        """Scaled displacement [...,H,2] -> coefficients [...,C], x before y."""
        return self.analysis(displacement.transpose(-1, -2)).flatten(-2)

    def encode(self, displacement: Tensor) -> Tensor:
        """Scaled displacement [...,H,2] -> standardised latent [...,C]."""
        return (self.encode_raw(displacement) - self.mean) / self.std

    def decode(self, latent: Tensor) -> Tensor:
        """Standardised latent [...,C] -> scaled displacement [...,H,2]."""
        raw = (latent * self.std + self.mean).unflatten(-1, (2, -1))
        return (raw @ self.basis).transpose(-1, -2)
