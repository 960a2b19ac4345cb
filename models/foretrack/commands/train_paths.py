"""Training of the camera and the curves that a track-to-space network tells beside depth.

    foretrack train paths --run RUN --from START.pt --tracks TRACKS --minutes 30

`--from`: a trained network of depth, of `foretrack train field` or of a pack by `foretrack
from-pack`; what it tells stays as it is, and heads that it has are trained on. With `--tracks`
tracks of real clips have to be met besides, without any truth (field/train_paths.py). Resumes from
RUN/last and writes RUN/field.pt, for `foretrack evaluate paths` and `foretrack export field`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from ..common import settings as shared
from ..field.checkpoint import load_any, save
from ..field.train_paths import Settings, train_paths


def add_arguments(parser: argparse.ArgumentParser) -> None:
    shared.add_arguments(parser)
    parser.add_argument("--tracks", type=Path, help="a folder of npm run tracks: training clips")


def run(args: argparse.Namespace) -> int:
    torch.set_num_threads(1)
    if not args.start_from:
        print("Cannot train: --from names no network of depth", file=sys.stderr)
        return 1
    try:
        config = shared.run_config(Settings, args)
    except shared.SettingsError as error:
        print(f"Cannot train: {error}", file=sys.stderr)
        return 1
    shared.write_config(args.run / "paths.toml", config)
    start, begun = load_any(args.start_from)
    network = train_paths(args.run, config.budget, config.settings, start, args.tracks)
    record = {"settings": vars(config.settings), "budget": vars(config.budget), "begun_with": begun}
    save(network, args.run / "field.pt", record)
    print(f"{args.run / 'field.pt'}", flush=True)
    return 0
