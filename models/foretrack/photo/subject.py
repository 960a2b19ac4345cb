"""How much a picture's points belong to its subject, which `where` is measured beside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from torch import Tensor

from ..common.geometry import COLUMNS, ROWS
from .packed import Graph

SIDE = 320
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # ImageNet's, as it was trained


def subject_finder(network: Path) -> Callable[[np.ndarray], Tensor]:
    """Pictures [240,416,3] uint8 RGB -> saliency of the grid's cells [N], 0 to 1, by the network
    that the studio's layers use (`public/packs/subject`)."""
    model = onnx.load(str(network))
    graph, first = Graph(model), model.graph.output[0].name
    mean, deviation = (torch.tensor(of)[:, None, None] for of in (MEAN, DEVIATION))

    def find(picture: np.ndarray) -> Tensor:
        x = torch.from_numpy(picture.astype(np.float32)).permute(2, 0, 1)[None]
        x = F.interpolate(x, (SIDE, SIDE), mode="bilinear", align_corners=False)
        x = (x / x.max().clamp(min=1) - mean) / deviation
        return F.adaptive_avg_pool2d(graph((first,), x)[0], (ROWS, COLUMNS)).flatten()

    return find
