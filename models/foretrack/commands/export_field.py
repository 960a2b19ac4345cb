"""A trained track-to-space network as a pack:

foretrack export field --checkpoint RUN/field.pt --out ../public/packs/field
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ..field.checkpoint import load
from ..field.export import export_pack


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)


def run(args: argparse.Namespace) -> None:
    network, record = load(args.checkpoint)
    export_pack(network, args.out, record)
