"""Reconstruction error of the trajectory VAE on held-out real tracks.

VEPE: mean Euclidean distance over visible points, px of the working frame, micro-averaged. Beside
it the jitter that the latent takes away or adds: mean size of the second difference, as a ratio to
the truth's.
"""

from __future__ import annotations

import torch

from ..common.batch import Batch
from ..common.cases import Case, padded
from ..common.geometry import HORIZON
from .history import look_back
from .model import CompactForecaster, tracks_of
from .targets import future_parts


def batch_of(case: Case) -> Batch:
    """One case as a batch of one; frames after its end are unknown."""
    history, seen = padded(case.history, case.seen)
    missing = HORIZON - len(case.truth)
    future = torch.cat([case.truth, case.truth[-1:].expand(missing, -1, -1)])[None]
    mask = torch.cat([case.mask, case.mask.new_zeros(missing, case.mask.shape[1])])[None]
    interval, real = torch.tensor([case.interval]), torch.tensor([True])
    told = (torch.arange(HORIZON) < len(case.truth))[None, :, None].expand_as(mask)
    return Batch(history, seen, future, mask, told, interval, real)


def reconstruct(model: CompactForecaster, case: Case) -> tuple[torch.Tensor, torch.Tensor]:
    """Truth and its reconstruction through the latent, [H,N,2] px."""
    batch = batch_of(case)
    scale = look_back(batch.history, batch.seen).scale
    camera, residual = future_parts(batch)
    latent = model.source(camera, residual, scale, torch.zeros(()))
    decoded = tracks_of(batch.history[:, -1], *model.decode(latent, scale))
    return batch.future[0], decoded[0]


def variances(case: Case) -> dict[str, float]:
    """Mean square of what a latent would have to carry of a future, px^2, by what it is told from.

    Absolute positions about their mean, displacement since the first frame of the past, since now,
    and since now with the camera's affine path taken out.
    """
    batch = batch_of(case)
    mask = batch.mask[0]
    truth = batch.future[0]

    def mean_square(path: torch.Tensor, seen: torch.Tensor) -> float:
        return float((path.square().sum(-1) * seen).sum() / seen.sum().clamp(min=1))

    centre = truth[mask].mean(0)
    from_first = mask & (case.seen[0] > 0)
    _, residual = future_parts(batch)
    return {
        "absolute": mean_square(truth - centre, mask),
        "since the first frame": mean_square(truth - case.history[0], from_first),
        "since now": mean_square(truth - case.history[-1], mask),
        "since now, camera apart": mean_square(residual[0], mask),
    }
