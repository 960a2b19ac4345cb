"""Where tracks of real clips lie: a folder of `npm run tracks`, a target of `foretrack batch`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from ..dataset import Sample


class TrackFiles(Protocol):
    """Files of tracks by their names; what stands before "__" in a name is the clip's."""

    def names(self) -> list[str]:
        """Those that are there by now, sorted."""
        ...

    def read(self, name: str) -> dict[str, np.ndarray]:
        """Arrays as `src/formats/document/tracks-npz.ts` names them."""
        ...


class TrackFolder:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[str]:
        return sorted(path.stem for path in self.folder.glob("*.npz"))

    def read(self, name: str) -> dict[str, np.ndarray]:
        with np.load(self.folder / f"{name}.npz") as file:
            return dict(file)


class TrackTarget:
    """The tracks that lie in a target when it is opened."""

    def __init__(self, target: str, split: str | None) -> None:
        """Raises DatasetError where it holds none."""
        from ..dataset import Target

        samples = Target.open(target).samples("tracks", split)
        self.samples: dict[str, Sample] = {sample.name: sample for sample in samples}

    def names(self) -> list[str]:
        return sorted(self.samples)

    def read(self, name: str) -> dict[str, np.ndarray]:
        return self.samples[name].arrays()
