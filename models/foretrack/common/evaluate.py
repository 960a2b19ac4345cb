"""Scores of forecasts on cases with a known truth.

History: the studio's tracker (`npm run tracks`) at the grid's cell centres. Truth: independent
tracks of the same points.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from . import fvmd, metrics
from .cases import Case, Forecast, Method
from .geometry import POINTS, inside

MOVING = 8  # px from its place at now: a point that moves
ENOUGH_FUTURES = 19  # for an interval of 90 %


@dataclass
class Scores:
    """Of one case: values by name, and the FVMD features of its first future and of its truth."""

    values: dict[str, float]
    windows: tuple[Tensor, Tensor] | None = None


def score(case: Case, forecast: Forecast) -> dict[str, float]:
    futures, truth, mask = forecast.tracks, case.truth, case.mask
    values = {
        "energy": metrics.energy_score(futures, truth, mask),
        "set energy": metrics.set_energy_score(futures, truth, mask),
        "minADE": metrics.min_ade(futures, truth, mask),
        "minFDE": metrics.min_fde(futures, truth, mask),
        "CRPS": metrics.crps(futures, truth, mask),
        "diversity": metrics.diversity(futures, mask),
    }
    seen = inside(futures)
    if forecast.visible is not None:
        seen = seen & forecast.visible
    known = mask.any(0)
    values["visibility"] = (seen == mask)[..., known].float().mean()
    moving = mask & ((truth - case.history[-1]).norm(dim=-1).amax(0) > MOVING)
    if moving.sum() > 50:
        values["energy moving"] = metrics.energy_score(futures, truth, moving)
    if truth.shape[1] == POINTS:
        tv = torch.stack([metrics.flow_smooth_tv(f, mask) for f in futures]).mean()
        curl = torch.stack([metrics.div_curl_energy(f, mask) for f in futures]).mean()
        values |= {"TV": tv, "TV truth": metrics.flow_smooth_tv(truth, mask)}
        values |= {"curl": curl, "curl truth": metrics.div_curl_energy(truth, mask)}
    return {name: float(value) for name, value in values.items()}


def intervals(case: Case, futures: Tensor) -> dict[str, float]:
    """How often the truth lies in the central intervals; none where the futures are too few."""
    if len(futures) < ENOUGH_FUTURES:
        return {}
    truth, mask = case.truth, case.mask
    levels = {"cover50": 0.5, "cover90": 0.9}
    return {n: float(metrics.coverage(futures, truth, mask, level)) for n, level in levels.items()}


def rows(cases: list[Case], method: Method, futures: int, repeats: int, seed: int) -> list[Scores]:
    """Scores of each case, the mean of `repeats` draws of `futures` futures; the intervals of all
    of them together."""
    out = []
    for index, case in enumerate(cases):
        generator = torch.Generator().manual_seed(seed * 7919 + index)
        drawn = [method(case, futures, generator) for _ in range(repeats)]
        draws = [score(case, forecast) for forecast in drawn]
        row = Scores({n: float(np.mean([d[n] for d in draws])) for n in draws[0]})
        row.values |= intervals(case, torch.cat([forecast.tracks for forecast in drawn]))
        if case.truth.shape[1] == POINTS and len(case.truth) >= fvmd.WINDOW:
            own, true = (fvmd.features(t, case.mask) for t in (drawn[-1].tracks[0], case.truth))
            row.windows = own, true
        out.append(row)
    return out
