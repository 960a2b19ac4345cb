"""How far the procedural scenes can be foreseen at all.

    python -m foretrack.oracle --scenes 60

Each held-out scene is drawn again with everything that was drawn for it, its parameters and its
past, but with other random numbers after "now": wandering paths, and when a start or stop that is
still to come happens. Who draws such futures knows the scene itself, which no forecaster can see in
noisy tracks, so their energy score is a bound from below on everyone's.
"""

from __future__ import annotations

import argparse

import numpy as np
import torch
from torch import Tensor

from . import evaluate
from .data import grid_centres
from .procedural import FRAMES, FUTURE, PAST, make_scene


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

    def uniform(self, low, high, size=None):
        value = self.drawn.uniform(low, high, size)
        # Only the times of events are drawn between the first and the last frame.
        times = np.ndim(low) == 0 and low < 0 and np.isclose(-high * PAST, low * FUTURE)
        return self.other.uniform(0, high) if times and value > 0 else value


def foresee(case: evaluate.Case, futures: int, generator: torch.Generator) -> Tensor:
    """Futures [K,81,390,2] px of a case of `evaluate.procedural_cases`."""
    index = int(case.clip.removeprefix("scene "))
    first = int(torch.randint(1, 1 << 30, (), generator=generator))
    branches = (Redrawn(index, first + k) for k in range(futures))
    scenes = [make_scene(branch, grid_centres()) for branch in branches]
    return torch.from_numpy(np.stack([scene.tracks[PAST + 1 :] for scene in scenes]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenes", type=int, default=60)
    parser.add_argument("--futures", type=int, default=8)
    args = parser.parse_args()
    cases = evaluate.procedural_cases(args.scenes)
    reference = evaluate.rows(cases, evaluate.ensemble(), args.futures, 1, 1)
    scored = evaluate.rows(cases, foresee, args.futures, 1, 1)
    results = {"knows the scene": evaluate.summary(cases, scored, reference)}
    evaluate.print_table(results)


if __name__ == "__main__":
    main()
