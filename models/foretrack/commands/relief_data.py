"""What the relief model trains on: rendered scenes, and pictures of clips whose tracks tell depth.

    npx tsx src/cli/reliefs.ts TRACKS --out RELIEFS
    foretrack relief-data --clips CLIPS --reliefs RELIEFS --scenes 300 --out DATA

Writes DATA/scene-SEED-I.npz and DATA/CLIP__FRAME.npz. Files that exist are kept. Clips of other
splits than `--split` are left out.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np
import torch

from ..photo.tower import load_tower
from ..relief.make_data import rendered_sights, taught_sight, views_of, write_views

PICTURES_A_SCENE = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clips", type=Path, help="folder with manifest.csv")
    parser.add_argument("--reliefs", type=Path, help="of src/cli/reliefs.ts, native rate")
    parser.add_argument("--split", default="train")
    parser.add_argument("--scenes", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="seed of the first scene")
    parser.add_argument("--out", type=Path, required=True)


def run(args: argparse.Namespace) -> None:
    if args.reliefs and not args.clips:
        raise SystemExit("--reliefs needs --clips, the folder with the clips' manifest.csv")
    torch.set_num_threads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    tower = load_tower()
    if args.reliefs:
        files = {
            Path(row["file"]).stem: args.clips / row["file"]
            for row in csv.DictReader((args.clips / "manifest.csv").open())
            if row["split"] == args.split
        }
        for relief in sorted(args.reliefs.glob("*.npz")):
            stem, _, frame = relief.stem.rpartition("__")
            path = args.out / relief.name
            if stem not in files or path.exists():
                continue
            sight = taught_sight(files[stem], int(frame), relief)
            if sight:
                rng = np.random.default_rng(list(relief.stem.encode()))
                write_views(views_of(sight, rng), tower, path)
            print(relief.stem, "taught" if sight else "tells too little", flush=True)
    for seed in range(args.first, args.first + args.scenes):
        paths = [args.out / f"scene-{seed:05d}-{i}.npz" for i in range(PICTURES_A_SCENE)]
        if all(path.exists() for path in paths):
            continue
        for i, sight in enumerate(rendered_sights(seed, PICTURES_A_SCENE)):
            rng = np.random.default_rng((seed, i))
            write_views(views_of(sight, rng), tower, paths[i])
        print(f"scene {seed}", flush=True)
