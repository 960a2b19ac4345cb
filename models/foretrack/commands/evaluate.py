"""Scores of checkpoints beside baselines and the scenario ensemble, on clips never trained on.

foretrack evaluate --clips CLIPS --tracks TRACKS --checkpoint RUN/last --rate native 16
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from ..common import baselines
from ..common.baselines import ensemble
from ..common.cases import HELD_OUT_SEED, add_split, load_cases, procedural_cases
from ..common.evaluate import rows
from ..common.summary import beaten, print_table, summary, sureness
from ..compact.forecaster import forecaster
from ..compact.trained import load_model


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--tracks", type=Path)
    add_split(parser)
    parser.add_argument("--checkpoint", type=Path, action="append", default=[])
    parser.add_argument("--rate", nargs="*", default=["native", "16"])
    parser.add_argument("--futures", type=int, default=8)
    parser.add_argument("--steps", type=int, nargs="*", default=[4])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--patches", type=Path, help="of foretrack patches, for models that see")
    parser.add_argument("--every", type=int, default=1, help="take every n-th clip")
    parser.add_argument("--scenes", type=int, default=100)
    parser.add_argument("--scene-seed", type=int, default=HELD_OUT_SEED)
    parser.add_argument("--baselines", action="store_true")
    parser.add_argument("--photo", action="store_true")
    parser.add_argument(
        "--independent",
        action="store_true",
        help="draw every future on its own; the studio spreads the decays over a set",
    )
    parser.add_argument("--out", type=Path)


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    report = {}
    for rate in args.rate:
        if rate == "procedural":
            cases = procedural_cases(args.scenes, args.scene_seed)
        else:
            cases = load_cases(
                args.clips,
                args.tracks,
                rate,
                patches=args.patches,
                split=args.split,
                folder=args.truth,
            )[:: args.every]
        if args.photo:
            cases = [case.photo() for case in cases]
        reference = rows(cases, ensemble(args.independent), args.futures, args.repeats, 1)
        simple = {}
        if args.baselines:
            simple = {n: rows(cases, method, 1, 1, 1) for n, method in baselines.ALL.items()}
        results = {name: summary(cases, scored, reference) for name, scored in simple.items()}
        results["scenario ensemble"] = summary(cases, reference, reference)
        for checkpoint in args.checkpoint:
            for steps in args.steps:
                method = forecaster(*load_model(checkpoint), steps, args.independent)
                scored = rows(cases, method, args.futures, args.repeats, 1)
                name = f"{checkpoint.parent.name}, {steps} steps"
                results[name] = summary(cases, scored, reference)
                results[name] |= {"sureness": sureness(scored), "beaten by": beaten(scored, simple)}
                if len({case.source for case in cases}) > 1:
                    another = baselines.told_of_another(method, cases)
                    scored = rows(cases, another, args.futures, 1, 1)
                    results[f"{name}, told of another clip"] = summary(cases, scored, reference)
        print(f"\n{rate}, K = {args.futures}, {len(cases)} clips" + " (photo)" * args.photo)
        print_table(results)
        for name, r in results.items():
            if "steps" in name:
                print(
                    name,
                    "total",
                    np.round(r["energy ratio 90%"], 3),
                    "by source",
                    np.round(r["by source 90%"], 3),
                )
                for group in ("by category", "by camera", "inside 90 %", "beaten by"):
                    if group in r:  # few draws tell no interval
                        print(group, {c: round(v, 3) for c, v in r[group].items()})
                if "sureness" in r:
                    tenths = ", ".join(f"{a:.1f} / {b:.1f}" for a, b in r["sureness"])
                    print(f"spread / error, px, by tenths: {tenths}", flush=True)
        report[rate] = results
    if args.out:
        args.out.write_text(json.dumps(report, indent=1))
