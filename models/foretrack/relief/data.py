"""The files of `relief-data` in memory."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

RENDERED = "rendered scenes"


@dataclass
class Sights:
    """P pictures in V views: maps of the tower float16, near and weight [P,V,30,52]; names and the
    numbers of the sources that they come from, rendered scenes being one."""

    maps: tuple[Tensor, Tensor, Tensor]
    near: Tensor
    weight: Tensor
    names: list[str]
    source: Tensor
    sources: list[str]

    @property
    def clips(self) -> list[str]:
        """Of each picture, the clip (a rendered scene is its own)."""
        return [name.rpartition("__")[0] or name for name in self.names]

    def rendered(self) -> Tensor:
        return torch.tensor([self.sources[s] == RENDERED for s in self.source.tolist()])


def load_sights(data: Path, manifest: Path | None, views: int | None = None) -> Sights:
    """All files of the folder, or their first `views` views; sources of clips by the manifest."""
    of_clip: dict[str, str] = {}
    if manifest:
        rows = csv.DictReader(manifest.open())
        of_clip = {Path(row["file"]).stem: row["source"] for row in rows}
    paths = sorted(p for p in data.glob("*.npz") if ".partial" not in p.name)
    names = [path.stem for path in paths]
    source_of = [of_clip.get(name.rpartition("__")[0], RENDERED) for name in names]
    sources = sorted(set(source_of))
    keys = ("stride8", "stride16", "stride32", "near", "weight")
    parts: dict[str, list[Tensor]] = {key: [] for key in keys}
    for path in paths:
        with np.load(path) as file:
            for key in keys:
                parts[key].append(torch.from_numpy(file[key][:views]))
    stacked = {key: torch.stack(parts[key]) for key in keys}
    return Sights(
        (stacked["stride8"], stacked["stride16"], stacked["stride32"]),
        stacked["near"].float(),
        stacked["weight"].float(),
        names,
        torch.tensor([sources.index(name) for name in source_of]),
        sources,
    )
