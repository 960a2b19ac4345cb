"""A camera that stood keeps standing."""

import torch

from foretrack.common.geometry import grid_centres
from foretrack.compact.standing import hold_standing, standing_points

NOW = torch.tensor(grid_centres(), dtype=torch.float32)
MOVER = torch.arange(len(NOW)) < 60


def past(frames: int, drift: float) -> tuple[torch.Tensor, torch.Tensor]:
    back = torch.arange(frames - 1, -1, -1.0)[:, None] * torch.where(MOVER, 2.0, drift)
    return NOW - torch.stack([back, 0 * back], -1), torch.ones(frames, len(NOW))


def test_standing_points_are_told_from_movers():
    standing = standing_points(*past(50, 0.0))
    assert standing is not None and torch.equal(standing, ~MOVER)
    assert standing_points(*past(50, 0.5)) is None
    assert standing_points(*past(8, 0.0)) is None


def test_drift_is_taken_out_and_movers_keep_their_way():
    ahead = torch.arange(1, 41.0)[:, None]
    way = 0.3 * ahead + torch.where(MOVER, 2.0, 0.0) * ahead
    way[-1, 200] += 30
    way[-1, 210] += 4
    futures = (NOW + torch.stack([way, 0 * way], -1))[None]
    held = hold_standing(futures, NOW, ~MOVER)[0, -1] - NOW
    torch.testing.assert_close(held[MOVER, 0], torch.full((60,), 80.0), atol=0.5, rtol=0)
    assert abs(float(held[200, 0]) - 30) < 0.5
    still = ~MOVER
    still[200] = False
    assert held[still].abs().max() < 0.75
