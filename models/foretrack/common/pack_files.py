"""What the packs of all models have: inputs of goldens by a formula, and files listed by hash."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor


class ForeignPackError(ValueError):
    """The pack is not an export of the model as it is now."""


@dataclass
class Wave:
    """A golden input that needs no storing: value i is offset + amplitude·sin(frequency·i)."""

    dims: list[int]
    amplitude: float
    frequency: float
    offset: float = 0.0

    def tensor(self) -> Tensor:
        index = np.arange(math.prod(self.dims), dtype=np.float64)
        values = self.offset + self.amplitude * np.sin(self.frequency * index)
        return torch.from_numpy(values.astype(np.float32).reshape(self.dims))


def file_entry(path: Path) -> dict[str, object]:
    """A file as the manifest lists it."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"path": path.name, "bytes": path.stat().st_size, "sha256": digest}
