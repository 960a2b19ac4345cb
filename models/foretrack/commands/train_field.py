"""Training of the track-to-space network, on scenes made as needed.

    foretrack train field --run RUN --minutes 60

Resumes from RUN/last and writes RUN/field.pt, which `foretrack evaluate field` takes.
"""

from __future__ import annotations

import argparse
import sys

import torch

from ..common import settings as shared
from ..field.checkpoint import save
from ..field.train import Settings, train_field


def add_arguments(parser: argparse.ArgumentParser) -> None:
    shared.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    torch.set_num_threads(1)
    try:
        config = shared.run_config(Settings, args)
    except shared.SettingsError as error:
        print(f"Cannot train: {error}", file=sys.stderr)
        return 1
    shared.write_config(args.run / "field.toml", config)
    network = train_field(args.run, config.budget, config.settings)
    record = {"settings": vars(config.settings), "budget": vars(config.budget)}
    save(network, args.run / "field.pt", record)
    print(f"{args.run / 'field.pt'}", flush=True)
    return 0
