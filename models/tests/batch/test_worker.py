"""Signs of life of a worker: each clip has its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from foretrack.batch import worker as module
from foretrack.batch.fetching import FetchError
from foretrack.batch.node_engine import Launch
from foretrack.batch.settings import Recipe
from foretrack.batch.sources import Clip
from foretrack.batch.worker import Batch, ClipWorker, Task


class Engine:
    """Of no process."""

    def __init__(self, launch: Launch) -> None:
        pass


def test_a_fetch_that_hangs_is_not_covered_up_by_the_clips_beside_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hanging = threading.Event()

    def fetch(url: str, edits: str | None, scratch: Path, alive: Callable[[], None]) -> Any:
        alive()
        if url == "hangs":
            hanging.wait(60)
        raise FetchError("no more of it")

    monkeypatch.setattr(module, "fetch", fetch)
    monkeypatch.setattr(module, "NodeEngine", Engine)
    monkeypatch.setattr(ClipWorker, "host", lambda self: "here")
    worker = ClipWorker(Batch("run", str(tmp_path), Recipe(), Launch(), "pack"))
    assert worker.silent_secs() == 0
    thread = threading.Thread(target=worker.work, args=(Task(Clip("hangs"), None),))
    thread.start()
    end = time.monotonic() + 0.3
    while time.monotonic() < end:
        [row] = worker.work(Task(Clip("goes"), None)).rows
        assert row["error"] == "no more of it"
    assert worker.silent_secs() >= 0.25
    hanging.set()
    thread.join()
    assert worker.silent_secs() == 0
