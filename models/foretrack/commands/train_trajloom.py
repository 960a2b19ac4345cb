"""Training of the published architecture, stage by stage into one folder.

    foretrack train-trajloom STAGE --size full --run RUN --minutes 60
        [--tracks DIR [--video DIR]] [--validate DIR]

`vae` comes first and leaves the latent's statistics; `flow` is visibility-weighted flow matching;
`policy` goes on from it with on-policy steps and endpoint consistency; `distil` teaches steps of
twice the length; `visibility` trains the head. Each stage resumes from RUN/STAGE and ends by
writing its network under the published name, which is what the next stage and
`foretrack convert --trajloom RUN --out PACK` read.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..common import settings as shared
from ..common.machine import from_arguments
from ..trajloom.config import SIZES
from ..trajloom.sources import RealFolders
from ..trajloom.train import EXPECTED, STAGES, Settings, Trainer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument("--size", choices=list(SIZES), default="full")
    parser.add_argument("--tracks", type=Path, help="real tracks from their first frame on")
    parser.add_argument("--video", type=Path, help="their video latents, of encode-video")
    parser.add_argument("--validate", type=Path, help="real tracks that are only validated by")
    shared.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    try:
        config = shared.run_config(Settings, args)
        with from_arguments(args) as machine:
            if machine.first:
                shared.write_config(args.run / f"{args.stage}.toml", config)
            trainer = Trainer(
                SIZES[args.size],
                args.run,
                config.settings,
                config.budget,
                machine,
                RealFolders(args.tracks, args.video, args.validate),
                args.start_from,
            )
            getattr(trainer, args.stage)()
    except (*EXPECTED, shared.SettingsError) as error:
        print(f"Cannot train: {error}", file=sys.stderr)
        return 1
    return 0
