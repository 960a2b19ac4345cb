"""How far procedural scenes can be forecast at all: foretrack oracle --scenes 60"""

from __future__ import annotations

import argparse

from ..common import evaluate
from ..scenes.oracle import KNOWING


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--scenes", type=int, default=60)
    parser.add_argument("--scene-seed", type=int, default=evaluate.HELD_OUT_SEED)
    parser.add_argument("--futures", type=int, default=8)


def run(args: argparse.Namespace) -> None:
    cases = evaluate.procedural_cases(args.scenes, args.scene_seed)
    reference = evaluate.rows(cases, evaluate.ensemble(), args.futures, 1, 1)
    results = {}
    for name, method in KNOWING.items():
        scored = evaluate.rows(cases, method, args.futures, 2, 1)
        results[name] = evaluate.summary(cases, scored, reference)
    evaluate.print_table(results)
