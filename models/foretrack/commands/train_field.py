"""Training of the track-to-space network, on scenes made as needed.

    foretrack train field --run RUN --minutes 60

Resumes from RUN/last and writes RUN/field.pt, which `foretrack evaluate field` takes. With
`--tracks` tracks of real clips have to be met besides, without any truth (field/reprojection.py);
`--from` begins with the weights of a RUN/field.pt, or of a pack by `foretrack from-pack`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from ..common import settings as shared
from ..field.checkpoint import load, save
from ..field.train import Settings, train_field


def add_arguments(parser: argparse.ArgumentParser) -> None:
    shared.add_arguments(parser)
    parser.add_argument("--tracks", type=Path, help="a folder of npm run tracks: training clips")


def run(args: argparse.Namespace) -> int:
    torch.set_num_threads(1)
    try:
        config = shared.run_config(Settings, args)
    except shared.SettingsError as error:
        print(f"Cannot train: {error}", file=sys.stderr)
        return 1
    shared.write_config(args.run / "field.toml", config)
    start, begun = load(args.start_from) if args.start_from else (None, None)
    network = train_field(args.run, config.budget, config.settings, args.tracks, start)
    record = {"settings": vars(config.settings), "budget": vars(config.budget)}
    if begun is not None:
        record["begun_with"] = begun
    save(network, args.run / "field.pt", record)
    print(f"{args.run / 'field.pt'}", flush=True)
    return 0
