"""How far a run is: a line that is rewritten in a terminal, elsewhere a line now and then."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import TextIO

LOG_SECS = 30.0
DRAW_SECS = 0.5
BAR = 24
CLEAR = "\r\x1b[2K"


@dataclass
class Tally:
    """Clips of a run."""

    total: int
    kept: int = 0
    made: int = 0
    failed: int = 0
    # Workers; `lost_idle` in a row, before they took a clip.
    lost: int = 0
    lost_idle: int = 0
    hosts: dict[str, int] = field(default_factory=dict)

    @property
    def done(self) -> int:
        return self.kept + self.made + self.failed

    def count_clip(self, failed: bool = False, kept: bool = False) -> None:
        if failed:
            self.failed += 1
        elif kept:
            self.kept += 1
        else:
            self.made += 1


class Progress:
    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.bar = self.stream.isatty()
        self.started = self.shown_at = time.monotonic()
        self.worked = 0

    def show(self, tally: Tally, last: bool = False) -> None:
        now = time.monotonic()
        wait = DRAW_SECS if self.bar else LOG_SECS
        if not last and now - self.shown_at < wait:
            return
        self.shown_at = now
        line = self._line(tally, now - self.started)
        if self.bar:
            share = tally.done / max(1, tally.total)
            filled = round(BAR * share)
            self.stream.write(f"{CLEAR}[{'#' * filled}{' ' * (BAR - filled)}] {line}")
            if last:
                self.stream.write("\n")
        else:
            self.stream.write(line + "\n")
        self.stream.flush()

    def say(self, text: str) -> None:
        """A line that stays."""
        self.stream.write(f"{CLEAR if self.bar else ''}{text}\n")
        self.stream.flush()

    def _line(self, tally: Tally, secs: float) -> str:
        worked = tally.made + tally.failed
        parts = [f"{tally.done}/{tally.total} clips"]
        if worked:
            rate = worked / secs
            parts.append(f"{60 * rate:.1f} a minute")
            parts.append(f"{_clock((tally.total - tally.done) / rate)} left")
        if tally.kept:
            parts.append(f"{tally.kept} were done")
        if tally.failed:
            parts.append(f"{tally.failed} refused")
        workers = sum(tally.hosts.values())
        machines = f" on {len(tally.hosts)} machines" if len(tally.hosts) > 1 else ""
        parts.append(f"{workers} worker{'' if workers == 1 else 's'}{machines}")
        return ", ".join(parts)


def _clock(secs: float) -> str:
    minutes, rest = divmod(round(secs), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
