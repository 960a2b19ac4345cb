"""How cameras and bodies move."""

import pytest
import torch

from foretrack.common.geometry import grid_centres
from foretrack.scenes.statistics import quantiles, statistics


def scene(fps: float, pan: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Six seconds under a pan of so many px a second; a fifth of the points besides move down at
    40 px a second in the first three seconds, then stand."""
    secs = torch.arange(int(6 * fps)) / fps
    tracks = torch.from_numpy(grid_centres()).float().repeat(len(secs), 1, 1)
    tracks[..., 0] += pan * secs[:, None]
    tracks[:, ::5, 1] += 40 * secs.clamp(max=3)[:, None]
    return tracks, torch.ones(tracks.shape[:-1], dtype=torch.bool)


@pytest.mark.parametrize("fps", [12.0, 30.0])
def test_camera_and_bodies_are_told_apart_at_any_rate(fps: float) -> None:
    told = statistics(*scene(fps, 20.0), 1 / fps)
    assert told is not None
    assert told["camera, px a second"] == pytest.approx(20, abs=2)
    assert told["camera stands, share of time"] == 0
    assert told["points that move, share"] == pytest.approx(0.2, abs=0.02)
    assert told["moving points stand, share of time"] == pytest.approx(0.5, abs=0.08)
    assert told["a move lasts, seconds"] == pytest.approx(3, abs=0.3)


def test_a_still_scene_has_no_moving_points_and_a_short_one_tells_nothing() -> None:
    tracks, seen = scene(16.0, 0.0)
    told = statistics(tracks[:1].expand_as(tracks), seen, 1 / 16)
    assert told is not None
    assert told["camera stands, share of time"] == 1
    assert told["points that move, share"] == 0
    assert statistics(tracks[:20], seen[:20], 1 / 16) is None


def test_quartiles_are_over_the_scenes_that_have_a_number() -> None:
    assert quantiles([{"a": 1.0}, {"a": 3.0, "b": 5.0}]) == {"a": (1.5, 2, 2.5), "b": (5, 5, 5)}
