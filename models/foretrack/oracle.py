"""How far the procedural scenes can be foreseen at all.

    python -m foretrack.oracle --scenes 60

Each held-out scene is drawn again with everything that was drawn for it, its parameters and its
past, but with other random numbers after "now": wandering paths, and starts and stops that are
still to come. Who draws such futures knows the scene itself, which no forecaster can see in noisy
tracks, so their energy score is a bound from below on everyone's. One row knows what will start or
stop, only not when; the other does not know that anything will.
"""

from __future__ import annotations

import argparse
from math import comb

import numpy as np
import torch
from torch import Tensor

from . import evaluate
from .data import grid_centres
from .procedural import FRAMES, PAST, Clock, Events, Rng, draw_change, draw_events, make_scene

LIKELY_STEADY = 0.55 / (0.45 / 2 / 3)  # no events at all, to each number of them from "on"


class Redrawn:
    """A scene's random numbers, of which those for frames after "now" are another branch's."""

    def __init__(self, index: int, branch: int) -> None:
        self.drawn = np.random.default_rng((evaluate.HELD_OUT_SEED, index))
        self.other = np.random.default_rng((evaluate.HELD_OUT_SEED, index, branch))

    def __getattr__(self, name: str):
        return getattr(self.drawn, name)

    def normal(self, mean=0.0, deviation=1.0, size=None):
        values = self.drawn.normal(mean, deviation, size)
        if np.ndim(values) and len(values) == FRAMES:
            values[PAST + 1 :] = self.other.normal(mean, deviation, size)[PAST + 1 :]
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


def foreseen(events):
    """Method of `evaluate.rows` for cases of `evaluate.procedural_cases`."""

    def run(case: evaluate.Case, futures: int, generator: torch.Generator) -> Tensor:
        index = int(case.clip.removeprefix("scene "))
        first = int(torch.randint(1, 1 << 30, (), generator=generator))
        scenes = (
            make_scene(Redrawn(index, first + k), grid_centres(), events=events)
            for k in range(futures)
        )
        return torch.from_numpy(np.stack([scene.tracks[PAST + 1 :] for scene in scenes]))

    return run


KNOWING = {
    "knows the scene and what will start or stop": other_times,
    "knows the scene": other_events,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenes", type=int, default=60)
    parser.add_argument("--futures", type=int, default=8)
    args = parser.parse_args()
    cases = evaluate.procedural_cases(args.scenes)
    reference = evaluate.rows(cases, evaluate.ensemble(), args.futures, 1, 1)
    results = {}
    for name, events in KNOWING.items():
        scored = evaluate.rows(cases, foreseen(events), args.futures, 2, 1)
        results[name] = evaluate.summary(cases, scored, reference)
    evaluate.print_table(results)


if __name__ == "__main__":
    main()
