"""Weights of a small model as those of a larger one that computes the same: n times as wide,
deeper, or with wider layers of the camera's own.

Net2Net (Chen, Goodfellow and Shlens, 2016): every hidden channel is copied, and what reads it takes
1/n of it. Channels are copied within their attention head, so heads keep their number; layer
normalisation of copies is that of the original.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from .config import CompactConfig
from .model import CompactForecaster

LATENTS = ("velocity.camera.latent_in.weight", 1)  # an axis that may look like hidden channels
UNLIKE = 0.2  # of a weight's size: by how much the readings of copies differ, zero in sum


def fitted(weights: dict[str, Tensor], config: CompactConfig) -> dict[str, Tensor]:
    """A state dict of `CompactForecaster`, as it is where its width is the config's already."""
    weights = _grown(weights, config)
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
            if (size % width == 0 and (name, axis) != LATENTS)
            or (name == "visibility.0.weight" and axis == 1)
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


def _grown(weights: dict[str, Tensor], config: CompactConfig) -> dict[str, Tensor]:
    """Weights of a shallower model, or of an earlier form of it, as if they ignored what has come
    since: all of that begins without effect, and what tokens are told besides stands at the end."""
    width = weights["encoder.camera_row"].shape[1]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        begun = CompactForecaster(replace(config, width=width)).state_dict()
    for name in begun.keys() - weights.keys():
        if name.split(".")[-3:-1] in (["attention", "out"], ["mlp", "2"]):  # of a block more
            begun[name] = torch.zeros_like(begun[name])
    return {name: _within(weights.get(name, value), value) for name, value in begun.items()}


def _within(value: Tensor, like: Tensor) -> Tensor:
    """A smaller vector or matrix within a larger one: its rows ignore what is read besides, and
    further rows are the larger one's."""
    if value.shape == like.shape:
        return value
    larger = like.clone()
    larger[: len(value)] = 0
    larger[tuple(slice(size) for size in value.shape)] = value
    return larger
