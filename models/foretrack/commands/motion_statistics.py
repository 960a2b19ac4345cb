"""How cameras and bodies move in real clips and in procedural scenes, side by side.

    foretrack motion-statistics --tracks TRACKS --scenes 200

TRACKS is a folder of `npm run tracks`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from ..common.cases import HELD_OUT_SEED, procedural_cases
from ..common.track_files import TrackFolder
from ..scenes.statistics import quantiles, statistics


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tracks", type=Path, required=True)
    parser.add_argument("--scenes", type=int, default=200)
    parser.add_argument("--scene-seed", type=int, default=HELD_OUT_SEED)


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    real = [_of_file(TrackFolder(args.tracks), name) for name in TrackFolder(args.tracks).names()]
    made = [
        statistics(
            torch.cat([case.history, case.truth]),
            torch.cat([case.seen > 0, case.mask]),
            case.interval,
        )
        for case in procedural_cases(args.scenes, args.scene_seed)
    ]
    sides = [quantiles([scene for scene in side if scene]) for side in (real, made)]
    counts = [sum(scene is not None for scene in side) for side in (real, made)]
    print(f"| lower quartile / median / upper quartile | real, {counts[0]} | made, {counts[1]} |")
    print("|---|---|---|")
    for name in sides[0]:
        cells = [" / ".join(f"{value:.3g}" for value in side[name]) for side in sides]
        print(f"| {name} | {' | '.join(cells)} |")


def _of_file(folder: TrackFolder, name: str) -> dict[str, float] | None:
    file = folder.read(name)
    tracks, seen = (
        torch.cat([torch.from_numpy(file[f"{when}_{what}"]) for when in ("history", "future")])
        for what in ("tracks_tn2", "visibility_tn")
    )
    return statistics(tracks.float(), seen > 0, 1 / float(file["fps"]))
