"""Steering by constraints, measured.

foretrack steering --clips CLIPS --tracks TRACKS --checkpoint RUN/last
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from ..common.cases import load_cases
from ..compact.steering import COUNTS, errors
from ..compact.trained import load_model


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--tracks", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--rate", default="16")


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    model, _ = load_model(args.checkpoint)
    cases = load_cases(args.clips, args.tracks, args.rate)
    print(f"{len(cases)} clips at {args.rate}: mean error of a future, px, free -> steered")
    for count in COUNTS:
        rows = torch.tensor([errors(model, case, count, i) for i, case in enumerate(cases)])
        own, others = rows.mean(0).tolist()
        print(
            f"{count} constrained: they {own[0]:.1f} -> {own[1]:.1f}, "
            f"the others {others[0]:.1f} -> {others[1]:.1f}",
            flush=True,
        )
