"""A checkpoint of the compact model as a pack:

foretrack export --checkpoint RUN/last --out ../public/packs/compact --record RECORD.json
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ..compact.export import export_pack

GRAPHS = ("condition", "source", "velocity", "decode")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=1, help="of the solver, by default")
    parser.add_argument(
        "--graphs",
        nargs="*",
        default=[],
        choices=GRAPHS,
        help="these alone, into the pack that is there: `decode` after the stage visibility",
    )
    parser.add_argument("--record", type=Path, help="JSON of the training record")


def run(args: argparse.Namespace) -> None:
    record = json.loads(args.record.read_text()) if args.record else {}
    export_pack(args.checkpoint, args.out, record, args.steps, args.graphs)
