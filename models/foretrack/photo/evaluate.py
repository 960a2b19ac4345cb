"""The table of the photo model: every score of `metrics` for every forecaster, by source."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from ..common.geometry import grid_centres
from ..common.metrics import coverage
from . import metrics
from .cases import SECOND, PhotoCase
from .forecasters import Forecaster
from .movers import together, two_movers

COUNTS = [1, 2, 5, 10, 20, 50]
COVERAGE_DRAWS = 19
PAIRS = 400
BOOTSTRAPS = 2000


@dataclass
class Row:
    """Scores of one forecaster: a list a score, one number a case (NaN where it has none)."""

    scores: dict[str, list[float]] = field(default_factory=dict)
    modes: list[tuple[float, bool]] = field(default_factory=list)  # share said, whether it happened

    def add(self, name: str, value: float | Tensor) -> None:
        self.scores.setdefault(name, []).append(float(value))

    def of(self, name: str) -> np.ndarray:
        return np.array(self.scores[name])


def variogram_pairs() -> Tensor:
    """400 fixed pairs of different points."""
    draw = np.random.default_rng(5)
    pairs = draw.integers(0, len(grid_centres()), (2 * PAIRS, 2))
    return torch.from_numpy(pairs[pairs[:, 0] != pairs[:, 1]][:PAIRS])


def score(cases: list[PhotoCase], forecaster: Forecaster, draws: int = 200, seed: int = 1) -> Row:
    """Every score but `where`, which only models that tell it have."""
    row, pairs = Row(), variogram_pairs()
    xy = torch.from_numpy(grid_centres()).float()
    for index, whole in enumerate(cases):
        generator = torch.Generator().manual_seed(seed * 7919 + index)
        drawn = forecaster(whole, draws, generator)
        for name, case in (("1 s", whole.upto(SECOND)), ("5 s", whole)):
            samples = drawn[:, : len(case.frames)]
            to_truth = metrics.distance(samples, case.truth, case.mask)
            between = metrics.pairwise(samples, case.mask)
            row.add(f"energy {name}", metrics.energy_score(to_truth, between))
            points = metrics.points_energy(samples, case.truth, case.mask)
            row.add(f"points {name}", points)
            row.add(f"spread {name}", between.sum() / max(draws * (draws - 1), 1))
            few = samples[:COVERAGE_DRAWS]
            row.add(f"coverage {name}", coverage(few, case.truth, case.mask, 0.9))
            for n, value in zip(COUNTS, metrics.least_distance(to_truth, COUNTS), strict=True):
                row.add(f"least of {n} {name}", value)
            everywhere = metrics.pairwise(samples, torch.ones_like(case.mask))
            chosen = metrics.representatives(everywhere, min(COUNTS[-1], draws))
            for n in COUNTS:
                row.add(f"nearest of {n} chosen {name}", to_truth[chosen[:n]].min())
            times = np.linspace(0, len(case.frames) - 1, 4).astype(int)[1:].tolist()
            vario = metrics.variogram_score(samples, case.truth, case.mask, pairs, times, xy)
            row.add(f"variogram {name}", vario)
            if name == "1 s":
                axis(row, case, samples)
                row.add("movers", movers_of(case, samples))
    return row


def axis(row: Row, case: PhotoCase, samples: Tensor) -> None:
    moving = case.moving & case.known
    told = moving.sum() >= 5
    row.add(
        "axis",
        metrics.axis_agreement(samples, case.truth, case.mask, moving) if told else float("nan"),
    )


def movers_of(case: PhotoCase, futures: Tensor) -> float:
    """How much two movers go together in futures [K,T,N,2]; NaN where the picture has no two."""
    pair = two_movers(case.moving & case.known)
    return float(together(futures, case.mask, pair)) if pair else float("nan")


def score_where(cases: list[PhotoCase], scores: list[Tensor]) -> list[float]:
    """AUROC within each picture that has five points of both kinds; NaN elsewhere."""
    out = []
    for case, score in zip(cases, scores, strict=True):
        known = case.known
        moving = case.moving[known]
        both = moving.sum() >= 5 and (~moving).sum() >= 5
        out.append(float(metrics.auroc(score[known], moving)) if both else float("nan"))
    return out


def by_source(cases: list[PhotoCase], values: np.ndarray) -> dict[str, float]:
    """The mean of each source over its cases that have the score."""
    groups: dict[str, list[float]] = {}
    for case, value in zip(cases, values, strict=True):
        if np.isfinite(value):
            groups.setdefault(case.source, []).append(value)
    return {source: float(np.mean(v)) for source, v in groups.items()}


def mean_interval(cases: list[PhotoCase], values: np.ndarray) -> tuple[float, float, float]:
    """Mean over sources, with its 90 % bootstrap interval."""
    means = np.array(list(by_source(cases, values).values()))
    draw = np.random.default_rng(1).integers(0, len(means), (BOOTSTRAPS, len(means)))
    low, high = np.quantile(means[draw].mean(1), [0.05, 0.95])
    return float(means.mean()), float(low), float(high)


def ratio_interval(
    cases: list[PhotoCase], ours: np.ndarray, theirs: np.ndarray
) -> tuple[float, float, float]:
    """Ratio of the sums of the sources' means, with its 90 % bootstrap interval over sources."""
    a, b = by_source(cases, ours), by_source(cases, theirs)
    x, y = np.array([a[s] for s in a]), np.array([b[s] for s in a])
    draw = np.random.default_rng(1).integers(0, len(x), (BOOTSTRAPS, len(x)))
    if not y.sum() > 0:
        return float("nan"), float("nan"), float("nan")  # nothing moved that could be missed
    low, high = np.quantile(x[draw].sum(1) / y[draw].sum(1).clip(min=1e-9), [0.05, 0.95])
    return float(x.sum() / y.sum()), float(low), float(high)


def geometric_ratio(cases: list[PhotoCase], ours: np.ndarray, theirs: np.ndarray) -> float:
    """Geometric mean over sources of the ratio: calm sources count as much as wild ones."""
    a, b = by_source(cases, ours), by_source(cases, theirs)
    return float(np.exp(np.mean([np.log((a[s] + 0.1) / (b[s] + 0.1)) for s in a])))
