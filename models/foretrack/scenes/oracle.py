"""How far the procedural scenes can be foreseen at all.

Each held-out scene is drawn again with everything that was drawn for it, its parameters and its
past, but with other random numbers after "now": wandering paths, and starts and stops that are
still to come. Who draws such futures knows the scene itself, which no forecaster can see in noisy
tracks, so their energy score is a bound from below on everyone's. One row knows what will start or
stop, only not when; one does not know that anything will; and one does not know either in which
direction what has not moved yet would go.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from math import comb
from typing import Any, cast

import numpy as np
import torch

from ..common.cases import Case, Forecast, Method
from ..common.geometry import FRAMES, NOW, grid_centres
from .procedural.motion import Clock, Events, Rng, draw_change, draw_events
from .procedural.scene import make_scene

SPACE = 3  # dimensions, at most: a normal vector of so few numbers is a direction
LIKELY_STEADY = 0.55 / (0.45 / 2 / 3)  # no events at all, to each number of them from "on"


class Redrawn:
    """A scene's random numbers, of which those for frames after "now" are another branch's."""

    def __init__(self, scene: tuple[int, int], branch: int, unseen: Set[int] = frozenset()) -> None:
        """`scene`: seed and index. `unseen`: directions, by their order, that the branch draws
        anew."""
        self.drawn = np.random.default_rng(scene)
        self.other = np.random.default_rng((*scene, branch))
        self.unseen = unseen
        self.directions = 0
        self.latest: int | None = None  # direction, where it was the last that was drawn
        self.resting: set[int] = set()  # directions of motions that have not begun by now

    def __getattr__(self, name: str):
        return getattr(self.drawn, name)

    def normal(self, mean=0.0, deviation=1.0, size=None):
        values = self.drawn.normal(mean, deviation, size)
        if np.ndim(values) and len(values) == FRAMES:
            values[NOW + 1 :] = self.other.normal(mean, deviation, size)[NOW + 1 :]
        self.latest = None
        if isinstance(size, int) and size <= SPACE:
            self.latest = self.directions
            self.directions += 1
            if self.latest in self.unseen:
                values = self.other.normal(mean, deviation, size)
        return values


def other_times(rng: Redrawn, clock: Clock) -> Events:
    """The scene's own events; those to come, at other times."""
    first, changes = draw_events(rng.drawn, clock)
    end = clock.time[-1]
    moved = (c._replace(at=rng.other.uniform(0, end)) if c.at > 0 else c for c in changes)
    return Events(first, tuple(moved))


def other_events(rng: Redrawn, clock: Clock) -> Events:
    """The scene's own events so far, then others: as many and such as `draw_events` leaves open."""
    first, changes = draw_events(rng.drawn, clock)
    known = [c for c in changes if c.at <= 0]
    if first == 0 and not known and rng.latest is not None:
        rng.resting.add(rng.latest)
    level = first + sum(c.step for c in known)
    for at in _times_to_come(rng.other, clock, len(known), first):
        change, level = draw_change(rng.other, at, level)
        known.append(change)
    return Events(first, tuple(known))


def _times_to_come(rng: Rng, clock: Clock, known: int, first: float) -> list[float]:
    """Drawn given how many of one to three events, each equally likely at any time, have been."""
    start, end = clock.time[0], clock.time[-1]
    ahead = end / (end - start)
    chances = np.array([comb(known + m, m) * ahead**m for m in range(4 - known)])
    if known == 0:
        chances[0] = LIKELY_STEADY if first == 1 else 0
    count = rng.choice(len(chances), p=chances / chances.sum())
    return sorted(rng.uniform(0, end, count))


def foreseen(events: Callable[[Any, Clock], Events], only_shown: bool = False) -> Method:
    """For cases of `cases.procedural_cases`."""

    def scene(rng: Redrawn) -> np.ndarray:
        draws_like_one = cast(Rng, rng)
        return make_scene(draws_like_one, grid_centres(), events=events).tracks[NOW + 1 :]

    def run(case: Case, futures: int, generator: torch.Generator) -> Forecast:
        seed, index = map(int, case.clip.removeprefix("scene ").split("."))
        first = int(torch.randint(1, 1 << 30, (), generator=generator))
        probe = Redrawn((seed, index), first)
        if only_shown:
            scene(probe)
        scenes = (scene(Redrawn((seed, index), first + k, probe.resting)) for k in range(futures))
        return Forecast(torch.from_numpy(np.stack(list(scenes))))

    return run


KNOWING = {
    "knows the scene and what will start or stop": foreseen(other_times),
    "knows the scene": foreseen(other_events),
    "knows the scene as far as it has moved": foreseen(other_events, only_shown=True),
}
