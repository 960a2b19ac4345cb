"""What takes minutes to prepare, kept in a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import torch

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
