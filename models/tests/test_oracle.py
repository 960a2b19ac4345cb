import numpy as np
import torch

from foretrack import evaluate, oracle
from foretrack.data import grid_centres
from foretrack.procedural import PAST, make_scene


def test_a_scene_redrawn_keeps_its_past_and_takes_another_future():
    query, ahead = grid_centres(), []
    for index in range(8):
        scene = make_scene(np.random.default_rng((evaluate.HELD_OUT_SEED, index)), query)
        again = make_scene(oracle.Redrawn(index, 1), query)
        moved = np.abs(again.tracks - scene.tracks).mean((1, 2))
        # A stop that is to come is soft: at most it shows a little before "now".
        assert moved[: PAST - 40].max() < 0.5
        ahead.append(moved[-1])
    assert np.median(ahead) > 2


def test_who_knows_the_scene_beats_the_ensemble():
    cases = evaluate.procedural_cases(6)
    generator = torch.Generator().manual_seed(0)
    score = {}
    for name, method in (("known", oracle.foresee), ("ensemble", evaluate.ensemble())):
        drawn = [evaluate.score(case, method(case, 8, generator)) for case in cases]
        score[name] = sum(row["energy"] for row in drawn)
    assert score["known"] < 0.9 * score["ensemble"]
