"""From clips to a pack in one command:

    foretrack recipe --clips CLIPS --work WORK --out PACK

What is done is not done again, an interrupted stage goes on. `--scale 0.01` runs every stage at a
hundredth of its size, as a trial.
"""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path

from ..compact.recipe import ROOT, stages


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--scale", type=float, default=1.0)


def run(args: argparse.Namespace) -> None:
    clips, work, out = (path.resolve() for path in (args.clips, args.work, args.out))
    for command in stages(clips, work, out, args.scale):
        print("$", " ".join(command[:6]), "…", flush=True)
        where = ROOT if command[0] == "npm" else ROOT / "models"
        subprocess.run(command, cwd=where, check=True)
