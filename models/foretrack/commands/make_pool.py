"""Procedural scenes for training: foretrack make-pool --out DIR --shards N"""

from __future__ import annotations

import argparse
from pathlib import Path

from ..common.pool import write_pool
from ..common.ranges import Count, Share, number


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shards", type=number(Count), default=20)
    parser.add_argument("--scenes", type=number(Count), default=1000, help="of a shard")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--themed",
        type=number(Share),
        default=0.0,
        metavar="SHARE",
        help="of drives, hands and arms at work, lone bodies, and everyday scenes at the pace of "
        "real clips (scenes/procedural/themes.py)",
    )


def run(args: argparse.Namespace) -> None:
    for shard in range(args.shards):
        path = args.out / f"pool-{args.seed:03d}-{shard:05d}.npz"
        if path.exists():
            continue
        write_pool(path, args.scenes, seed=args.seed * 100_000 + shard, themed=args.themed)
        print(f"{path.name} ({shard + 1} of {args.shards})", flush=True)
