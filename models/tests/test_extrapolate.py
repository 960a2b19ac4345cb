import math

import pytest
import torch
from torch import Tensor

from foretrack.common.geometry import grid_centres
from foretrack.compact.config import COMPACT
from foretrack.compact.extrapolate import COUNT, SWINGING, TURNING, extrapolations
from foretrack.compact.model import CompactForecaster

PAST, AHEAD = torch.arange(-80, 1).float(), torch.arange(1, 82).float()


def line(t: Tensor) -> Tensor:
    return torch.stack([3 * t, -t], -1)


def circle(t: Tensor) -> Tensor:
    return 100 * torch.stack([torch.cos(0.05 * t), torch.sin(0.05 * t)], -1)


def spiral(t: Tensor) -> Tensor:
    return circle(t) * torch.exp(-0.01 * t)[:, None]


def swing(t: Tensor) -> Tensor:
    return torch.sin(0.1 * t + 0.3)[:, None] * torch.tensor([50.0, 20.0])


def displacements(path) -> tuple[Tensor, Tensor]:
    """Of one point: what was [1,80,1,2], as `History` has it, and what will be [81,2]."""
    past = path(PAST)
    behind = past[-1] - past[:-1].flip(0)
    return behind[None, :, None], path(AHEAD) - past[-1]


@pytest.mark.parametrize(
    ("path", "kinds"),
    [(line, range(COUNT)), (circle, range(COUNT)), (spiral, range(COUNT)), (swing, (3, 4))],
)
def test_a_motion_that_repeats_itself_goes_on(path, kinds) -> None:
    behind, truth = displacements(path)
    found, rest = extrapolations(behind, torch.ones(1, 80, 1), 81)
    assert found.shape == (1, len(TURNING) + len(SWINGING), 1, 81, 2)
    error = (found[0, :, 0] - truth).norm(dim=-1).mean(-1)
    assert (error[list(kinds)] < 0.15 * truth.norm(dim=-1).mean()).all(), error
    assert (rest[0, list(kinds), 0] < 0.05).all()


def test_what_no_fit_explains_is_told() -> None:
    torch.manual_seed(0)
    behind = torch.randn(1, 80, 50, 2).cumsum(1)
    _, rest = extrapolations(behind, torch.ones(1, 80, 50), 81)
    assert (rest.mean((0, 2)) > 0.5).all()


@pytest.mark.parametrize("seen", [0.0, 1.0])
def test_a_point_without_motion_or_past_stays(seen: float) -> None:
    found, rest = extrapolations(torch.zeros(2, 80, 3, 2), torch.full((2, 80, 3), seen), 81)
    assert found.abs().max() < 1e-3
    assert torch.isfinite(rest).all()


def test_hidden_positions_do_not_count() -> None:
    behind, _ = displacements(line)
    seen = torch.ones(1, 80, 1)
    seen[:, 40:] = 0
    astray = behind.clone()
    astray[:, 40:] += 900
    for a, b in zip(
        extrapolations(astray, seen, 81), extrapolations(behind, seen, 81), strict=True
    ):
        torch.testing.assert_close(a, b)


def test_nothing_runs_away() -> None:
    growing = torch.exp(-0.2 * torch.arange(1.0, 81))[None, :, None, None].expand(1, 80, 1, 2)
    found, _ = extrapolations(1 - growing, torch.ones(1, 80, 1), 81)
    assert found.abs().max() < 2 * 81 * math.exp(0.015 * 81)


def test_a_velocity_field_that_follows_leads_to_the_extrapolation() -> None:
    model = CompactForecaster(COMPACT)
    model.vae.std.fill_(0.3)
    with torch.no_grad():
        model.velocity.follow.bias[TURNING.index((12, 6))] = 1
    start = torch.tensor(grid_centres()[::13], dtype=torch.float32)
    pace = torch.tensor([1.5, -0.5]) + 0.8 * (torch.arange(len(start)) % 3 == 0)[:, None]
    tracks = start + PAST[:, None, None] * pace
    future, _ = model.forecast(tracks[None], torch.ones(1, 81, len(start)), torch.ones(1), 2, 1)
    truth = start + AHEAD[:, None, None] * pace
    assert (future[0] - truth).norm(dim=-1).max() < 3
