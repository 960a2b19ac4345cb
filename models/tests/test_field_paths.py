"""Cameras and curves that the track-to-space network tells beside depth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from foretrack.common.stage import Budget
from foretrack.field import evaluate as ev
from foretrack.field import evaluate_paths as evp
from foretrack.field.checkpoint import load, load_any, save
from foretrack.field.curves import CONTROL_POINTS, along, basis, fit
from foretrack.field.from_pack import network_of
from foretrack.field.geometry import Poses, Tracks, turn
from foretrack.field.network import FieldConfig, FieldNetwork
from foretrack.field.paths import PathConfig, PathNetwork, in_plane, sines
from foretrack.field.scenes import Request, Scene, draw_scene
from foretrack.field.train_paths import (
    Draws,
    Objective,
    Settings,
    hidden_stretches,
    train_paths,
)
from foretrack.field.train_paths import batch_with_paths as batch_of

PACK = Path(__file__).resolve().parents[2] / "public/packs/field"
EXACT = Request(
    points=120, frames=31, moving_share=0.25, noise_px=0.0, drift_px=0.0, knows_focal=True
)


def made(move: str, px: float, seed: int = 3) -> Scene:
    return draw_scene(np.random.default_rng(seed), replace(EXACT, move=move, parallax_px=px))


def small(seed: int = 1) -> PathNetwork:
    torch.manual_seed(seed)
    return PathNetwork(FieldNetwork(FieldConfig(16, 2, 1)), PathConfig(16, 2, 1)).eval()


def test_curves_are_those_of_the_studio() -> None:
    weights = basis(41)
    # `basisAt("smooth", 16, 10 / 40)` of src/domain/curve-basis.ts.
    golden = [0.0703125, 0.6119791666666666, 0.31510416666666663, 0.0026041666666666665]
    assert torch.allclose(weights[10, 3:7], torch.tensor(golden), atol=1e-6)
    assert torch.allclose(weights.sum(1), torch.ones(41), atol=1e-6)
    assert weights[0, 0] == 1 and weights[-1, -1] == pytest.approx(1, abs=1e-3)
    wave = torch.sin(torch.arange(41) / 5)[None, :, None, None].expand(1, 41, 3, 2)
    seen = torch.ones(1, 41, 3)
    assert float((along(weights, fit(weights, wave, seen)) - wave).abs().max()) < 0.02
    seen[:, 15:20] = 0
    assert float((along(weights, fit(weights, wave, seen)) - wave).abs().max()) < 0.3


def test_a_mover_is_found_in_its_plane_under_the_true_cameras() -> None:
    scene = made("sideways", 40)
    batch = batch_of([scene])
    centred = (batch.tracks - torch.tensor(evp.CENTRE)) / batch.focal
    ones = torch.ones_like(centred[:, -1, :, :1])
    directions = torch.cat([centred[:, scene.anchor], ones], -1).float()
    tracks = Tracks(centred.float(), batch.visibility, directions)
    poses = Poses(batch.rotation, batch.translation, torch.zeros(1, 31))
    told = in_plane(tracks, poses, batch.log_rho.exp())
    # A way out of the plane is seen within it as farther or nearer: x + shift by 1 + its own.
    way = batch.way
    aim = directions[:, None, :, :2]
    wanted = (aim + way[..., :2]) / (1 + way[..., 2:]) - aim
    assert float(((told - wanted).abs() * batch.visibility[..., None]).max()) < 2e-3
    assert float(way.abs().max()) > 0.02
    angle = torch.tensor([[0.0, 0.1, 0.0]])
    assert torch.allclose(sines(turn(angle)), angle.sin(), atol=1e-6)


def test_depth_stays_what_the_network_of_depth_tells() -> None:
    network = small()
    batch = batch_of([made("walk", 20)])
    asked = (batch.tracks, batch.visibility, batch.queries, batch.focal)
    with torch.no_grad():
        alone, _ = network.trunk(*asked)
        paths = network(*asked)
    for one, other in zip(alone[-1], paths.told, strict=True):
        assert torch.equal(one, other)
    anchor = made("walk", 20).anchor
    assert torch.allclose(paths.poses.rotation[0, anchor], torch.eye(3), atol=1e-4)
    assert paths.control.shape == (1, 120, CONTROL_POINTS, 3)


def test_training_lowers_the_loss_keeps_depth_and_resumes(tmp_path: Path) -> None:
    settings = Settings(batch=2, points=24, width=16, heads=2, blocks=1, real=2)
    for i in range(2):
        scene = draw_scene(
            np.random.default_rng(i), Request(move="walk", parallax_px=30, frames=41)
        )
        np.savez(
            tmp_path / f"clip_{i}__40.npz",
            history_tracks_tn2=scene.tracks,
            history_visibility_tn=scene.visibility.astype(np.uint8),
        )

    def trunk() -> FieldNetwork:
        torch.manual_seed(7)
        return FieldNetwork(FieldConfig(16, 2, 1))

    def trained(name: str, budget: Budget) -> PathNetwork:
        return train_paths(tmp_path / name, budget, settings, trunk(), tmp_path)

    trained("a", Budget(steps=4, pause=2))
    parts, whole = trained("a", Budget(steps=4)), trained("b", Budget(steps=4))
    for one, other in zip(parts.parameters(), whole.parameters(), strict=True):
        assert torch.equal(one, other)
    for one, other in zip(whole.trunk.parameters(), trunk().parameters(), strict=True):
        assert torch.equal(one, other)
    network = small()
    objective, batch = Objective(network, settings), Draws(settings, tmp_path).batch(0)
    assert batch.real is not None and (batch.real.shown < batch.real.visibility).any()
    own = [p for p in network.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(own, 3e-3)
    losses = []
    for _ in range(25):
        loss = objective(batch, 0)["loss"]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < losses[0] - 0.3
    save(network, tmp_path / "field.pt", {"steps": 1})
    again, record = load_any(tmp_path / "field.pt")
    assert isinstance(again, PathNetwork) and record == {"steps": 1}
    depth, _ = load(tmp_path / "field.pt")
    assert torch.equal(depth.head.weight, network.trunk.head.weight)


def test_real_tracks_are_hidden_in_stretches_but_never_now() -> None:
    hidden = hidden_stretches(np.random.default_rng(1), 3, 33, 50)
    assert 0.02 < float(hidden.mean()) < 0.2
    assert not hidden[:, -1].any()


def test_scores_know_the_truth_from_a_camera_that_turns() -> None:
    case = next(c for c in ev.draw_cases(1, seed=5, frames=21) if c.name == "20_orbit_0")
    assert case.truth
    told = evp.PathAnswer(case.truth.rotation, 3 * case.truth.translation, case.truth.way)
    exact = evp.score(case, case.truth, told)
    assert exact["degrees"] == pytest.approx(0, abs=1e-4)
    assert exact["heading"] == pytest.approx(0, abs=1e-3)
    assert exact["places"] == pytest.approx(0, abs=1e-6) and exact["movers_px"] == 0
    turned = evp.score(case, case.truth, evp.turning(case))
    assert turned["places"] == pytest.approx(1) and turned["degrees"] > 0.1
    assert turned["movers_px"] == pytest.approx(turned["gone_px"])


def test_the_pack_tells_cameras_and_ways_in_one_pass() -> None:
    network, _ = network_of(PACK)
    assert isinstance(network, PathNetwork)
    told, turned = [], []
    for case in ev.draw_cases(1, seed=78):
        if case.parallax_px != 20:
            continue
        assert case.truth
        told.append(evp.score(case, case.truth, evp.one_pass(network, case)))
        turned.append(evp.score(case, case.truth, evp.turning(case)))

    def median(rows: list[dict[str, float]], name: str) -> float:
        return float(np.median([r[name] for r in rows]))

    assert median(told, "degrees") < 0.5 * median(turned, "degrees")
    assert median(told, "places") < 0.3
    assert median(told, "movers_px") < 0.7 * median(told, "gone_px")
