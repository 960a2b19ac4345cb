"""Reconstruction error of the trajectory VAE on held-out real tracks.

    python -m foretrack.reconstruction --clips CLIPS --tracks TRACKS --checkpoint RUN/last.pt

VEPE: mean Euclidean distance over visible points, px of the 832x480 frame, micro-averaged. Beside
it the jitter that the latent takes away or adds: mean size of the second difference, as a ratio to
the truth's.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from ..common.data import Batch
from ..common.evaluate import Case, load_cases, padded
from .history import look_back
from .model import CompactForecaster, tracks_of
from .train import future_parts
from .trained import load_model


def batch_of(case: Case) -> Batch:
    """One case as a batch of one; frames after its end are unknown."""
    history, seen = padded(case.history, case.seen)
    missing = 81 - len(case.truth)
    future = torch.cat([case.truth, case.truth[-1:].expand(missing, -1, -1)])[None]
    mask = torch.cat([case.mask, case.mask.new_zeros(missing, case.mask.shape[1])])[None]
    interval, real = torch.tensor([case.interval]), torch.tensor([True])
    return Batch(history, seen, future, mask, interval, real)


def reconstruct(model: CompactForecaster, case: Case) -> tuple[torch.Tensor, torch.Tensor]:
    """Truth and its reconstruction through the latent, [H,N,2] px."""
    batch = batch_of(case)
    scale = look_back(batch.history, batch.seen).scale
    camera, residual = future_parts(batch)
    latent = model.source(camera, residual, scale, torch.zeros(()))
    decoded = tracks_of(batch.history[:, -1], *model.decode(latent, scale))
    return batch.future[0], decoded[0]


def variances(case: Case) -> dict[str, float]:
    """Mean square of what a latent would have to carry of a future, px^2, by what it is told from.

    Absolute positions about their mean, displacement since the first frame of the past, since now,
    and since now with the camera's affine path taken out.
    """
    batch = batch_of(case)
    mask = batch.mask[0]
    truth = batch.future[0]

    def mean_square(path: torch.Tensor, seen: torch.Tensor) -> float:
        return float((path.square().sum(-1) * seen).sum() / seen.sum().clamp(min=1))

    centre = truth[mask].mean(0)
    from_first = mask & (case.seen[0] > 0)
    _, residual = future_parts(batch)
    return {
        "absolute": mean_square(truth - centre, mask),
        "since the first frame": mean_square(truth - case.history[0], from_first),
        "since now": mean_square(truth - case.history[-1], mask),
        "since now, camera apart": mean_square(residual[0], mask),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--tracks", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    args = parser.parse_args()
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


if __name__ == "__main__":
    main()
