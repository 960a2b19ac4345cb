"""The mean of the weights of several runs that began with the same ones, as a checkpoint.

foretrack average --checkpoint A/last --checkpoint B/last --out MEAN.pt

Runs that saw different clips each forget a little of the others'; their mean is often better than
either ("Model soups", Wortsman et al., 2022).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from ..common import checkpoints


class UnlikeRunsError(ValueError):
    """Runs whose weights have no mean: their networks are of other sizes."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--checkpoint", type=Path, action="append", required=True)
    parser.add_argument("--weight", type=float, action="append", help="of each; default: all alike")
    parser.add_argument("--out", type=Path, required=True)


def run(args: argparse.Namespace) -> int:
    states = [checkpoints.read(path) for path in args.checkpoint]
    try:
        mean = average([s["ema"] for s in states], args.weight)
    except UnlikeRunsError as error:
        print(f"Cannot average: {error}", file=sys.stderr)
        return 1
    args.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"ema": mean, "settings": states[0]["settings"]}, args.out)
    return 0


def average(
    parts: list[dict[str, torch.Tensor]], weights: list[float] | None = None
) -> dict[str, torch.Tensor]:
    """Mean of each parameter, by `weights` (all alike without). Raises UnlikeRunsError."""
    weights = weights or [1.0] * len(parts)
    if len(weights) != len(parts):
        raise UnlikeRunsError(f"{len(parts)} checkpoints and {len(weights)} weights.")
    shapes = [{name: tuple(value.shape) for name, value in part.items()} for part in parts]
    if any(shape != shapes[0] for shape in shapes):
        raise UnlikeRunsError("the checkpoints are of networks of different sizes.")
    total = sum(weights)
    return {
        name: sum((w / total * p[name] for w, p in zip(weights, parts, strict=True)), 0 * value)
        if value.is_floating_point()
        else value
        for name, value in parts[0].items()
    }
