"""Workers of a run as Ray actors: begun, watched and replaced."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

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
    task: Task | None = None
    result: Any = None
    # An unanswered question for a sign of life, and when it was put.
    sign: Any = None
    asked_at: float = 0.0


@dataclass(frozen=True)
class News:
    """What became of a task: an outcome, or why its worker is no more."""

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
        for place in [p for p in self.places if p.task is None][: len(self.places) - most]:
            self._end(place)

    def idle(self) -> list[Place]:
        return [place for place in self.places if place.host and place.task is None]

    def give(self, place: Place, task: Task) -> None:
        place.task, place.asked_at = task, time.monotonic()
        place.result = place.actor.work.remote(task)

    def news(self) -> list[News]:
        """What ended since the last call, waiting a little where nothing did."""
        waits = {place.result or place.ready: place for place in self.places if self._waits(place)}
        if not waits:
            time.sleep(NEWS_SECS / 10)
            return []
        done, _ = self.ray.wait(list(waits), num_returns=1, timeout=NEWS_SECS)
        if len(done) > 0:
            done, _ = self.ray.wait(list(waits), num_returns=len(waits), timeout=0)
        told = [news for ref in done if (news := self._hear(waits[ref], ref))]
        return told + self._watch()

    def close(self) -> None:
        for place in list(self.places):
            self._end(place)

    def _waits(self, place: Place) -> bool:
        return place.result is not None or place.host is None

    def _begin(self) -> Place:
        options: dict[str, Any] = {
            "num_cpus": self.needs.cpus,
            "num_gpus": self.needs.gpus,
            # Work and signs of life at once.
            "max_concurrency": 2,
            # Machines share the work evenly, rather than the first being filled up.
            "scheduling_strategy": "SPREAD",
        }
        if self.needs.memory_bytes:
            options["memory"] = self.needs.memory_bytes
        actor = self.ray.remote(ClipWorker).options(**options).remote(self.batch)
        return Place(actor, actor.host.remote())

    def _hear(self, place: Place, ref: Any) -> News | None:
        task = place.task
        try:
            value = self.ray.get(ref)
        except Exception as error:  # noqa: BLE001 - whatever it was, the worker is replaced
            self._end(place)
            return News(task, lost=_reason(error))
        if ref is place.ready:
            place.host = value
            return None
        place.task = place.result = place.sign = None
        return News(task, outcome=value)

    def _watch(self) -> list[News]:
        """A worker that shows no sign of life, or does not even answer, is ended."""
        news = []
        for place in [p for p in self.places if p.task is not None]:
            now = time.monotonic()
            if place.sign is None:
                if now - place.asked_at > self.watchdog_secs / 4:
                    place.sign, place.asked_at = place.actor.silent_secs.remote(), now
                continue
            done, _ = self.ray.wait([place.sign], timeout=0)
            if done and self._silent_secs(place) < self.watchdog_secs:
                place.sign, place.asked_at = None, now
            elif done or now - place.asked_at > self.watchdog_secs:
                news.append(News(place.task, lost=f"hung for {self.watchdog_secs:.0f} s"))
                self._end(place)
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
