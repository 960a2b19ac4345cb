"""The photo model: its geometry, its losses, what it learns, and its pack."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import pytest
import torch
from photo_tiny import FEATURES, new_trained

from foretrack.common.geometry import COLUMNS, POINTS, ROWS, grid_centres
from foretrack.common.stage import Budget
from foretrack.photo.camera import TOLD as TOLD_OF_CAMERA
from foretrack.photo.camera import CameraPaths, Paths, in_px
from foretrack.photo.export import Trained
from foretrack.photo.graphs import fixed_latents
from foretrack.photo.kept import kept
from foretrack.photo.losses import apart, energy
from foretrack.photo.make_data import mirror, mirrored_points
from foretrack.photo.metrics import energy_score
from foretrack.photo.pictures import Pictures
from foretrack.photo.refine import Refine, bilinear_logits, refined
from foretrack.photo.settings import Settings
from foretrack.photo.size import TOLD, SizeProbe, growth
from foretrack.photo.stabilise import camera_told, without_camera
from foretrack.photo.tower import CHANNELS, PICTURE_HEIGHT, PICTURE_WIDTH, Tower
from foretrack.photo.train import sureness, train_photo


@pytest.fixture(scope="module")
def trained() -> Trained:
    return new_trained()


def test_the_tower_has_the_strides_of_the_grid():
    with torch.no_grad():
        maps = Tower()(torch.zeros(1, 3, PICTURE_HEIGHT, PICTURE_WIDTH))
    assert [map_.shape[1] for map_ in maps] == list(CHANNELS)
    assert maps[2].shape[2:] == (ROWS, COLUMNS) and maps[3].shape[2:] == (8, 13)


def test_the_camera_is_taken_out_and_a_mover_left():
    xy = torch.from_numpy(grid_centres()).float()
    pan = torch.tensor([6.0, -3.0]).expand(POINTS, 2)
    mover = torch.zeros(POINTS, 2)
    mover[40:60] = torch.tensor([0.0, 30.0])
    moved = (pan + mover)[None]
    still, camera = without_camera(moved, torch.ones(1, POINTS), xy)
    assert (still[0] - mover).norm(dim=-1).mean() < 1
    assert camera.abs().max() > 5
    rests, camera = without_camera(mover[None], torch.ones(1, POINTS), xy)
    assert camera.abs().max() == 0
    assert torch.allclose(rests[0], mover, atol=1e-3)


def test_of_a_frame_whose_camera_is_not_told_nothing_is_known_nor_of_those_after_it():
    still, weight = torch.zeros(4, POINTS, 2), torch.ones(4, POINTS)
    assert camera_told(still, weight).tolist() == [True] * 4
    few = weight.clone()
    few[1, 50:] = 0
    assert camera_told(still, few).tolist() == [True, False, False, False]
    lost = still.clone()
    lost[2, : POINTS // 2 + 1] = 300
    assert camera_told(lost, weight).tolist() == [True, True, False, False]


def test_a_mirror_moves_points_and_turns_x_around():
    moved = np.zeros((2, 1, POINTS, 2), np.float32)
    moved[:, 0, 0] = (3, 4)
    seen = np.ones((2, 1, POINTS), bool)
    out, _, _ = mirror(moved, seen, seen[:, 0], np.array([False, True]))
    assert out[0, 0, 0].tolist() == [3, 4]
    assert out[1, 0, COLUMNS - 1].tolist() == [-3, 4]
    assert (mirrored_points()[mirrored_points()] == np.arange(POINTS)).all()


def test_the_training_loss_is_the_fair_energy_score():
    torch.manual_seed(1)
    futures, truth = torch.randn(1, 3, 4, 2, 7) * 5, torch.randn(1, 4, 2, 7) * 5
    mask = torch.rand(1, 4, 7) > 0.3
    joint, _ = energy(futures, truth, mask.float())

    def rms(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        return (((a - b).square().sum(-2) * mask[0]).sum() / mask.sum()).sqrt()

    to_truth = torch.stack([rms(f, truth[0]) for f in futures[0]])
    between = torch.stack([torch.stack([rms(a, b) for b in futures[0]]) for a in futures[0]])
    assert float(joint) == pytest.approx(float(energy_score(to_truth, between)), rel=1e-3)


def test_a_region_of_z_moves_its_region_alone_where_no_other_is_like_it(trained):
    model = copy.deepcopy(trained.model)
    features = torch.randn(1, FEATURES, POINTS)
    z = torch.randn(1, model.config.latent)
    other = z.clone()
    other[:, model.config.shape : 2 * model.config.shape] += 1  # of the second region

    def changed(reach: float) -> list[bool]:
        with torch.no_grad():
            model.reach.fill_(reach)
            look = model.look(features)
            a, b = (model.paths(v, look.context) for v in (z, other))
        of_regions = (a - b).abs().amax(2).unflatten(1, (model.config.regions, -1)).amax(2)[0]
        return (of_regions > 1e-6).tolist()

    assert changed(0.02) == [region == 1 for region in range(model.config.regions)]
    assert changed(5.0) == [True] * model.config.regions


def test_a_size_goes_by_what_is_told_as_far_as_it_is_heard_and_is_drawn_as_sizes_are():
    draw = torch.Generator().manual_seed(1)
    told = torch.randn(400, TOLD + 4, generator=draw)
    log = 2 + told[:, 0] + 0.5 * torch.randn(400, generator=draw)
    probe = SizeProbe(4)
    rank = probe.fit(told, log.exp(), torch.ones(400), torch.arange(400) // 4)
    assert float(torch.corrcoef(torch.stack([rank, log]))[0, 1]) > 0.8
    z = torch.randn(20_000, generator=draw)
    large = torch.zeros(1, TOLD + 4)
    large[0, 0] = 2

    def drawn(heard: float) -> torch.Tensor:
        probe.heard.fill_(heard)
        return probe.drawn(probe(large).expand(len(z), -1), z).log()

    shares = torch.tensor([0.1, 0.5, 0.9])
    assert (drawn(0).quantile(shares) - log.quantile(shares)).abs().max() < 0.2
    assert drawn(0.5).mean() > log.mean() + 0.5
    assert drawn(0.9).mean() > drawn(0.5).mean() and drawn(0.9).std() < drawn(0.5).std()


def test_regions_that_go_apart_where_they_should_go_together_score_worse():
    truth = torch.zeros(1, 2, 2, POINTS)
    truth[:, :, 0] = 10
    regions = torch.zeros(1, 2, POINTS)
    regions[:, 0, : POINTS // 2], regions[:, 1, POINTS // 2 :] = 1, 1
    side = torch.where(torch.arange(POINTS) < POINTS // 2, 1.0, -1.0)
    sign = torch.tensor([1.0, 1.0, -1.0, -1.0])[None, :, None, None, None]
    as_one = sign * truth[:, None]
    opposed = as_one * side
    weight = torch.ones(1, 2, POINTS)
    assert float(apart(as_one, truth, weight, regions)) < 0.2
    assert float(apart(opposed, truth, weight, regions)) > 5


def test_the_camera_part_of_z_leaves_the_field_alone(trained):
    model = trained.model
    look = model.look(torch.randn(1, FEATURES, POINTS))
    z = torch.randn(2, model.config.latent)
    z[1, : model.config.camera_from] = z[0, : model.config.camera_from]
    with torch.no_grad():
        coefficients = model.coefficients(z, look.basis, look.context)
        camera = model.camera_coefficients(z, look.context.expand(2, -1))
    assert torch.allclose(coefficients[0], coefficients[1], atol=1e-5)
    assert not torch.allclose(camera[0], camera[1])


def test_cameras_are_drawn_as_often_as_far_and_in_the_shapes_that_they_had(trained: Trained):
    torch.manual_seed(3)
    rows, frames = trained.model.basis_rows, torch.arange(1, 81, 2)
    count = 3000
    rests = torch.rand(count) < 0.3
    size = torch.where(rests, 0.0, (3 + 0.5 * torch.randn(count)).exp())
    way = torch.randn(count, 2)
    way = way / way.norm(dim=1, keepdim=True)
    pan = torch.zeros(count, len(frames), 3, 2)
    pan[:, :, 2] = (size[:, None] * growth(frames))[..., None] * way[:, None]
    told = torch.randn(count, TOLD_OF_CAMERA)
    cameras = CameraPaths(trained.model.config)
    ones, sources = torch.ones(count), torch.arange(count) % 50
    cameras.fit(Paths(in_px(pan), size, told, ones, sources), rows, frames)
    z = torch.randn(4000, trained.model.config.camera)
    drawn = cameras(z, told[:1].expand(4000, -1), rows)
    moved = drawn[:, 15].unflatten(1, (3, 2))  # a second on
    assert (drawn.abs().sum((1, 2)) == 0).float().mean() == pytest.approx(0.3, abs=0.05)
    assert moved[:, :2].abs().max() < 0.05 * moved[:, 2].abs().max()
    far = moved[:, 2].norm(dim=1)
    goes = far > 0
    assert far[goes].log().median() == pytest.approx(3, abs=0.2)
    assert far[goes].log().std() == pytest.approx(0.5, abs=0.15)
    assert moved[goes, 2, 0].mean().abs() < 3


def test_refined_fields_begin_bilinear_and_sharpen_at_an_edge_of_the_picture():
    coarse = torch.zeros(1, 1, ROWS, COLUMNS)
    coarse[..., 13:] = 1
    weights = bilinear_logits(4).softmax(0).repeat(1, ROWS, COLUMNS)[None]
    smooth = refined(weights, coarse)
    assert smooth[0, 0, 20, 40] < 1e-6 and smooth[0, 0, 20, 70] > 1 - 1e-5
    assert 0.05 < smooth[0, 0, 20, 51] < 0.5
    picture = torch.zeros(1, CHANNELS[0], ROWS * 4, COLUMNS * 4)
    picture[..., 52:] = 1
    guide = Refine(CHANNELS[0], 4)
    with torch.no_grad():
        guide.key.weight.fill_(0.2)
        sharp = refined(guide(picture), coarse)
    assert sharp[0, 0, 20, 51] < 0.02 and sharp[0, 0, 20, 52] > 0.98


def test_a_score_becomes_a_probability():
    torch.manual_seed(0)
    score = torch.randn(50, 400)
    moving = torch.rand(50, 400) < (2 * score - 1).sigmoid()
    factor, offset = sureness(score, moving, torch.ones_like(moving)).tolist()
    assert factor == pytest.approx(2, abs=0.15) and offset == pytest.approx(-1, abs=0.1)


def pictures(count: int) -> Pictures:
    """Pictures of which the first feature tells what moves, to the left or to the right."""
    draw = torch.Generator().manual_seed(3)
    features = 0.1 * torch.randn(count, FEATURES, POINTS, generator=draw)
    which = torch.zeros(count, ROWS, COLUMNS)
    for row in range(count):
        which[row, 3:9, row % 18 : row % 18 + 7] = 1
    which = which.flatten(1)
    features[:, 0] += which
    sign = torch.randint(0, 2, (count, 1, 1), generator=draw) * 2.0 - 1
    time = torch.arange(1, 41) / 40
    moved = torch.zeros(count, 40, POINTS, 2)
    moved[..., 0] = 100 * sign * time[None, :, None] * which[:, None]
    number = torch.arange(count)
    return Pictures(
        features.half(),
        moved.half(),
        torch.ones(count, 40, POINTS).half(),
        torch.zeros(count, 40, 3, 2),
        torch.ones(count, dtype=torch.bool),
        torch.ones(count, POINTS, dtype=torch.bool),
        torch.zeros(count, dtype=torch.bool),
        number,
        number,
        [f"clip {n}" for n in range(count)],
        [f"source {n}" for n in range(count)],
        ["people"] * count,
    )


def test_training_learns_where_and_both_ways(tmp_path):
    data = pictures(24)
    settings = Settings(batch=8, futures=4, rate=5e-3)
    model = train_photo(data, torch.arange(20), tmp_path, Budget(steps=120), settings)
    features = data.features[20:].float()
    moves = data.moved[20:, -1, :, 0].abs() > 1
    with torch.no_grad():
        look = model.look(features)
        assert look.where_logit[moves].mean() > look.where_logit[~moves].mean() + 2
        z = torch.randn(64, model.config.latent)
        field = model.coefficients(z, look.basis[:1], look.context[:1])
        end = field.transpose(1, 3) @ model.basis_rows[:, -1]
    speed = end.norm(dim=2).mean(0)
    assert speed[moves[0]].mean() > 4 * speed[~moves[0]].mean()
    x = end[:, moves[0], 0].mean(1)
    assert (x > 10).any() and (x < -10).any()


def test_what_was_prepared_once_is_not_prepared_again_for_the_same_features(tmp_path: Path):
    made: list[int] = []

    def make() -> list[int]:
        made.append(len(made))
        return made.copy()

    file = tmp_path / "new" / "kept.pt"
    assert kept(file, "features", make) == [0]
    assert kept(file, "features", make) == [0]
    assert kept(file, "others", make) == [0, 1]
    assert kept(None, "others", make) == [0, 1, 2]


def test_the_latents_that_tell_the_extent_are_spread_in_every_number():
    z = fixed_latents(32, 34)
    assert z.mean(0).abs().max() < 0.4
    assert z.std(0).min() > 0.7 and z.std(0).max() < 1.3
