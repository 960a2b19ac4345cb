"""Reads what `foretrack batch` made, lazily, from a folder or an object store.

    target = Target.open("s3://bucket/tracks")
    for sample in target.samples("futures", split="train"):
        arrays = sample.arrays()  # of its .npz, by name

    torch.utils.data.DataLoader(target.torch("tracks", split="train"))

Names and axes of the arrays: `tracks-npz.ts` (tracks), `relief-npz.ts` (relief) and
`forecast-npz.ts` (futures) in `src/formats/document`, `src/formats/export/trajloom.ts` (trajloom);
positions are pixels of the 832×480 working frame. A row of the table (`target.rows`, `sample.row`)
is described in models/BATCH.md.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import torch.utils.data

    from .batch.rows import Row
    from .batch.storage import Store

# Shares of the sources; a manifest that names a clip's split has the last word.
SPLITS: Mapping[str, float] = {"train": 0.8, "validation": 0.1, "test": 0.1}
ENDINGS = {
    "tracks": ".tracks.npz",
    "trajloom": ".trajloom.npz",
    "relief": ".relief.npz",
    "futures": ".forecast.npz",
}


class DatasetError(Exception):
    """The target cannot be read as it was asked for; the message says why."""


@dataclass(frozen=True)
class Sample:
    """One file of one "now" of a clip."""

    row: Row
    path: str
    store: Store

    @property
    def name(self) -> str:
        return str(self.row["sample"])

    @property
    def clip(self) -> str:
        """Bytes of the clip: samples of the same clip, wherever it lay, have the same."""
        return str(self.row["sha256"])

    def read(self) -> bytes:
        shard = self.row["shard"]
        data = _member(self.store, shard, self.path) if shard else self.store.read(self.path)
        if data is None:
            raise DatasetError(f"{self.path} is gone from {self.store.url}")
        return data

    def arrays(self) -> dict[str, np.ndarray]:
        """All arrays of an .npz."""
        with np.load(io.BytesIO(self.read())) as file:
            return {name: file[name] for name in file}


class Target:
    """What a batch made. Only the table is held; files are read when they are asked for."""

    def __init__(self, rows: Sequence[Row], store: Store) -> None:
        self.rows, self.store = list(rows), store

    @staticmethod
    def open(url: str) -> Target:
        """Raises DatasetError where there is no table."""
        try:
            from .batch.settings import BatchError
            from .batch.target import Target as Files
        except ImportError as error:
            raise DatasetError(f"{error}: pip install -e '.[batch]' in models/") from error
        try:
            files = Files(url)
            rows = files.rows()
        except BatchError as error:
            raise DatasetError(str(error)) from error
        if not rows:
            raise DatasetError(f"{url} holds no table of foretrack batch (table/*.parquet)")
        return Target(rows, files.store)

    @cached_property
    def made(self) -> list[Row]:
        """Rows that something was made of, each content once, in an order that does not depend on
        who made it when."""
        rows = {row["sample"]: row for row in self.rows if row["sample"]}
        return [rows[name] for name in sorted(rows)]

    def samples(
        self,
        product: str = "tracks",
        split: str | None = None,
        shares: Mapping[str, float] = SPLITS,
    ) -> list[Sample]:
        """The files of a product, of one split or of all; DatasetError where there are none."""
        ending = ENDINGS.get(product)
        found = [
            Sample(row, file["path"], self.store)
            for row in self.made
            if split is None or split_of(row, shares) == split
            for file in row["files"]
            if file["product"] == product and (ending is None or file["path"].endswith(ending))
        ]
        if not found:
            where = f" in the split {split}" if split else ""
            raise DatasetError(f"{self.store.url} holds no {product}{where}")
        return found

    def torch(
        self,
        product: str = "tracks",
        split: str | None = None,
        shares: Mapping[str, float] = SPLITS,
    ) -> torch.utils.data.Dataset[dict[str, torch.Tensor]]:
        """A `torch` Dataset; an item has the arrays of a sample as tensors."""
        return _torch_dataset(self.samples(product, split, shares))

    def ray(self, product: str = "tracks", split: str | None = None) -> Any:
        """A Ray Data dataset whose rows have the arrays of a sample, read where they are needed."""
        import ray.data

        samples = self.samples(product, split)
        return ray.data.from_items(samples).map(
            lambda item: {"sample": item["item"].name, **item["item"].arrays()}
        )


def split_of(row: Mapping[str, Any], shares: Mapping[str, float] = SPLITS) -> str:
    """The split of a row: what its manifest says, otherwise drawn by its source, so that all clips
    of a source, and all "nows" of a clip, are in one split, the same one in every target."""
    if row["split"]:
        return str(row["split"])
    source = str(row["source"] or row["sha256"])
    place = int.from_bytes(hashlib.sha256(source.encode()).digest()[:8]) / 2**64
    total, passed = sum(shares.values()), 0.0
    for name, share in shares.items():
        passed += share / total
        if place < passed:
            return name
    return list(shares)[-1]


def _member(store: Store, shard: str, name: str) -> bytes | None:
    """A file of a tar, found by its headers alone."""
    with (
        store.fs.open(store.path(shard), "rb") as stream,
        tarfile.open(fileobj=stream, mode="r:") as tar,
    ):
        for member in tar:
            if member.name == name and (file := tar.extractfile(member)):
                return file.read()
    return None


def _torch_dataset(
    samples: Sequence[Sample],
) -> torch.utils.data.Dataset[dict[str, torch.Tensor]]:
    import torch

    class Samples(torch.utils.data.Dataset[dict[str, torch.Tensor]]):
        def __len__(self) -> int:
            return len(samples)

        def __getitem__(self, index: int) -> dict[str, torch.Tensor]:
            arrays = samples[index].arrays()
            return {name: torch.from_numpy(np.array(x)) for name, x in arrays.items()}

        def __iter__(self) -> Iterator[dict[str, torch.Tensor]]:
            return (self[i] for i in range(len(self)))

    return Samples()
