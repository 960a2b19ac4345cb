"""The clips that a batch was given: files, folders, globs and manifests, here or in an object
store."""

from __future__ import annotations

import csv
import io
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .settings import BatchError, Now, parse_fps, parse_nows
from .storage import filesystem, is_local

# Files of a folder that are clips; a file that is named itself may have any ending.
ENDINGS = frozenset(
    [
        ".mp4",
        ".m4v",
        ".mov",
        ".mkv",
        ".webm",
        ".avi",
        ".gif",
        ".mpg",
        ".mpeg",
        ".ts",
        ".mts",
        ".m2ts",
        ".wmv",
        ".flv",
        ".ogv",
        ".3gp",
        ".apng",
        ".webp",
    ]
)
MANIFESTS = (".csv", ".parquet")
COLUMNS = ("path", "now", "fps", "crop", "edits", "source", "split")


@dataclass(frozen=True)
class Clip:
    """A clip to work on. What is None is said by the batch's own settings."""

    url: str
    # Tells apart versions of the file without reading it; empty where nothing is known.
    version: str = ""
    now: tuple[Now, ...] | None = None
    fps: float | str | None = None
    fit: str | None = None
    edits: str | None = None
    # Clips of one source stay in one split; None: the clip is its own source.
    source: str | None = None
    split: str | None = None


def find_clips(sources: Sequence[str]) -> list[Clip]:
    """The clips of all sources, each URL with the same settings once, in order. Raises BatchError
    for a source that is not there or holds none."""
    clips: dict[str, Clip] = {}
    for source in sources:
        found = list(_clips_of(source))
        if not found:
            raise BatchError(f"{source} holds no clip ({', '.join(sorted(ENDINGS))})")
        # Settings hold dictionaries, so that clips are told apart by their words.
        clips.update((repr(clip), clip) for clip in found)
    return list(clips.values())


def _clips_of(source: str) -> Iterator[Clip]:
    fs, path = filesystem(source)
    if any(mark in path for mark in "*?[") and not fs.exists(path):
        for name, info in sorted(fs.glob(path, detail=True).items()):
            if info["type"] == "file":
                yield Clip(_url(fs, name), version_of(info))
        return
    if path.lower().endswith(MANIFESTS):
        yield from _clips_of_manifest(fs, path, source)
        return
    if source.split("://")[0] in ("http", "https") or not fs.isdir(path):
        # Whether it can be read is found out where it is worked on: one that cannot is a row.
        yield Clip(_url(fs, path), _version_at(fs, path))
        return
    for name, info in sorted(fs.find(path, detail=True).items()):
        if posixpath.splitext(name)[1].lower() in ENDINGS:
            yield Clip(_url(fs, name), version_of(info))


def _clips_of_manifest(fs: Any, path: str, label: str) -> Iterator[Clip]:
    for number, row in enumerate(_rows(fs, path, label), start=1):
        where = str(row.get("path") or row.get("file") or "").strip()
        if not where:
            raise BatchError(f"{label}: row {number} names no clip in its column `path`")
        try:
            yield _clip_of_row(fs, path, where, row)
        except BatchError as error:
            raise BatchError(f"{label}: row {number}: {error}") from error


def _clip_of_row(fs: Any, manifest: str, where: str, row: Mapping[str, Any]) -> Clip:
    text = {name: str(row[name]).strip() for name in COLUMNS if row.get(name) not in (None, "")}
    fit = text.get("crop")
    if fit not in (None, "cover", "letterbox"):
        raise BatchError(f"crop {fit!r} is neither cover nor letterbox")
    url = _beside(fs, manifest, where)
    clip_fs, clip_path = filesystem(url)
    return Clip(
        url,
        _version_at(clip_fs, clip_path),
        now=parse_nows(text["now"].replace(";", ",").split()) if "now" in text else None,
        fps=parse_fps(text["fps"]) if "fps" in text else None,
        fit=fit,
        edits=_beside(fs, manifest, text["edits"]) if "edits" in text else None,
        source=text.get("source"),
        split=text.get("split"),
    )


def _rows(fs: Any, path: str, label: str) -> Iterator[Mapping[str, Any]]:
    try:
        data = fs.cat_file(path)
    except FileNotFoundError as error:
        raise BatchError(f"There is no manifest {label}") from error
    if path.lower().endswith(".parquet"):
        import pyarrow.parquet

        yield from pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist()
    else:
        yield from csv.DictReader(io.StringIO(data.decode("utf-8-sig")))


def _beside(fs: Any, manifest: str, where: str) -> str:
    """A path of a manifest counts from the manifest's folder, unless it is a URL or absolute."""
    if "://" in where or posixpath.isabs(where):
        return where
    return _url(fs, posixpath.normpath(posixpath.join(posixpath.dirname(manifest), where)))


def _url(fs: Any, path: str) -> str:
    return path if is_local(fs) else str(fs.unstrip_protocol(path))


def _version_at(fs: Any, path: str) -> str:
    try:
        return version_of(fs.info(path))
    except Exception:  # noqa: BLE001 - any driver's own error: reading it will tell
        return ""


def version_of(info: Mapping[str, Any]) -> str:
    """Size, and entity tag or time of change: what a driver tells of a file's version. Empty where
    it is not enough to know the bytes by."""
    mark = info.get("ETag") or info.get("etag") or info.get("md5Hash") or info.get("mtime")
    size = info.get("size")
    return f"{size}:{mark}" if mark and size is not None else ""
