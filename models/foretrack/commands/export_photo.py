"""A trained photo model as a pack:

foretrack export photo --checkpoint RUN/photo.pt --out ../public/packs/photo --record RECORD.json
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ..photo.export import export_pack, load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--record", type=Path, help="JSON of the training record")


def run(args: argparse.Namespace) -> None:
    trained, record = load(args.checkpoint)
    told = json.loads(args.record.read_text()) if args.record else {}
    export_pack(trained, args.out, {**told, **record})
