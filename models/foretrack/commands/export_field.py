"""A trained track-to-space network as a pack:

    foretrack export field --checkpoint RUN/field.pt --out ../public/packs/field

What the manifest tells of the training is the run's own record, and that of `--record`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ..field.checkpoint import load_any
from ..field.export import export_pack


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--record", type=Path, help="JSON of what is to be told of the training")
    parser.add_argument("--out", type=Path, required=True)


def run(args: argparse.Namespace) -> None:
    network, record = load_any(args.checkpoint)
    told = json.loads(args.record.read_text()) if args.record else {}
    export_pack(network, args.out, {**record, **told})
