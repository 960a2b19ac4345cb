"""Settings of a run: one file, words in its place, and what is kept of them."""

import argparse
import json
import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal

import pytest
from toy_run import fit

from foretrack.common import checkpoints, settings
from foretrack.common.ranges import Count, Positive, Share
from foretrack.common.settings import RunConfig, SettingsError, run_config, write_config
from foretrack.common.stage import Budget
from foretrack.compact.settings import Settings
from foretrack.field.train import Settings as FieldSettings
from foretrack.photo.settings import Settings as PhotoSettings
from foretrack.relief.train import Settings as ReliefSettings
from foretrack.trajloom.train import Settings as TrajLoomSettings

SETTINGS = [Settings, FieldSettings, PhotoSettings, ReliefSettings, TrajLoomSettings]


@dataclass
class Small:
    rate: Positive = 1e-3
    batch: Count = 4
    size: Literal["tiny", "wide"] = "tiny"
    share: Share = 0.5
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
        ("rate=NaN", "rate is above 0, not nan"),
        ("batch=0", "batch is 1 or more, not 0"),
        ("share=1.5", "share is from 0 to 1, not 1.5"),
        ("size=giant", "size is one of tiny, wide, not 'giant'"),
        ("share=", "share= is no name=value"),
    ],
)
def test_what_does_not_fit_is_named(word: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        parsed("--set", word)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--steps", 0], "steps is 1 or more"),
        (["--minutes", -1], "minutes is above 0"),
        (["--pause", 0], "pause is 1 or more"),
        (["--config", "missing.toml"], "missing.toml"),
    ],
)
def test_a_budget_that_is_none_and_a_file_that_is_not_there_are_named(
    words: list[object], message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        parsed(*words)


@pytest.mark.parametrize("kind", SETTINGS)
def test_numbers_that_train_nothing_are_refused(kind: type) -> None:
    """Every number but the seed has a range, and what is a default lies in it."""
    defaults = kind()
    settings.settings_of(kind, [], asdict(defaults))
    for field in fields(kind):
        if isinstance(getattr(defaults, field.name), bool | str) or field.name == "seed":
            continue
        with pytest.raises(SettingsError, match=field.name):
            settings.settings_of(kind, [f"{field.name}=-1"])
    with pytest.raises(SettingsError, match="batch is 1 or more"):
        settings.settings_of(kind, ["batch=0"])


def test_a_step_of_the_solver_at_least() -> None:
    with pytest.raises(SettingsError, match="most_steps is 1 or more, not 0"):
        settings.settings_of(Settings, ["most_steps=0"])


def test_a_checkpoint_keeps_settings_and_budget_and_metrics_are_json_lines(tmp_path: Path) -> None:
    fit(tmp_path, Budget(steps=200))
    state = checkpoints.read(tmp_path / "last")
    assert state["config"] == {"noise": 0.0, "budget": {"steps": 200}}
    lines = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [100, 200, 200]
    assert all(line["loss"] > 0 for line in lines[:2])
    assert lines[2]["validation"] == {"parameters": 3.0}
