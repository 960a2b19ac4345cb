"""Writes parzen-golden.json: what `foretrack evaluate photo` gives for displacements by a formula.

Run from models/: python ../src/engine/metrics/testdata/make_parzen_golden.py
"""

import json
from pathlib import Path

import torch
from foretrack.photo.cases import PhotoCase
from foretrack.photo.parzen import parzen

FRAMES, POINTS, FUTURES = 16, 390, 5


def moved(number: float) -> torch.Tensor:
    """[FRAMES,POINTS,2] px: `movedPx` of parzen.test.ts."""
    t = torch.arange(1, FRAMES + 1, dtype=torch.float64)[:, None, None]
    n = torch.arange(POINTS, dtype=torch.float64)[None, :, None]
    axis = torch.tensor([0.0, 1.0], dtype=torch.float64)
    wave = torch.sin(0.05 * n + 0.9 * axis + number)
    return (t * wave + 0.3 * number * torch.sin(0.4 * t + 0.02 * n)).float()


def main() -> None:
    frames = torch.arange(3, FRAMES, 4)
    mask = (torch.arange(POINTS) % 7 != 0).expand(len(frames), POINTS)
    nothing = torch.zeros(POINTS, dtype=torch.bool)
    features = torch.zeros(1, POINTS)
    truth = moved(0.5)[frames]
    case = PhotoCase("", "", "", features, truth, mask, frames, nothing, nothing)
    futures = torch.stack([moved(1.0 + k)[frames] for k in range(FUTURES)])
    (nll,) = parzen([case], lambda case, count, generator: futures, FUTURES)
    (Path(__file__).parent / "parzen-golden.json").write_text(json.dumps({"nll": nll}) + "\n")


if __name__ == "__main__":
    main()
