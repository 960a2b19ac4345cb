"""How runs share a target, and how it is read."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from foretrack.batch.node_engine import Launch
from foretrack.batch.rows import FETCH, Row, schema
from foretrack.batch.settings import BatchError, Recipe
from foretrack.batch.shards import Sharder
from foretrack.batch.storage import Store
from foretrack.batch.target import DEAD_SECS, Target, sample_name
from foretrack.batch.worker import Batch
from foretrack.dataset import DatasetError, split_of
from foretrack.dataset import Target as Made


def row(clip: str, run: str, **told: Any) -> Row:
    """A row with one file of its name."""
    key = f"key{clip}"
    empty = dict.fromkeys(schema().names)
    return empty | {"clip": clip, "run": run, "key": key, "sha256": clip * 8, "sample": clip} | told


@pytest.fixture
def target(tmp_path: Path) -> Target:
    return Target(str(tmp_path / "out"))


def test_work_is_claimed_once_and_a_dead_claim_counts_for_nothing(target: Target) -> None:
    assert target.claim("k1", "run-a", (), again=False) is None
    assert target.claim("k1", "run-b", (), again=False) == {"state": "claimed", "run": "run-a"}
    # A worker of the same run that takes up what a lost one had begun.
    assert target.claim("k1", "run-a", (), again=False) is None
    assert target.claim("k1", "run-b", ("run-a",), again=False) is None
    target.finish("k1", "run-b", [row("a", "run-b", error_name="MediaError")])
    kept = target.claim("k1", "run-c", ("run-b",), again=False)
    assert kept and kept["state"] == "done" and kept["rows"][0]["clip"] == "a"
    assert target.claim("k1", "run-c", (), again=True) is None


def test_a_run_lives_by_its_sign_and_its_process(target: Target) -> None:
    assert not target.lives("never")
    target.beat("here")
    assert target.lives("here")
    target.beat("here", ended=True)
    assert not target.lives("here")
    sign = {"host": "elsewhere", "pid": 1, "at": time.time(), "ended": False}
    target.store.write("runs/far.json", json.dumps(sign).encode())
    assert target.lives("far")
    old = sign | {"at": time.time() - DEAD_SECS - 1}
    target.store.write("runs/far.json", json.dumps(old).encode())
    assert not target.lives("far")


def test_rows_of_killed_runs_come_into_the_table_and_stale_ones_leave(target: Target) -> None:
    target.finish("keya", "20-dead", [row("a", "20-dead")])
    target.beat("21-alive")
    target.finish("keyb", "21-alive", [row("b", "21-alive")])
    target.write_part("19-old", [row("c", "19-old", error_name=FETCH, sha256=None, key="unread-c")])
    target.adopt()
    assert {r["clip"] for r in target.rows()} == {"a", "c"}
    # The clip could be fetched later on, and the refusal of "a" was looked at again.
    target.write_part("22-new", [row("c", "22-new"), row("a", "22-new", error="now it has one")])
    rows = {r["clip"]: r for r in target.rows()}
    assert rows["c"]["error_name"] is None and rows["a"]["run"] == "22-new"
    target.tidy()
    assert [len(part) for _, part in target.parts()] == [0, 0, 2]


def test_shards_hold_what_the_files_held(tmp_path: Path, target: Target) -> None:
    rows = []
    for i, name in enumerate("abcde"):
        path = tmp_path / "x.npz"
        np.savez(path, history_tracks_tn2=np.full((2, 3, 2), i, np.float32))
        target.store.write_file(f"clips/aa/{name}.tracks.npz", path)
        file = {"product": "tracks", "path": f"clips/aa/{name}.tracks.npz", "bytes": 1}
        rows.append(row(name, "run", files=[file], source=name))
        target.finish(f"key{name}", "run", [rows[-1]])
    target.write_part("run", rows)
    loose = Made.open(target.store.url)
    before = [sample.read() for sample in loose.samples()]

    batch = Batch("run", target.store.url, Recipe(), Launch(), "pack")
    Sharder(batch, 2).pack(rows, all_of_them=True)
    target.write_part("run", rows)
    made = Made.open(target.store.url)
    assert [sample.read() for sample in made.samples()] == before
    assert len({sample.row["shard"] for sample in made.samples()}) == 3
    record = target.record("keya")
    assert record and record["rows"][0]["shard"]
    assert not list(target.store.list("clips"))

    assert made.torch()[4]["history_tracks_tn2"].unique().tolist() == [4]
    by_split = [made.samples(split=name) for name in {split_of(r) for r in made.rows}]
    assert sum(map(len, by_split)) == 5
    with pytest.raises(DatasetError, match="no futures"):
        made.samples("futures")


def test_a_source_is_in_one_split_and_a_named_split_has_the_last_word() -> None:
    rows = [row(f"clip{i}", "run", source=f"source{i % 40}") for i in range(200)]
    by_source: dict[str, set[str]] = {}
    for each in rows:
        by_source.setdefault(each["source"], set()).add(split_of(each))
    assert all(len(splits) == 1 for splits in by_source.values())
    assert {split for splits in by_source.values() for split in splits} >= {"train", "test"}
    assert split_of(rows[0] | {"split": "mine"}) == "mine"


def test_files_are_whole_and_names_are_safe(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    assert store.create("a/b", b"1") and not store.create("a/b", b"2")
    assert store.read("a/b") == b"1" and store.read("a/c") is None
    assert list(store.list("a")) == ["a/b"]
    name = sample_name("s3://x/My clip.final (2).mp4?v=1", "abc" * 20, 12, "0123456789")
    assert name == "My-clip-final-2-abcabcabca__12-012345"
    with pytest.raises(BatchError, match="only be read"):
        Store("https://example.org/out")
