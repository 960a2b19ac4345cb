"""Networks for the camera's three tokens alone.

Two thirds of a forecast's error are the camera's path, and its three rows are one motion: a zoom is
in all of them. They are few, so that layers much wider than the points' cost next to nothing.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .config import CompactConfig
from .extrapolate import COUNT

CAMERA_TOKENS = 3


class CameraEncoder(nn.Module):
    """What the three rows are told of the past [B,3,F], and of the scene [B,4] -> what is added to
    their tokens [B,3,width]; begins at 0."""

    def __init__(self, config: CompactConfig, features: int) -> None:
        super().__init__()
        self.layers = _layers(CAMERA_TOKENS * features + 4, config.camera_width)
        self.out = _zero(nn.Linear(config.camera_width, CAMERA_TOKENS * config.width))

    def forward(self, features: Tensor, summary: Tensor) -> Tensor:
        told = torch.cat([features.flatten(1), summary], -1)
        return self.out(self.layers(told)).unflatten(-1, (CAMERA_TOKENS, -1))


class CameraVelocity(nn.Module):
    """The rows' last features [B,3,width] and latents [B,3,C] -> what is added to their velocity
    [B,3,C], and to their shares of the extrapolations [B,3,COUNT]; begins at 0."""

    def __init__(self, config: CompactConfig) -> None:
        super().__init__()
        self.channels = config.channels
        width = config.camera_width
        self.state_in = nn.Linear(CAMERA_TOKENS * config.width, width)
        self.latent_in = nn.Linear(CAMERA_TOKENS * config.channels, width, bias=False)
        self.layers = nn.Sequential(nn.GELU(), nn.Linear(width, width), nn.GELU())
        self.out = _zero(nn.Linear(width, CAMERA_TOKENS * (config.channels + COUNT)))

    def forward(self, state: Tensor, latent: Tensor) -> tuple[Tensor, Tensor]:
        hidden = self.layers(self.state_in(state.flatten(1)) + self.latent_in(latent.flatten(1)))
        added = self.out(hidden).unflatten(-1, (CAMERA_TOKENS, -1))
        return added.split([self.channels, COUNT], -1)


def _layers(features: int, width: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(features, width), nn.GELU(), nn.Linear(width, width), nn.GELU())


def _zero(layer: nn.Linear) -> nn.Linear:
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer
