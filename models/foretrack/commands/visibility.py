"""How well visibility is forecast: by third of the horizon and by length of the history.

    foretrack visibility --clips CLIPS --tracks TRACKS --checkpoint RUN/last

`--rate procedural` takes held-out scenes, whose visibility is exactly known; that of a clip is what
a tracker says. Several checkpoints must differ in the visibility head alone: the futures are drawn
once, by the first of them. Brackets: 90 % bootstrap over sources.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from ..common.cases import load_cases, procedural_cases
from ..common.geometry import HISTORY
from ..compact.trained import load_model
from ..compact.visibility import COLUMNS, measure


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--tracks", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, action="append", required=True)
    parser.add_argument("--rate", nargs="*", default=["native", "16"])
    parser.add_argument("--scenes", type=int, default=60, help="of the rate `procedural`")
    parser.add_argument(
        "--history",
        type=int,
        nargs="*",
        default=[9, 17, 25, 41, 57, HISTORY],
        help="frames, 0 for all; only of clips that have the longest",
    )
    parser.add_argument("--futures", type=int, default=2)
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--every", type=int, default=1, help="take every n-th clip")
    parser.add_argument("--out", type=Path)


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    models = {path.parent.name: load_model(path)[0] for path in args.checkpoint}
    report = {}
    for rate in args.rate:
        if rate == "procedural":
            cases = procedural_cases(args.scenes)
        else:
            cases = load_cases(args.clips, args.tracks, rate)[:: args.every]
        cases = [case for case in cases if len(case.history) >= max(args.history)]
        for length in args.history:
            rows = measure(models, cases, length, args.futures, args.steps)
            print(f"\n{rate}, {length or 'all'} frames of history, {len(cases)} clips")
            print_table(rows)
            report[f"{rate}, {length}"] = rows
    if args.out:
        args.out.write_text(json.dumps(report, indent=1))


def print_table(rows: dict[str, dict]) -> None:
    print("| forecast | " + " | ".join(COLUMNS) + " |")
    print("|---" * (len(COLUMNS) + 1) + "|")
    for name, row in rows.items():
        cells = []
        for column in COLUMNS:
            value = row.get(column)
            low, high = value["90%"] if value else (0, 0)
            cells.append(f"{value['mean']:.3f} [{low:.3f}, {high:.3f}]" if value else "")
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)
