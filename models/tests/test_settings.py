"""Settings of a run: one file, words in its place, and what is kept of them."""

import argparse
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from toy_run import fit

from foretrack.common import checkpoints, settings
from foretrack.common.settings import RunConfig, SettingsError, run_config, write_config
from foretrack.common.stage import Budget
from foretrack.compact.settings import Settings
from foretrack.trajloom.train import Settings as TrajLoomSettings


@dataclass
class Small:
    rate: float = 1e-3
    batch: int = 4
    size: str = "tiny"
    video: bool = False


def parsed(*words: object) -> RunConfig[Small]:
    parser = argparse.ArgumentParser()
    settings.add_arguments(parser)
    return run_config(Small, parser.parse_args(["--run", "RUN", *map(str, words)]))


def test_words_stand_in_place_of_the_file_and_both_in_place_of_defaults(tmp_path: Path) -> None:
    file = tmp_path / "run.toml"
    file.write_text("batch = 8\nrate = 2e-3\n[budget]\nsteps = 50\n")
    config = parsed("--config", file, "--set", "rate=5e-4", "size=wide", "--pause", 3)
    assert config.settings == Small(rate=5e-4, batch=8, size="wide")
    assert config.budget == Budget(steps=50, pause=3)
    assert parsed("--config", file, "--minutes", 2).budget == Budget(minutes=2)
    assert parsed().budget == Budget(minutes=30)


@pytest.mark.parametrize("config", [Settings(), TrajLoomSettings(seed=3)])
def test_what_is_written_is_read_again(tmp_path: Path, config: object) -> None:
    file = tmp_path / "runs" / "flow.toml"
    write_config(file, RunConfig(config, Budget(minutes=2.5)))
    values = tomllib.loads(file.read_text())
    assert values.pop("budget") == {"minutes": 2.5}
    assert settings.settings_of(type(config), [], values) == config


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("speed=3", "no setting speed"),
        ("batch=0.5", "batch is of type int"),
        ("rate", "rate is no"),
    ],
)
def test_what_does_not_fit_is_named(word: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        parsed("--set", word)


def test_a_checkpoint_keeps_settings_and_budget_and_metrics_are_json_lines(tmp_path: Path) -> None:
    fit(tmp_path, Budget(steps=200))
    state = checkpoints.read(tmp_path / "last")
    assert state["config"] == {"noise": 0.0, "budget": {"steps": 200}}
    lines = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [100, 200, 200]
    assert all(line["loss"] > 0 for line in lines[:2])
    assert lines[2]["validation"] == {"parameters": 3.0}
