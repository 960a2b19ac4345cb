"""The histories that `evaluate` forecasts from: clips tracked by the studio's own tracker up to the
"now" of their truth.

    foretrack validation-tracks --clips CLIPS --out TRACKS/validation
    foretrack validation-tracks --clips CLIPS --split train --truth TRUTH --out TRACKS/held-out

CLIPS holds `manifest.csv`, the clips and `truth/<clip>.npz`; `--truth` names another folder of
truths, and only clips that have one there are tracked. Files that exist are kept.
"""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path

import numpy as np

from ..common.cases import add_split, truths

ROOT = Path(__file__).resolve().parents[3]


def commands(
    clips: Path, out: Path, split: str = "validation", folder: Path | None = None
) -> list[list[str]]:
    """One for each clip of the split that has a truth and no tracks yet."""
    wanted = []
    for row, truth in truths(clips, split, folder):
        clip = clips / row["file"]
        known = np.load(truth)
        now = int(known["now_index"])
        if not (out / f"{clip.stem}__{now}.npz").exists():
            at = ["--now", f"{now / float(known['fps']):.6f}", "--future", "1"]
            wanted.append(["npm", "run", "tracks", "--", str(clip), "--out", str(out), *at])
    return wanted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    add_split(parser)


def run(args: argparse.Namespace) -> None:
    found = commands(args.clips.resolve(), args.out.resolve(), args.split, args.truth)
    for command in found:
        subprocess.run(command, cwd=ROOT, check=True)
