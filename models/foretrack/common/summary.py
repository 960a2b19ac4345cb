"""What the scores of many cases say together, and the table of it.

Ratios are averaged within a source first; intervals are bootstrapped over sources.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import torch

from . import fvmd
from .camera_kind import camera_kind
from .cases import Case
from .evaluate import Scores

LEAST_ENERGY = 0.05  # px: where nothing moves at all, a fair score may be 0 or less
DRAWS = 2000  # of the bootstrap
COLUMNS = (
    ("energy", "energy"),
    ("energy ratio", "ratio"),
    ("energy ratio by source", "by source"),
    ("set energy ratio", "set"),
    ("minADE", "minADE"),
    ("minFDE", "minFDE"),
    ("CRPS", "CRPS"),
    ("cover50", "50 %"),
    ("cover90", "90 %"),
    ("diversity", "diversity"),
    ("TV ratio", "TV"),
    ("curl ratio", "DivCurl"),
    ("FVMD", "FVMD"),
    ("energy moving", "moving"),
    ("visibility", "visible"),
)


def summary(cases: list[Case], scored: list[Scores], reference: list[Scores]) -> dict[str, Any]:
    """Means in px, and ratios to the reference with a 90 % bootstrap interval over sources."""
    values = [s.values for s in scored]
    names = list(values[0])
    result: dict[str, Any] = {n: float(np.mean([v[n] for v in values if n in v])) for n in names}
    for name in ("TV", "curl"):
        if name in names:
            truth = sum(v[f"{name} truth"] for v in values)
            result[f"{name} ratio"] = sum(v[name] for v in values) / truth
    windows = [s.windows for s in scored if s.windows is not None]
    if windows:
        result["FVMD"] = fvmd.fvmd(*(torch.cat(w) for w in zip(*windows, strict=True)))
    others = sum(s.values["set energy"] for s in reference)
    result["set energy ratio"] = sum(v["set energy"] for v in values) / others
    result |= _energy_ratios(cases, scored, reference)
    if "cover90" in result:
        result["inside 90 %"] = _inside(cases, scored)
    result["clips"] = len(cases)
    return result


def _energy_ratios(
    cases: list[Case], scored: list[Scores], reference: list[Scores]
) -> dict[str, Any]:
    by_source, by_category, by_camera = (defaultdict(list) for _ in range(3))
    for case, own, other in zip(cases, scored, reference, strict=True):
        energies = own.values["energy"], other.values["energy"]
        pair = (max(energies[0], LEAST_ENERGY), max(energies[1], LEAST_ENERGY))
        by_source[case.source].append(pair)
        by_category[case.category].append(pair)
        by_camera[camera_kind(case)].append(pair)
    pairs = [np.array(v) for v in by_source.values()]
    logs = np.array([np.log(p[:, 0] / p[:, 1]).mean() for p in pairs])
    rng = np.random.default_rng(0)
    draws = [rng.choice(len(pairs), len(pairs)) for _ in range(DRAWS)]
    totals = [
        sum(pairs[i][:, 0].sum() for i in d) / sum(pairs[i][:, 1].sum() for i in d) for d in draws
    ]
    logs_drawn = np.quantile([logs[d].mean() for d in draws], [0.05, 0.95])
    return {
        "energy ratio": sum(p[:, 0].sum() for p in pairs) / sum(p[:, 1].sum() for p in pairs),
        "energy ratio by source": float(np.exp(logs.mean())),
        "energy ratio 90%": [float(q) for q in np.quantile(totals, [0.05, 0.95])],
        "by source 90%": [float(q) for q in np.exp(logs_drawn)],
        "by category": _ratios(by_category),
        "by camera": _ratios(by_camera),
        "clips by camera": {name: len(v) for name, v in sorted(by_camera.items())},
        "sources": len(pairs),
    }


def _inside(cases: list[Case], scored: list[Scores]) -> dict[str, float]:
    """Share of the truth inside the 90 % interval, by category."""
    by_category = defaultdict(list)
    for case, row in zip(cases, scored, strict=True):
        by_category[case.category].append(row.values["cover90"])
    return {n: float(np.mean(v)) for n, v in sorted(by_category.items())}


def _ratios(groups: dict[str, list[tuple[float, float]]]) -> dict[str, float]:
    """Of sums, group by group."""
    return {n: sum(p[0] for p in v) / sum(p[1] for p in v) for n, v in sorted(groups.items())}


def sureness(scored: list[Scores], groups: int = 10) -> list[tuple[float, float]]:
    """Whether wide sets are those that err: mean (spread, error) px of tenths of the clips, by
    rising spread. Spread is the mean distance of two futures, error that of a future from the
    truth; where futures are drawn as the truth was, the two are equal."""
    pairs = [(v["diversity"], v["energy"] + v["diversity"] / 2) for v in (s.values for s in scored)]
    parts = np.array_split(np.array(sorted(pairs)), min(groups, len(pairs)))
    return [(float(part[:, 0].mean()), float(part[:, 1].mean())) for part in parts]


def beaten(scored: list[Scores], baselines: dict[str, list[Scores]]) -> dict[str, float]:
    """Share of the clips in which a single baseline has less energy than the forecast."""
    own = np.array([s.values["energy"] for s in scored])
    return {
        name: float((np.array([s.values["energy"] for s in rows]) < own).mean())
        for name, rows in baselines.items()
    }


def print_table(results: dict[str, dict[str, Any]]) -> None:
    print("| forecast | " + " | ".join(label for _, label in COLUMNS) + " |")
    print("|---" * (len(COLUMNS) + 1) + "|")
    for name, r in results.items():
        cells = [f"{r[key]:.3g}" if key in r else "" for key, _ in COLUMNS]
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)
