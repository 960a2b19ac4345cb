"""A line fitted with the training loop; `python toy_run.py FOLDER STEPS` under torchrun too."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from foretrack.common.loop import train
from foretrack.common.machine import Machine, add_arguments, from_arguments
from foretrack.common.stage import Budget, OptimizerConfig, Stage, Validation


@dataclass
class Points:
    x: Tensor
    y: Tensor


class Line:
    """Points near y = x₀ − 2·x₁; with `merged`, batch k holds the batches 2k and 2k + 1."""

    def __init__(self, merged: bool = False) -> None:
        self.merged = merged

    def refresh(self) -> None:
        pass

    def batch(self, index: int) -> Points:
        if self.merged:
            parts = [Line().batch(2 * index + i) for i in range(2)]
            return Points(torch.cat([p.x for p in parts]), torch.cat([p.y for p in parts]))
        rng = torch.Generator().manual_seed(index)
        x = torch.randn(8, 2, generator=rng)
        return Points(x, x @ torch.tensor([1.0, -2.0]))


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Linear(2, 16)
        self.out = nn.Linear(16, 1)
        self.unused = nn.Linear(2, 2)

    def guess(self, x: Tensor) -> Tensor:
        return self.out(torch.tanh(self.hidden(x)))[:, 0]


def fit(
    folder: Path,
    budget: Budget,
    machine: Machine | None = None,
    merged: bool = False,
    noise: float = 0.0,
) -> nn.Module:
    """The averaged model; `noise` on its input draws from the global random numbers."""
    torch.manual_seed(3)
    model = Model()

    def loss(batch: Points, share: float) -> dict[str, Tensor]:
        x = batch.x + noise * torch.randn_like(batch.x)
        return {"loss": (model.guess(x) - batch.y).square().mean()}

    stage = Stage(
        network=model,
        loss=loss,
        data=Line(merged),
        checkpoint=folder / "last",
        settings={"noise": noise},
        optimizer=OptimizerConfig(0.5, 0.1),
        seed=3,
        blocks=[model.hidden],
        validate=lambda average: Validation("validated", {"parameters": 3.0}),
        validate_at_end=True,
        metrics=folder / "metrics.jsonl",
    )
    return train(stage, budget, machine)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("steps", type=int)
    add_arguments(parser)
    args = parser.parse_args(sys.argv[1:])
    with from_arguments(args) as machine:
        fit(args.folder, Budget(steps=args.steps), machine)
