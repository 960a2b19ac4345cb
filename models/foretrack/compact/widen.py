"""Weights of a narrow model as those of one n times as wide that computes the same.

Net2Net (Chen, Goodfellow and Shlens, 2016): every hidden channel is copied, and what reads it takes
1/n of it. Channels are copied within their attention head, so heads keep their number; layer
normalisation of copies is that of the original.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .config import CompactConfig
from .encoder import own_features
from .extrapolate import COUNT

UNLIKE = 0.2  # of a weight's size: by how much the readings of copies differ, zero in sum


def fitted(weights: dict[str, Tensor], config: CompactConfig) -> dict[str, Tensor]:
    """A state dict of `CompactForecaster`, as it is where its width is the config's already."""
    weights = _with_own_units(weights, config)
    width = weights["encoder.camera_row"].shape[1]
    if width == config.width:
        return weights
    if config.width % width:
        raise ValueError(f"a width of {config.width} is no multiple of {width}, of the weights")
    generator = torch.Generator().manual_seed(0)
    copies, head = config.width // width, width // config.heads
    wide = {}
    for name, value in weights.items():
        if name.startswith("vae."):
            wide[name] = value
            continue
        hidden = [  # the others are the model's own inputs and outputs
            size - size % width
            if size % width == 0 or (name == "visibility.0.weight" and axis == 1)
            else 0
            for axis, size in enumerate(value.shape)
        ]
        for axis, size in enumerate(hidden):
            value = _copied(value, axis, size, copies, head)
        if value.dim() == 2 and hidden[1] and name != "encoder.camera_row":
            value = _shared(value, hidden[1] * copies, copies, head, generator)
        if ".qkv." in name:  # scores are divided by the root of the head's width
            value = torch.cat([value[: config.width] * copies**-0.5, value[config.width :]])
        wide[name] = value
    return wide


def _copied(value: Tensor, axis: int, size: int, copies: int, head: int) -> Tensor:
    """The first `size` of an axis with every `head` of them repeated."""
    hidden, rest = value.split([size, value.shape[axis] - size], axis)
    repeated = hidden.unflatten(axis, (-1, 1, head)).repeat_interleave(copies, axis + 1)
    return torch.cat([repeated.flatten(axis, axis + 2), rest], axis)


def _shared(value: Tensor, size: int, copies: int, head: int, generator: torch.Generator) -> Tensor:
    """A matrix whose first `size` columns read copies: each takes its share, a little unlike."""
    hidden, rest = value.split([size, value.shape[1] - size], 1)
    readings = hidden.unflatten(1, (-1, copies, head))
    noise = torch.randn(readings.shape, generator=generator) * UNLIKE * readings.std()
    shares = (readings + noise - noise.mean(2, keepdim=True)) / copies
    return torch.cat([shares.flatten(1), rest], 1)


def _with_own_units(weights: dict[str, Tensor], config: CompactConfig) -> dict[str, Tensor]:
    """Weights from before tokens were also seen in their own units, as if they ignored them."""
    if "velocity.gain.weight" in weights:
        return weights
    width = weights["encoder.camera_row"].shape[1]
    zeros = {
        "velocity.gain.weight": torch.zeros(1, width),
        "velocity.gain.bias": torch.zeros(1),
        "velocity.own_in.weight": torch.zeros(width, config.channels),
        "velocity.follow.weight": torch.zeros(COUNT, width),
        "velocity.follow.bias": torch.zeros(COUNT),
    }
    for name in ("encoder.point_in.weight", "encoder.camera_in.weight"):
        zeros[name] = torch.cat(
            [weights[name], weights[name].new_zeros(width, own_features(config))], 1
        )
    return weights | zeros
