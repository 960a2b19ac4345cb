"""Settings of a training run: a dataclass, one TOML file, and words of the command line.

The file has the settings by name, and the table `budget` with `minutes` or `steps`. What counts in
the end is written to RUN/STAGE.toml, kept in the checkpoint, and by an export in the pack's record;
`--config` takes that file again.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar, get_args, get_origin, get_type_hints

from . import machine
from .ranges import Count, Positive, Range
from .stage import Budget

Settings = TypeVar("Settings")


class SettingsError(ValueError):
    """A setting has no such name, or a value of another kind or out of its range."""


@dataclass(frozen=True)
class RunConfig(Generic[Settings]):
    """What defines a run, besides its data."""

    settings: Settings
    budget: Budget


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--run", type=Path, required=True, help="folder of the run")
    parser.add_argument("--config", type=Path, help="TOML file of settings and of the budget")
    parser.add_argument("--set", nargs="*", default=[], help="settings, as name=value")
    parser.add_argument("--minutes", type=float, help="of training (default: 30)")
    parser.add_argument("--steps", type=int, help="instead of --minutes: the same on any machine")
    parser.add_argument("--pause", type=int, help="end after so many steps; the next call goes on")
    parser.add_argument("--from", dest="start_from", type=Path, help="weights to begin with")
    machine.add_arguments(parser)


def run_config(cls: type[Settings], args: argparse.Namespace) -> RunConfig[Settings]:
    """The file's settings and budget, where `--config` names one, with what the words say in their
    place. Raises SettingsError."""
    given: dict[str, Any] = {}
    if args.config:
        try:
            given = tomllib.loads(args.config.read_text())
        except (OSError, ValueError) as error:
            raise SettingsError(f"{args.config}: {error}") from error
    budget = given.pop("budget", {})
    if args.minutes is not None or args.steps is not None:
        budget = {"minutes": args.minutes} if args.steps is None else {"steps": args.steps}
    if args.pause is not None:
        budget = {**budget, "pause": args.pause}
    for name, value in budget.items():
        if name not in BUDGET:
            raise SettingsError(f"A budget has minutes or steps, no {name}")
        _check(name, value, BUDGET[name])
    return RunConfig(settings_of(cls, args.set, given), Budget(**budget))


BUDGET = {"minutes": Positive, "steps": Count, "pause": Count}


def settings_of(
    cls: type[Settings], words: list[str], given: dict[str, Any] | None = None
) -> Settings:
    """The dataclass with the `given` values and what `name=value` words say; JSON where the field
    is no text. Raises SettingsError."""
    hints = get_type_hints(cls, include_extras=True)
    kinds = {f.name: hints[f.name] for f in fields(cls)}  # type: ignore[arg-type]
    values = dict(given or {})
    for word in words:
        name, _, text = word.partition("=")
        try:
            values[name] = text if _is_text(kinds.get(name)) else json.loads(text)
        except json.JSONDecodeError as error:
            raise SettingsError(f"{word} is no name=value") from error
    for name, value in values.items():
        if name not in kinds:
            raise SettingsError(f"There is no setting {name}: {', '.join(kinds)}")
        _check(name, value, kinds[name])
    return cls(**values)


def _is_text(kind: Any) -> bool:
    return kind is str or get_origin(kind) is Literal


def _check(name: str, value: Any, kind: Any) -> None:
    """Of a plain type, an annotated one with a Range, or one of several words."""
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise SettingsError(f"{name} is one of {', '.join(get_args(kind))}, not {value!r}")
        return
    plain, *ranges = get_args(kind) if get_origin(kind) is Annotated else (kind,)
    if not _fits(value, plain):
        raise SettingsError(f"{name} is of type {plain.__name__}, not {value!r}")
    for allowed in ranges:
        if isinstance(allowed, Range) and value not in allowed:
            raise SettingsError(f"{name} is {allowed}, not {value!r}")


def _fits(value: object, kind: type) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is kind


def record(settings: dict[str, Any], budget: Budget) -> dict[str, Any]:
    """As it stands in the file, but for the pause, which is a call's own."""
    spent = {"steps": budget.steps} if budget.steps else {"minutes": budget.minutes}
    return {**settings, "budget": spent}


def write_config(path: Path, config: RunConfig[Any]) -> None:
    values = record(asdict(config.settings), config.budget)
    budget = values.pop("budget")
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    lines += ["", "[budget]", *(f"{name} = {json.dumps(v)}" for name, v in budget.items())]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")
