"""Who gets which clip, without a cluster."""

from __future__ import annotations

from typing import Any

import pytest

from foretrack.batch.pool import Place, WorkerPool
from foretrack.batch.run import not_made, sentence
from foretrack.batch.sources import Clip
from foretrack.batch.worker import Outcome, Task


class Actor:
    """Of Ray: `actor.work.remote(task)` gives something to wait for."""

    @property
    def work(self) -> Actor:
        return self

    def remote(self, task: Task) -> object:
        return object()


class Ray:
    """Of Ray: what has come so far, by what it was waited for."""

    def __init__(self) -> None:
        self.come: dict[Any, Any] = {}

    def wait(self, refs: list[Any], timeout: float) -> tuple[list[Any], list[Any]]:
        return [ref for ref in refs if ref in self.come], []

    def get(self, ref: Any) -> Any:
        if isinstance(self.come[ref], Exception):
            raise self.come[ref]
        return self.come[ref]

    def kill(self, actor: Actor) -> None:
        pass


def pool_of(*places: Place) -> WorkerPool:
    pool = WorkerPool.__new__(WorkerPool)
    pool.ray, pool.places = Ray(), list(places)
    return pool


def place() -> Place:
    return Place(Actor(), object(), host="here")


def task(name: str, attempt: int = 1) -> Task:
    return Task(Clip(name), None, attempt)


def test_a_worker_has_the_next_clip_at_hand_until_few_are_left() -> None:
    pool = pool_of(first := place(), second := place(), Place(Actor(), object()))
    given = []
    for left in range(9, 4, -1):
        taker = pool.place_for(task(f"{left}"), left)
        if taker:
            pool.give(taker, task(f"{left}"))
        given.append(taker)
    assert given == [first, second, first, second, None]
    first.tasks.popitem()
    assert pool.place_for(task("next"), 4) is first
    assert pool.place_for(task("one of the last"), 3) is None


def test_a_clip_that_lost_a_worker_has_the_next_one_to_itself() -> None:
    pool = pool_of(only := place())
    pool.give(only, task("a"))
    assert pool.place_for(task("b", attempt=2), 9) is None
    only.tasks.clear()
    assert pool.place_for(task("b", attempt=2), 9) is only
    pool.give(only, task("b", attempt=2))
    assert pool.place_for(task("c"), 9) is None


@pytest.mark.parametrize("finished", [False, True])
def test_all_clips_of_a_lost_worker_are_told_what_became_of_them(finished: bool) -> None:
    pool = pool_of(only := place())
    pool.give(only, task("a"))
    pool.give(only, task("b"))
    a, b = only.tasks
    outcome = Outcome(kept=1)
    pool.ray.come = {a: RuntimeError("killed"), **({b: outcome} if finished else {})}
    news = {told.task.clip.url: told for told in pool._hear(only, a) if told.task}
    assert news["a"].lost == "RuntimeError: killed" and news["a"].outcome is None
    assert news["b"].outcome == (outcome if finished else None)
    assert pool.places == [] and pool._hear(only, b) == []


def test_products_that_a_clip_has_none_of_are_told_once_by_their_reason() -> None:
    notes = [
        "export:gltf was not made: No depth of this clip is known",
        "ltx: Every second point was taken.",
        "export:usd was not made: No depth of this clip is known",
    ]
    told = {"No depth of this clip is known": ["export:gltf", "export:usd"]}
    assert not_made({"notes": notes}) == told and not_made({"notes": None}) == {}
    assert sentence("No depth is known") == "No depth is known."
    assert sentence("It is empty.") == "It is empty."
