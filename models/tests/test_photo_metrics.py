"""Scores of futures of a picture against the numbers that the studio's are held to as well."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from foretrack.common.geometry import COLUMNS, POINTS
from foretrack.common.metrics import coverage
from foretrack.photo import metrics
from foretrack.photo.modes import OTHER, STILL, Groups, grouped
from foretrack.photo.movers import together, two_movers
from foretrack.photo.shares import Happened, fit_happened, said, said_and_happened
from foretrack.photo.subject import subject_finder
from foretrack.photo.table import reliability

SUBJECT = Path(__file__).parents[2] / "public/packs/subject/u2netp.onnx"
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
    found = [ways(draw) for _ in range(150)]
    modes = [pair for groups in found for pair in said_and_happened(groups, None)]
    for share, happened, count in reliability(modes):
        assert abs(share - happened) < 0.03 + 2.5 * (share * (1 - share) / count) ** 0.5
    assert all(len(groups.modes) == 2 for groups in found)
    assert {groups.truth for groups in found} <= {STILL, OTHER, 0, 1}


def ways(draw: torch.Generator, stays: float = 0.3, truth_stays: float = 0.3) -> Groups:
    """Of 101 futures of three points those that move go up or, a third of them, to the right; what
    followed is one more."""
    chance = torch.full((101,), stays)
    chance[0] = truth_stays
    moves = (torch.rand(101, generator=draw) > chance).float() * 60
    right = torch.rand(101, generator=draw) < 1 / 3
    end = torch.stack([moves * right, -moves * ~right], 1) + torch.randn(101, 2, generator=draw)
    futures = (torch.linspace(0.5, 1, 4)[:, None] * end[:, None])[:, :, None].expand(-1, -1, 3, -1)
    return grouped(futures[1:], futures[0], torch.ones(4, 3), torch.tensor([0.9, 0.8, 0.7]))


def test_shares_that_say_too_much_rest_are_brought_to_what_came_to_pass():
    draw = torch.Generator().manual_seed(5)
    # The model lets four in five rest; one in three does.
    apart = [ways(draw, 0.8, 1 / 3) for _ in range(300)]
    happened = fit_happened(apart, [str(k % 60) for k in range(300)])
    assert happened.sources == 60
    later = [ways(draw, 0.8, 1 / 3) for _ in range(300)]
    told = [pair for groups in later for pair in said_and_happened(groups, happened)]
    for share, came, count in reliability(told):
        assert abs(share - came) < 0.05 + 2.5 * (share * (1 - share) / count) ** 0.5
    raw = reliability([said_and_happened(groups, None)[0] for groups in later])
    assert raw[-1][0] > 0.75 and raw[-1][1] < 0.45


def test_what_is_said_sums_to_one_and_is_what_the_studio_says():
    happened = Happened((-0.7, 2.3), 0.1, 70)
    still, other, modes = said(Groups(160, 0, [30, 10], STILL), happened)
    # src/engine/exploration/parts.test.ts has the same numbers.
    assert [f"{v:.4f}" for v in (still, other, *modes)] == ["0.4975", "0.0502", "0.3392", "0.1131"]
    still, other, modes = said(Groups(200, 0, [], OTHER), happened)
    assert modes == [] and still + other == pytest.approx(1)


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


def test_representatives_are_the_middle_first_and_then_what_it_leaves_out():
    places = torch.tensor([0.0, 1.0, 2.0, 50.0, 51.0])
    between = (places[:, None] - places).abs()
    assert metrics.representatives(between, 1) == [2]
    assert set(metrics.representatives(between, 2)) == {2, 3}
    assert sorted(metrics.representatives(between, 5)) == [0, 1, 2, 3, 4]


def test_the_subject_is_where_somebody_stands():
    find = subject_finder(SUBJECT)
    y, x = np.mgrid[:240, :416]
    disc = (x - 130) ** 2 + (y - 120) ** 2 < 60**2
    picture = np.where(disc[..., None], [220, 90, 60], [60, 70, 80]).astype(np.uint8)
    found = find(picture)
    inside = torch.from_numpy(disc[8::16, 8::16].flatten())
    assert found.shape == (POINTS,)
    assert found[inside].mean() > 0.9 and found[~inside].mean() < 0.1
