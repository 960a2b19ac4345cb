"""How far procedural scenes can be forecast at all: foretrack oracle --scenes 60"""

from __future__ import annotations

import argparse

from ..common.baselines import ensemble
from ..common.cases import HELD_OUT_SEED, procedural_cases
from ..common.evaluate import rows
from ..common.summary import print_table, summary
from ..scenes.oracle import KNOWING


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--scenes", type=int, default=60)
    parser.add_argument("--scene-seed", type=int, default=HELD_OUT_SEED)
    parser.add_argument("--futures", type=int, default=8)


def run(args: argparse.Namespace) -> None:
    cases = procedural_cases(args.scenes, args.scene_seed)
    reference = rows(cases, ensemble(), args.futures, 1, 1)
    results = {}
    for name, method in KNOWING.items():
        scored = rows(cases, method, args.futures, 2, 1)
        results[name] = summary(cases, scored, reference)
    print_table(results)
