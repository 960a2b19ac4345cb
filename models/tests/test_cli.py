"""The `foretrack` command and its subcommands."""

import argparse
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from foretrack import cli, commands


def test_the_list_names_every_module_of_commands() -> None:
    folder = Path(commands.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert {cli.module_of(name) for name in cli.COMMANDS} == modules


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_subcommand_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main([*name.split(), "--help"])
    assert end.value.code == 0
    module = importlib.import_module(f"foretrack.commands.{cli.module_of(name)}")
    shown = capsys.readouterr().out
    assert f"foretrack {name}" in module.__doc__ and module.__doc__.splitlines()[0] in shown
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    assert parser.format_usage()


def test_without_a_subcommand_all_of_them_are_told_and_nothing_heavy_is_read() -> None:
    code = "import sys; from foretrack.cli import main; main([]); assert 'torch' not in sys.modules"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(cli.__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert all(name in run.stdout for name in cli.COMMANDS)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--workers 0", "--workers: it is 1 or more, not '0'"),
        ("--watchdog -1", "--watchdog: it is above 0"),
        ("--futures 65", "--futures: it is from 1 to 64"),
        ("--threads x", "--threads: it is 1 or more, not 'x'"),
        ("--gpus nan", "--gpus: it is 0 or more"),
        ("--shards 0", "--shards"),
    ],
)
def test_a_batch_with_a_number_that_cannot_be_is_not_begun(
    words: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["batch", "clips", "--out", "target", *words.split()])
    assert end.value.code == 2
    assert told in capsys.readouterr().err


def test_training_without_scenes_says_how_to_make_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pool, run = str(tmp_path / "pool"), str(tmp_path / "run")
    assert cli.main(["train", "vae", "--pool", pool, "--run", run]) == 1
    assert "foretrack make-pool" in capsys.readouterr().err


def test_an_unknown_subcommand_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["forecast-tomorrow"]) == 2
    assert "forecast-tomorrow" in capsys.readouterr().err
