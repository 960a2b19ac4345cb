"""Small constant tensors."""

from __future__ import annotations

import torch
from torch import Tensor

_made: dict[tuple[object, ...], Tensor] = {}


def cached_tensor(
    values: tuple[float, ...], like: Tensor | None = None, device: torch.device | None = None
) -> Tensor:
    """`values` in the type and on the device of `like`, or on `device`, or where tensors are made.

    On CUDA they are made once: each `torch.tensor` waits for the card there, and none can be made
    while a graph is recorded."""
    dtype = None if like is None else like.dtype
    device = device or (torch.empty(0) if like is None else like).device
    if device.type != "cuda" or not torch.cuda.is_available():
        return torch.tensor(values, dtype=dtype, device=device)
    key = values, dtype, device
    if key not in _made:
        _made[key] = torch.tensor(values, dtype=dtype, device=device)
    return _made[key]
