"""Files of a target packed into WebDataset shards: tars whose members of one sample follow each
other."""

from __future__ import annotations

import io
import json
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .rows import Row
from .target import Target
from .worker import Batch


class Sharder:
    """Packs samples that lie loose into shards of `samples`. The tar is written first, then the
    records that name it, then the loose files go: whoever is killed in between loses nothing."""

    def __init__(self, batch: Batch, samples: int) -> None:
        self.run, self.samples = batch.run, samples
        self.target = Target(batch.target)
        self.count = 0

    def pack(self, rows: Sequence[Row], all_of_them: bool) -> None:
        """Sets `shard`, and each file's path in it, in the rows that it packs; a last shard that is
        not full is made only of `all_of_them`."""
        loose: dict[str, list[Row]] = {}
        for row in rows:
            if row["sample"] and not row["shard"] and row["run"] == self.run:
                loose.setdefault(row["sample"], []).append(row)
        samples = list(loose.values())
        while len(samples) >= (1 if all_of_them else self.samples):
            self._shard(samples[: self.samples])
            samples = samples[self.samples :]

    def _shard(self, samples: Sequence[Sequence[Row]]) -> None:
        name = f"shards/{self.run}-{self.count:05}.tar"
        self.count += 1
        packed = [row for rows in samples for row in rows]
        loose = [file["path"] for rows in samples for file in rows[0]["files"]]
        with tempfile.TemporaryDirectory(prefix="foretrack-") as folder:
            path = Path(folder) / "shard.tar"
            with tarfile.open(path, "w") as tar:
                for rows in samples:
                    self._add(tar, rows[0])
            self.target.store.write_file(name, path)
        for row in packed:
            row["shard"] = name
            row["files"] = [
                file | {"path": file["path"].rsplit("/", 1)[-1]} for file in row["files"]
            ]
        self._record(packed)
        for path_in_target in loose:
            self.target.store.remove(path_in_target)

    def _add(self, tar: tarfile.TarFile, row: Row) -> None:
        for file in row["files"]:
            data = self.target.store.read(file["path"])
            if data is None:
                raise FileNotFoundError(f"{file['path']} is gone from the target")
            _member(tar, file["path"].rsplit("/", 1)[-1], data)
        facts = {name: value for name, value in row.items() if name != "files"}
        _member(tar, f"{row['sample']}.json", json.dumps(facts).encode())

    def _record(self, packed: Sequence[Row]) -> None:
        """The records of the work are whole: rows of one key may lie in several shards."""
        by_key: dict[str, dict[str | None, Row]] = {}
        for row in packed:
            by_key.setdefault(row["key"], {})[row["sample"]] = row
        for key, rows in by_key.items():
            record = self.target.record(key)
            if record and record["state"] == "done":
                merged = [rows.get(row["sample"], row) for row in record["rows"]]
                self.target.finish(key, record["run"], merged)


def _member(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    tar.addfile(info, io.BytesIO(data))
