"""Which numbers a setting may be: types that say it, for whoever declares and whoever checks."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, get_args


@dataclass(frozen=True)
class Range:
    """From `least` to `most`; `open_below`: without `least` itself."""

    least: float
    most: float = math.inf
    open_below: bool = False

    def __contains__(self, value: float) -> bool:
        """False for what is no finite number."""
        above = value > self.least if self.open_below else value >= self.least
        return math.isfinite(value) and above and value <= self.most

    def __str__(self) -> str:
        if self.open_below:
            return f"above {self.least:g}"
        if self.most == math.inf:
            return f"{self.least:g} or more"
        return f"from {self.least:g} to {self.most:g}"


Count = Annotated[int, Range(1)]
# What is compared with each other.
Several = Annotated[int, Range(2)]
CountOrNone = Annotated[int, Range(0)]
Share = Annotated[float, Range(0, 1)]
Weight = Annotated[float, Range(0)]
Positive = Annotated[float, Range(0, open_below=True)]


def number(kind: Any) -> Callable[[str], Any]:
    """What argparse takes as `type`: a number of a kind of above."""
    plain, allowed = get_args(kind)

    def read(text: str) -> Any:
        try:
            value = plain(text)
        except ValueError:
            value = math.nan
        if value not in allowed:
            raise argparse.ArgumentTypeError(f"it is {allowed}, not {text!r}")
        return value

    return read
