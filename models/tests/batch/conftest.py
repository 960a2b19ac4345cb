"""Clips to work on, and runs of the command as a user starts them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

MODELS = Path(__file__).parents[2]
ROOT = MODELS.parent
PACK = ROOT / "src/workers/inference/testdata/tiny-pack"
SAMPLES = ROOT / "public/samples"
# Little work a clip: what is tested is who does it.
QUICK = ("--pack", str(PACK), "--fps", "4", "--futures", "2", "--steps", "2")
PATIENCE_SECS = 120


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Ten clips of a second and a half, cut out of the samples, each with bytes of its own."""
    folder = tmp_path_factory.mktemp("clips")
    made = []
    for i in range(10):
        source = SAMPLES / f"{('marbles', 'crossing', 'walker')[i % 3]}.mp4"
        path = folder / f"clip {i}.mp4"
        cut = ["-ss", str(0.2 * i), "-t", "1.5", "-i", str(source), "-an", str(path)]
        subprocess.run(["ffmpeg", "-v", "error", *cut], check=True)
        made.append(path)
    return made


class Command:
    """`foretrack batch`, running."""

    def __init__(self, *words: str | Path, env: dict[str, str] | None = None) -> None:
        self.errors = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "foretrack", "batch", *map(str, words)],
            cwd=MODELS,
            env={**os.environ, **(env or {})},
            stderr=subprocess.PIPE,
            text=True,
        )

    def end(self) -> int:
        _, self.errors = self.process.communicate(timeout=PATIENCE_SECS)
        return self.process.returncode

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.end()

    def children(self, named: str) -> list[int]:
        """Processes below the command whose words hold `named`."""
        parents, words = {}, {}
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    stat = (folder / "stat").read_text().rsplit(")", 1)[1].split()
                    words[int(folder.name)] = (folder / "cmdline").read_text()
                except OSError:
                    continue
                parents[int(folder.name)] = int(stat[1])

        def below(pid: int) -> bool:
            while pid in parents:
                pid = parents[pid]
                if pid == self.process.pid:
                    return True
            return False

        return [pid for pid in words if named in words[pid] and below(pid)]


@pytest.fixture
def batch() -> Iterator[Callable[..., Command]]:
    """Starts commands; those that still run at the end of the test are ended."""
    started: list[Command] = []

    def start(*words: str | Path, env: dict[str, str] | None = None) -> Command:
        started.append(Command(*words, env=env))
        return started[-1]

    yield start
    for command in started:
        if command.process.poll() is None:
            command.process.kill()
            command.process.wait()


def until(met: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_SECS
    while not met():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def done_count(target: Path) -> int:
    """Pieces of work whose record says that they are done."""
    return sum('"done"' in path.read_text() for path in target.glob("rows/*/*.json"))
