"""The weights of a compact or field pack as a checkpoint, to train or measure on from what ships.

foretrack from-pack --pack ../public/packs/compact --out RUN/start.pt
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import torch

from ..common.pack_files import ForeignPackError
from ..compact.config import SIZES
from ..compact.from_pack import weights_of
from ..field.checkpoint import save
from ..field.from_pack import network_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)


def run(args: argparse.Namespace) -> None:
    args.out.parent.mkdir(parents=True, exist_ok=True)
    manifest = json.loads((args.pack / "manifest.json").read_text())
    if manifest.get("kind") == "field":
        network, record = network_of(args.pack)
        save(network, args.out, record)
        count = sum(w.numel() for w in network.state_dict().values())
        print(f"{count} numbers of {args.pack.name}")
        return
    weights, config = weights_of(args.pack)
    sizes = {name: asdict(c) | {"source_noise": config.source_noise} for name, c in SIZES.items()}
    size = next((name for name, known in sizes.items() if known == asdict(config)), None)
    if size is None:
        raise ForeignPackError(f"{args.pack.name} has none of the sizes {', '.join(SIZES)}.")
    torch.save({"ema": weights, "settings": {"size": size}}, args.out)
    print(f"{sum(w.numel() for w in weights.values())} numbers of {args.pack.name}, size {size}")
