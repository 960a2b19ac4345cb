"""The engine's process: what is done about one that dies, hangs or speaks another language."""

from __future__ import annotations

import threading
from argparse import Namespace
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from foretrack.batch.main import run_batch
from foretrack.batch.node_engine import EngineError, EngineLost, Launch, NodeEngine
from foretrack.batch.settings import BatchError, Recipe

from .conftest import PACK, ROOT

READY = """console.log(JSON.stringify({ event: "ready", ready: { protocol: PROTOCOL } }));
process.stdin.once("data", () => { AFTER });
"""


def engine(folder: Path, after: str, protocol: int = 1, script: str = READY) -> NodeEngine:
    """A process that says it is ready, and does `after` upon its first request."""
    (folder / "src/cli").mkdir(parents=True)
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    script = script.replace("PROTOCOL", str(protocol)).replace("AFTER", after)
    (folder / "src/cli/serve.ts").write_text(script)
    return NodeEngine(Launch(root=str(folder), watchdog_secs=1))


def test_an_engine_that_hangs_is_ended(tmp_path: Path) -> None:
    hung = engine(tmp_path, "for (;;) {}")
    with pytest.raises(EngineLost, match="said nothing for 1 s"):
        hung.make({}, lambda row: None)
    assert hung.process.poll() is not None


def test_an_engine_that_dies_says_what_it_said_last(tmp_path: Path) -> None:
    dying = engine(tmp_path, 'console.error("out of memory"); process.exit(3)')
    with pytest.raises(EngineLost, match=r"ended \(3\): out of memory"):
        dying.make({}, lambda row: None)


LATER_FIRST = """const heard = [], say = (reply) => console.log(JSON.stringify(reply));
console.log(JSON.stringify({ event: "ready", ready: { protocol: 1 } }));
process.stdin.on("data", (data) => {
  heard.push(...String(data).trim().split("\\n").map((line) => JSON.parse(line)));
  if (heard.length < 2) return;
  for (const { id, clip } of heard.reverse()) say({ id, event: "row", row: { clip } });
  for (const { id, clip } of heard.reverse()) say({ id, event: "done" });
});
"""


def test_each_of_two_requests_hears_its_own_replies(tmp_path: Path) -> None:
    both = engine(tmp_path, "", script=LATER_FIRST)

    def made(clip: str) -> list[Any]:
        rows: list[Any] = []
        both.make({"clip": clip}, rows.append)
        return rows

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(made, "ab")) == [[{"clip": "a"}], [{"clip": "b"}]]
    both.close()
    with pytest.raises(EngineLost):
        both.make({"clip": "c"}, lambda row: None)


ONE_GOES_ON = """const say = (reply) => console.log(JSON.stringify(reply));
say({ event: "ready", ready: { protocol: 1 } });
process.stdin.once("data", () => setInterval(() => say({ id: 2, event: "progress" }), 50));
"""


def test_one_that_hears_nothing_is_not_covered_up_by_one_that_does(tmp_path: Path) -> None:
    both = engine(tmp_path, "", script=ONE_GOES_ON)
    signs: list[float] = []

    def make(number: int) -> str:
        with pytest.raises(EngineLost) as lost:
            both.make({}, lambda row: None, lambda: signs.append(number))
        return str(lost.value)

    with ThreadPoolExecutor(2) as threads:
        silent, going_on = threads.map(make, (1, 2))
    assert silent == "The engine said nothing for 1 s" and "ended" in going_on
    assert len(signs) > 10 and set(signs) == {2}


def test_what_is_no_reply_ends_the_engine(tmp_path: Path) -> None:
    with pytest.raises(EngineLost, match="ended"):
        engine(tmp_path, 'console.log("no reply"); setInterval(() => 0, 99)').make({}, print)


def test_another_protocol_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BatchError, match="another protocol"):
        engine(tmp_path, "", protocol=99)


def test_what_is_wrong_with_a_request_leaves_the_engine_open(tmp_path: Path) -> None:
    real = NodeEngine(Launch(pack=str(PACK)))
    try:
        request = {"clip": str(tmp_path / "none.mp4"), "folder": str(tmp_path), "make": ["tracks"]}
        with pytest.raises(EngineError, match="There is no file") as told:
            real.make(request, lambda row: None)
        assert told.value.error["name"] == "MediaError"
        assert real.memory_mib() is None or real.memory_mib()
        with pytest.raises(EngineError, match="not understood"):
            real.make(request | {"fps": "fast"}, lambda row: None)
    finally:
        real.close()


def test_a_pack_that_is_not_there_is_said_before_anything_is_begun() -> None:
    with pytest.raises(BatchError, match="There is no model pack"):
        NodeEngine(Launch(pack="no-such-pack"))


@pytest.mark.parametrize("known", [False, True])
def test_ray_starts_while_the_engine_is_tried_where_nothing_was_done_before(
    known: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ray, begun = Mock(), threading.Event()

    def start(_: object) -> tuple[Mock, int]:
        begun.set()
        return ray, 1

    def refuse(*_: object) -> None:
        assert begun.wait(0.2 if known else 20) is not known
        raise BatchError("no such export")

    monkeypatch.setattr("foretrack.batch.main._start_ray", start)
    monkeypatch.setattr("foretrack.batch.main._try_engine", refuse)
    if known:
        (tmp_path / "out/table").mkdir(parents=True)
        (tmp_path / "out/table/a-run.parquet").write_bytes(b"")
    (tmp_path / "clip.mp4").write_bytes(b"x")
    args = Namespace(sources=[str(tmp_path / "clip.mp4")], out=str(tmp_path / "out"))
    with pytest.raises(BatchError, match="no such export"):
        run_batch(args, Recipe(), Launch())
    assert ray.shutdown.called is not known
