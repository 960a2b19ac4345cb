import numpy as np
import pytest
import torch

from foretrack.common import baselines, cases, evaluate
from foretrack.common.geometry import NOW, grid_centres
from foretrack.scenes import oracle
from foretrack.scenes.procedural.motion import Clock, draw_events
from foretrack.scenes.procedural.scene import make_scene


@pytest.mark.parametrize(
    ("events", "only_shown"),
    [(oracle.other_times, False), (oracle.other_events, False), (oracle.other_events, True)],
)
def test_a_scene_redrawn_keeps_its_past_and_takes_another_future(events, only_shown):
    query, ahead, resting = grid_centres(), [], 0
    for index in range(8):
        scene = make_scene(np.random.default_rng((cases.HELD_OUT_SEED, index)), query)
        rng = oracle.Redrawn((cases.HELD_OUT_SEED, index), 1)
        again = make_scene(rng, query, events=events)
        resting += len(rng.resting)
        if only_shown:
            again = make_scene(
                oracle.Redrawn((cases.HELD_OUT_SEED, index), 1, rng.resting),
                query,
                events=events,
            )
        moved = np.abs(again.tracks - scene.tracks).mean((1, 2))
        # A stop that is to come is soft: at most it shows a little before "now".
        assert moved[: NOW - 40].max() < 0.5
        ahead.append(moved[-1])
    assert np.median(ahead) > 2
    assert resting > 0 or events is oracle.other_times


def test_events_to_come_are_as_many_as_are_drawn():
    clock = Clock(1 / 16)
    counts = {"drawn": [], "redrawn": []}
    for index in range(3000):
        drawn = draw_events(np.random.default_rng((cases.HELD_OUT_SEED, index)), clock)
        redrawn = oracle.other_events(oracle.Redrawn((cases.HELD_OUT_SEED, index), 1), clock)
        for name, events in (("drawn", drawn), ("redrawn", redrawn)):
            counts[name].append(sum(change.at > 0 for change in events.changes))
        assert [c for c in redrawn.changes if c.at <= 0] == [c for c in drawn.changes if c.at <= 0]
    assert np.mean(counts["redrawn"]) == pytest.approx(np.mean(counts["drawn"]), rel=0.1)


def test_who_knows_the_scene_beats_the_ensemble():
    held_out = cases.procedural_cases(6)
    generator = torch.Generator().manual_seed(0)
    score = {}
    methods = {"known": oracle.foreseen(oracle.other_times), "ensemble": baselines.ensemble()}
    for name, method in methods.items():
        drawn = [evaluate.score(case, method(case, 8, generator)) for case in held_out]
        score[name] = sum(row["energy"] for row in drawn)
    assert score["known"] < 0.9 * score["ensemble"]
