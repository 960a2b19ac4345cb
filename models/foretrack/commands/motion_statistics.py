"""How cameras and bodies move in real clips and in procedural scenes, general and everyday, side by
side.

    foretrack motion-statistics --tracks TRACKS --scenes 200

TRACKS is a folder of `npm run tracks`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from ..common.cases import HELD_OUT_SEED, Case, procedural_cases
from ..common.track_files import TrackFolder
from ..scenes.procedural.scene import make_scene
from ..scenes.procedural.themes import make_everyday_scene
from ..scenes.statistics import quantiles, statistics


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tracks", type=Path, required=True)
    parser.add_argument("--scenes", type=int, default=200)
    parser.add_argument("--scene-seed", type=int, default=HELD_OUT_SEED)


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    folder = TrackFolder(args.tracks)
    sides = {"real": [_of_file(folder, name) for name in folder.names()]}
    for kind, make in (("general", make_scene), ("everyday", make_everyday_scene)):
        sides[kind] = [_of_case(c) for c in procedural_cases(args.scenes, args.scene_seed, make)]
    told = {kind: [scene for scene in scenes if scene] for kind, scenes in sides.items()}
    tables = {kind: quantiles(scenes) for kind, scenes in told.items()}
    heads = [f"{kind}, {len(scenes)}" for kind, scenes in told.items()]
    print(f"| lower quartile / median / upper quartile | {' | '.join(heads)} |")
    print("|---" * (1 + len(heads)) + "|")
    for name in tables["real"]:
        cells = (" / ".join(f"{x:.3g}" for x in table[name]) for table in tables.values())
        print(f"| {name} | {' | '.join(cells)} |")


def _of_case(case: Case) -> dict[str, float] | None:
    seen = torch.cat([case.seen > 0, case.mask])
    return statistics(torch.cat([case.history, case.truth]), seen, case.interval)


def _of_file(folder: TrackFolder, name: str) -> dict[str, float] | None:
    file = folder.read(name)
    tracks, seen = (
        torch.cat([torch.from_numpy(file[f"{when}_{what}"]) for when in ("history", "future")])
        for what in ("tracks_tn2", "visibility_tn")
    )
    return statistics(tracks.float(), seen > 0, 1 / float(file["fps"]))
