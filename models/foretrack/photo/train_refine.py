"""Training of the refinement: fine displacement from the grid's true one, under the weights that a
picture gives. What it is measured against is the bilinear mean of the grid, where it begins."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from .make_data import SUBPIXEL
from .refine import Refine, bilinear_logits, refined

RATE = 1e-3
SCALE_PX = 3.0  # below it an error counts less than its size


def error(weights: Tensor, coarse: Tensor, fine: Tensor, known: Tensor) -> Tensor:
    """Mean distance px between refined and true displacement [1,2T,...] where it is known."""
    square = (refined(weights, coarse) - fine).unflatten(1, (-1, 2)).square().sum(2)
    return ((square + 1e-3).sqrt() * known).sum() / known.sum().clamp(min=1)


class FinePictures:
    """The files of `photo-data`'s fine pass."""

    def __init__(self, paths: list[Path]) -> None:
        self.items: list[dict[str, Tensor]] = []
        for path in paths:
            with np.load(path) as file:
                parts = {name: torch.from_numpy(file[name]) for name in file.files}
            for row in range(len(parts["stride4"])):
                one = {name: values[row : row + 1] for name, values in parts.items()}
                self.items.append(one)

    def one(self, index: int, factor: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Features, coarse and fine displacement [1,2T,...] px and where known, at a factor."""
        item = self.items[index]
        features = item["stride8" if factor == 2 else "stride4"].float()
        coarse, fine = (
            (item[name].float() / SUBPIXEL).permute(0, 1, 4, 2, 3).flatten(1, 2)
            for name in ("coarse", "fine")
        )
        known = item["known"].float()
        if factor == 2:
            fine = nn.functional.avg_pool2d(fine, 2)
            known = (nn.functional.avg_pool2d(known, 2) > 0.99).float()
        return features, coarse, fine, known


def train_refine(
    data: FinePictures, chosen: list[int], models: Sequence[Refine], rounds: int
) -> None:
    """Each picture once a round, for each of the factors."""
    optimizer = torch.optim.Adam([p for m in models for p in m.parameters()], lr=RATE)
    for round_ in range(rounds):
        order = torch.randperm(len(chosen), generator=torch.Generator().manual_seed(round_))
        for group in optimizer.param_groups:
            group["lr"] = RATE * (1 - round_ / rounds)
        for at in order.tolist():
            total = torch.zeros(())
            for model in models:
                features, coarse, fine, known = data.one(chosen[at], model.factor)
                loss = error(model(features), coarse, fine, known)
                total = total + loss / (coarse.std().detach() + SCALE_PX)
            optimizer.zero_grad()
            total.backward()
            optimizer.step()


@torch.no_grad()
def measure(data: FinePictures, chosen: list[int], models: Sequence[Refine]) -> dict[str, float]:
    """Mean error px by factor, refined and bilinear, over points that move against their grid's
    nearest one by more than 2 px (edges of movers) and over all."""
    out: dict[str, list[float]] = {}
    for index in chosen:
        for model in models:
            f = model.factor
            features, coarse, fine, known = data.one(index, f)
            plain = bilinear_logits(f).softmax(0).repeat(1, coarse.shape[2], coarse.shape[3])[None]
            nearest = coarse.repeat_interleave(f, 2).repeat_interleave(f, 3)
            edge = (nearest - fine).unflatten(1, (-1, 2)).norm(dim=2) > 2
            for name, weights in (("refined", model(features)), ("bilinear", plain)):
                for where, mask in (("all", known), ("edges", known * edge)):
                    if mask.sum() > 20:
                        value = float(error(weights, coarse, fine, mask))
                        out.setdefault(f"x{f} {name} {where}", []).append(value)
    return {name: float(np.mean(values)) for name, values in out.items()}
