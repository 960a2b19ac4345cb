"""Scores of futures of a picture against the numbers that the studio's are held to as well."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from foretrack.common.geometry import COLUMNS, POINTS
from foretrack.common.metrics import coverage
from foretrack.photo import metrics
from foretrack.photo.modes import said_and_happened
from foretrack.photo.movers import together, two_movers
from foretrack.photo.table import reliability

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
        "coverage": coverage(futures, truth, mask, (len(futures) - 1) / (len(futures) + 1)),
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


def test_shares_of_futures_drawn_as_the_truth_is_happen_as_often_as_they_are_said():
    draw = torch.Generator().manual_seed(4)
    modes: list[tuple[float, bool]] = []
    for _ in range(150):
        # Two ways, of a third and two thirds; the truth is one more draw.
        way = (torch.rand(61, generator=draw) < 1 / 3).float() * 30
        futures = torch.stack([way, torch.zeros(61)], 1) + torch.randn(61, 2, generator=draw)
        between = torch.cdist(futures[1:], futures[1:])
        modes += said_and_happened(between, (futures[1:] - futures[:1]).norm(dim=1))
    for said, happened, count in reliability(modes):
        assert abs(said - happened) < 0.02 + 2.5 * (said * (1 - said) / count) ** 0.5


def test_two_groups_of_movers_are_told_apart_and_how_much_they_go_together():
    moving = torch.zeros(POINTS, dtype=torch.bool)
    left = torch.tensor([row * COLUMNS + 3 for row in range(5)])
    right = torch.tensor([row * COLUMNS + 20 for row in range(4)])
    moving[left], moving[right], moving[200] = True, True, True
    pair = two_movers(moving)
    assert pair is not None
    assert pair[0].tolist() == left.tolist() and pair[1].tolist() == right.tolist()
    futures = torch.zeros(2, 3, POINTS, 2)
    futures[:, :, left, 0] = 5
    futures[0, :, right, 0] = 2
    futures[1, :, right, 1] = -9
    mask = torch.ones(3, POINTS, dtype=torch.bool)
    assert together(futures[:1], mask, pair) == pytest.approx(1)
    assert together(futures, mask, pair) == pytest.approx(0.5)
    assert two_movers(moving & (torch.arange(POINTS) % COLUMNS < 10)) is None
