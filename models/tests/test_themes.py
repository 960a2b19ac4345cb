"""Procedural scenes of single kinds."""

import numpy as np
import pytest
import torch

from foretrack.common import geometry
from foretrack.common.cases import procedural_cases
from foretrack.common.pool import Pool, write_pool
from foretrack.scenes.procedural import themes
from foretrack.scenes.procedural.handling import minimum_jerk, reaches
from foretrack.scenes.procedural.motion import Clock, Events
from foretrack.scenes.procedural.scene import make_scene
from foretrack.scenes.statistics import quantiles, statistics

QUERY = geometry.grid_centres().astype(np.float64)
CLOCK = Clock(1 / 25, geometry.NOW, lambda rng, clock: Events(1.0, ()))


@pytest.mark.parametrize("theme", [themes.drive, themes.handling, themes.lone, themes.everyday])
def test_themed_scenes_lie_on_their_query_at_now(theme):
    for seed in range(12):
        scene = theme(np.random.default_rng(seed), QUERY, CLOCK)
        again = theme(np.random.default_rng(seed), QUERY, CLOCK)
        assert np.array_equal(scene.tracks, again.tracks)
        assert np.isfinite(scene.tracks).all() and scene.visibility[geometry.NOW].all()
        assert np.abs(scene.tracks[geometry.NOW] - QUERY).max() < 1e-2


def test_a_lone_body_leaves_all_else_where_it_is():
    moved = [
        np.abs(themes.lone(np.random.default_rng(seed), QUERY, CLOCK).tracks - QUERY).max((0, 2))
        for seed in range(40)
    ]
    # Four of five cameras stand; under them most of the picture does.
    assert np.mean([np.median(m) < 1e-3 for m in moved]) > 0.6
    assert np.mean([m.max() > 10 for m in moved]) > 0.6


def test_everyday_scenes_go_at_the_pace_of_real_clips_and_rest_as_often():
    """Real tracks: moving points 15 px a second, resting 43 % of the time, moves of half a second
    (medians over clips)."""

    def medians(make) -> dict[str, float]:
        cases = procedural_cases(16, make=make)
        told = [
            statistics(torch.cat([c.history, c.truth]), torch.cat([c.seen > 0, c.mask]), c.interval)
            for c in cases
        ]
        return {n: middle for n, (_, middle, _) in quantiles([t for t in told if t]).items()}

    everyday, general = medians(themes.make_everyday_scene), medians(make_scene)
    pace, rest, lasts = (
        "moving points, px a second",
        "moving points stand, share of time",
        "a move lasts, seconds",
    )
    assert 8 < everyday[pace] < 28 and everyday[pace] < 0.8 * general[pace]
    assert 0.2 < everyday[rest] < 0.6
    assert 0.3 < everyday[lasts] < 0.9 and everyday[lasts] < 0.7 * general[lasts]


def test_a_drive_that_waits_travels_less_than_one_that_goes_on():
    def way(first: float) -> float:
        clock = Clock(1 / 25, geometry.NOW, lambda rng, clock: Events(first, ()))
        scenes = [themes.drive(np.random.default_rng(seed), QUERY, clock) for seed in range(12)]
        return float(np.mean([np.median(np.abs(scene.tracks - QUERY)) for scene in scenes]))

    assert way(0.0) < 0.5 * way(1.0)


def test_a_reach_starts_and_ends_at_rest():
    share = np.linspace(0, 1, 101)
    speed = np.gradient(minimum_jerk(share), share)
    assert minimum_jerk(np.array([-1.0, 0, 0.5, 1, 2])) == pytest.approx([0, 0, 0.5, 1, 1])
    assert speed[[0, -1]] == pytest.approx([0, 0], abs=0.01)
    way = reaches(np.random.default_rng(2), CLOCK, np.array([50.0, 50.0]))
    assert not way[geometry.NOW].any()
    # Pauses between reaches: frames without motion.
    assert (np.abs(np.diff(way, axis=0)).max(1) < 1e-9).any()


def test_a_pool_takes_its_share_of_themed_scenes(tmp_path):
    write_pool(tmp_path / "pool-001-00000.npz", 4, 7, points=20, themed=0.5)
    write_pool(tmp_path / "plain.npz", 4, 7, points=20)
    mixed, plain = (
        np.load(tmp_path / f"{name}.npz")["moved"] for name in ("pool-001-00000", "plain")
    )
    same = [np.array_equal(a, b) for a, b in zip(mixed, plain, strict=True)]
    assert same == [False, False, True, True]
    pool = Pool(tmp_path)
    pool.refresh()
    assert len(pool.shards) == 1
