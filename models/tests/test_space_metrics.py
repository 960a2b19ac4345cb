"""Scores in space beside the same golden numbers as the studio's."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from foretrack.common import space_metrics as metrics

GOLDEN = Path(__file__).parents[2] / "src/engine/metrics/testdata/space-golden.json"
golden = json.loads(GOLDEN.read_text())
T, N = golden["frameCount"], golden["pointCount"]


def points(name: str) -> np.ndarray:
    return np.array(golden[name]).reshape(-1, N, 3)


@pytest.mark.parametrize("scaling", ["median", "per-trajectory", "local-neighbourhood", "none"])
def test_tapvid3d(scaling: str) -> None:
    seen, told = (np.array(golden[n]).reshape(T, N) > 0 for n in ("visibility", "told"))
    query = np.array(golden["query"])
    score = metrics.tapvid3d(
        points("truth"), seen, points("predicted"), told, golden["focalPx"], scaling, query
    )
    assert score._asdict() == pytest.approx(golden["tapvid3d"][scaling])


def test_points_in_the_world() -> None:
    truth, turned = points("truth"), points("turned")
    a, b = truth.reshape(-1, 3), turned.reshape(-1, 3)
    for name, alignment in (
        ("worldTracking", "similarity"),
        ("worldTrackingMedianNorm", "median-norm"),
    ):
        assert metrics.world_tracking(a, b, alignment) == pytest.approx(
            tuple(golden[name].values())
        )
    assert metrics.point_map_epe(a, b) == pytest.approx(golden["pointMapEpe"])
    assert metrics.still_jitter(truth, 3.5) == pytest.approx(golden["stillJitter"])
    assert metrics.curve_disagreement(truth, turned, 3.5) == pytest.approx(
        golden["curveDisagreement"]
    )


def test_depths_cameras_and_ranks() -> None:
    depth, guess = np.array(golden["depth"]), np.array(golden["guess"])
    assert metrics.depth_score(depth, guess) == pytest.approx(tuple(golden["depthScore"].values()))
    centres, walked = (np.array(golden[n]).reshape(-1, 3) for n in ("centres", "walked"))
    assert metrics.trajectory_error(centres, walked) == pytest.approx(golden["trajectoryError"])
    assert metrics.step_error(centres, walked) == pytest.approx(golden["stepError"])
    ranks = metrics.rank_correlation(depth.round(1), guess.round(1))
    assert ranks == pytest.approx(golden["rankCorrelation"])
