"""Training of the compact model.

    foretrack train vae  --pool DIR [--tracks DIR] --run DIR
    foretrack train flow --pool DIR [--tracks DIR | --dataset TARGET] --run DIR --minutes 60
    foretrack train visibility --pool DIR --tracks DIR --run DIR --from CHECKPOINT

`vae` fits the latent statistics. `flow` takes its first share of time for flow matching on the
straight path from scenario to truth and the rest on policy: the sampler is rolled to a random step
without gradient and the futures reached from there are scored with proper scores. `visibility`
trains the head that tells what is hidden, alone: every future stays as it was. `flow` and
`visibility` resume from RUN/last.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..common import checkpoints
from ..common import settings as shared
from ..common.cases import load_cases
from ..common.machine import from_arguments
from ..common.pool import NoScenesError
from ..common.real_tracks import NoTracksError
from ..common.track_files import TrackFiles, TrackTarget
from ..compact.settings import Settings
from ..compact.train import fit_vae, train_flow, train_visibility
from ..compact.training_data import Data
from ..dataset import DatasetError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("stage", choices=["vae", "flow", "visibility"])
    parser.add_argument("--pool", type=Path, required=True)
    real = parser.add_mutually_exclusive_group()
    real.add_argument("--tracks", type=Path, help="a folder of npm run tracks")
    real.add_argument("--dataset", metavar="TARGET", help="of foretrack batch, with its tracks")
    parser.add_argument("--split", default="train", help="of the dataset; all: every clip")
    parser.add_argument("--patches", type=Path, help="of foretrack patches, for video=true")
    parser.add_argument(
        "--validate",
        nargs=2,
        type=Path,
        metavar=("CLIPS", "TRACKS"),
        help="prints a line on every sixth clip of the validation split as training goes",
    )
    shared.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    try:
        config = shared.run_config(Settings, args)
        _train(args, config)
    except (shared.SettingsError, DatasetError, NoScenesError, NoTracksError) as error:
        print(f"Cannot train: {error}", file=sys.stderr)
        return 1
    return 0


def _tracks(args: argparse.Namespace) -> Path | TrackFiles | None:
    if args.dataset is None:
        return args.tracks
    return TrackTarget(args.dataset, None if args.split == "all" else args.split)


def _train(args: argparse.Namespace, config: shared.RunConfig[Settings]) -> None:
    settings, budget = config.settings, config.budget
    with from_arguments(args) as machine:
        if machine.first:
            shared.write_config(args.run / f"{args.stage}.toml", config)
        data = Data(args.pool, _tracks(args), settings, args.patches, machine.device)
        if args.stage == "vae":
            if machine.first:
                fit_vae(data, args.run, settings)
            return
        if args.stage == "visibility":
            train_visibility(data, args.run, budget, settings, args.start_from, machine)
            return
        begun = checkpoints.find(args.run / "last") or (args.run / "vae.pt").exists()
        if not begun:
            raise shared.SettingsError(
                f"{args.run} holds no vae.pt: run foretrack train vae with the same --run first"
            )
        cases = []
        if args.validate and machine.first:
            clips, tracks = args.validate
            cases = load_cases(clips, tracks, "16")[::6]
        train_flow(data, args.run, budget, settings, args.start_from, cases, machine)
