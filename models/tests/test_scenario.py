"""The scenario ensemble on motions with a known answer."""

import torch

from foretrack.common import scenario
from foretrack.common.geometry import grid_centres
from foretrack.compact.graphs import affine_from_camera, camera_from_affine
from foretrack.compact.history import look_back

XY = torch.tensor(grid_centres(), dtype=torch.float32)


def moving(velocity: torch.Tensor, frames: int = 81) -> tuple[torch.Tensor, torch.Tensor]:
    back = torch.arange(frames - 1, -1, -1.0)
    return (XY - back[:, None, None] * velocity)[None], torch.ones(1, frames, len(XY))


def one(span: int, share: float, decay: float) -> scenario.Scenarios:
    return scenario.Scenarios(
        torch.tensor([[span]]), torch.tensor([[share]]), torch.tensor([[decay]])
    )


def compose(history, seen, drawn):
    parts = scenario.factored(history, seen, drawn)
    return scenario.compose(history[:, -1], parts.camera, parts.residual)[0, 0], parts


def test_constant_velocity_goes_on():
    history, seen = moving(torch.tensor([1.5, -0.5]))
    tracks, _ = compose(history, seen, one(1, 0.0, 1.0))
    expected = XY + 40 * torch.tensor([1.5, -0.5])
    assert torch.allclose(tracks[39], expected, atol=0.3)


def test_decay_zero_stands_still():
    history, seen = moving(torch.tensor([3.0, 0.0]))
    tracks, _ = compose(history, seen, one(2, 0.5, 0.0))
    assert torch.equal(tracks[80], XY)


def test_camera_share_drops_the_objects():
    velocity = torch.zeros(len(XY), 2)
    velocity[:, 0] = 1.0
    velocity[:60] = torch.tensor([6.0, 2.0])  # an object on a steadily panning background
    history, seen = moving(velocity)
    tracks, parts = compose(history, seen, one(0, 1.0, 1.0))
    assert parts.residual.abs().max() == 0
    assert (tracks[9] - XY - 10 * torch.tensor([1.0, 0.0])).abs().mean() < 1.5
    own, _ = compose(history, seen, one(0, 0.0, 1.0))
    assert torch.allclose(own[9, :60], XY[:60] + 10 * torch.tensor([6.0, 2.0]), atol=0.5)


def test_hidden_past_uses_the_shorter_span():
    history, seen = moving(torch.tensor([2.0, 0.0]))
    history[:, -3:, :10] = XY[:10] - torch.arange(2, -1, -1.0)[:, None, None] * torch.tensor(
        [0.0, 1]
    )
    seen[:, :-2, :10] = 0
    velocity, valid = scenario.velocities(history, seen, 8)
    assert valid.all()
    assert torch.allclose(velocity[0, :10], torch.tensor([0.0, 1.0]).expand(10, 2), atol=1e-5)


def test_affine_path_round_trip():
    camera = torch.randn(2, 5, 3, 2)
    back = camera_from_affine(affine_from_camera(camera))
    assert torch.allclose(back, camera, atol=1e-4)
    affine = affine_from_camera(camera)[0, 0]
    moved = XY + scenario.affine_features(XY) @ camera[0, 0]
    expected = XY @ torch.stack([affine[0:2], affine[3:5]]).T + affine[[2, 5]]
    assert torch.allclose(moved, expected, atol=1e-3)


def test_look_back_measures_motion():
    history, seen = moving(torch.tensor([3.0, 4.0]))
    past = look_back(history, seen)
    assert torch.allclose(past.scale, torch.tensor([2 + 16 * 5.0]), rtol=1e-4)
    assert past.residual.abs().max() < 0.5
    photo = look_back(history, torch.cat([0 * seen[:, :-1], seen[:, -1:]], 1))
    assert photo.length.item() == 1 and photo.scale.item() == 40


def test_systems_of_three_are_solved_as_a_linear_solver_does():
    torch.manual_seed(0)
    half = torch.randn(7, 3, 5)
    gram, moment = half @ half.mT, torch.randn(7, 3, 2)
    expected = torch.linalg.solve(gram + scenario.RIDGE * torch.eye(3), moment)
    torch.testing.assert_close(scenario.solve3(gram, moment), expected, rtol=1e-4, atol=1e-4)
