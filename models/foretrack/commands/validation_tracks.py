"""The histories that `evaluate` forecasts from: validation clips tracked by the studio's own
tracker up to the "now" of their truth.

    foretrack validation-tracks --clips CLIPS --out TRACKS/validation

CLIPS holds `manifest.csv`, the clips and `truth/<clip>.npz`. Files that exist are kept.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[3]


def commands(clips: Path, out: Path) -> list[list[str]]:
    """One for each validation clip that has a truth and no tracks yet."""
    wanted = []
    for row in csv.DictReader((clips / "manifest.csv").open()):
        clip = clips / row["file"]
        truth = clips / "truth" / f"{clip.stem}.npz"
        if row["split"] != "validation" or not truth.exists():
            continue
        known = np.load(truth)
        now = int(known["now_index"])
        if not (out / f"{clip.stem}__{now}.npz").exists():
            at = ["--now", f"{now / float(known['fps']):.6f}", "--future", "1"]
            wanted.append(["npm", "run", "tracks", "--", str(clip), "--out", str(out), *at])
    return wanted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)


def run(args: argparse.Namespace) -> None:
    for command in commands(args.clips.resolve(), args.out.resolve()):
        subprocess.run(command, cwd=ROOT, check=True)
