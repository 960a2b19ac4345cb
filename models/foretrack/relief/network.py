"""The head: maps of the frozen image tower in, how near each cell is and how sure that is out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..common.geometry import COLUMNS, ROWS
from ..photo.tower import CHANNELS
from .make_data import CELL_COLUMNS, CELL_ROWS

LEAST_SPREAD, MOST_SPREAD = 0.05, 2.0


@dataclass(frozen=True)
class ReliefConfig:
    width: int = 48
    context: int = 32
    dropout: float = 0.2

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class Mix(nn.Module):
    """A depthwise and a pointwise convolution, added to their input."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.near = nn.Conv2d(width, width, 5, padding=2, groups=width)
        self.across = nn.Conv2d(width, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.across(F.relu(self.near(x)))


class ReliefHead(nn.Module):
    """stride8 [B,40,30,52], stride16 [B,112,15,26], stride32 [B,320,8,13] -> log inverse depth
    [B,30,52] with mean 0, and the spread of its error [B,30,52] (mean absolute, natural logarithm).

    Starts as a ramp over the height; `scale*` are the standard deviations of the maps' channels."""

    scale8: Tensor
    scale16: Tensor
    scale32: Tensor
    place: Tensor

    def __init__(self, config: ReliefConfig) -> None:
        super().__init__()
        self.config = config
        fine, middle, coarse = CHANNELS[1:]
        width = config.width
        self.register_buffer("scale8", torch.ones(fine))
        self.register_buffer("scale16", torch.ones(middle))
        self.register_buffer("scale32", torch.ones(coarse))
        self.from8 = nn.Conv2d(fine, width, 1)
        self.from16 = nn.Conv2d(middle, width, 1)
        self.from32 = nn.Conv2d(coarse, width, 1)
        self.whole = nn.Sequential(
            nn.Linear(coarse, config.context), nn.ReLU(), nn.Linear(config.context, width)
        )
        y = torch.linspace(-1, 1, CELL_ROWS)[:, None].expand(CELL_ROWS, CELL_COLUMNS)
        x = torch.linspace(-1, 1, CELL_COLUMNS).expand(CELL_ROWS, CELL_COLUMNS)
        self.register_buffer("place", torch.stack([y, y.square(), x.square()])[None])
        self.at = nn.Conv2d(3, width, 1)
        self.coarse, self.middle, self.fine = Mix(width), Mix(width), Mix(width)
        self.out = nn.Conv2d(width, 2, 1)
        self.dropout = nn.Dropout2d(config.dropout)
        nn.init.zeros_(self.out.weight)
        assert self.out.bias is not None
        nn.init.zeros_(self.out.bias)
        self.ramp = nn.Parameter(torch.tensor(0.5))

    def forward(self, stride8: Tensor, stride16: Tensor, stride32: Tensor) -> tuple[Tensor, Tensor]:
        coarse = stride32 / self.scale32[:, None, None]
        whole = self.whole(coarse.mean((2, 3)))[..., None, None]
        x = self.from32(self.dropout(coarse)) + whole
        x = F.interpolate(self.coarse(x), (ROWS, COLUMNS), mode="bilinear", align_corners=False)
        x = x + self.from16(self.dropout(stride16 / self.scale16[:, None, None]))
        x = F.interpolate(
            self.middle(F.relu(x)), (CELL_ROWS, CELL_COLUMNS), mode="bilinear", align_corners=False
        )
        x = x + self.from8(self.dropout(stride8 / self.scale8[:, None, None]))
        x = self.fine(F.relu(x + self.at(self.place)))
        told = self.out(F.relu(x))
        near = told[:, 0] + self.ramp * self.place[:, 0]
        spread = F.softplus(told[:, 1]) + LEAST_SPREAD
        return near - near.mean((1, 2), keepdim=True), spread.clamp(max=MOST_SPREAD)
