"""Training of the published architecture at its tiny size, stage by stage."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from foretrack.common import checkpoints
from foretrack.common.machine import Machine
from foretrack.common.stage import Budget
from foretrack.trajloom import objectives
from foretrack.trajloom.checkpoint import build, load_part
from foretrack.trajloom.config import SIZES, read_configs
from foretrack.trajloom.graphs import corner_queries
from foretrack.trajloom.losses import distillation_loss
from foretrack.trajloom.published import CONFIGS, find_weights, read_stats
from foretrack.trajloom.train import STAGES, MissingStageError, Settings, Trainer
from foretrack.trajloom.vae import TrajLoomVae, rasterise
from foretrack.trajloom.windows import FirstFrameTracks, WindowsError, WindowSource

CONFIG = SIZES["tiny"]
SETTINGS = Settings(
    batch=2, rate=2e-3, statistics_batches=2, validation_scenes=2, validation_steps=2
)


def trainer(run: Path, budget: Budget, machine: Machine | None = None) -> Trainer:
    return Trainer(CONFIG, run, SETTINGS, budget, machine or Machine())


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    for stage in STAGES:
        getattr(trainer(folder, Budget(steps=2)), stage)()
    return folder


@pytest.fixture(scope="module")
def space() -> objectives.LatentSpace:
    torch.manual_seed(0)
    vae = TrajLoomVae(CONFIG.vae)
    stats = objectives.latent_statistics(vae, [source(8).batch(1)])
    return objectives.LatentSpace(vae, stats, torch.device("cpu"))


def source(size: int = 4) -> WindowSource:
    return WindowSource(CONFIG.vae, size, 5, None, 0.0)


def descend(network: nn.Module, loss: Callable[[], torch.Tensor], steps: int) -> tuple[float, ...]:
    """Loss before and after some steps, with the same draws each time."""
    optimizer = torch.optim.Adam(network.parameters(), 3e-3)
    values = []
    for _ in range(steps + 1):
        torch.manual_seed(9)
        value = loss()
        values.append(value.item())
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
    return values[0], values[-1]


def test_windows_start_on_the_corners_and_follow_the_scene() -> None:
    for size in ("tiny", "full"):
        config = SIZES[size].vae
        batch = WindowSource(config, 2, 1, None, 0.0).batch(0)
        shape = (2, config.num_frames_in, config.points)
        assert batch.history.shape == batch.future.shape == (*shape, 2)
        assert batch.history_visibility.shape == batch.future_visibility.shape == shape
        start = corner_queries(config).expand_as(batch.history[:, 0])
        assert torch.allclose(batch.history[:, 0], start, atol=1e-3)
        assert batch.history_visibility[:, 0].all()
        step = (batch.future[:, 0] - batch.history[:, -1]).norm(dim=-1).median()
        inner = batch.history.diff(dim=1).norm(dim=-1).median()
        assert step < 10 * inner + 1  # the future goes on where the past ends


def test_a_batch_is_known_by_its_number() -> None:
    a, b, other = source().batch(3), source().batch(3), source().batch(4)
    assert torch.equal(a.future, b.future) and not torch.equal(a.future, other.future)


def test_training_encodes_and_decodes_as_the_dense_computation() -> None:
    torch.manual_seed(1)
    vae, batch = TrajLoomVae(CONFIG.vae), source(2).batch(0)
    tracks, _ = objectives.both_windows(batch, CONFIG.vae)
    tracks = tracks.clamp(-1.5, 1.5)
    dense = vae.encode_dense(rasterise((tracks + 1) / 2 * torch.tensor([96, 64]), CONFIG.vae))
    thin = vae.encode(tracks)
    assert torch.allclose(thin.mean, dense.mean, atol=1e-5)
    decoded = vae.decode(thin.mean)
    vae.spread_corners()
    cells = rasterise((decoded + 1) / 2 * torch.tensor([96, 64]), CONFIG.vae)
    assert torch.allclose(vae.decode_dense(thin.mean), cells.clamp(-1, 1), atol=1e-5)


def test_visibility_is_pooled_over_each_latent_frame() -> None:
    visible = torch.tensor([1.0, 1, 0, 0, 1, 1, 1, 0, 1])[None, :, None]
    assert objectives.pool_visibility(visible, 4).flatten().tolist() == [0.5, 0.75, 1.0]


def test_vae_learns() -> None:
    torch.manual_seed(2)
    vae, batch = TrajLoomVae(CONFIG.vae), source().batch(0)
    before, after = descend(
        vae, lambda: objectives.reconstruction_objective(vae, batch)["loss"], 30
    )
    assert after < 0.5 * before


@pytest.mark.parametrize("origin", ["released", "paper", "both"])
def test_flow_learns_from_either_source(space: objectives.LatentSpace, origin: str) -> None:
    torch.manual_seed(3)
    flow, latents = build(CONFIG, "generator"), space.encode(source().batch(0))
    conditioning = objectives.Conditioning(source=origin)
    before, after = descend(
        flow, lambda: objectives.matching_objective(flow, latents, conditioning), 30
    )
    assert after < 0.8 * before


def test_policy_learns(space: objectives.LatentSpace) -> None:
    torch.manual_seed(4)
    flow, latents = build(CONFIG, "generator"), space.encode(source().batch(0))
    conditioning = objectives.Conditioning()
    before, after = descend(
        flow, lambda: objectives.policy_objective(flow, latents, conditioning, 3), 30
    )
    assert after < 0.8 * before


def test_distillation_makes_one_step_of_two(space: objectives.LatentSpace) -> None:
    torch.manual_seed(5)
    flow, latents = build(CONFIG, "generator"), space.encode(source().batch(0))
    conditioning = objectives.Conditioning()
    descend(flow, lambda: objectives.matching_objective(flow, latents, conditioning), 20)
    teacher = copy.deepcopy(flow).requires_grad_(False)
    with torch.no_grad():  # the teacher has learnt so little that its paths are straight
        for parameter in flow.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    before, after = descend(
        flow,
        lambda: objectives.distillation_objective(flow, teacher, latents, conditioning, 2),
        40,
    )
    assert after < 0.5 * before


def test_a_flow_that_is_straight_needs_no_distillation() -> None:
    start, velocity = torch.randn(2, 2, 3, 6, 4)

    def straight(z: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        return velocity

    assert distillation_loss(straight, straight, start, torch.ones(2, 3, 6), 4) < 1e-12


def test_visibility_learns(space: objectives.LatentSpace) -> None:
    torch.manual_seed(6)
    head, latents = build(CONFIG, "visibility"), space.encode(source().batch(0))
    before, after = descend(head, lambda: objectives.visibility_objective(head, latents), 40)
    assert after < 0.9 * before


def test_a_run_holds_the_published_files(run: Path) -> None:
    config = read_configs([run / name for name in CONFIGS if (run / name).is_file()])
    assert config == CONFIG
    files = find_weights(run)
    for part, stage in (("vae", "vae"), ("generator", "distil"), ("visibility", "visibility")):
        network = load_part(config, part, files[part])
        average = checkpoints.read(run / stage)["ema"]
        equal = [torch.equal(v, average[k]) for k, v in network.state_dict().items()]
        assert all(equal) or part == "vae"  # its final layer is spread over the cell
    stats = read_stats(run, CONFIG.vae.latent_channels)
    assert (stats.std > 0).all()


@pytest.mark.parametrize("stage", STAGES)
def test_stages_resume_exactly(run: Path, stage: str, tmp_path: Path) -> None:
    for name in ("vae", "flow", "policy"):
        if name != stage:
            checkpoints.write(tmp_path / name, checkpoints.read(run / name))
    for path in run.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    getattr(trainer(tmp_path, Budget(steps=2, pause=1)), stage)()
    assert checkpoints.read(tmp_path / stage)["step"] == 1
    getattr(trainer(tmp_path, Budget(steps=2)), stage)()
    whole, parts = (
        checkpoints.read(run / stage)["model"],
        checkpoints.read(tmp_path / stage)["model"],
    )
    assert all(torch.equal(whole[k], parts[k]) for k in whole)


def test_stages_train_in_bfloat16_and_recompute(run: Path, tmp_path: Path) -> None:
    machine = Machine(bfloat16=True, recompute=True)
    for stage in ("vae", "flow"):
        getattr(trainer(tmp_path, Budget(steps=2), machine), stage)()
        exact, rough = (
            checkpoints.read(run / stage)["model"],
            checkpoints.read(tmp_path / stage)["model"],
        )
        assert any(not torch.equal(exact[k], rough[k]) for k in exact)
        assert all(torch.allclose(exact[k], rough[k], atol=1e-2) for k in exact)


def test_a_stage_before_its_time_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(MissingStageError, match="vae"):
        trainer(tmp_path, Budget(steps=1)).flow()
    with pytest.raises(MissingStageError, match="flow"):
        trainer(tmp_path, Budget(steps=1)).policy()


def write_tracks(path: Path, past: int, future: int) -> np.ndarray:
    x, y = np.meshgrid(np.arange(26) * 32 + 16.0, np.arange(15) * 32 + 16.0)
    query = np.stack([x, y], -1).reshape(-1, 2).astype(np.float32)
    tracks = query + np.arange(past + future, dtype=np.float32)[:, None, None] * [1, 0]
    np.savez(
        path,
        history_tracks_tn2=tracks[:past].astype(np.float32),
        history_visibility_tn=np.ones((past, 390), np.uint8),
        future_tracks_tn2=tracks[past:].astype(np.float32),
        future_visibility_tn=np.ones((future, 390), np.uint8),
    )
    return tracks


def test_real_tracks_from_the_first_frame(tmp_path: Path) -> None:
    write_tracks(tmp_path / "clip__0.npz", 1, 140)
    write_tracks(tmp_path / "short__0.npz", 1, 60)
    config = SIZES["full"].vae
    batch = WindowSource(config, 6, 0, tmp_path, 1.0).batch(0)
    assert torch.equal(batch.history[:, 0], corner_queries(config).expand(6, -1, -1))
    moved = (batch.history[:, 80] - batch.history[:, 0])[..., 0]
    assert {float(row.median()) for row in moved} == {80.0, -80.0}  # as they are, and mirrored
    assert batch.future_visibility[:, 59].any() and not batch.future_visibility[:, 60:].any()
    assert not batch.future_visibility[:, :59].all()  # some left the frame


def test_tracks_around_now_are_refused(tmp_path: Path) -> None:
    write_tracks(tmp_path / "clip__80.npz", 81, 81)
    with pytest.raises(WindowsError, match="--history 1"):
        FirstFrameTracks(tmp_path, SIZES["full"].vae).refresh()
    with pytest.raises(WindowsError, match="15x26"):
        FirstFrameTracks(tmp_path, CONFIG.vae)


def test_settings_of_a_run_are_saved(run: Path) -> None:
    assert checkpoints.read(run / "flow")["settings"] == vars(SETTINGS)
    assert json.loads((run / CONFIGS[0]).read_text())["trajloom_vae"]["config"]["hidden_size"] == 16
