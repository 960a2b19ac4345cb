"""Files of a folder or of an object store, by fsspec: whole or not at all."""

from __future__ import annotations

import contextlib
import os
import posixpath
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fsspec

from .settings import BatchError

READ_ONLY = ("http", "https", "data", "github")
# What has to be installed beside fsspec.
DRIVERS = {"s3": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs"}
CHUNK = 1 << 20
# How long a web server may take to answer, and may then say nothing.
CONNECT_SECS, SILENT_SECS = 30, 120


def filesystem(url: str) -> tuple[Any, str]:
    """The file system of a URL and the path in it. Raises BatchError where its driver is
    missing."""
    try:
        fs, path = fsspec.core.url_to_fs(url, **_options(url))
    except ImportError as error:
        scheme = url.split("://")[0]
        driver = DRIVERS.get(scheme)
        told = f"pip install {driver}" if driver else str(error)
        raise BatchError(f"{scheme}:// cannot be read here: {told}") from error
    except ValueError as error:
        raise BatchError(f"{url}: {error}") from error
    return fs, path


def _options(url: str) -> dict[str, Any]:
    """By itself the client of http:// gives every file five minutes, however steadily it comes."""
    if url.split("://")[0] not in ("http", "https"):
        return {}
    from aiohttp import ClientTimeout

    timeout = ClientTimeout(total=None, sock_connect=CONNECT_SECS, sock_read=SILENT_SECS)
    return {"client_kwargs": {"timeout": timeout}}


def is_local(fs: Any) -> bool:
    return "file" in ((fs.protocol,) if isinstance(fs.protocol, str) else fs.protocol)


class Store:
    """A folder at a URL. Names are relative, with slashes. A file that is written is there whole or
    not at all, for other processes too; folders are made as needed."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/") or url
        self.fs, self.root = filesystem(self.url)
        self.local = is_local(self.fs)
        if url.split("://")[0] in READ_ONLY:
            raise BatchError(f"{url} can only be read: give a folder or an object store as target")

    def path(self, name: str) -> str:
        return posixpath.join(self.root, name)

    def read(self, name: str) -> bytes | None:
        """None where there is no such file."""
        try:
            # Another process may have written it since this one looked.
            self.fs.invalidate_cache()
            return bytes(self.fs.cat_file(self.path(name)))
        except FileNotFoundError:
            return None

    def write(self, name: str, data: bytes) -> None:
        if self.local:
            self._rename_into(name, lambda part: Path(part).write_bytes(data))
        else:
            self.fs.pipe_file(self.path(name), data)

    def write_file(self, name: str, source: Path) -> None:
        """Copies a file of this machine."""
        if self.local:
            self._rename_into(name, lambda part: _copy(source, Path(part)))
        else:
            self.fs.put_file(str(source), self.path(name))

    def create(self, name: str, data: bytes) -> bool:
        """Writes a file that is not there yet; False where another process was first."""
        path = self.path(name)
        if self.local:
            os.makedirs(posixpath.dirname(path), exist_ok=True)
            part = f"{path}.{uuid.uuid4().hex}.part"
            Path(part).write_bytes(data)
            try:
                os.link(part, path)
                return True
            except FileExistsError:
                return False
            finally:
                os.unlink(part)
        try:
            self.fs.pipe_file(path, data, mode="create")
            return True
        except (FileExistsError, OSError) as error:
            self.fs.invalidate_cache()
            if self.fs.exists(path):
                return False
            raise error

    def remove(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            self.fs.rm_file(self.path(name))

    def list(self, folder: str) -> Iterator[str]:
        """Names of all files below a folder."""
        self.fs.invalidate_cache()
        try:
            found = self.fs.find(self.path(folder))
        except FileNotFoundError:
            return
        root = self.path("")
        for path in found:
            if not path.endswith(".part"):
                yield path[len(root) :].lstrip("/")

    def _rename_into(self, name: str, write: Callable[[str], Any]) -> None:
        path = self.path(name)
        os.makedirs(posixpath.dirname(path), exist_ok=True)
        part = f"{path}.{uuid.uuid4().hex}.part"
        try:
            write(part)
            os.replace(part, path)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise


def _copy(source: Path, target: Path) -> None:
    with open(source, "rb") as reader, open(target, "wb") as writer:
        while chunk := reader.read(CHUNK):
            writer.write(chunk)
