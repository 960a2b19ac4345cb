"""Scores of cameras and of movers' ways, in one forward pass, beside a camera that only turns and
the adjustment alone and with the network, by parallax.

    foretrack evaluate paths --checkpoint RUN/field.pt --count 3 --out DIR

Scenes and options are those of `foretrack evaluate field`. A row that tells nothing of a scene
counts as a camera that turns, and points that stay.
"""

from __future__ import annotations

import argparse
import json

import numpy as np
import torch

from ..field import evaluate as ev
from ..field import evaluate_paths as paths
from ..field.checkpoint import load_any
from ..field.export import in_half_steps
from ..field.paths import PathNetwork
from .evaluate_field import add_arguments as add_field_arguments
from .evaluate_field import ask_studio

SCORES = {
    "degrees": "turned, °",
    "heading": "heading, °",
    "places": "places, of the way",
    "movers_px": "movers, px",
    "still_px": "still, px",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_field_arguments(parser)


def run(args: argparse.Namespace) -> int:
    torch.set_num_threads(1)
    network = load_any(args.checkpoint)[0]
    if not isinstance(network, PathNetwork):
        print("The checkpoint tells depth alone: train it by `foretrack train paths`")
        return 1
    network = in_half_steps(network)
    cases = ev.read_cases(args.made) if args.made else ev.draw_cases(args.count, args.seed)
    guesses = [ev.ask_network(network.trunk, case) for case in cases]
    passes = [paths.one_pass(network, case) for case in cases]
    told = ask_studio(args, cases, guesses, [paths.told_beside(p) for p in passes])
    scores: dict[str, list[dict[str, float]]] = {row: [] for row in paths.ROWS}
    for case, own_pass in zip(cases, passes, strict=True):
        if case.truth is None:
            raise SystemExit(
                f"{case.name} has no cameras: write it by src/cli/made-scenes.ts again"
            )
        file = told / f"{case.name}.npz"
        answers = (
            paths.turning(case),
            paths.read_path(file, "alone", case),
            own_pass,
            paths.read_path(file, "started", case),
        )
        for row, answer in zip(paths.ROWS, answers, strict=True):
            own = paths.score(case, case.truth, answer)
            scores[row].append({"px": case.parallax_px, **own})
    (args.out / "paths.json").write_text(json.dumps(scores, indent=1) + "\n")
    print_table(scores)
    return 0


def print_table(scores: dict[str, list[dict[str, float]]]) -> None:
    for px in ev.CLASSES_PX:
        rows = {row: [s for s in all_ if s["px"] == px] for row, all_ in scores.items()}
        if not any(rows.values()):
            continue
        gone = np.median([s["gone_px"] for s in rows[paths.ROWS[0]]])
        print(f"\n{px:g} px; movers go {gone:.1f} px")
        print(f"| row | told | {' | '.join(SCORES.values())} |")
        print(f"|---|--:|{'--:|' * len(SCORES)}")
        for row, own in rows.items():
            cells = []
            for name in SCORES:
                median, low, high = ev.median_interval(np.array([s[name] for s in own]))
                cells.append(f"{median:.3g} [{low:.3g}, {high:.3g}]")
            told = int(sum(s["told"] for s in own))
            print(f"| {row} | {told} of {len(own)} | {' | '.join(cells)} |")
