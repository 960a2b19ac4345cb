"""The compact model on its tiny configuration: data, training step, sampling."""

import shutil
from dataclasses import replace

import numpy as np
import torch

from foretrack.cli import main
from foretrack.common import checkpoints, geometry, scenario
from foretrack.common.batch import Batch
from foretrack.common.constraints import Constraints
from foretrack.common.losses import fair_energy, widen_target
from foretrack.common.stage import Budget
from foretrack.compact.config import TINY
from foretrack.compact.history import look_back
from foretrack.compact.model import CompactForecaster
from foretrack.compact.network import Attention
from foretrack.compact.settings import Settings
from foretrack.compact.targets import draw_constraints
from foretrack.compact.train import train_flow, train_visibility
from foretrack.compact.training_data import Data
from foretrack.scenes.procedural.scene import make_scene
from foretrack.scenes.procedural.tracker_noise import add_tracker_noise


def test_scenes_are_deterministic_and_anchored_at_now():
    query = geometry.grid_centres()
    a = make_scene(np.random.default_rng(3), query)
    b = make_scene(np.random.default_rng(3), query)
    assert np.array_equal(a.tracks, b.tracks) and np.array_equal(a.visibility, b.visibility)
    for seed in range(30):
        scene = make_scene(np.random.default_rng(seed), query)
        assert np.isfinite(scene.tracks).all()
        assert np.abs(scene.tracks[geometry.NOW] - query).max() < 1e-3


def test_spoiling_touches_the_history_only():
    query = geometry.grid_centres()
    rng = np.random.default_rng(1)
    scene = make_scene(rng, query)
    noisy = add_tracker_noise(scene, rng)
    assert np.array_equal(noisy.tracks[80:], scene.tracks[80:])
    assert np.array_equal(noisy.visibility[80:], scene.visibility[80:])


def test_training_leaves_a_resumable_run(tiny_run, pool, tmp_path):
    run = shutil.copytree(tiny_run, tmp_path / "run")
    state = checkpoints.read(run / "last.pt")
    assert state["step"] > 0
    settings = Settings(**state["settings"])
    train_flow(Data(pool, None, settings), run, Budget(0.1), settings, None)
    assert checkpoints.read(run / "last.pt")["step"] > state["step"]


def test_the_visibility_stage_changes_the_head_alone(tiny_run, pool, tmp_path):
    settings = Settings(size="tiny", batch=4, futures=2, points=24)
    start = tiny_run / "last.pt"
    train_visibility(Data(pool, None, settings), tmp_path, Budget(steps=3), settings, start)
    before, after = (checkpoints.read(path)["ema"] for path in (start, tmp_path / "last"))
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed and all(name.startswith("visibility.") for name in changed)
    train_visibility(Data(pool, None, settings), tmp_path, Budget(steps=5), settings, start)
    assert checkpoints.read(tmp_path / "last")["step"] == 5  # went on


def test_a_flow_without_its_vae_says_what_to_do_first(pool, tmp_path, capsys):
    words = ["train", "flow", "--pool", str(pool), "--run", str(tmp_path), "--steps", "1"]
    assert main([*words, "--set", "size=tiny"]) == 1
    assert "run foretrack train vae" in capsys.readouterr().err


def test_untrained_flow_samples_its_scenario():
    model = CompactForecaster(TINY)
    latent = torch.randn(2, 27, TINY.channels)
    history = torch.rand(2, 81, 24, 2) * 400
    past_seen = torch.ones(2, 81, 24)
    condition = model.condition(look_back(history, past_seen), torch.tensor([0.04, 0.06]))
    assert torch.equal(model.solve(latent, condition, 4, 4), latent)


def test_fair_energy_of_the_truth_is_lowest():
    generator = torch.Generator().manual_seed(0)
    truth = torch.randn(8, 81, 50, 2, generator=generator)
    mask = torch.ones(8, 81, 50, dtype=torch.bool)
    good = torch.randn(8, 6, 81, 50, 2, generator=generator)
    for worse in (0.3 * good, 3 * good, good + 2):
        assert fair_energy(good, truth, mask)[0].mean() < fair_energy(worse, truth, mask)[0].mean()


def test_constraints_are_visible_future_points():
    torch.manual_seed(0)
    mask = torch.rand(64, 81, 80) < 0.8
    tracks, future = torch.zeros(64, 81, 80, 2), torch.randn(64, 81, 80, 2)
    batch = Batch(tracks, mask.float(), future, mask, mask, torch.ones(64), mask[:, 0, 0])
    displacement, weight = draw_constraints(batch)
    assert torch.equal(displacement, batch.future)
    assert not (weight.bool() & ~mask).any()
    points = weight.amax(1).sum(1)
    assert points.min() >= 1 and points.max() <= 0.12 * 80 + 1


def test_points_pass_through_their_constraints_whatever_the_camera_does():
    torch.manual_seed(0)
    model = CompactForecaster(TINY).eval()
    torch.nn.init.normal_(model.velocity.out.weight, std=0.3)  # an untrained one moves nothing
    history = 400 + torch.randn(2, 81, 30, 2).cumsum(1) + torch.rand(2, 1, 30, 2) * 60
    seen = torch.ones(2, 81, 30)
    moved, weight = torch.full((2, 81, 30, 2), 33.0), torch.zeros(2, 81, 30)
    weight[0, [20, 60], 3] = 1

    def draw(constraints):
        torch.manual_seed(1)
        return model.forecast(history, seen, torch.ones(2) / 16, 3, 2, constraints=constraints)[0]

    free, steered = draw(None), draw(Constraints(moved, weight))
    reached = steered[0, :, [20, 60], 3] - history[0, -1, 3]
    assert torch.allclose(reached, torch.full((3, 2, 2), 33.0), atol=1e-3)
    assert (free[0, :, [20, 60], 3] - history[0, -1, 3] - 33).abs().amin() > 1
    assert torch.allclose(steered[1], free[1], atol=1e-3)  # the scene without constraints


def test_a_model_that_sees_forecasts_from_looks_and_without(pool):
    torch.manual_seed(0)
    model = CompactForecaster(replace(TINY, video=True)).eval()
    torch.nn.init.normal_(model.encoder.patches.out.weight)
    history, seen = torch.rand(2, 81, 30, 2) * 400, torch.ones(2, 81, 30)
    past = look_back(history, seen)
    interval = torch.ones(2) / 16
    patches = torch.randint(1, 255, (2, 30, 3, 16, 16), dtype=torch.uint8)
    patches[1] = 0  # a scene without a picture
    blind = model.condition(past, interval).tokens
    seeing = model.condition(past, interval, patches=patches).tokens
    assert torch.equal(seeing[1], blind[1]) and not torch.allclose(seeing[0], blind[0])


def test_stabilise_undoes_the_camera():
    torch.manual_seed(0)
    xy, camera = torch.rand(2, 50, 2) * 480, 40 * torch.randn(2, 3, 9, 3, 2)
    residual = 20 * torch.randn(2, 3, 9, 50, 2)
    seen = scenario.compose(xy, camera, residual)
    expected = xy[:, None, None] + residual
    assert torch.allclose(scenario.stabilise(seen, camera), expected, atol=1e-2)


def test_a_truth_moved_away_widens_the_best_futures_without_shifting_them():
    torch.manual_seed(0)
    points = torch.rand(1, 6, 2) * 400
    truth = 100 + torch.randn(1500, 1, 1, 2).expand(-1, -1, 6, -1)
    mask = torch.ones(1500, 1, 6, dtype=torch.bool)
    xy, factor = points.expand(1500, -1, -1), torch.full((1500,), 1.4)
    noise = torch.randn(1500, 4, 1, 1, 2)
    shift, width = torch.zeros(2, requires_grad=True), torch.ones(1, requires_grad=True)
    optimizer = torch.optim.Adam([shift, width], lr=0.05)
    for _ in range(100):
        futures = (100 + shift + width * noise).expand(-1, -1, -1, 6, -1)
        target = widen_target(futures, truth, factor, mask, xy)
        loss = fair_energy(futures, target, mask, stride=1)[0].mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert shift.abs().max() < 0.1
    assert 1.2 < width.item() < 1.45


def test_of_a_scene_only_what_all_of_it_shares_is_moved_away():
    torch.manual_seed(0)
    xy = torch.rand(1, 40, 2) * 400
    truth = xy[:, None].clone()
    truth[..., 0] += 10  # the camera
    truth[0, 0, :4, 1] += 80  # one body
    futures = xy[:, None, None].repeat(1, 3, 1, 1, 1)
    mask = torch.ones(1, 1, 40, dtype=torch.bool)
    target = widen_target(futures, truth, torch.tensor([2.0]), mask, xy)
    change = (target - truth)[0, 0]
    assert (change[:, 0] - 10).abs().max() < 1
    assert change[:, 1].abs().max() < 8


def test_attention_in_bfloat16_is_that_in_float32():
    torch.manual_seed(0)
    attention, x = Attention(24, 2), torch.randn(3, 17, 24)
    with torch.autocast("cpu", torch.bfloat16):
        rough = attention(x).float()
    assert torch.allclose(rough, attention(x), atol=0.02)
    assert not torch.equal(rough, attention(x))
