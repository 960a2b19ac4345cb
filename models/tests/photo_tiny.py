"""A photo model of fresh weights and a tower at a thousandth of the cost, for tests."""

from __future__ import annotations

import torch

from foretrack.photo.export import Trained, new_refinements
from foretrack.photo.network import PhotoConfig, PhotoModel
from foretrack.photo.pictures import Projection
from foretrack.photo.tower import CHANNELS

FEATURES = 96


class TinyTower(torch.nn.Module):
    """Maps of the tower's shapes at a thousandth of its cost."""

    def __init__(self) -> None:
        super().__init__()
        sides = zip((3, *CHANNELS), CHANNELS, (4, 2, 2, 2), strict=False)
        self.layers = torch.nn.ModuleList(
            torch.nn.Conv2d(i, o, 3, stride, padding=1) for i, o, stride in sides
        )

    def forward(self, picture: torch.Tensor) -> list[torch.Tensor]:
        x, maps = picture / 255, []
        for layer in self.layers:
            x = layer(x)
            maps.append(x)
        return maps


def new_trained() -> Trained:
    torch.manual_seed(0)
    channels = sum(CHANNELS[1:])
    projection = Projection(0.1 * torch.randn(channels), 0.1 * torch.randn(channels, FEATURES))
    model = PhotoModel(PhotoConfig(features=FEATURES)).eval()
    return Trained(projection, model, new_refinements())
