"""What one worker does with one clip: fetch, claim, make, store, record."""

from __future__ import annotations

import hashlib
import json
import socket
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .fetching import Fetched, FetchError, fetch
from .node_engine import EngineError, Launch, NodeEngine
from .rows import FETCH, QUALITY, Row
from .settings import Now, Recipe
from .sources import Clip
from .target import Target, file_name, sample_name


@dataclass(frozen=True)
class Batch:
    """What all workers of a run share."""

    run: str
    target: str
    recipe: Recipe
    launch: Launch
    pack_identity: str
    retry_refused: bool = False
    # Clips are read though a row knows their size and time.
    reread: bool = False

    @property
    def model(self) -> str:
        """What futures depend on beside the recipe: another provider gives other last digits."""
        provider = self.launch.provider
        return self.pack_identity if provider == "wasm" else f"{self.pack_identity} {provider}"

    def recipe_of(self, clip: Clip) -> Recipe:
        return self.recipe.with_own(now=clip.now, fps=clip.fps, fit=clip.fit)


@dataclass(frozen=True)
class Task:
    clip: Clip
    edits: str | None
    attempt: int = 1
    # Runs whose claims count for nothing.
    dead: tuple[str, ...] = ()


@dataclass
class Outcome:
    """What came of a task. `rows` are new; `kept` pieces of work had been done; `busy` names the
    runs that are at work on the others."""

    rows: list[Row] = field(default_factory=list)
    kept: int = 0
    busy: list[str] = field(default_factory=list)


@dataclass
class Work:
    """One "now" specification of a clip."""

    now: Now
    key: str
    rows: list[Row] = field(default_factory=list)


class Life:
    """The signs of life of one clip that is worked on."""

    def __init__(self) -> None:
        self.shown_at = time.monotonic()

    def show(self) -> None:
        self.shown_at = time.monotonic()

    def silent_secs(self) -> float:
        return time.monotonic() - self.shown_at


class ClipWorker:
    """Keeps one engine open from clip to clip. After EngineLost the worker is of no more use."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.target = Target(batch.target)
        self.lives: set[Life] = set()
        self.engine = NodeEngine(batch.launch)

    def host(self) -> str:
        """The machine, and the node of the cluster, of which a machine may be several."""
        import ray

        node = ray.get_runtime_context().get_node_id()
        return f"{socket.gethostname()}/{node[:8]}"

    def silent_secs(self) -> float:
        """Since the last sign of life of the clip that has given none for longest: one that hangs
        is not covered up by the others that are worked on."""
        return max((life.silent_secs() for life in list(self.lives)), default=0.0)

    def work(self, task: Task) -> Outcome:
        """Never raises for what a clip is at fault for; raises EngineLost."""
        life = Life()
        self.lives.add(life)
        try:
            with tempfile.TemporaryDirectory(prefix="foretrack-") as scratch:
                started = time.monotonic()
                try:
                    fetched = fetch(task.clip.url, task.edits, Path(scratch), life.show)
                except FetchError as error:
                    return Outcome(rows=[self._failed_fetch(task, error)])
                fetch_secs = time.monotonic() - started
                return self._work_on(task, fetched, Path(scratch), fetch_secs, life)
        finally:
            self.lives.remove(life)

    def close(self) -> None:
        self.engine.close()

    def _work_on(
        self, task: Task, fetched: Fetched, scratch: Path, fetch_secs: float, life: Life
    ) -> Outcome:
        batch, outcome = self.batch, Outcome()
        recipe = batch.recipe_of(task.clip)
        works: list[Work] = []
        for now in recipe.now:
            key = recipe.key(fetched.sha256, batch.model, now, fetched.edits_sha256)
            record = self.target.claim(key, batch.run, task.dead, batch.retry_refused)
            if record is None:
                works.append(Work(now, key))
            elif record["state"] == "done":
                outcome.kept += 1
                outcome.rows += _seen_elsewhere(record["rows"], task.clip)
            else:
                outcome.busy.append(record["run"])
        if works:
            made = self._make(task, recipe, fetched, works, scratch, life)
            for work in works:
                for row in work.rows:
                    row |= made | {"fetch_secs": fetch_secs}
                self.target.finish(work.key, batch.run, work.rows)
                outcome.rows += work.rows
        return outcome

    def _make(
        self,
        task: Task,
        recipe: Recipe,
        fetched: Fetched,
        works: list[Work],
        scratch: Path,
        life: Life,
    ) -> Row:
        """Fills the rows of `works`; gives what all of them have in common."""
        folder = scratch / "made"
        request = recipe.request() | {
            "clip": str(fetched.path),
            "folder": str(folder),
            "now": [work.now for work in works],
        }
        if fetched.edits:
            request["edits"] = str(fetched.edits)
        stamp = datetime.now(UTC).isoformat(timespec="seconds")

        def told(row: dict[str, Any]) -> None:
            work = works[row["now_index"]]
            work.rows.append(self._row(task, recipe, fetched, work, row, folder, life))

        facts: dict[str, Any] | None = None
        try:
            facts = self.engine.make(request, told, life.show)
        except EngineError as error:
            for work in (w for w in works if not w.rows):
                row = self._about(task, recipe, fetched, work)
                work.rows.append(row | error_fields(error.error))
        common: Row = {"started_at": stamp, "engine_mib": self.engine.memory_mib()}
        return common | ({**facts} if facts else {})

    def _row(
        self,
        task: Task,
        recipe: Recipe,
        fetched: Fetched,
        work: Work,
        told: dict[str, Any],
        folder: Path,
        life: Life,
    ) -> Row:
        """Stores the files of one "now"; the record that names them is written once all are
        there."""
        row = self._about(task, recipe, fetched, work) | {
            name: told.get(name)
            for name in ("shot", "shot_start", "shot_end", "now_frame", "now_secs", "cut_found")
        }
        row |= {"make_secs": told["secs"]}
        if "error" in told:
            return row | error_fields(told["error"])
        started = time.monotonic()
        sample = sample_name(task.clip.url, fetched.sha256, told["now_frame"], work.key)
        files = []
        for file in told["files"]:
            name = file_name(sample, fetched.sha256, file["ending"])
            self.target.store.write_file(name, folder / file["name"])
            (folder / file["name"]).unlink()
            files.append({"product": file["product"], "path": name, "bytes": file["bytes"]})
            life.show()
        row |= {name: told["quality"].get(name) for name in QUALITY}
        row |= {name: told.get(name) for name in ("seeds", "solver", "steps", "notes")}
        return row | {"sample": sample, "files": files, "store_secs": time.monotonic() - started}

    def _about(self, task: Task, recipe: Recipe, fetched: Fetched, work: Work) -> Row:
        description = self.engine.description
        row = empty_row(task, recipe, work.now, self.batch.run)
        return row | {
            "key": work.key,
            "sha256": fetched.sha256,
            "bytes": fetched.size,
            "edits_sha256": fetched.edits_sha256,
            "pack": description["pack"],
            "pack_identity": self.batch.pack_identity,
            "provider": description["provider"],
            "host": self.host(),
        }

    def _failed_fetch(self, task: Task, error: FetchError) -> Row:
        told = {
            "name": FETCH,
            "message": str(error),
            "remedy": "Check that the file is there and may be read; the next run tries it again.",
        }
        recipe = self.batch.recipe_of(task.clip)
        row = empty_row(task, recipe, recipe.now[0], self.batch.run)
        return row | error_fields(told) | {"host": self.host()}


def empty_row(task: Task, recipe: Recipe, now: Now, run: str) -> Row:
    """What is known of work before anything was read. Its key is none of content: only `_about` has
    that."""
    clip = task.clip
    place = json.dumps([clip.url, now, recipe.request()], sort_keys=True)
    return {
        "clip": clip.url,
        "version": clip.version,
        "source": clip.source,
        "split": clip.split,
        "now": json.dumps(now),
        "fit": recipe.fit,
        "key": f"unread-{hashlib.sha256(place.encode()).hexdigest()[:25]}",
        "run": run,
        "attempt": task.attempt,
        **dict.fromkeys(("sha256", "shot", "now_frame", "error_name", "shard", "sample")),
    }


def error_fields(error: dict[str, str]) -> Row:
    return {
        "error_name": error.get("name", "Error"),
        "error": error.get("message", ""),
        "remedy": error.get("remedy", ""),
    }


def _seen_elsewhere(rows: list[Row], clip: Clip) -> list[Row]:
    """The same bytes under another address are rows of their own that name the same files."""
    own = {"clip": clip.url, "version": clip.version, "source": clip.source, "split": clip.split}
    return [row | own for row in rows if row["clip"] != clip.url]
