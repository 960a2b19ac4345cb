"""What a training run prints, also as JSON lines for whoever draws curves.

{"step": 200, "minutes": 1.5, "loss": 0.31, ...} every so many steps, and of a validation
{"step": 800, "minutes": 10.0, "validation": {"energy": 12.3, ...}}. A run that resumes from an
older state writes its steps again: the last line of a step counts.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import Tensor

from .stage import Validation


class MetricLog:
    """Prints, and writes to `path` where there is one; silent where it is not `active`."""

    def __init__(self, path: Path | None, active: bool) -> None:
        self.path, self.active = path, active
        self.collected: dict[str, list[Tensor]] = {}

    def collect(self, losses: dict[str, Tensor]) -> None:
        """Keeps a step's scalars, on their device."""
        for name, value in losses.items():
            self.collected.setdefault(name, []).append(value.detach())

    def flush(self, step: int, secs: float) -> None:
        """The means of what was collected since the last time."""
        if self.active and self.collected:
            means = {n: float(torch.stack(v).mean()) for n, v in self.collected.items()}
            text = " ".join(f"{name} {value:.4f}" for name, value in means.items())
            print(f"{secs / 60:.1f} min step {step} {text}", flush=True)
            self._write({"step": step, "minutes": secs / 60, **means})
        self.collected = {}

    def validated(self, step: int, secs: float, validation: Validation) -> None:
        if self.active:
            print(validation.text, flush=True)
            self._write({"step": step, "minutes": secs / 60, "validation": validation.values})

    def _write(self, entry: dict[str, object]) -> None:
        if self.path:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a") as file:
                file.write(json.dumps(entry) + "\n")
