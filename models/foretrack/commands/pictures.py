"""Pictures of forecasts, one row a clip: the truth, two futures, all eight over each other.

    foretrack pictures --clips CLIPS --tracks TRACKS --checkpoint RUN/last \\
        --case CLIP --case CLIP --out FILE.png
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

from ..common.cases import load_cases
from ..compact.forecaster import forecaster
from ..compact.pictures import GAP, row
from ..compact.trained import load_model
from ..scenes.render import write_picture


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--tracks", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--case", action="append", required=True, help="stem of a validation clip")
    parser.add_argument("--rate", default="16")
    parser.add_argument("--out", type=Path, required=True)


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    cases = {c.clip: c for c in load_cases(args.clips, args.tracks, args.rate)}
    forecast = forecaster(*load_model(args.checkpoint), 4)
    rows = []
    for name in args.case:
        case = cases[name]
        futures = forecast(case, 8, torch.Generator().manual_seed(1)).tracks
        rows += [row(case, futures)]
        rows += [np.zeros((GAP, rows[-1].shape[1], 3), np.uint8)]
    write_picture(np.concatenate(rows[:-1]), args.out)
