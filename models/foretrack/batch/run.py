"""One run of a batch: what is left to do is given to workers until all of it is told."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from .pool import Needs, News, WorkerPool
from .progress import Progress, Tally
from .rows import LOST, Row, identity
from .shards import Sharder
from .sources import Clip
from .target import BEAT_SECS, Target, done_keys
from .worker import Batch, Task, empty_row, error_fields

FLUSH_SECS = 20.0
# Before clips that another run is at work on are looked at again.
BUSY_SECS = 5.0
ATTEMPTS = 2
# In a note of `serve` on a product of which the clip has none.
NOT_MADE = " was not made: "


class Run:
    """Works through clips. The table holds every row at the end, also where `go` is interrupted."""

    def __init__(
        self, batch: Batch, clips: Sequence[Clip], progress: Progress, shard_samples: int | None
    ) -> None:
        self.batch, self.progress = batch, progress
        self.target = Target(batch.target)
        self.target.beat(batch.run)
        self.target.adopt()
        known = self.target.rows()
        self.told = {identity(row) for row in known}
        self.rows: list[Row] = []
        self.flushed_at = time.monotonic()
        self.tasks, kept = self._left(clips, known)
        self.later: deque[Task] = deque()
        self.later_at = 0.0
        self.tally = Tally(total=len(clips), kept=kept)
        self.sharder = Sharder(batch, shard_samples) if shard_samples else None

    def go(self, needs: Needs, limit: int | None) -> Tally:
        stop = threading.Event()
        beats = threading.Thread(target=self._beat, args=(stop,), daemon=True)
        beats.start()
        pool = WorkerPool(self.batch, needs, limit)
        try:
            self._work(pool)
            if self.sharder:
                self.sharder.pack(self.rows, all_of_them=True)
        finally:
            pool.close()
            stop.set()
            beats.join()
            self.target.write_part(self.batch.run, self.rows) if self.rows else None
            self.target.beat(self.batch.run, ended=True)
        self.target.tidy()
        return self.tally

    def _work(self, pool: WorkerPool) -> None:
        in_hand = 0
        while self.tasks or self.later or in_hand:
            self._look_again()
            pool.resize(len(self.tasks) + in_hand)
            while self.tasks and (place := pool.place_for(self.tasks[0], len(self.tasks))):
                pool.give(place, self.tasks.popleft())
                in_hand += 1
            for news in pool.news():
                in_hand -= news.task is not None
                self._hear(news)
            self.tally.hosts = pool.hosts
            self.progress.show(self.tally)
            if time.monotonic() - self.flushed_at > FLUSH_SECS:
                self._flush()

    def _left(self, clips: Sequence[Clip], known: Sequence[Row]) -> tuple[deque[Task], int]:
        """Tasks of the clips that are not known, unread, to be done."""
        done = done_keys(known, self.batch.retry_refused)
        hashes = {
            (row["clip"], row["version"]): row["sha256"]
            for row in known
            if row["sha256"] and row["version"]
        }
        tasks = deque(
            Task(clip, clip.edits)
            for clip in clips
            # Edits may have changed without their clip.
            if clip.edits
            or self.batch.reread
            or not self._is_done(clip, hashes.get((clip.url, clip.version)), done)
        )
        return tasks, len(clips) - len(tasks)

    def _is_done(self, clip: Clip, sha256: str | None, done: set[str]) -> bool:
        recipe = self.batch.recipe_of(clip)
        return bool(sha256) and all(
            recipe.key(str(sha256), self.batch.model, now, None) in done for now in recipe.now
        )

    def _hear(self, news: News) -> None:
        task, outcome = news.task, news.outcome
        if outcome is None:
            at = f" at {task.clip.url}" if task else ""
            self.progress.say(f"A worker was lost{at} ({news.lost}); another takes its place.")
            self.tally.lost += 1
            if task is None:
                self._lost_idle(news)
            elif task.attempt < ATTEMPTS:
                self.tasks.appendleft(replace(task, attempt=task.attempt + 1))
            else:
                self._tell([self._lost_row(task, news.lost)])
                self.tally.count_clip(failed=True)
            return
        assert task
        self.tally.lost_idle = 0
        self._tell(outcome.rows)
        if outcome.busy:
            self.later.append(task)
            self.later_at = time.monotonic() + BUSY_SECS
            return
        failed = any(row["error_name"] for row in outcome.rows)
        self.tally.count_clip(failed=failed, kept=not outcome.rows)
        for row in outcome.rows:
            if row["error_name"]:
                self.progress.say(f"{row['clip']}: {sentence(row['error'])} {row['remedy']}")
            for reason, products in not_made(row).items():
                self.progress.say(f"{row['clip']}: {', '.join(products)} not made: {reason}")

    def _lost_idle(self, news: News) -> None:
        """Workers that cannot even begin would be replaced for ever."""
        self.tally.lost_idle += 1
        if self.tally.lost_idle > 2 * ATTEMPTS:
            raise RuntimeError(f"No worker can be started: {news.lost}")

    def _look_again(self) -> None:
        """Clips of other runs are taken up again: by then they are done, or their run lives no
        more."""
        if not self.later or time.monotonic() < self.later_at:
            return
        waiting, self.later = self.later, deque()
        for task in waiting:
            self.tasks.append(replace(task, dead=self._dead_runs()))

    def _dead_runs(self) -> tuple[str, ...]:
        names = (name.rsplit("/", 1)[-1] for name in self.target.store.list("runs"))
        runs = [name.removesuffix(".json") for name in names]
        return tuple(run for run in runs if not self.target.lives(run))

    def _tell(self, rows: Sequence[Row]) -> None:
        """Rows of the table; those that it has already are those of the same work done before."""
        for row in rows:
            if row["run"] == self.batch.run or identity(row) not in self.told:
                self.rows.append(row)
                self.told.add(identity(row))

    def _lost_row(self, task: Task, reason: str) -> Row:
        recipe = self.batch.recipe_of(task.clip)
        remedy = "The next run tries it again; fewer workers, or more memory, may be what it needs."
        told = {"name": LOST, "message": f"Two workers were lost: {reason}", "remedy": remedy}
        return empty_row(task, recipe, recipe.now[0], self.batch.run) | error_fields(told)

    def _flush(self) -> None:
        if self.sharder:
            self.sharder.pack(self.rows, all_of_them=False)
        if self.rows:
            self.target.write_part(self.batch.run, self.rows)
        self.flushed_at = time.monotonic()

    def _beat(self, stop: threading.Event) -> None:
        while not stop.wait(BEAT_SECS):
            try:
                self.target.beat(self.batch.run)
            except OSError:
                # The next one may reach the store again; a lasting failure shows in the work
                # itself.
                continue


def not_made(row: Row) -> dict[str, list[str]]:
    """Products that were asked for and of which the clip has none, by the reason."""
    found: dict[str, list[str]] = {}
    for note in row.get("notes") or []:
        product, is_one, reason = note.partition(NOT_MADE)
        if is_one:
            found.setdefault(reason, []).append(product)
    return found


def sentence(text: str) -> str:
    """Ended by a full stop, so that another can follow."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
