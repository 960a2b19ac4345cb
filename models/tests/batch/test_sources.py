"""Which clips a batch works on, and with what settings of their own."""

from __future__ import annotations

import argparse
import functools
import hashlib
import http.server
import itertools
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from foretrack.batch.fetching import FetchError, local_copy
from foretrack.batch.node_engine import Launch
from foretrack.batch.settings import BatchError, Recipe, parse_nows
from foretrack.batch.sources import find_clips
from foretrack.batch.storage import Store
from foretrack.batch.worker import Batch
from foretrack.commands import batch as command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.mp4", "b.MOV", "deep/c.webm", "notes.txt"):
        path = tmp_path / "clips" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path / "clips"


def names(*sources: str | Path) -> list[str]:
    return [Path(clip.url).name for clip in find_clips(list(map(str, sources)))]


def test_folders_globs_and_files_each_clip_once(folder: Path) -> None:
    assert names(folder) == ["a.mp4", "b.MOV", "c.webm"]
    assert names(folder / "*.mp4", folder / "a.mp4", folder) == ["a.mp4", "b.MOV", "c.webm"]
    # One that is named, or missing, is told of by the worker that cannot read it.
    assert names(folder / "notes.txt", folder / "gone.mp4") == ["notes.txt", "gone.mp4"]


def test_a_source_without_clips_and_a_driver_that_is_missing_are_said(tmp_path: Path) -> None:
    with pytest.raises(BatchError, match="holds no clip"):
        find_clips([str(tmp_path)])
    with pytest.raises(BatchError):
        find_clips(["nosuch://bucket/clips"])


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_rows_of_a_manifest_say_their_own_settings(folder: Path, kind: str) -> None:
    path = folder / f"list.{kind}"
    if kind == "csv":
        path.write_text(
            "path,now,fps,crop,source\na.mp4,1.5;30%,native,letterbox,film\ndeep/c.webm,,,,\n"
        )
    else:
        rows = [
            {
                "path": "a.mp4",
                "now": "1.5;30%",
                "fps": "native",
                "crop": "letterbox",
                "source": "film",
            },
            {"path": "deep/c.webm"},
        ]
        pyarrow.parquet.write_table(pa.Table.from_pylist(rows), path)
    first, second = find_clips([str(path)])
    assert first.url == str(folder / "a.mp4")
    assert (first.now, first.fps, first.fit) == (
        ({"secs": 1.5}, {"share": 0.3}),
        "native",
        "letterbox",
    )
    assert first.source == "film" and first.version
    assert second.url == str(folder / "deep/c.webm")
    assert (second.now, second.fps, second.fit, second.source) == (None, None, None, None)


@pytest.mark.parametrize(
    "line", ["a.mp4,soon,,", "a.mp4,1,fast,", "a.mp4,1,16,stretch", ",1,16,cover"]
)
def test_a_row_that_is_wrong_is_named(folder: Path, line: str) -> None:
    path = folder / "list.csv"
    path.write_text(f"path,now,fps,crop\na.mp4,1,16,cover\n{line}\n")
    with pytest.raises(BatchError, match="row 2"):
        find_clips([str(path)])


@pytest.fixture
def server(folder: Path) -> Iterator[str]:
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_web_address_is_a_clip(server: str) -> None:
    [clip] = find_clips([f"{server}/a.mp4"])
    assert clip.url == f"{server}/a.mp4"


def test_a_web_address_is_read_by_its_worker(folder: Path, server: str, tmp_path: Path) -> None:
    data = bytes(range(256)) * 5000
    (folder / "my clip.mp4").write_bytes(data)
    heard: list[int] = []
    path, sha256, size = local_copy(
        f"{server}/my%20clip.mp4?token=1", tmp_path / "one", lambda: heard.append(1)
    )
    assert path.name == "my clip.mp4" and path.read_bytes() == data
    assert (sha256, size) == (hashlib.sha256(data).hexdigest(), len(data)) and heard
    with pytest.raises(FetchError, match="gone.mp4 cannot be read: FileNotFoundError"):
        local_copy(f"{server}/gone.mp4", tmp_path / "two", lambda: None)
    assert not (tmp_path / "two").exists()
    here = folder / "a.mp4"
    assert local_copy(str(here), tmp_path / "three", lambda: None)[0] == here


def test_a_slow_web_server_gives_a_sign_of_life_with_every_piece(tmp_path: Path) -> None:
    piece, count = bytes(20_000), 12

    class Slow(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(count * len(piece)))
            self.send_header("Accept-Ranges", "bytes")
            self.end_headers()

        def do_GET(self) -> None:
            self.do_HEAD()
            for _ in range(count):
                self.wfile.write(piece)
                time.sleep(0.05)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        heard = [time.monotonic()]
        url = f"http://127.0.0.1:{server.server_port}/slow.mp4"
        _, _, size = local_copy(url, tmp_path / "slow", lambda: heard.append(time.monotonic()))
        server.shutdown()
    assert size == count * len(piece)
    silences = [later - before for before, later in itertools.pairwise(heard)]
    assert max(silences) < 0.6 * (heard[-1] - heard[0]), "it was silent until all had come"


def test_a_store_that_is_no_folder(tmp_path: Path) -> None:
    """fsspec's own store in memory stands for gs:// and az://, whose drivers have its calls."""
    url = f"memory://bucket-{tmp_path.name}"
    store = Store(f"{url}/out")
    assert store.create("a/claim", b"1") and not store.create("a/claim", b"2")
    assert store.read("a/claim") == b"1" and store.read("a/none") is None
    (tmp_path / "clip.mp4").write_bytes(b"clip")
    store.write_file("clips/x.mp4", tmp_path / "clip.mp4")
    assert sorted(store.list("")) == ["a/claim", "clips/x.mp4"]
    [clip] = find_clips([f"{url}/out/clips"])
    path, sha256, size = local_copy(clip.url, tmp_path / "local", lambda: None)
    assert (path.name, path.read_bytes(), size) == ("x.mp4", b"clip", 4)
    store.remove("a/claim")
    store.remove("a/claim")
    assert list(store.list("a")) == []


def test_places_of_now() -> None:
    words = ["1.5,30%", "#40,every:2", "middle", "1.5"]
    assert parse_nows(words) == (
        {"secs": 1.5}, {"share": 0.3}, {"frame": 40}, {"every": 2.0}, "middle",
    )  # fmt: skip
    for wrong in ("-1", "130%", "#x", "every:0", "nan"):
        with pytest.raises(BatchError, match="not understood|not a number"):
            parse_nows([wrong])


def test_work_is_the_same_by_content_and_settings_alone() -> None:
    recipe = Recipe(futures=2)
    key = recipe.key("clip", "pack", "middle", None)
    assert key == Recipe(futures=2, now=({"secs": 1},)).key("clip", "pack", "middle", None)
    others = [
        recipe.key("other", "pack", "middle", None),
        recipe.key("clip", "other", "middle", None),
        recipe.key("clip", "pack", {"secs": 1}, None),
        recipe.key("clip", "pack", "middle", "edits"),
        recipe.with_own(fps=8.0).key("clip", "pack", "middle", None),
        Recipe(futures=3).key("clip", "pack", "middle", None),
    ]
    assert len({key, *others}) == 7


def test_who_has_a_share_of_a_gpu_runs_there_and_its_work_is_work_of_its_own() -> None:
    def launch(*words: str) -> Launch:
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        return command._launch(parser.parse_args(["clip.mp4", "--out", "x", *words]))

    assert launch().provider == "wasm"
    assert launch("--gpus", "0.25").provider == "cuda"
    assert launch("--gpus", "1", "--provider", "cpu").provider == "cpu"
    models = {
        Batch("run", "out", Recipe(), launch(*words), "pack").model
        for words in ((), ("--gpus", "1"), ("--provider", "cpu"))
    }
    # What CUDA gave is never taken for the command's bytes.
    assert models == {"pack", "pack cuda", "pack cpu"}
