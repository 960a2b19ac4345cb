"""Parzen likelihood as in An Uncertain Future (Walker et al., 2016), for comparison only.

Over a second, five DCT coefficients an axis and point, as 1000ths of the frame's width and height;
the field divided by its two norms and the norms themselves are scored apart, each under equal
Gaussians about 800 samples, with the width that is best on the scored pictures. In thousands of
dimensions that tells little but the distance of the nearest sample: centroids beat true samples,
and shares do not enter (Theis et al., 2016).
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from ..common.geometry import HEIGHT, POINTS, WIDTH
from .cases import SECOND, PhotoCase
from .forecasters import Forecaster
from .metrics import PARZEN_WIDTHS, cosine_rows, parzen_nll

COEFFICIENTS = 5
NUMBERS = 2 * COEFFICIENTS * POINTS
SHAPE_SCALE = 0.01  # the widths tried for normalised fields are this times those of the norms


def coefficients(displacement: Tensor, mask: Tensor) -> Tensor:
    """[K,T,N,2] px, known points [N] -> [K,2,5·n]: x and y apart, in 1000ths of the frame."""
    rows = cosine_rows(displacement.shape[1], COEFFICIENTS)
    unit = torch.tensor([1000 / WIDTH, 1000 / HEIGHT])
    told = torch.einsum("ct,ktna->kacn", rows, displacement[:, :, mask] * unit)
    return told.flatten(2)


def parzen(cases: list[PhotoCase], forecaster: Forecaster, draws: int = 800) -> np.ndarray:
    """NLL of each case, NaN where too little is known or a sample does not move at all. Of the
    shape per number, times the 3900 of a whole picture, plus that of the norms."""
    shape: list[list[float]] = []
    norms: list[list[float]] = []
    for index, whole in enumerate(cases):
        case = whole.upto(SECOND)
        known = case.mask.all(0)
        generator = torch.Generator().manual_seed(77 + index)
        field = coefficients(forecaster(case, draws, generator), known)
        truth = coefficients(case.truth[None], known)[0]
        size, true_size = field.norm(dim=2), truth.norm(dim=1)
        if known.sum() < 100 or (size <= 0).any() or (true_size <= 0).any():
            shape.append([np.nan] * len(PARZEN_WIDTHS))
            norms.append([np.nan] * len(PARZEN_WIDTHS))
            continue
        square = (field / size[..., None] - truth / true_size[:, None]).square().sum((1, 2))
        d = truth.numel()
        per_number = [float(parzen_nll(square, d, w * SHAPE_SCALE)) / d for w in PARZEN_WIDTHS]
        shape.append([NUMBERS * value for value in per_number])
        apart = (size - true_size).square().sum(1)
        norms.append([float(parzen_nll(apart, 2, 4 * w)) for w in PARZEN_WIDTHS])
    best = [np.array(part)[:, np.nanmean(part, 0).argmin()] for part in (shape, norms)]
    return best[0] + best[1]
