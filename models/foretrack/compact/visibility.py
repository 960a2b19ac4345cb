"""How well visibility is forecast: by third of the horizon and by length of the history.

A future's point is visible where the head says so and the point lies in the frame.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from ..common import scenario
from ..common.cases import Case, padded
from ..common.geometry import HORIZON, inside
from .model import CompactForecaster, tracks_of

THIRDS = ("first third", "second third", "last third")
LAST = "visible at the end"
COLUMNS = ("accuracy", *THIRDS, LAST)


def predictions(
    models: dict[str, CompactForecaster], case: Case, futures: int, steps: int, seed: int
) -> dict[str, Tensor]:
    """Visibility [K,H,N] of futures of the first model by the head of each, and of forecasts that
    know of no hiding."""
    first = next(iter(models.values()))
    generator = torch.Generator().manual_seed(seed)
    history, seen = padded(case.history, case.seen)
    interval = torch.tensor([case.interval])
    latent, condition = first.sample(history, seen, interval, futures, steps, generator)
    with torch.no_grad():
        within = inside(tracks_of(condition.xy, *first.decode(latent, condition.scale)))
        own = {
            name: within & (model.visible(latent, condition) > 0) for name, model in models.items()
        }
    drawn = scenario.draw(1, futures, generator)
    parts = scenario.factored(history, seen, drawn, HORIZON)
    ensemble = scenario.compose(history[:, -1], parts.camera, parts.residual)[0]
    return own | {
        "the same futures, inside the frame": within,
        "scenario ensemble, inside the frame": inside(ensemble),
        "as at now": torch.ones_like(within),
    }


def scores(case: Case, predicted: Tensor) -> dict[str, float]:
    """Share that is right of the points whose truth is ever known, by third of the horizon and in
    all, as far as the clip goes; and the share of points that are visible at the last frame."""
    known = case.mask.any(0)
    right = (predicted[:, : len(case.mask)] == case.mask)[..., known].float().mean((0, 2))
    found = {"accuracy": float(right.mean()), LAST: float(predicted[:, -1].float().mean())}
    for name, part in zip(THIRDS, right.split(HORIZON // 3), strict=False):
        found[name] = float(part.mean())
    return found


def interval_of(values: list[tuple[str, float]]) -> dict[str, float | list[float]]:
    """Mean of (source, value) over clips, and its 90 % bootstrap interval over sources."""
    by_source = defaultdict(list)
    for source, value in values:
        by_source[source].append(value)
    sums = np.array([(sum(v), len(v)) for v in by_source.values()])
    rng = np.random.default_rng(0)
    drawn = sums[rng.integers(len(sums), size=(2000, len(sums)))].sum(1)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [0.05, 0.95])
    return {"mean": float(sums[:, 0].sum() / sums[:, 1].sum()), "90%": [float(low), float(high)]}


def measure(
    models: dict[str, CompactForecaster], cases: list[Case], length: int, futures: int, steps: int
) -> dict[str, dict]:
    """Rows of the table from the last `length` frames of each history, from all of it where 0."""
    rows: dict[str, dict[str, list[tuple[str, float]]]] = defaultdict(lambda: defaultdict(list))
    made = []
    for index, case in enumerate(cases):
        short = replace(case, history=case.history[-length:], seen=case.seen[-length:])
        made.append(predictions(models, short, futures, steps, index))
    name = next(iter(models))
    sources = np.array([case.source for case in cases])
    for index, case in enumerate(cases):
        others = np.flatnonzero(np.roll(sources, -index) != case.source)
        if len(others):  # what the history of another source's clip is worth
            other = made[(index + others[0]) % len(made)][name]
            made[index] |= {f"{name}, told another clip": other}
        for row, predicted in made[index].items():
            for score, value in scores(case, predicted).items():
                rows[row][score].append((case.source, value))
    return {name: {s: interval_of(v) for s, v in row.items()} for name, row in rows.items()}
