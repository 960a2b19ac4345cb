"""Pictures around the points of tracks files.

foretrack patches --clips CLIPS --tracks TRACKS --out PATCHES
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from ..compact.patches import frame_at, patches


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--tracks", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)


def run(args: argparse.Namespace) -> None:
    args.out.mkdir(parents=True, exist_ok=True)
    clips = {path.stem: path for path in args.clips.rglob("*.mp4")}
    for path in sorted(args.tracks.glob("*.npz")):
        data = np.load(path)
        picture = frame_at(clips[path.stem.split("__")[0]], float(data["now_secs"]))
        np.save(args.out / f"{path.stem}.npy", patches(picture, data["query_xy_n2"]))
