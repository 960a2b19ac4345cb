"""Training batches and their augmentations."""

from __future__ import annotations

from concurrent.futures import wait
from pathlib import Path

import numpy as np
import pytest
import torch

from foretrack.common import augment, geometry
from foretrack.common.batch import PATCH, Batch, make_batch
from foretrack.common.draw import Draw
from foretrack.common.geometry import FRAMES, NOW
from foretrack.common.losses import hidden_loss
from foretrack.common.pool import QUANTUM, Pool
from foretrack.common.real_tracks import NoTracksError, RealTracks
from foretrack.common.scene_batch import CameraPaths, Scenes, camera_paths, mixture
from foretrack.common.views import CROP_POINTS, choose, draw_view
from foretrack.compact.config import TINY
from foretrack.compact.history import look_back
from foretrack.compact.model import CompactForecaster
from foretrack.compact.objectives import policy_loss
from foretrack.compact.settings import Settings
from foretrack.compact.training_data import Data
from foretrack.scenes.procedural.scene import make_scene

CPU = torch.device("cpu")


@pytest.fixture
def scenes() -> Scenes:
    """Two procedural scenes."""
    rng = np.random.default_rng(8)
    made = [make_scene(rng, geometry.grid_centres()) for _ in range(2)]
    tracks, seen = (np.stack([getattr(s, n) for s in made]) for n in ("tracks", "visibility"))
    interval = torch.tensor([s.interval for s in made])
    seen = torch.from_numpy(seen)
    return Scenes(torch.from_numpy(tracks), seen, interval, torch.ones_like(seen))


def write_tracks(path: Path, tracks: np.ndarray, past: int = 81, future: int = 81) -> None:
    """As `npm run tracks` does: all visible, 25 frames a second."""
    parts = {"history": tracks[NOW + 1 - past : NOW + 1]}
    parts["future"] = tracks[NOW + 1 : NOW + 1 + future]
    arrays = {f"{name}_tracks_tn2": part.astype(np.float32) for name, part in parts.items()}
    arrays |= {f"{name}_visibility_tn": np.ones(p.shape[:2]) for name, p in parts.items()}
    np.savez(path, fps=25.0, **arrays)


def drawn(pool: Path, share: float, real: Path | None = None, **named: int) -> Batch:
    shards, tracks = Pool(pool), RealTracks(real) if real else None
    for source in filter(None, (shards, tracks)):
        source.refresh()
    return make_batch(shards, tracks, 12, 24, share, **({"seed": 7} | named))


def test_points_around_tell_the_camera_and_are_not_forecast(pool: Path) -> None:
    batch = drawn(pool, 0.0, around=30)
    assert batch.history.shape == (12, 81, 54, 2) and batch.seen.shape == (12, 81, 54)
    assert batch.future.shape == (12, 81, 24, 2) and batch.points == 24
    all_points = look_back(batch.history, batch.seen)
    past = look_back(batch.history, batch.seen, batch.points)
    assert torch.equal(past.camera, all_points.camera)
    assert torch.equal(past.scale, all_points.scale)
    assert torch.equal(past.residual, all_points.residual[:, :, :24])
    losses = policy_loss(CompactForecaster(TINY), batch, Settings(size="tiny", futures=2))
    assert torch.isfinite(losses["loss"])


def test_trained_for_one_step_the_sampler_is_never_rolled(
    pool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rolled = []
    solve = CompactForecaster.solve
    monkeypatch.setattr(
        CompactForecaster, "solve", lambda *given: (rolled.append(given[3]), solve(*given))[1]
    )
    model, batch = CompactForecaster(TINY), drawn(pool, 0.0)
    for most, expected in ((1, set()), (8, {2, 4, 8})):
        settings = Settings(size="tiny", futures=2, most_steps=most)
        for _ in range(40):
            policy_loss(model, batch, settings)
        assert set(rolled) == expected


def test_tracks_that_teach_nothing_are_refused(pool: Path, tmp_path: Path) -> None:
    settings = Settings(size="tiny")
    with pytest.raises(NoTracksError, match="no track files"):
        Data(pool, tmp_path, settings)
    still = np.repeat(geometry.grid_centres()[None], FRAMES, 0)
    write_tracks(tmp_path / "past__80.npz", still, future=3)
    with pytest.raises(NoTracksError, match="none of the 1 track files has 8 frames"):
        Data(pool, tmp_path, settings)
    write_tracks(tmp_path / "whole__80.npz", still)
    assert Data(pool, tmp_path, settings).real.names == ["whole__80"]


def test_a_batch_is_the_same_by_its_seed_and_mixes_both_kinds(pool: Path, tmp_path: Path) -> None:
    still = np.repeat(geometry.grid_centres()[None], FRAMES, 0)
    write_tracks(tmp_path / "still__80.npz", still)
    a, b = (drawn(pool, 0.5, tmp_path) for _ in range(2))
    assert torch.equal(a.history, b.history) and torch.equal(a.mask, b.mask)
    assert 0 < a.real.sum() < 12
    assert not torch.equal(a.future, drawn(pool, 0.5, tmp_path, seed=8).future)
    assert torch.equal(a.seen[:, -1], torch.ones(12, 24))  # at now they are seen, and in the frame
    assert geometry.inside(a.now).all()


def test_a_past_that_is_not_there_is_not_seen(tmp_path: Path) -> None:
    write_tracks(tmp_path / "short__9.npz", np.repeat(geometry.grid_centres()[None], FRAMES, 0), 10)
    real = RealTracks(tmp_path)
    real.refresh()
    assert real.scenes.seen.any(2).sum(1).item() == 10 + 81
    assert not real.scenes.seen[0, : NOW + 1 - 10].any()


def test_a_clip_that_ends_hides_nothing(pool: Path, tmp_path: Path) -> None:
    """Else a model learns that what has a short past, as the middle of a short clip has, is soon
    hidden."""
    still = np.repeat(geometry.grid_centres()[None], FRAMES, 0)
    write_tracks(tmp_path / "short__40.npz", still, past=41, future=41)
    real = RealTracks(tmp_path)
    real.refresh()
    told = real.scenes.told[0]
    assert told[NOW - 40 : NOW + 42].all()
    assert not told[: NOW - 40].any() and not told[NOW + 42 :].any()
    batch = drawn(pool, 1.0, tmp_path)
    assert not batch.told[:, -1].any()  # even the slowest view ends before
    hidden = batch.told & ~batch.mask
    outside = ~geometry.inside(batch.future)
    assert not (hidden & ~outside).any()
    logits = torch.zeros(batch.mask.shape, requires_grad=True)
    hidden_loss(logits, batch.mask, batch.told).backward()
    assert not logits.grad[~batch.told].any() and logits.grad[batch.told].all()


def test_what_left_the_frame_of_its_clip_may_be_seen_by_another_camera(tmp_path: Path) -> None:
    moved = np.repeat(geometry.grid_centres()[None], FRAMES, 0)
    moved[NOW + 1 :, :, 0] += 20 * np.arange(1, 82)[:, None]
    write_tracks(tmp_path / "pan__80.npz", moved)
    path = tmp_path / "pan__80.npz"
    with np.load(path) as file:
        arrays = dict(file)
    arrays["future_visibility_tn"] = geometry.inside(moved[NOW + 1 :]).astype(float)
    np.savez(path, **arrays)
    real = RealTracks(tmp_path)
    real.refresh()
    assert torch.equal(real.scenes.told, real.scenes.seen)  # here all that is unseen has left


def test_looks_are_those_of_the_chosen_points_mirrored_with_them(
    pool: Path, tmp_path: Path
) -> None:
    centres = geometry.grid_centres()
    write_tracks(tmp_path / "still__80.npz", np.repeat(centres[None], FRAMES, 0))
    # Two colours, by the side of the frame: the left edge of each.
    patches = np.zeros((390, *PATCH), np.uint8)
    patches[..., 0] = np.where(centres[:, 0] < 416, 200, 100)[:, None, None]
    np.save(tmp_path / "still__80.npy", patches)
    shards, real = Pool(pool), RealTracks(tmp_path, tmp_path)
    for source in (shards, real):
        source.refresh()
    batch = make_batch(shards, real, 12, 24, 0.6, seed=7)
    assert batch.patches is not None and not batch.patches[~batch.real].any()
    shown = batch.patches[batch.real]
    edges = shown[..., 0, [0, -1]].amax(2)  # [B,N,2]: at the left, at the right
    assert ((edges > 0).sum(-1) == 1).all()
    mirrored = edges[..., 1].bool()
    assert (mirrored.all(1) | ~mirrored.any(1)).all() and 0 < mirrored.sum() < mirrored.numel()
    assert set(edges.amax(-1).unique().tolist()) == {100, 200}


def test_fast_scenes_are_drawn_more_often(tmp_path: Path) -> None:
    moved = np.zeros((2, FRAMES, 30, 2), np.int16)
    moved[1, :, :, 0] = 8 * QUANTUM * (np.arange(FRAMES) - 80)[:, None]
    shard = {"moved": moved, "seen": np.ones(moved.shape[:3], bool)}
    shard |= {"query": np.full((2, 30, 2), 100.0, np.float32)}
    np.savez(tmp_path / "pool-001-00000.npz", interval=np.full(2, 0.04, np.float32), **shard)
    scenes = Pool(tmp_path)
    scenes.refresh()
    ends = scenes.draw(Draw(0, CPU), 400).tracks[:, -1, 0, 0]
    assert 0.7 < (ends > 300).float().mean() < 0.8  # (8 + 1) ** 0.5 to 1


def test_new_shards_take_the_place_of_the_oldest(pool: Path, tmp_path: Path) -> None:
    shard = (pool / "pool-001-00000.npz").read_bytes()
    few = Pool(tmp_path, limit=2)
    for number in range(3):
        (tmp_path / f"pool-001-0000{number}.npz").write_bytes(shard)
        few.refresh()
        wait(few.coming)
    few.refresh()
    assert len(few.shards) == 2 and few.loaded == 3 and not few.coming


def test_another_camera_moves_a_scene_and_its_own_does_not(scenes: Scenes) -> None:
    own = camera_paths(scenes.tracks, scenes.seen)
    other = CameraPaths(own.affine.flip(0), own.known.flip(0))
    same = augment.swap_camera(scenes, own, mixture([(own, torch.ones(2))]))
    assert torch.equal(same.tracks, scenes.tracks) and torch.equal(same.seen, scenes.seen)
    both = mixture([(own, torch.ones(2)), (other, torch.tensor([0.0, 1.0]))])
    moved = augment.swap_camera(scenes, own, both)
    assert torch.equal(moved.tracks[0], scenes.tracks[0])
    change = (moved.tracks - scenes.tracks)[1]
    assert change[NOW].abs().max() < 1e-2  # "now" stays
    assert change[moved.seen[1]].abs().mean() > 1
    stilled = augment.swap_camera(scenes, own, mixture([(own, torch.zeros(2))]))
    left = camera_paths(stilled.tracks, stilled.seen).affine
    assert left.abs().mean() < 0.05 * own.affine.abs().mean()


def test_a_scene_turned_back_has_its_past_as_its_future(scenes: Scenes) -> None:
    one, yes = torch.ones(2), torch.ones(2, dtype=torch.bool)
    back = augment.retimed(scenes, one, yes, yes)
    assert torch.equal(back.tracks[:, :161], scenes.tracks[:, :161].flip(1))
    assert torch.equal(back.seen[:, :161], scenes.seen[:, :161].flip(1))
    assert not back.seen[:, 161].any()  # nothing is known so long before


def test_at_twice_the_speed_every_other_frame_remains(scenes: Scenes) -> None:
    two, no = torch.full((2,), 2.0), torch.zeros(2, dtype=torch.bool)
    fast = augment.retimed(scenes, two, no, ~no)
    assert torch.equal(fast.tracks[:, 60:100], scenes.tracks[:, 40:120:2])
    assert torch.equal(fast.interval, 2 * scenes.interval)
    assert not fast.seen[:, :40].any()  # before the clip
    assert torch.equal(augment.retimed(scenes, two, no, no).interval, scenes.interval)


def test_a_view_keeps_shapes_and_its_points(scenes: Scenes) -> None:
    now = scenes.tracks[:, NOW].repeat(40, 1, 1)
    view = draw_view(Draw(1, CPU), now, turn=0.3)
    size = torch.linalg.det(view.linear)
    assert (size.abs().sqrt() > 0.999).all() and (size.abs().sqrt() < 1.801).all()
    assert torch.equal(size < 0, view.mirrored[:, 0] ^ view.mirrored[:, 1])
    assert (geometry.inside(view(now)).sum(1) >= CROP_POINTS).all()


def test_points_are_chosen_among_the_candidates_once_where_there_are_enough() -> None:
    candidates = torch.zeros(2, 50, dtype=torch.bool)
    candidates[0, 10:30] = candidates[1, :5] = True
    chosen = choose(Draw(0, CPU), candidates, 12)
    assert candidates.gather(1, chosen).all()
    assert len(set(chosen[0].tolist())) == 12 and len(set(chosen[1].tolist())) == 5


def test_of_a_shorter_history_the_rest_is_unknown(scenes: Scenes) -> None:
    short = augment.truncate_history(scenes, torch.tensor([1, 81]))
    assert not short.seen[0, :NOW].any() and short.seen[0, NOW].all()
    assert torch.equal(short.tracks[0, 0], scenes.tracks[0, NOW])
    assert torch.equal(short.tracks[1], scenes.tracks[1])


def test_histories_are_mostly_whole_and_sometimes_one_photo() -> None:
    drawn = augment.draw_history(Draw(3, CPU), 4000)
    assert drawn.min() == 1 and drawn.max() == 81
    assert 0.5 < (drawn == 81).float().mean() < 0.62
    assert 0.04 < (drawn == 1).float().mean() < 0.08
