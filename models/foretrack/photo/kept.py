"""What takes minutes to prepare, kept in a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import torch

from .pictures import Pictures, Projection

T = TypeVar("T")


def kept(file: Path | None, key: object, make: Callable[[], T]) -> T:
    """What `make` gives: from the file where it holds that of the same `key`, else put there."""
    if file and file.exists():
        saved = torch.load(file, weights_only=False)
        if saved["key"] == key:
            found: T = saved["made"]
            return found
    made = make()
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        torch.save({"key": key, "made": made}, file)
    return made


def projection_key(projection: Projection) -> list[float]:
    """What tells projections apart."""
    numbers: list[float] = projection.matrix.flatten()[:64].tolist()
    return numbers


def kept_pictures(
    folder: Path | None, projection: Projection, make: Callable[[], Pictures]
) -> Pictures:
    """Training pictures as a projection sees them, of `folder` where it holds those."""
    return kept(folder and folder / "pictures.pt", projection_key(projection), make)
