"""Workers of a run as Ray actors: begun, watched and replaced."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from .node_engine import AT_ONCE
from .worker import Batch, ClipWorker, Outcome, Task

# On a cluster some workers are always asked for that there is no room for yet: that is what an
# autoscaler adds machines for.
WAITING_ROOM = 4
# How long one wait for news takes at most.
NEWS_SECS = 1.0


@dataclass(frozen=True)
class Needs:
    """Of one worker."""

    cpus: float = 1.0
    gpus: float = 0.0
    memory_bytes: int = 0


@dataclass
class Place:
    """One worker, and what it is at."""

    actor: Any
    ready: Any
    host: str | None = None
    # By what their outcomes come as, the oldest first.
    tasks: dict[Any, Task] = field(default_factory=dict)
    # An unanswered question for a sign of life, and when it was put.
    sign: Any = None
    asked_at: float = 0.0


@dataclass(frozen=True)
class News:
    """What became of a task: an outcome, or why its worker is no more. No task: it had none."""

    task: Task | None
    outcome: Outcome | None = None
    lost: str = ""


class WorkerPool:
    """At most `limit` workers; None: as many as the cluster gives."""

    def __init__(self, batch: Batch, needs: Needs, limit: int | None) -> None:
        import ray

        self.ray, self.batch, self.needs, self.limit = ray, batch, needs, limit
        self.places: list[Place] = []
        self.watchdog_secs = batch.launch.watchdog_secs

    @property
    def hosts(self) -> dict[str, int]:
        """Workers that are at hand, by machine."""
        counts: dict[str, int] = {}
        for place in self.places:
            if place.host:
                counts[place.host] = counts.get(place.host, 0) + 1
        return counts

    def resize(self, wanted: int) -> None:
        """Asks for workers up to `wanted`; those without a task beyond it are given back."""
        ready = sum(place.host is not None for place in self.places)
        most = min(wanted, ready + WAITING_ROOM if self.limit is None else self.limit)
        while len(self.places) < most:
            self.places.append(self._begin())
        for place in [p for p in self.places if not p.tasks][: len(self.places) - most]:
            self._end(place)

    def place_for(self, task: Task, left: int) -> Place | None:
        """A worker that takes a task, of which `left` are left: one with nothing to do, or with
        less than it can do together. A clip that lost a worker has the next one to itself: if that
        is lost too, it is known whose fault it was."""
        ready = [place for place in self.places if place.host]
        for place in ready:
            if not place.tasks:
                return place
        # Towards the end they are shared out rather than piled up.
        if task.attempt > 1 or left <= len(self.places):
            return None
        sharing = (
            place
            for place in ready
            if len(place.tasks) < AT_ONCE and all(t.attempt == 1 for t in place.tasks.values())
        )
        return next(sharing, None)

    def give(self, place: Place, task: Task) -> None:
        if not place.tasks:
            place.asked_at = time.monotonic()
        place.tasks[place.actor.work.remote(task)] = task

    def news(self) -> list[News]:
        """What ended since the last call, waiting a little where nothing did."""
        waits = {ref: place for place in self.places for ref in self._awaited(place)}
        if not waits:
            time.sleep(NEWS_SECS / 10)
            return []
        done, _ = self.ray.wait(list(waits), num_returns=1, timeout=NEWS_SECS)
        if len(done) > 0:
            done, _ = self.ray.wait(list(waits), num_returns=len(waits), timeout=0)
        told = [news for ref in done for news in self._hear(waits[ref], ref)]
        return told + self._watch()

    def close(self) -> None:
        for place in list(self.places):
            self._end(place)

    def _awaited(self, place: Place) -> list[Any]:
        return list(place.tasks) if place.host else [place.ready]

    def _begin(self) -> Place:
        options: dict[str, Any] = {
            "num_cpus": self.needs.cpus,
            "num_gpus": self.needs.gpus,
            # Work and signs of life at once.
            "max_concurrency": AT_ONCE + 1,
            # Machines share the work evenly, rather than the first being filled up.
            "scheduling_strategy": "SPREAD",
        }
        if self.needs.memory_bytes:
            options["memory"] = self.needs.memory_bytes
        actor = self.ray.remote(ClipWorker).options(**options).remote(self.batch)
        return Place(actor, actor.host.remote())

    def _hear(self, place: Place, ref: Any) -> list[News]:
        if place not in self.places:
            return []  # Its loss was told.
        try:
            value = self.ray.get(ref)
        except Exception as error:  # noqa: BLE001 - whatever it was, the worker is replaced
            return self._lose(place, _reason(error))
        if ref is place.ready:
            place.host = value
            return []
        if len(place.tasks) == 1:
            place.sign = None
        return [News(place.tasks.pop(ref), outcome=value)]

    def _lose(self, place: Place, reason: str) -> list[News]:
        """Ends a worker. What it had done counts; every other task of it is lost."""
        self._end(place)
        lost = [News(task, lost=reason) for ref, task in place.tasks.items() if not self._told(ref)]
        told = [News(task, out) for ref, task in place.tasks.items() if (out := self._told(ref))]
        return told + (lost or [News(None, lost=reason)])

    def _told(self, ref: Any) -> Outcome | None:
        """The outcome of a task, where it is there already."""
        done, _ = self.ray.wait([ref], timeout=0)
        try:
            return self.ray.get(ref) if done else None
        except Exception:  # noqa: BLE001 - lost with its worker
            return None

    def _watch(self) -> list[News]:
        """A worker with a clip that shows no sign of life, or that does not even answer, is
        ended."""
        news: list[News] = []
        for place in [p for p in self.places if p.tasks]:
            now = time.monotonic()
            if place.sign is None:
                if now - place.asked_at > self.watchdog_secs / 4:
                    place.sign, place.asked_at = place.actor.silent_secs.remote(), now
                continue
            done, _ = self.ray.wait([place.sign], timeout=0)
            if done and self._silent_secs(place) < self.watchdog_secs:
                place.sign, place.asked_at = None, now
            elif done or now - place.asked_at > self.watchdog_secs:
                news += self._lose(place, f"hung for {self.watchdog_secs:.0f} s")
        return news

    def _silent_secs(self, place: Place) -> float:
        try:
            return float(self.ray.get(place.sign))
        except Exception:  # noqa: BLE001 - its end is heard of through its task
            return 0.0

    def _end(self, place: Place) -> None:
        self.places.remove(place)
        self.ray.kill(place.actor)


def _reason(error: Exception) -> str:
    # Ray wraps what a worker raised; its own errors say at length what it knows of the end.
    cause = getattr(error, "cause", None) or error
    first = next((line for line in str(cause).splitlines() if line.strip()), type(cause).__name__)
    return f"{type(cause).__name__}: {first}"[:500]
