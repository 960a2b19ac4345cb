"""The working frame's sizes, and the one meaning of "inside the frame" in both languages."""

import json
from pathlib import Path

import numpy as np
import torch

from foretrack.common import geometry

GOLDEN = Path(__file__).resolve().parents[2] / "src/domain/testdata/inside-frame.json"


def test_inside_the_frame_means_what_typescript_means() -> None:
    cases = json.loads(GOLDEN.read_text())
    assert {case["width"] for case in cases} > {geometry.WIDTH}
    for case in cases:
        size = case["width"], case["height"]
        xy = np.array([[point["x"], point["y"]] for point in case["points"]], np.float32)
        expected = [point["inside"] for point in case["points"]]
        assert geometry.inside(xy, size).tolist() == expected
        assert geometry.inside(torch.from_numpy(xy), size).tolist() == expected


def test_positions_that_are_no_numbers_lie_nowhere() -> None:
    assert not geometry.inside(torch.tensor([[float("nan"), 5.0], [5.0, float("inf")]])).any()


def test_the_grid_fills_the_frame_row_by_row() -> None:
    centres = geometry.grid_centres()
    assert centres.shape == (geometry.POINTS, 2) and geometry.inside(centres).all()
    assert centres[1].tolist() == [48, 16] and centres[geometry.COLUMNS].tolist() == [16, 48]
