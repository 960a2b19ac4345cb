"""How far pinned points steer a forecast, on held-out real tracks.

    python -m foretrack.steering --clips CLIPS --tracks TRACKS --checkpoint RUN/last.pt

In every clip the true future of some points is pinned, and eight futures are drawn with and
without. The mean error of a future, px of the 832x480 frame: of the pinned points themselves, and
of all others.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from torch import Tensor

from ..common.evaluate import Case, load_cases, padded
from ..common.metrics import displacement
from .model import CompactForecaster
from .reconstruction import batch_of
from .trained import load_model

PINNED = (1, 4, 20)
FUTURES = 8


def pin(case: Case, count: int, generator: torch.Generator) -> Tensor:
    """`count` points of those whose future is known longest: [N], 0 or 1."""
    known = case.mask.float().sum(0) + torch.rand(case.mask.shape[1], generator=generator)
    able = known.topk(min(len(known), 4 * count)).indices
    chosen = able[torch.randperm(len(able), generator=generator)[:count]]
    return torch.zeros_like(known).index_fill(0, chosen, 1.0)


def errors(
    model: CompactForecaster, case: Case, count: int, seed: int
) -> tuple[list[float], list[float]]:
    """Errors of the pinned and of the other points: free, then steered."""
    generator = torch.Generator().manual_seed(seed)
    pinned = pin(case, count, generator)
    batch = batch_of(case)
    history, seen = padded(case.history, case.seen)
    hints = (batch.future - history[:, -1:], batch.mask * pinned)
    results: tuple[list[float], list[float]] = ([], [])
    for given in (None, hints):
        same = torch.Generator().manual_seed(seed)
        futures, _ = model.forecast(
            history, seen, batch.interval, FUTURES, 4, same, independent=True, hints=given
        )
        for out, part in zip(results, (pinned > 0, pinned == 0), strict=True):
            mask = case.mask & part
            error = displacement(futures[0, :, : len(case.truth)], case.truth, mask)
            out.append(float(error.mean()))
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--tracks", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--rate", default="16")
    args = parser.parse_args()
    torch.set_num_threads(1)
    model, _ = load_model(args.checkpoint)
    cases = load_cases(args.clips, args.tracks, args.rate)
    print(f"{len(cases)} clips at {args.rate}: mean error of a future, px, free -> steered")
    for count in PINNED:
        rows = torch.tensor([errors(model, case, count, i) for i, case in enumerate(cases)])
        own, others = rows.mean(0).tolist()
        print(
            f"{count} pinned: they {own[0]:.1f} -> {own[1]:.1f}, "
            f"the others {others[0]:.1f} -> {others[1]:.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
