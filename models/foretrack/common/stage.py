"""What a training run is made of: a stage, its budget, its optimizer and its validation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from torch import nn

from .cuda_graphs import Losses

# (batch, share of the budget that is spent) -> scalars to print; "loss" is minimised. Where steps
# are recorded (see `cuda_graphs`), the share is that of the first step.
Loss = Callable[[Any, float], Losses]


class Source(Protocol):
    """Batches, each a dataclass of tensors, by number: the same number is the same batch."""

    def batch(self, index: int) -> Any: ...

    def refresh(self) -> None:
        """Called now and then: new files may have come."""
        ...


@dataclass(frozen=True)
class Budget:
    """How long to train: until `minutes` of training are over, or for exactly `steps` where given,
    whatever the machine. `pause` ends this call after so many steps; the next one goes on."""

    minutes: float = 30
    steps: int | None = None
    pause: int | None = None

    def share(self, step: int, secs: float) -> float:
        """Of the budget, that is spent."""
        return step / self.steps if self.steps else secs / (60 * self.minutes)


@dataclass(frozen=True)
class OptimizerConfig:
    """Settings of AdamW."""

    rate: float
    decay: float
    betas: tuple[float, float] = (0.9, 0.98)
    clip: float = 1.0


class Validation(NamedTuple):
    """A line for people, and its numbers by name for the metrics."""

    text: str
    values: dict[str, float]


@dataclass(frozen=True)
class Stage:
    """What is trained: `network`'s parameters that require a gradient, towards a smaller `loss`.

    `blocks` compute as the machine does (bfloat16, recomputing). `validate` scores the averaged
    network now and then, and at the end where asked. `settings` are saved with the state, and what
    is printed also goes as JSON lines into the file `metrics`."""

    network: nn.Module
    loss: Loss
    data: Source
    checkpoint: Path
    settings: dict[str, Any]
    optimizer: OptimizerConfig
    seed: int
    blocks: Iterable[nn.Module] = ()
    validate: Callable[[Any], Validation] | None = None
    validate_at_end: bool = False
    metrics: Path | None = None
