"""Tracks of real clips in the training of the track-to-space network, and its pack as a start."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from foretrack.common.pack_files import ForeignPackError, Wave
from foretrack.common.stage import Budget
from foretrack.common.track_files import TrackFolder
from foretrack.field import held_out
from foretrack.field.checkpoint import trunk_of
from foretrack.field.export import FieldGraph, PathGraph
from foretrack.field.from_pack import network_of
from foretrack.field.network import FieldConfig, FieldNetwork, Told
from foretrack.field.paths import PathNetwork
from foretrack.field.real_tracks import FOCAL_PX, RealDraws, read_pasts
from foretrack.field.reprojection import cameras_of_past, reprojection_loss, weighted_median
from foretrack.field.scenes import Request, Scene, draw_scene
from foretrack.field.train import Settings, train_field

PACKS = Path(__file__).resolve().parents[2] / "public/packs"
EXACT = Request(frames=41, moving_share=0.2, noise_px=0.2, drift_px=0.0, knows_focal=True)


def made(move: str, px: float, seed: int = 3) -> Scene:
    return draw_scene(np.random.default_rng(seed), replace(EXACT, move=move, parallax_px=px))


def told_of(scene: Scene, spread: float = 0.1, blur: float = 0.0) -> Told:
    off = blur * torch.randn(len(scene.moving), generator=torch.Generator().manual_seed(1))
    log_rho = torch.from_numpy(np.log(scene.inverse_depth)).float() + off
    logit = torch.from_numpy(np.where(scene.moving, 3.0, -3.0)).float()
    told = (log_rho, torch.full_like(log_rho, spread), logit)
    return Told(*(v[None].clone().requires_grad_() for v in told))


def batch_of(scene: Scene):
    batch = held_out.batch_of(scene.tracks, scene.visibility, np.arange(21, 41))
    return replace(batch, focal=torch.tensor([scene.focal_px], dtype=torch.float32))


def loss_of(scene: Scene, told: Told, base: Told | None = None) -> torch.Tensor:
    batch = batch_of(scene)
    path = cameras_of_past(batch, base or told)
    return reprojection_loss(told, path, batch.focal)[0]


def test_tracks_are_met_best_by_the_depths_that_made_them() -> None:
    scene = made("sideways", 40)
    truth = told_of(scene)
    flat = truth._replace(log_rho=torch.zeros_like(truth.log_rho))
    blurred = told_of(scene, blur=0.3)
    at = float(loss_of(scene, truth, truth).detach())
    assert at < float(loss_of(scene, flat, truth).detach()) - 0.3
    assert at < float(loss_of(scene, blurred, truth).detach()) - 0.3
    # The spread that costs least is that of the miss.
    by_spread = [
        [float(loss_of(scene, told_of(scene, s, blur), truth).detach()) for s in (0.03, 0.3)]
        for blur in (0.0, 0.4)
    ]
    assert by_spread[0][0] < by_spread[0][1]
    assert by_spread[1][1] < by_spread[1][0]


def test_only_what_fits_no_still_scene_is_called_moving() -> None:
    scene = made("sideways", 40, seed=7)
    told = told_of(scene)
    undecided = told._replace(moving_logit=torch.zeros_like(told.moving_logit).requires_grad_())
    (slope,) = torch.autograd.grad(loss_of(scene, undecided, told), undecided.moving_logit)
    moves = torch.from_numpy(scene.moving)[None]
    assert (slope[moves] < 0).float().mean() > 0.8
    assert (slope[~moves] > 0).float().mean() > 0.95


def test_a_camera_that_stands_teaches_no_depth() -> None:
    def pull(move: str) -> float:
        scene = made(move, 40)
        told = told_of(scene, blur=0.3)
        (slope,) = torch.autograd.grad(loss_of(scene, told), told.log_rho)
        return float(slope.abs().sum())

    assert pull("still") < 0.3 * pull("sideways")


def test_weighted_median() -> None:
    values = torch.tensor([[3.0, 1.0, 2.0, 9.0]])
    assert weighted_median(values, torch.ones(1, 4)).item() == 2
    assert weighted_median(values, torch.tensor([[0.1, 0.1, 0.1, 5.0]])).item() == 9


def write_tracks(folder: Path, scene: Scene, name: str) -> None:
    folder.mkdir(exist_ok=True)
    np.savez(
        folder / f"{name}__40.npz",
        history_tracks_tn2=scene.tracks,
        history_visibility_tn=scene.visibility.astype(np.uint8),
        texture_n=np.where(np.arange(len(scene.moving)) % 3, 9.0, 1.0).astype(np.float32),
    )


def test_training_reads_real_tracks_begins_with_weights_and_resumes(tmp_path: Path) -> None:
    for i, move in enumerate(("sideways", "walk")):
        write_tracks(tmp_path / "tracks", made(move, 30), f"clip_{i}")
    pasts = read_pasts(TrackFolder(tmp_path / "tracks"))
    assert [p.name for p in pasts] == ["clip_0__40", "clip_1__40"]
    assert not pasts[0].held[::3].any()
    draws = RealDraws(pasts, 3, 24, seed=1)
    one, same = draws.batch(5), draws.batch(5)
    assert torch.equal(one.tracks, same.tracks) and torch.equal(one.focal, same.focal)
    assert torch.equal(one.queries, one.whole[:, -1]) and one.whole.shape[1] == 33
    settings = Settings(batch=2, points=24, width=16, heads=2, blocks=1, real=2)
    tracks = tmp_path / "tracks"

    def start() -> FieldNetwork:
        torch.manual_seed(7)
        return FieldNetwork(FieldConfig(16, 2, 1))

    train_field(tmp_path / "a", Budget(steps=4, pause=2), settings, tracks, start())
    parts = train_field(tmp_path / "a", Budget(steps=4), settings, tracks, start())
    whole = train_field(tmp_path / "b", Budget(steps=4), settings, tracks, start())
    without = train_field(tmp_path / "c", Budget(steps=4), settings, None, start())
    for a, b in zip(parts.parameters(), whole.parameters(), strict=True):
        assert torch.equal(a, b)
    assert not torch.equal(whole.head.weight, without.head.weight)
    with pytest.raises(ValueError, match="begin with"):
        train_field(tmp_path / "d", Budget(steps=1), replace(settings, width=32), None, start())
    (tmp_path / "none").mkdir()
    with pytest.raises(ValueError, match="long enough"):
        read_pasts(TrackFolder(tmp_path / "none"))


def test_a_field_pack_gives_back_the_network_that_made_it() -> None:
    network, training = network_of(PACKS / "field")
    golden = json.loads((PACKS / "field" / "goldens.json").read_text())["tell"]
    with torch.no_grad():
        graph = PathGraph(network) if isinstance(network, PathNetwork) else FieldGraph(network)
        told = graph(*(Wave(**w).tensor() for w in golden["inputs"].values()))
    for got, wanted in zip(told, golden["outputs"].values(), strict=True):
        miss = np.abs(got.numpy().ravel()[wanted["indices"]] - wanted["values"])
        assert miss.max() <= wanted["tolerance"]
    assert training["network"] == trunk_of(network).config.as_dict()
    with pytest.raises(ForeignPackError):
        network_of(PACKS / "compact")


def test_older_frames_of_real_tracks_judge_what_was_told_of_the_last() -> None:
    network = trunk_of(network_of(PACKS / "field")[0])
    scene = made("sideways", 40, seed=11)
    past = held_out.Past("clip", scene.tracks, scene.visibility, np.ones(390, bool))
    judged = held_out.judge(network, past)
    assert scene.focal_px != FOCAL_PX
    assert judged.error_px < 0.5 * judged.homography_px
    assert judged.halves < 0.2
    # Of a plane a homography tells all.
    h = np.array([[1.02, 0.01, 0.02], [0.0, 0.98, -0.03], [0.02, -0.04, 1.0]])
    xy = np.random.default_rng(0).uniform(-1, 1, (60, 2))
    assert np.allclose(held_out.fit_homography(xy, held_out.through(h, xy)), h, atol=1e-4)
