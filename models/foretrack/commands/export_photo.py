"""A trained photo model as a pack:

foretrack export photo --checkpoint RUN/photo.pt --out ../public/packs/photo --record RECORD.json

With --blind BLIND/photo.pt and --regressor REGRESSOR/photo.pt, trained on the same data, the studio
shows these beside the model where what followed a picture is known.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from ..photo.export import Rivals, Trained, export_pack, load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--record", type=Path, help="JSON of the training record")
    parser.add_argument("--blind", type=Path, help="checkpoint of the blind prior")
    parser.add_argument("--regressor", type=Path, help="checkpoint of the regressor")


def run(args: argparse.Namespace) -> None:
    trained, record = load(args.checkpoint)
    told = json.loads(args.record.read_text()) if args.record else {}
    export_pack(trained, args.out, {**told, **record}, rivals=_rivals(args, trained))


def _rivals(args: argparse.Namespace, trained: Trained) -> Rivals | None:
    if not args.blind and not args.regressor:
        return None
    if not args.blind or not args.regressor:
        raise SystemExit("--blind and --regressor go into a pack together: give both or neither")
    blind, regressor = load(args.blind)[0], load(args.regressor)[0]
    if not torch.equal(regressor.projection.matrix, trained.projection.matrix):
        raise SystemExit(f"{args.regressor} was trained on other data: train it on the same")
    return Rivals(blind.model, regressor.model)
