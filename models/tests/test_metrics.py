"""Metrics against the benchmark's reference numbers, where present, and against plain facts."""

import json
from pathlib import Path

import pytest
import torch

from foretrack.common import fvmd, metrics

REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "metrics_tiny.json"


def test_energy_of_one_future_is_its_displacement():
    truth = torch.zeros(5, 7, 2)
    future = truth + torch.tensor([3.0, 4.0])
    mask = torch.ones(5, 7, dtype=torch.bool)
    assert metrics.energy_score(future[None], truth, mask) == pytest.approx(5.0)
    assert metrics.min_ade(future[None], truth, mask) == pytest.approx(5.0)


def test_energy_prefers_the_true_distribution():
    generator = torch.Generator().manual_seed(0)
    mask = torch.ones(1, 400, dtype=torch.bool)
    truth = torch.randn(1, 400, 2, generator=generator)

    def score(spread: float) -> float:
        futures = spread * torch.randn(64, 1, 400, 2, generator=generator)
        return float(metrics.energy_score(futures, truth, mask))

    assert score(1.0) < score(0.5) and score(1.0) < score(2.0)


def test_the_score_of_a_set_is_not_flattered_by_futures_that_avoid_each_other():
    """Two far and opposite futures about a truth at 0."""
    mask = torch.ones(1, 1, dtype=torch.bool)
    truth = torch.zeros(1, 1, 2)
    opposite = torch.tensor([[100.0, 0.0], [-100.0, 0.0]]).view(2, 1, 1, 2)
    assert metrics.energy_score(opposite, truth, mask) == pytest.approx(0.0)
    assert metrics.set_energy_score(opposite, truth, mask) == pytest.approx(50.0)


@pytest.mark.parametrize(("count", "level"), [(19, 0.9), (24, 0.9), (8, 0.5)])
def test_coverage_is_the_level_where_few_samples_are_drawn_as_the_truth(count, level):
    draws = torch.randn(count + 1, 1, 40_000, 2, generator=torch.Generator().manual_seed(1))
    mask = torch.ones(1, 40_000, dtype=torch.bool)
    assert float(metrics.coverage(draws[1:], draws[0], mask, level)) == pytest.approx(
        level, abs=0.01
    )


def test_too_few_samples_have_no_interval():
    few = torch.zeros(8, 1, 3, 2)
    with pytest.raises(ValueError, match="draw 19"):
        metrics.coverage(few, few[0], torch.ones(1, 3, dtype=torch.bool), 0.9)


def test_smoothness_of_a_rigid_motion_is_zero():
    tracks = torch.arange(6.0).view(6, 1, 1).expand(6, 390, 2) * 2
    seen = torch.ones(6, 390, dtype=torch.bool)
    assert float(metrics.flow_smooth_tv(tracks, seen)) == 0
    assert float(metrics.div_curl_energy(tracks, seen)) == 0


@pytest.mark.skipif(not REFERENCE.exists(), reason="reference numbers are not part of the project")
def test_reference_numbers():
    from safetensors.torch import load_file

    data = load_file(str(REFERENCE.with_suffix(".safetensors")))
    expected = json.loads(REFERENCE.read_text())
    rows = expected["grid_hw"][0]
    for index, video in enumerate(expected["per_video"]):
        pred = data[f"pred_tracks_tn2_{index}"]
        seen = data[f"gt_visibility_tn_{index}"].bool()
        tv = metrics.flow_smooth_tv(pred, seen, rows)
        curl = metrics.div_curl_energy(pred, seen, rows)
        assert float(tv) == pytest.approx(video["flowsmooth_tv"], rel=1e-4)
        assert float(curl) == pytest.approx(video["divcurl_energy"], rel=1e-4)


@pytest.mark.skipif(not REFERENCE.exists(), reason="reference numbers are not part of the project")
def test_reference_fvmd():
    from safetensors.torch import load_file

    data = load_file(str(REFERENCE.with_suffix(".safetensors")))
    expected = json.loads(REFERENCE.read_text())
    rows = expected["grid_hw"][0]

    def windows(name: str) -> torch.Tensor:
        return torch.cat(
            [
                fvmd.features(data[f"{name}_tracks_tn2_{i}"], data[f"gt_visibility_tn_{i}"], rows)
                for i in range(expected["videos"])
            ]
        )

    predicted, truth = windows("pred"), windows("gt")
    assert len(predicted) == expected["fvmd"]["windows"]
    velocity = fvmd.frechet(predicted[:, 0], truth[:, 0])
    acceleration = fvmd.frechet(predicted[:, 1], truth[:, 1])
    assert velocity == pytest.approx(expected["fvmd"]["velocity"], rel=1e-3)
    assert acceleration == pytest.approx(expected["fvmd"]["acceleration"], rel=1e-3)
    assert fvmd.fvmd(predicted, truth) == pytest.approx(expected["fvmd"]["combined"], rel=1e-3)


def test_fvmd_of_the_same_motion_is_zero():
    tracks = torch.randn(81, 150, 2, generator=torch.Generator().manual_seed(0)).cumsum(0)
    windows = fvmd.features(tracks, torch.ones(81, 150, dtype=torch.bool), rows=10)
    assert windows.shape == (15, 2, 288)
    assert fvmd.fvmd(windows, windows) == pytest.approx(0, abs=1e-3)
