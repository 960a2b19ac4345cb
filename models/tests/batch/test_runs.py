"""Batches with a real Ray: what is lost, killed, shared and refused."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from foretrack.cli import main
from foretrack.common.pool import write_pool
from foretrack.dataset import Target, split_of

from .conftest import MODELS, QUICK, ROOT, Command, done_count, until

Batch = Callable[..., Command]


def test_a_killed_worker_is_replaced_and_files_that_are_no_clips_are_rows(
    batch: Batch, clips: list[Path], tmp_path: Path
) -> None:
    whole = clips[0].read_bytes()
    bad = {
        "empty.mp4": b"",
        "text.mp4": b"no clip at all\n" * 99,
        "cut.mp4": whole[: len(whole) // 20],
        "noise.mov": np.random.default_rng(1).bytes(20_000),
    }
    for name, data in bad.items():
        (tmp_path / name).write_bytes(data)
    refused = [*(tmp_path / name for name in bad), tmp_path / "missing.mp4"]
    target = tmp_path / "out"
    # The first two are long enough to be at work when their worker is killed.
    long = [ROOT / f"public/samples/{name}.mp4" for name in ("crossing", "walker")]
    command = batch(
        *long, *refused, *clips[:3], "--out", target, *QUICK, "--workers", "2", "--make",
        "tracks,futures,trajloom,export:csv",
    )  # fmt: skip
    until(lambda: any(target.glob("rows/*/*.json")))
    [victim, *_] = command.children("ray::ClipWorker.work")
    os.kill(victim, signal.SIGKILL)
    assert command.end() == 1, command.errors
    assert "A worker was lost" in command.errors

    rows = Target.open(str(target)).rows
    names = Counter(row["clip"] for row in rows)
    assert names == Counter(map(str, [*long, *refused, *clips[:3]]))
    reasons = {row["clip"]: row["error_name"] for row in rows}
    assert {name for name, reason in reasons.items() if reason} == set(map(str, refused))
    assert reasons[str(tmp_path / "missing.mp4")] == "FetchError"
    assert reasons[str(tmp_path / "text.mp4")] == "MediaError"
    assert all(row["remedy"] for row in rows if row["error_name"])
    assert 2 in {row["attempt"] for row in rows}

    # The bytes are those of the command.
    one = clips[2]
    words = [str(one), "--out", str(tmp_path / "one"), *QUICK]
    subprocess.run(["node", "--import", "tsx", "src/cli/forecast.ts", *words], cwd=ROOT, check=True)
    [sample] = [s for s in Target.open(str(target)).samples("futures") if s.row["clip"] == str(one)]
    assert sample.read() == (tmp_path / "one/forecast.npz").read_bytes()
    assert {file["product"] for file in sample.row["files"]} == {
        "tracks", "futures", "trajloom", "export:csv",
    }  # fmt: skip

    # Nothing is left to do but what may have passed; training reads what there is.
    again = batch(*long, *refused, *clips[:3], "--out", target, *QUICK, "--make",
                  "tracks,futures,trajloom,export:csv")  # fmt: skip
    assert again.end() == 1
    assert "9 of them done before" in again.errors
    assert len(Target.open(str(target)).rows) == 10
    write_pool(tmp_path / "pool/pool-001-00000.npz", 20, seed=5, points=60)
    train = ["train", "vae", "--pool", str(tmp_path / "pool"), "--run", str(tmp_path / "run")]
    train += ["--set", "size=tiny", "batch=4", "points=24"]
    assert main([*train, "--dataset", str(target), "--split", "all"]) == 0
    assert main([*train, "--dataset", str(tmp_path / "pool")]) == 1


def test_killed_runs_go_on_and_two_at_once_share_the_work(
    batch: Batch, clips: list[Path], tmp_path: Path
) -> None:
    words = [*clips, "--out", tmp_path / "out", *QUICK, "--make", "tracks", "--workers", "1"]
    target = tmp_path / "out"
    early = batch(*words)
    until(lambda: early.children("serve.ts"))  # the engine is tried, no clip is begun
    assert early.interrupt() == 130, early.errors
    assert "nothing was begun" in early.errors
    killed = batch(*words)
    until(lambda: done_count(target) >= 2)
    killed.kill()
    first = done_count(target)

    stopped = batch(*words)
    until(lambda: done_count(target) >= first + 2)
    assert stopped.interrupt() == 130, stopped.errors
    assert "The same command goes on" in stopped.errors
    assert not stopped.children("serve.ts")
    before = {path: path.read_bytes() for path in target.glob("rows/*/*.json")}
    done = {path for path, data in before.items() if b'"done"' in data}
    assert len(done) >= first + 2

    pair = [batch(*words), batch(*words)]
    assert [command.end() for command in pair] == [0, 0]
    assert all(path.read_bytes() == before[path] for path in done)
    read = Target.open(str(target))
    assert sorted(row["clip"] for row in read.rows) == sorted(map(str, clips))
    assert not any(row["error_name"] for row in read.rows)
    assert all(sample.arrays()["history_tracks_tn2"].shape[1] == 390 for sample in read.samples())
    assert {split_of(row) for row in read.rows} <= {"train", "validation", "test"}


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An object store on this machine; the commands find it by the environment."""
    import fsspec
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    fsspec.filesystem("s3", skip_instance_cache=True).mkdir("bucket")
    yield "s3://bucket"
    server.stop()


def test_an_object_store_is_source_and_target_and_shards_are_read_back(
    batch: Batch, clips: list[Path], bucket: str, tmp_path: Path
) -> None:
    import fsspec

    store = fsspec.filesystem("s3")
    for path in clips[:4]:
        store.put_file(str(path), f"bucket/clips/{path.name}")
    manifest = tmp_path / "list.csv"
    lines = [f"{bucket}/clips/{p.name},0.5;100%,film,test" for p in clips[:2]]
    manifest.write_text("\n".join(["path,now,source,split", *lines]))
    words = [f"{bucket}/clips", manifest, "--out", f"{bucket}/out", *QUICK, "--shards", "3"]
    command = batch(*words, "--make", "tracks", "--workers", "2")
    assert command.end() == 0, command.errors

    target = Target.open(f"{bucket}/out")
    assert len(target.rows) == 4 + 2 * 2
    assert {split_of(row) for row in target.rows if row["source"] == "film"} == {"test"}
    shards = Counter(row["shard"] for row in target.rows)
    assert sorted(shards.values()) == [2, 3, 3]
    assert not store.find("bucket/out/clips")
    samples = target.samples("tracks")
    assert len(samples) == 8
    assert {len(s.arrays()["query_xy_n2"]) for s in samples} == {390}
    again = batch(*words, "--make", "tracks")
    assert again.end() == 0
    assert "6 of them done before" in again.errors


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Two nodes of one core each on this machine, as `ray start` begins them on two."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    monkeypatch.setenv("RAY_AUTH_TOKEN", secrets.token_hex(32))
    monkeypatch.setenv("PYTHONPATH", str(MODELS))
    ray = str(Path(sys.executable).with_name("ray"))
    common = ["--block", "--num-cpus=1", "--object-store-memory=80000000", "--disable-usage-stats"]
    ip, port = address.split(":")
    folder = tempfile.mkdtemp(prefix="r", dir="/tmp")
    head = ["--head", f"--node-ip-address={ip}", f"--port={port}", f"--temp-dir={folder}"]
    nodes = [subprocess.Popen([ray, "start", *head, "--include-dashboard=false", *common])]
    try:
        until(lambda: _answers(address))
        nodes.append(subprocess.Popen([ray, "start", f"--address={address}", *common]))
        yield address
    finally:
        # What else of Ray runs on this machine is none of ours: no `ray stop`.
        for node in reversed(nodes):
            node.terminate()
            node.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _answers(address: str) -> bool:
    ip, port = address.split(":")
    with socket.socket() as door:
        return door.connect_ex((ip, int(port))) == 0


def test_a_second_node_takes_half_of_the_work(
    batch: Batch, clips: list[Path], cluster: str, tmp_path: Path
) -> None:
    # Work enough that the start of the second worker is a small part of it.
    nows = ("#2", "#3", "#4", "#5")
    words = [*clips, "--out", tmp_path / "out", *QUICK, "--futures", "16", "--steps", "8"]
    command = batch(*words, "--now", ",".join(nows), "--address", cluster)
    assert command.end() == 0, command.errors
    rows = Target.open(str(tmp_path / "out")).rows
    shares = Counter(row["host"] for row in rows)
    assert len(rows) == 10 * len(nows) and len(shares) == 2
    assert min(shares.values()) >= 3 * len(nows), shares
