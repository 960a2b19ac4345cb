"""How much a picture's points belong to its subject, which `where` is measured beside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor

from ..common.geometry import COLUMNS, ROWS
from .opencv import opencv
from .packed import Graph

SIDE = 320
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # ImageNet's, as it was trained


def subject_finder(network: Path) -> Callable[[np.ndarray], Tensor]:
    """Pictures [240,416,3] uint8 RGB -> saliency of the grid's cells [N], 0 to 1, by the network
    that the studio's layers use (`public/packs/subject`)."""
    model, cv2 = onnx.load(str(network)), opencv()
    graph, first = Graph(model), model.graph.output[0].name
    mean, deviation = (torch.tensor(of)[:, None, None] for of in (MEAN, DEVIATION))

    def find(picture: np.ndarray) -> Tensor:
        square = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
        x = torch.from_numpy(square.astype(np.float32)).permute(2, 0, 1)
        x = (x / x.max().clamp(min=1) - mean) / deviation
        saliency = graph((first,), x[None])[0][0, 0].numpy()
        cells = cv2.resize(saliency, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
        return torch.from_numpy(cells).flatten()

    return find
