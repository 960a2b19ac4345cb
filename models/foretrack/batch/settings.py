"""What a batch makes of every clip, and the keys by which it knows what is done."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

# A place of "now" as `serve` takes it: "middle", {"secs": S}, {"share": S}, {"frame": N},
# {"every": S}.
Now = str | Mapping[str, float]


class BatchError(Exception):
    """What a user gave cannot be done; the message says what to do."""


@dataclass(frozen=True)
class Recipe:
    """What decides the bytes that are made of a clip, beside its own bytes and the model. Names and
    meanings are those of `serve` (src/cli/SERVE.md)."""

    make: tuple[str, ...] = ("tracks", "futures")
    now: tuple[Now, ...] = ("middle",)
    fps: float | str | None = None
    fit: str = "cover"
    futures: int = 8
    seed: int = 1
    solver: str | None = None
    steps: int | None = None
    time_shift: float | None = None
    source: str | None = None
    shots: bool = False
    export: Mapping[str, str] = field(default_factory=dict)

    def request(self) -> dict[str, Any]:
        """The fields of a `make` request, without clip, folder, edits and "now"."""
        fields = asdict(self) | {"make": list(self.make), "export": dict(self.export)}
        del fields["now"]
        return {name: value for name, value in fields.items() if value is not None}

    def with_own(self, **own: Any) -> Recipe:
        """The recipe of one clip that says some of its settings itself; None leaves one as it
        is."""
        return replace(self, **{name: value for name, value in own.items() if value is not None})

    def key(self, clip_sha256: str, model: str, now: Now, edits_sha256: str | None) -> str:
        """Names one piece of work: the same clip bytes, settings, model and "now" are the same
        work, whoever does it and whatever the clip is called."""
        parts = {
            "clip": clip_sha256,
            "pack": model,
            "now": now,
            "edits": edits_sha256,
            "recipe": self.request(),
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


def parse_now(text: str) -> Now:
    """`middle`, `1.5` (seconds), `30%`, `#40` (working frame), `every:2` (seconds)."""
    word = text.strip()
    if word in ("", "middle"):
        return "middle"
    try:
        if word.startswith("every:"):
            return {"every": _positive(word.removeprefix("every:"))}
        if word.endswith("%"):
            share = float(word[:-1]) / 100
            if 0 <= share <= 1:
                return {"share": share}
        elif word.startswith("#"):
            if (frame := int(word[1:])) >= 0:
                return {"frame": frame}
        elif (secs := float(word)) >= 0:
            return {"secs": secs}
    except ValueError:
        pass
    raise BatchError(
        f'"now" {text!r} is not understood: give seconds (1.5), a share (30%), a working '
        "frame (#40), every:SECONDS or middle"
    )


def parse_nows(words: Sequence[str]) -> tuple[Now, ...]:
    nows = [parse_now(part) for word in words for part in word.split(",")]
    return tuple(now for i, now in enumerate(nows) if now not in nows[:i])


def parse_fps(text: str) -> float | str:
    return "native" if text == "native" else _positive(text)


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value < float("inf"):
        raise BatchError(f"{text!r} is not a number above 0")
    return value
