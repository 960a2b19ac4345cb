"""The track-to-space network: its scenes, its geometry, its training, its scores and its pack."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from foretrack.common.pack_files import Wave
from foretrack.common.space_metrics import rank_correlation
from foretrack.common.stage import Budget
from foretrack.field import evaluate as ev
from foretrack.field.cameras import MOVING, STANDING
from foretrack.field.checkpoint import load, save
from foretrack.field.export import difference
from foretrack.field.geometry import solve
from foretrack.field.network import (
    ROUND_SCALES_PX,
    FieldConfig,
    FieldNetwork,
    Told,
    adjust_round,
    look,
)
from foretrack.field.scenes import Request, draw_scene
from foretrack.field.train import Batch, Draws, Objective, Settings, batch_of, middle, train_field

PACK = Path(__file__).resolve().parents[2] / "public/packs/field"
EXACT = Request(
    points=120, frames=31, moving_share=0.2, noise_px=0.0, drift_px=0.0, knows_focal=True
)


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("move", [*STANDING, *MOVING])
def test_scenes_tell_what_their_tracks_show(move: str) -> None:
    scene = draw_scene(rng(3), replace(EXACT, move=move, parallax_px=20.0))
    same = draw_scene(rng(3), replace(EXACT, move=move, parallax_px=20.0))
    assert np.array_equal(scene.tracks, same.tracks)
    still = ~scene.moving
    assert scene.visibility[scene.anchor].all()
    assert np.median(scene.inverse_depth[still]) == pytest.approx(1)
    assert 0.1 < scene.moving.mean() < 0.3
    assert scene.parallax_px == pytest.approx(20.0 if move in MOVING else 0.0)
    assert (np.abs(scene.cameras.translation).max() > 0) == (move in MOVING)


def oracle(batch: Batch, spread: float) -> torch.Tensor:
    """Log inverse depth after the rounds, begun from the truth blurred by a third."""
    blur = 0.3 * torch.randn(batch.log_rho.shape, generator=torch.Generator().manual_seed(1))
    told = Told(batch.log_rho + blur, torch.full_like(blur, spread), 12 * batch.moving - 6)
    sight = look(batch.tracks, batch.visibility, batch.queries, batch.focal)
    poses, out = sight.turned, blur
    for scales in ROUND_SCALES_PX:
        poses, _, out = adjust_round(sight, poses, told, scales)
        told = Told(out, told.spread, told.moving_logit)
    return out


def test_rounds_find_depth_where_the_camera_travels_and_keep_what_was_told_where_not() -> None:
    def miss_of(move: str, px: float) -> float:
        request = replace(EXACT, move=move, parallax_px=px, noise_px=0.3)
        batch = batch_of([draw_scene(rng(i), request) for i in range(3)])
        miss = oracle(batch, 0.3) - batch.log_rho
        still = batch.moving < 0.5
        miss = miss - middle(miss, still.float())
        return float(miss[still].abs().median())

    assert miss_of("sideways", 40) < 0.12
    assert miss_of("still", 0) > 0.12


def test_elimination_solves() -> None:
    root = torch.randn(4, 6, 9, generator=torch.Generator().manual_seed(2))
    matrix = root @ root.transpose(-1, -2)
    right = torch.randn(4, 6, 1)
    assert torch.allclose(matrix @ solve(matrix, right), right, atol=2e-2)


def test_training_lowers_the_loss_and_resumes(tmp_path: Path) -> None:
    settings = Settings(batch=2, points=24, width=16, heads=2, blocks=1)
    train_field(tmp_path / "a", Budget(steps=4, pause=2), settings)
    in_parts = train_field(tmp_path / "a", Budget(steps=4), settings)
    whole = train_field(tmp_path / "b", Budget(steps=4), settings)
    for one, other in zip(in_parts.parameters(), whole.parameters(), strict=True):
        assert torch.equal(one, other)
    network = FieldNetwork(FieldConfig(16, 2, 1))
    objective, batch = Objective(network, settings), Draws(settings).batch(0)
    optimizer = torch.optim.Adam(network.parameters(), 3e-3)
    losses = []
    for _ in range(25):
        loss = objective(batch, 0)["loss"]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < losses[0] - 0.3
    save(network, tmp_path / "field.pt", {"steps": 1})
    again, record = load(tmp_path / "field.pt")
    assert record == {"steps": 1} and again.config == network.config


def test_scores_know_the_truth_from_a_plane() -> None:
    case = ev.draw_cases(1, seed=5, frames=21)[-1]
    truth = ev.score(case, ev.Answer(3 * case.rho, 0.1 + 0 * case.rho, case.moving.astype(float)))
    assert truth["absrel"] == pytest.approx(0, abs=1e-6)
    assert truth["rank"] == pytest.approx(1) and truth["auc"] == 1
    assert truth["claimed"] == 1 and truth["covered"] == 1
    plane = ev.score(case, ev.plane(case))
    assert plane["rank"] == 0 and plane["auc"] == 0.5 and plane["claimed"] == 0
    median, low, high = ev.median_interval(np.arange(101.0))
    assert low < median == 50 < high
    assert ev.mean_interval(np.array([1.0, 3.0, np.nan]))[0] == 2


def test_two_answers_are_compared_on_the_points_that_both_claim() -> None:
    case = ev.draw_cases(1, seed=5, frames=21)[-1]
    wild = np.zeros(len(case.rho), bool)
    wild[np.flatnonzero(~case.moving)[:20]] = True
    wobble = 1 + 0.1 * np.where(np.arange(len(wild)) % 2, 1, -1)
    near = ev.Answer(case.rho * wobble, np.full(len(wild), 0.1), case.moving.astype(float))
    far = ev.Answer(
        np.where(wild, 9, 1) * case.rho * wobble, np.where(wild, np.inf, 0.1), near.moving
    )
    told = ev.compare(case, near, far)
    assert told["all"] < np.log(0.8) and told["claimed"] == pytest.approx(0, abs=0.01)
    assert np.isnan(ev.compare(case, near, replace(far, told=False))["all"])


def test_depths_without_a_unit_are_compared_by_ratio() -> None:
    near, far = np.array([0.1, 1.0], np.float32), np.array([1.0, 10.0], np.float32)
    assert difference("inverse_depth", 1.001 * near, near) == pytest.approx(1e-3, rel=0.01)
    assert difference("inverse_depth", 1.001 * far, far) == pytest.approx(1e-3, rel=0.01)
    assert difference("moving", near + 0.001, near) == pytest.approx(1e-3, rel=0.01)


@pytest.mark.skipif(not PACK.exists(), reason="no field pack ships")
def test_the_pack_gives_its_goldens_and_orders_depth_where_the_camera_moves() -> None:
    session = onnxruntime.InferenceSession(str(PACK / "tell.onnx"))
    golden = json.loads((PACK / "goldens.json").read_text())["tell"]
    feeds = {name: Wave(**wave).tensor().numpy() for name, wave in golden["inputs"].items()}
    outputs = session.run(list(golden["outputs"]), feeds)
    for got, wanted in zip(outputs, golden["outputs"].values(), strict=True):
        miss = np.abs(got.ravel()[wanted["indices"]] - wanted["values"])
        assert miss.max() <= wanted["tolerance"]
    ranks: list[float] = []
    sigmas: dict[float, list[float]] = {0.0: [], 6.5: []}
    for case in ev.draw_cases(1, seed=77):
        if case.parallax_px not in sigmas:
            continue
        told = {
            "tracks": case.tracks.astype(np.float32),
            "visibility": case.visibility.astype(np.float32),
            "queries": case.tracks[case.anchor].astype(np.float32),
            "focal": np.array([case.focal_px], np.float32),
        }
        rho, sigma = session.run(["inverse_depth", "sigma_log"], told)
        still = ~case.moving
        sigmas[case.parallax_px].append(float(np.median(sigma[still])))
        if case.parallax_px:
            ranks.append(rank_correlation(rho[still], case.rho[still]))
    assert np.median(ranks) > 0.6
    assert np.median(sigmas[0.0]) > 2 * np.median(sigmas[6.5])
