"""The training loop and its checkpoints."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from toy_run import Line, fit

from foretrack.common import checkpoints
from foretrack.common.machine import Machine, add_arguments, from_arguments
from foretrack.common.stage import Budget

MODELS = Path(__file__).resolve().parents[1]


def same(a: Any, b: Any) -> bool:
    if isinstance(a, torch.Tensor):
        return torch.equal(a, b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


def error(model: Any) -> float:
    batch = Line().batch(10_000)
    with torch.no_grad():
        return float((model.guess(batch.x) - batch.y).square().mean())


def test_a_run_in_parts_equals_the_run_in_one(tmp_path: Path) -> None:
    fit(tmp_path / "whole", Budget(steps=4), noise=0.1)
    fit(tmp_path / "parts", Budget(steps=4, pause=2), noise=0.1)
    assert checkpoints.read(tmp_path / "parts" / "last")["step"] == 2
    torch.rand(5)  # whatever else was drawn meanwhile
    fit(tmp_path / "parts", Budget(steps=4), noise=0.1)
    whole, parts = (checkpoints.read(tmp_path / name / "last") for name in ("whole", "parts"))
    assert parts["step"] == 4
    for part in ("model", "ema", "optimizer", "random", "settings"):
        assert same(whole[part], parts[part]), part


def test_it_fits_in_float32_and_in_bfloat16(tmp_path: Path) -> None:
    budget = Budget(steps=400)
    exact = fit(tmp_path / "float32", budget)
    rough = fit(tmp_path / "bfloat16", budget, Machine(bfloat16=True))
    assert error(exact) < 0.2 and error(rough) < 0.2
    assert not torch.equal(exact.hidden.weight, rough.hidden.weight)
    assert rough.hidden.weight.dtype == torch.float32


def test_recomputing_changes_nothing(tmp_path: Path) -> None:
    plain = fit(tmp_path / "plain", Budget(steps=5))
    again = fit(tmp_path / "again", Budget(steps=5), Machine(recompute=True))
    assert same(plain.state_dict(), again.state_dict())


def test_cuda_graphs_without_a_card_are_refused() -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    args = parser.parse_args(["--device", "cpu", "--cuda-graphs", "4"])
    with pytest.raises(SystemExit, match="needs CUDA"), from_arguments(args):
        pass


@pytest.mark.skipif(not torch.cuda.is_available(), reason="records on a card")
def test_recorded_steps_fit_as_others_do(tmp_path: Path) -> None:
    device = torch.device("cuda", 0)
    model = fit(tmp_path, Budget(steps=400), Machine(device, cuda_graphs=3), noise=0.1)
    assert error(model.cpu()) < 0.2


def test_a_box_of_time_ends_by_itself(tmp_path: Path) -> None:
    fit(tmp_path, Budget(minutes=0.005))
    state = checkpoints.read(tmp_path / "last")
    assert state["step"] > 10 and 0.3 <= state["spent"] < 5


def test_two_processes_equal_one_with_both_batches(tmp_path: Path) -> None:
    fit(tmp_path / "one", Budget(steps=12), merged=True)
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node", "2"]
    command += ["--standalone", "--local-addr", "127.0.0.1"]  # a free port, no name look-up
    command += [str(MODELS / "tests" / "toy_run.py"), str(tmp_path / "two"), "12"]
    environment = os.environ | {"PYTHONPATH": str(MODELS), "OMP_NUM_THREADS": "1"}
    ended = subprocess.run(
        [*command, "--device", "cpu"], env=environment, capture_output=True, text=True, timeout=120
    )
    assert ended.returncode == 0, ended.stderr
    one, two = (checkpoints.read(tmp_path / name / "last") for name in ("one", "two"))
    assert two["step"] == 12 and len(two["random"]) == 2
    for name, value in one["model"].items():
        assert torch.allclose(two["model"][name], value, atol=1e-5), name


def test_shards_are_small_and_hold_the_same_state(tmp_path: Path) -> None:
    state = {"ema": {"w": torch.randn(300, 100)}, "step": 7, "settings": {"size": "tiny"}}
    folder = checkpoints.write(tmp_path / "last", state, shard_bytes=50_000)
    sizes = [p.stat().st_size for p in folder.glob("*.shard")]
    assert len(sizes) == 3 and max(sizes) == 50_000
    for path in (tmp_path / "last", tmp_path / "last.pt"):
        assert same(checkpoints.read(path), state)


def test_an_older_file_is_read_and_then_replaced(tmp_path: Path) -> None:
    torch.save({"step": 1}, tmp_path / "last.pt")
    assert checkpoints.read(tmp_path / "last.pt") == {"step": 1}
    assert checkpoints.read(tmp_path / "last") == {"step": 1}
    checkpoints.write(tmp_path / "last", {"step": 2})
    assert checkpoints.read(tmp_path / "last.pt") == {"step": 2}
    assert [p.name for p in tmp_path.iterdir()] == ["last"]


def test_a_save_that_breaks_off_leaves_the_state_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = {"w": torch.randn(1000), "step": 1}
    folder = checkpoints.write(tmp_path / "last", state, 1000)

    def full(source: Path, target: Path) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch, pytest.raises(OSError):
        patch.setattr(checkpoints.os, "replace", full)
        checkpoints.write(tmp_path / "last", {"w": torch.zeros(1000), "step": 2}, 1000)
    assert same(checkpoints.read(folder), state)
    checkpoints.write(tmp_path / "last", {"step": 3}, 1000)
    assert checkpoints.read(folder) == {"step": 3}
    names = {p.name for p in folder.iterdir()}
    assert len(names) < 4 and "index.json" in names


def test_a_missing_or_cut_checkpoint_says_so(tmp_path: Path) -> None:
    with pytest.raises(checkpoints.CheckpointMissingError, match="last"):
        checkpoints.read(tmp_path / "last.pt")
    folder = checkpoints.write(tmp_path / "last", {"w": torch.randn(1000)}, 1000)
    with next(folder.glob("*.shard")).open("ab") as file:
        file.truncate(10)
    with pytest.raises(checkpoints.DamagedCheckpointError, match="shard"):
        checkpoints.read(folder)
