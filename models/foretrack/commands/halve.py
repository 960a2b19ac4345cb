"""A compact pack in float32 with its large matrices in half precision, as an export stores them:

foretrack halve --pack PACK
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ..compact.export import halve_pack


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--pack", type=Path, required=True, help="is changed in place")


def run(args: argparse.Namespace) -> None:
    halve_pack(args.pack)
