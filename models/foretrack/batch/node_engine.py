"""Foretrack's engine as a process of Node that stays open: `serve` (src/cli/SERVE.md)."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .settings import BatchError

PROTOCOL = 1
# Of the process and of a model's load on a slow disk, before its first line.
START_SECS = 120.0
ROOT = Path(__file__).parents[3]
# While one clip waits for its decoder or its disk, another is worked on.
AT_ONCE = 2


@dataclass(frozen=True)
class Launch:
    """How the process is started; the same on every machine of a cluster."""

    pack: str = "compact"
    threads: int = 1
    provider: str = "wasm"
    text: str | None = None
    # The repository's folder.
    root: str = str(ROOT)
    # Silence after which the process is taken as hung.
    watchdog_secs: float = 300.0


class EngineError(Exception):
    """A request was refused: the clip, the settings or the pack are at fault, not the process."""

    def __init__(self, error: Mapping[str, str]) -> None:
        super().__init__(error.get("message", ""))
        self.error = dict(error)


class EngineLost(Exception):
    """The process died or hung."""


Replies = queue.Queue[dict[str, Any] | None]


class NodeEngine:
    """One open process; several threads may make requests of it, AT_ONCE are worked on together."""

    def __init__(self, launch: Launch) -> None:
        self.launch = launch
        self.lock = threading.Lock()
        # Replies by request; None: what belongs to none.
        self.replies: dict[int | None, Replies] = {None: queue.Queue()}
        self.ended = False
        self.requests = 0
        # By request: when it was made or last answered.
        self.heard_at: dict[int | None, float] = {None: time.monotonic()}
        self.process = self._start()
        self.errors: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()
        self.error_reader = threading.Thread(target=self._read_errors, daemon=True)
        self.error_reader.start()
        try:
            self.description = self._hear(None, START_SECS).get("ready", {})
        except EngineLost as error:
            raise BatchError(str(error)) from error
        if self.description.get("protocol") != PROTOCOL:
            self.close()
            raise BatchError(f"{launch.root} speaks another protocol than {PROTOCOL}: update it")

    def make(
        self,
        fields: Mapping[str, Any],
        on_row: Callable[[dict[str, Any]], None],
        on_life: Callable[[], None] = lambda: None,
    ) -> Any:
        """A `make` request; `on_row` hears each row, `on_life` is called with every reply to this
        request. Returns the clip's facts, None where it could not even be opened. Raises
        EngineError and EngineLost."""
        with self.lock:
            self.requests += 1
            number = self.requests
            self.heard_at[number] = time.monotonic()
            self.replies[number] = queue.Queue()
            if self.ended:
                self.replies[number].put(None)
        try:
            self._say({**fields, "id": number, "do": "make"})
            return self._answers(number, on_row, on_life)
        finally:
            with self.lock:
                del self.replies[number], self.heard_at[number]

    def _answers(
        self, number: int, on_row: Callable[[dict[str, Any]], None], on_life: Callable[[], None]
    ) -> Any:
        facts = None
        while True:
            reply = self._hear(number, self.launch.watchdog_secs)
            on_life()
            if reply["event"] == "clip":
                facts = reply["clip"]
            elif reply["event"] == "row":
                on_row(reply["row"])
            elif reply["event"] == "done":
                return facts
            elif reply["event"] == "error":
                raise EngineError(reply["error"])

    def memory_mib(self) -> float | None:
        """Resident memory of the process; None where the system does not tell."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            return None
        kib = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")]
        return int(kib[0]) / 1024 if kib else None

    def close(self) -> None:
        self.process.kill()
        self.process.wait()

    def _start(self) -> subprocess.Popen[str]:
        node, root = shutil.which("node"), Path(self.launch.root)
        if node is None:
            raise BatchError("There is no `node` on the PATH: install Node 20 or newer")
        if not (root / "node_modules/tsx").exists():
            raise BatchError(f"{root} lacks its packages: run `npm ci --ignore-scripts` there")
        words = ["--import", "tsx", "src/cli/serve.ts", "--pack", self.launch.pack]
        words += ["--threads", str(self.launch.threads), "--provider", self.launch.provider]
        words += ["--at-once", str(AT_ONCE)]
        if self.launch.text:
            words += ["--text", self.launch.text]
        pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        # A session of its own: Ctrl+C is for the driver, which ends everything in order.
        return subprocess.Popen(
            [node, *words],
            cwd=root,
            text=True,
            start_new_session=True,
            env=dict(os.environ),
            **pipes,
        )

    def _say(self, request: Mapping[str, Any]) -> None:
        assert self.process.stdin
        try:
            with self.lock:
                self.process.stdin.write(json.dumps(request) + "\n")
                self.process.stdin.flush()
        except OSError as error:
            raise self._lost() from error

    def _hear(self, number: int | None, patience_secs: float) -> dict[str, Any]:
        """The next reply to a request. The process hangs once it has said nothing to this one,
        whatever it says to others: it would else be waited for as long as they go on."""
        while True:
            patience = self.heard_at[number] + patience_secs - time.monotonic()
            try:
                reply = self.replies[number].get(timeout=max(0.01, patience))
            except queue.Empty as error:
                if time.monotonic() - self.heard_at[number] < patience_secs:
                    continue
                self.close()
                raise EngineLost(f"The engine said nothing for {patience_secs:.0f} s") from error
            if reply is None:
                raise self._lost()
            return reply

    def _lost(self) -> EngineLost:
        code = self.process.wait()
        self.error_reader.join(timeout=1)
        told = " ".join(self.errors[-5:]).strip()
        return EngineLost(f"The engine ended ({code}){': ' + told if told else ''}")

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            try:
                reply = dict(json.loads(line))
            except ValueError:
                self.process.kill()
                break
            with self.lock:
                number = reply.get("id")
                asked = self.replies.get(number)
                if asked:
                    self.heard_at[number] = time.monotonic()
            if asked:
                asked.put(reply)
        with self.lock:
            self.ended = True
            for asked in self.replies.values():
                asked.put(None)

    def _read_errors(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.errors = [*self.errors[-20:], line.strip()]
