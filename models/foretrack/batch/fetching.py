"""Clips as files of the machine that works on them."""

from __future__ import annotations

import hashlib
import posixpath
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from fsspec.callbacks import Callback

from .storage import CHUNK, filesystem, is_local


@dataclass
class Fetched:
    path: Path
    sha256: str
    size: int
    edits: Path | None
    edits_sha256: str | None


class FetchError(Exception):
    pass


def fetch(url: str, edits_url: str | None, scratch: Path, alive: Callable[[], None]) -> Fetched:
    """A clip, and its edits, as files of this machine, and the hashes of their bytes. `alive` is
    called with every piece. Raises FetchError."""
    path, sha256, size = local_copy(url, scratch / "clip", alive)
    if edits_url is None:
        return Fetched(path, sha256, size, None, None)
    edits, edits_sha256, _ = local_copy(edits_url, scratch / "edits", alive)
    return Fetched(path, sha256, size, edits, edits_sha256)


def local_copy(url: str, folder: Path, alive: Callable[[], None]) -> tuple[Path, str, int]:
    """A file at a URL as a file of this machine, the hash of its bytes and their number; what is
    here already stays where it is. Raises FetchError."""
    try:
        fs, remote = filesystem(url)
        if is_local(fs):
            return Path(remote), *_hashed(Path(remote), alive)
        folder.mkdir()
        # Its own name: exports and messages tell it.
        name = unquote(posixpath.basename(remote.split("?")[0])).replace("/", "-") or "clip"
        # Not read block by block: of a slow server a block may take longer than the watchdog waits.
        fs.get_file(remote, str(folder / name), callback=_Alive(alive))
        return folder / name, *_hashed(folder / name, alive)
    except Exception as error:  # noqa: BLE001 - each driver has errors of its own
        shutil.rmtree(folder, ignore_errors=True)
        raise FetchError(f"{url} cannot be read: {type(error).__name__}: {error}") from error


class _Alive(Callback):
    """Calls `alive` with whatever arrives."""

    def __init__(self, alive: Callable[[], None]) -> None:
        super().__init__()
        self.alive = alive

    def call(self, *args: Any, **kwargs: Any) -> None:
        self.alive()


def _hashed(path: Path, alive: Callable[[], None]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with open(path, "rb") as reader:
        while chunk := reader.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            alive()
    return digest.hexdigest(), size
