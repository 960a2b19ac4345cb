"""The table of `foretrack evaluate photo` as text, and as numbers for a report."""

from __future__ import annotations

from typing import Any

import numpy as np

from .cases import PhotoCase
from .evaluate import COUNTS, Row, by_source, geometric_ratio, mean_interval, ratio_interval

SPANS = ("1 s", "5 s")
BINS = (0.0, 0.05, 0.1, 0.2, 0.4, 0.7, 1.01)  # of shares


def summary(cases: list[PhotoCase], rows: dict[str, Row], reference: str) -> dict[str, Any]:
    """Of each row its numbers: means over sources, and ratios of energy scores to the reference's
    with 90 % bootstrap intervals over sources."""
    out: dict[str, Any] = {}
    for name, row in rows.items():
        numbers: dict[str, Any] = {}
        for span in SPANS:
            ours, theirs = row.of(f"energy {span}"), rows[reference].of(f"energy {span}")
            numbers[f"energy {span}"] = mean_interval(cases, ours)[0]
            numbers[f"ratio {span}"] = ratio_interval(cases, ours, theirs)
            points, other = row.of(f"points {span}"), rows[reference].of(f"points {span}")
            numbers[f"points {span}"] = ratio_interval(cases, points, other)
            numbers[f"by source {span}"] = geometric_ratio(cases, ours, theirs)
            for score in ("coverage", "variogram", "spread"):
                numbers[f"{score} {span}"] = mean_interval(cases, row.of(f"{score} {span}"))[0]
            numbers[f"least {span}"] = [
                mean_interval(cases, row.of(f"least of {n} {span}"))[0] for n in COUNTS
            ]
            numbers[f"chosen {span}"] = [
                mean_interval(cases, row.of(f"nearest of {n} chosen {span}"))[0] for n in COUNTS
            ]
        numbers["reliability"] = reliability(row.modes)
        for score in ("axis", "truth's mode", "where", "Parzen", "movers"):
            if score in row.scores and np.isfinite(row.of(score)).any():
                numbers[score] = mean_interval(cases, row.of(score))
        out[name] = numbers
    return out


def reliability(modes: list[tuple[float, bool]]) -> list[tuple[float, float, int]]:
    """By what is said of modes, in `BINS`: the mean share said, how often they happened, and how
    many there were."""
    out = []
    for low, high in zip(BINS, BINS[1:], strict=False):
        inside = [(share, happened) for share, happened in modes if low <= share < high]
        if inside:
            said, happened = np.array(inside, float).mean(0)
            out.append((float(said), float(happened), len(inside)))
    return out


def by_category(cases: list[PhotoCase], ours: Row, theirs: Row, span: str) -> dict[str, float]:
    """Ratio of energy scores by category of clip."""
    out = {}
    for category in sorted({case.category for case in cases}):
        at = [i for i, case in enumerate(cases) if case.category == category]
        some = [cases[i] for i in at]
        a, b = (row.of(f"energy {span}")[at] for row in (ours, theirs))
        out[category] = ratio_interval(some, a, b)[0]
    return out


def print_table(told: dict[str, Any]) -> None:
    """Markdown, a table for each span and one of what is told of a picture alone."""
    for span in SPANS:
        print(f"\n**{span}** (px; energy, ratio to the compact pack on a photo)\n")
        least = " | ".join(f"least of {n}" for n in COUNTS)
        print(
            f"| forecast | energy | ratio | by source | of points | covers | variogram | {least} |"
        )
        print("|" + "---|" * (7 + len(COUNTS)))
        for name, n in told.items():
            ratio, low, high = n[f"ratio {span}"]
            cells = [name, f"{n[f'energy {span}']:.2f}", f"{ratio:.3f} [{low:.3f}, {high:.3f}]"]
            cells += [f"{n[f'by source {span}']:.3f}", f"{n[f'points {span}'][0]:.3f}"]
            cells += [f"{100 * n[f'coverage {span}']:.0f} %"]
            cells += [f"{n[f'variogram {span}']:.3f}", *(f"{v:.2f}" for v in n[f"least {span}"])]
            print("| " + " | ".join(cells) + " |")
    for span in SPANS:
        print(f"\n**{span}**, nearest of n futures chosen of the draws to stand for all, px\n")
        print("| forecast | " + " | ".join(str(n) for n in COUNTS) + " |")
        print("|" + "---|" * (1 + len(COUNTS)))
        for name, n in told.items():
            print(f"| {name} | " + " | ".join(f"{v:.2f}" for v in n[f"chosen {span}"]) + " |")
    told_alone = ("where", "axis", "truth's mode", "movers", "Parzen")
    print("\n| forecast | where, AUROC | main axis | truth's mode | two movers | Parzen NLL |")
    print("|---|---|---|---|---|---|")
    for name, n in told.items():
        cells = [_interval(n.get(score)) for score in told_alone]
        print(f"| {name} | " + " | ".join(cells) + " |")


def print_reliability(numbers: list[tuple[float, float, int]]) -> None:
    """Markdown: how often modes of a share happened."""
    print("\n| share said of modes | happened | modes |\n|---|---|---|")
    for said, happened, count in numbers:
        print(f"| {100 * said:.0f} % | {100 * happened:.0f} % | {count} |")


def _interval(value: tuple[float, float, float] | None) -> str:
    if value is None:
        return ""
    digits = 0 if abs(value[0]) > 100 else 3
    return f"{value[0]:.{digits}f} [{value[1]:.{digits}f}, {value[2]:.{digits}f}]"


def sources(cases: list[PhotoCase]) -> int:
    return len(by_source(cases, np.zeros(len(cases))))
