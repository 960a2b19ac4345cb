"""What the latent loses.

foretrack reconstruction --clips CLIPS --tracks TRACKS --checkpoint RUN/last
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from ..common.cases import load_cases
from ..compact.reconstruction import batch_of, reconstruct, variances
from ..compact.trained import load_model


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--tracks", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    model, _ = load_model(args.checkpoint)
    for rate in ("native", "16"):
        error = count = jitter = own = 0.0
        cases = load_cases(args.clips, args.tracks, rate)
        carried = [variances(case) for case in cases]
        for name in carried[0]:
            left = sum(c[name] for c in carried) / sum(c["absolute"] for c in carried)
            print(f"{rate}, {name}: {100 * (1 - left):.1f} % of the variance explained")
        for case in cases:
            truth, decoded = reconstruct(model, case)
            mask = batch_of(case).mask[0]
            error += float(((decoded - truth).norm(dim=-1) * mask).sum())
            count += float(mask.sum())
            both = mask[2:] & mask[1:-1] & mask[:-2]
            jitter += float((decoded.diff(n=2, dim=0).norm(dim=-1) * both).sum())
            own += float((truth.diff(n=2, dim=0).norm(dim=-1) * both).sum())
        print(f"{rate}: VEPE {error / count:.3f} px, jitter {jitter / own:.2f} of the truth's")
