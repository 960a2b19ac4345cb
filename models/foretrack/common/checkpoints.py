"""Checkpoints of a run: a folder of shards of at most 16 MiB with an index, or one `.pt` file.

RUN/last/index.json names the shards that count, in order; together they are the bytes of one
`torch.save`. The index is replaced last and in one step, so a run that is stopped while it saves
keeps the state before.
"""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import IO, Any, cast

import torch

SHARD_BYTES = 16 * 2**20
INDEX = "index.json"
READ_TRIES = 3


class CheckpointMissingError(FileNotFoundError):
    """Neither a folder of shards nor a file lies where a checkpoint should be."""


class DamagedCheckpointError(ValueError):
    """A shard has not the length that the index names."""


def find(path: Path) -> Path | None:
    """The folder or file of a checkpoint; RUN/last.pt and RUN/last name the same one."""
    folder = path.with_suffix("")
    if (folder / INDEX).is_file():
        return folder
    return next((p for p in (path, folder.with_suffix(".pt")) if p.is_file()), None)


def read(path: Path) -> dict[str, Any]:
    """The state, on the CPU, of either form. No code of a file runs (`weights_only`)."""
    for attempt in range(READ_TRIES):
        found = find(path)
        if found is None:
            raise CheckpointMissingError(f"No checkpoint {path.with_suffix('').name} in its folder")
        try:
            if found.is_file():
                return torch.load(found, map_location="cpu", weights_only=True)
            with io.BufferedReader(_Joined(found)) as stream:
                return torch.load(stream, map_location="cpu", weights_only=True)
        except FileNotFoundError:  # a newer state has just taken its place
            if attempt + 1 == READ_TRIES:
                raise
    raise AssertionError("unreachable")


def write(path: Path, state: dict[str, Any], shard_bytes: int = SHARD_BYTES) -> Path:
    """Saves `state` in shards; returns the folder. Shards of the state before and the older file
    go once the index names the new ones."""
    folder = path.with_suffix("")
    folder.mkdir(parents=True, exist_ok=True)
    writer = _Splitter(folder, _next_generation(folder), shard_bytes)
    torch.save(state, cast(IO[bytes], writer))
    writer.close()
    index = folder / "index.partial"
    index.write_text(json.dumps({"format": "torch.save", "shards": writer.shards}, indent=1) + "\n")
    os.replace(index, folder / INDEX)
    kept = {shard["file"] for shard in writer.shards}
    for old in folder.glob("*.shard"):
        if old.name not in kept:
            old.unlink()
    folder.with_suffix(".pt").unlink(missing_ok=True)
    return folder


def _next_generation(folder: Path) -> int:
    """Shards never reuse a name that the index or a save that broke off has used."""
    used = [int(p.name.split("-")[0]) for p in folder.glob("*.shard")]
    return max(used, default=-1) + 1


class _Splitter(io.RawIOBase):
    """Cuts what is written to it into files of at most `limit` bytes."""

    def __init__(self, folder: Path, generation: int, limit: int) -> None:
        self.folder, self.generation, self.limit = folder, generation, limit
        self.shards: list[dict[str, Any]] = []
        self.file: io.BufferedWriter | None = None

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        view = memoryview(content).cast("B")
        for start in range(0, len(view), self.limit):
            self._put(view[start : start + self.limit])
        return len(view)

    def _put(self, view: memoryview) -> None:
        while len(view):
            room = self.limit - self.shards[-1]["bytes"] if self.file else 0
            if self.file is None or room == 0:
                self._next()
                continue
            self.file.write(view[:room])
            self.shards[-1]["bytes"] += len(view[:room])
            view = view[room:]

    def _next(self) -> None:
        self._end()
        name = f"{self.generation:06d}-{len(self.shards):05d}.shard"
        self.file = (self.folder / name).open("wb")
        self.shards.append({"file": name, "bytes": 0})

    def _end(self) -> None:
        if self.file:
            self.file.flush()
            os.fsync(self.file.fileno())
            self.file.close()

    def close(self) -> None:
        if not self.closed:
            self._end()
        super().close()


class _Joined(io.RawIOBase):
    """The shards of a folder as one readable, seekable stream."""

    def __init__(self, folder: Path) -> None:
        shards = json.loads((folder / INDEX).read_text())["shards"]
        self.files = []
        for shard in shards:
            file = (folder / shard["file"]).open("rb")
            self.files.append(file)
            if os.fstat(file.fileno()).st_size != shard["bytes"]:
                raise DamagedCheckpointError(f"{shard['file']} is not {shard['bytes']} bytes long")
        self.starts = [sum(s["bytes"] for s in shards[:i]) for i in range(len(shards) + 1)]
        self.at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.starts[-1]}[whence]
        self.at = base + offset
        return self.at

    def readinto(self, buffer: Any) -> int:
        for i, file in enumerate(self.files):
            if self.starts[i] <= self.at < self.starts[i + 1]:
                file.seek(self.at - self.starts[i])
                count = file.readinto(memoryview(buffer)) or 0
                self.at += count
                return count
        return 0

    def close(self) -> None:
        for file in self.files:
            file.close()
        super().close()
