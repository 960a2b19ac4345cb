"""What the train commands share: their arguments and settings."""

from __future__ import annotations

import argparse
import json
from dataclasses import fields
from pathlib import Path
from typing import TypeVar

from . import machine
from .loop import Budget

Settings = TypeVar("Settings")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--run", type=Path, required=True, help="folder of the run")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--steps", type=int, help="instead of --minutes: the same on any machine")
    parser.add_argument("--pause", type=int, help="end after so many steps; the next call goes on")
    parser.add_argument("--from", dest="start_from", type=Path, help="weights to begin with")
    parser.add_argument("--set", nargs="*", default=[], help="settings, as name=json")
    machine.add_arguments(parser)


def budget_of(args: argparse.Namespace) -> Budget:
    return Budget(args.minutes, args.steps, args.pause)


def settings_of(cls: type[Settings], given: list[str]) -> Settings:
    """The dataclass with what `name=value` items say: JSON where the field is no text."""
    text = {field.name for field in fields(cls) if field.type in (str, "str")}
    pairs = dict(item.split("=", 1) for item in given)
    return cls(**{k: v if k in text else json.loads(v) for k, v in pairs.items()})
