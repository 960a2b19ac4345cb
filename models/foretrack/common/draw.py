"""Random numbers by seed, on a device."""

from __future__ import annotations

import torch
from torch import Tensor

from .tensor_cache import cached_tensor


class Draw:
    """Random numbers by seed, on a device."""

    def __init__(self, seed: int, device: torch.device) -> None:
        self.generator = torch.Generator(device).manual_seed(seed)
        self.device = device

    def uniform(self, *shape: int) -> Tensor:
        return torch.rand(shape, generator=self.generator, device=self.device)

    def normal(self, *shape: int) -> Tensor:
        return torch.randn(shape, generator=self.generator, device=self.device)

    def between(self, low: float, high: float, *shape: int) -> Tensor:
        return low + (high - low) * self.uniform(*shape)

    def chance(self, share: float, *shape: int) -> Tensor:
        return self.uniform(*shape) < share

    def one_of(self, values: tuple[float, ...], *shape: int) -> Tensor:
        index = torch.randint(len(values), shape, generator=self.generator, device=self.device)
        return cached_tensor(values, device=self.device)[index]

    def indices(self, weights: Tensor, count: int) -> Tensor:
        return torch.multinomial(weights, count, replacement=True, generator=self.generator)
