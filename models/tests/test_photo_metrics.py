"""Scores of futures of a picture against the numbers that the studio's are held to as well."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from foretrack.photo import metrics

GOLDEN = Path(__file__).parents[2] / "src/engine/metrics/testdata/photo-golden.json"


@pytest.fixture(scope="module")
def golden() -> dict:
    values = json.loads(GOLDEN.read_text())
    t, n = values["frameCount"], values["pointCount"]
    values["truth"] = torch.tensor(values["truth"]).view(t, n, 2)
    values["futures"] = torch.tensor(values["futures"]).view(-1, t, n, 2)
    values["mask"] = torch.tensor(values["visibility"]).view(t, n) > 0
    values["xy"] = torch.tensor(values["xy"]).view(n, 2).float()
    return values


def scores(g: dict) -> dict[str, torch.Tensor]:
    futures, truth, mask = g["futures"], g["truth"], g["mask"]
    to_truth = metrics.distance(futures, truth, mask)
    between = metrics.pairwise(futures, mask)
    pairs = torch.tensor(g["pairs"]).view(-1, 2)
    moving = torch.tensor(g["moving"]) > 0
    square = ((futures - truth).square().sum(-1) * mask).sum((1, 2))
    parzen = g["parzen"]
    return {
        "energyScore": metrics.energy_score(to_truth, between),
        "variogramScore": metrics.variogram_score(
            futures, truth, mask, pairs, g["frames"], g["xy"]
        ),
        "coverage": metrics.coverage(futures, truth, mask),
        "auroc": metrics.auroc(torch.tensor(g["movingScore"]), moving),
        "axisAgreement": metrics.axis_agreement(futures, truth, mask, moving),
        "parzen": metrics.parzen_nll(square, parzen["dimensions"], parzen["width"]),
    }


def test_scores_are_those_of_their_definitions(golden):
    for name, value in scores(golden).items():
        expected = golden[name]["nll"] if name == "parzen" else golden[name]
        assert float(value) == pytest.approx(expected, rel=1e-4), name


def test_the_least_distance_of_n_needs_no_drawing(golden):
    told = golden["leastDistance"]
    got = metrics.least_distance(torch.tensor(golden["distances"]), told["counts"])
    assert got.tolist() == pytest.approx(told["values"], rel=1e-5)


def test_cosine_rows_are_orthonormal_and_the_first_is_the_mean():
    rows = metrics.cosine_rows(30, 5)
    assert torch.allclose(rows @ rows.T, torch.eye(5), atol=1e-5)
    assert torch.allclose(rows[0], torch.full((30,), 30**-0.5))
