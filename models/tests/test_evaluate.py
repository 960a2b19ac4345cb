"""Rows of the evaluation on motions with a known answer."""

from pathlib import Path

import numpy as np
import pytest
import torch

from foretrack.cli import main
from foretrack.commands import validation_tracks
from foretrack.common import baselines, evaluate, scenario
from foretrack.common.camera_kind import camera_kind
from foretrack.common.cases import Case, Forecast, load_cases
from foretrack.common.geometry import grid_centres, inside
from foretrack.common.summary import beaten, summary, sureness

XY = torch.tensor(grid_centres(), dtype=torch.float32)
HORIZON = 20


def case(path: torch.Tensor) -> Case:
    """Tracks [81 + H,390,2] with "now" at frame 80, everything visible."""
    marks = torch.ones(path.shape[:2], dtype=torch.bool)
    parts = (path[:81], marks[:81], path[81:], marks[81:])
    return Case("clip", "source", "people", 1 / 30, *parts)


def drifting(velocity: tuple[float, float]) -> Case:
    frames = torch.arange(-80.0, HORIZON + 1)[:, None, None]
    return case(XY + frames * torch.tensor(velocity))


def zooming(tilt: float) -> Case:
    """A camera that tilts by the same homography every frame."""
    step = torch.eye(3)
    step[2, :2] = torch.tensor([tilt, 0.6 * tilt])
    unit = (XY - torch.tensor(scenario.CENTRE)) / 416
    flat = torch.cat([unit, torch.ones(len(XY), 1)], 1)
    path = []
    for h in range(-80, HORIZON + 1):
        moved = flat @ torch.linalg.matrix_power(step, h).T
        path.append(moved[:, :2] / moved[:, 2:] * 416 + torch.tensor(scenario.CENTRE))
    return case(torch.stack(path))


def test_the_truth_of_points_beside_the_grid_is_moved_onto_it(tmp_path: Path):
    """Its queries are centres of cells of pixels: half a pixel off the grid that is tracked."""
    frames = np.arange(-10, 30)[:, None, None]
    path = XY.numpy() + frames * np.array([1.0, -0.5])
    marks = np.ones(path.shape[:2], bool)
    for name in ("truth", "tracks"):
        (tmp_path / name).mkdir()
    (tmp_path / "manifest.csv").write_text(
        "file,split,source,category\nreal/clip.mp4,validation,someone,people\n"
    )
    both = np.concatenate([path, path - 0.5], 1)  # corners first, which are not read
    np.savez(
        tmp_path / "truth/clip.npz",
        tracks_tn2_x32=np.round(both * 32).astype(np.int16),
        visibility_tn=np.concatenate([marks, marks], 1),
        now_index=10,
        fps=30.0,
    )
    np.savez(
        tmp_path / "tracks/clip__10.npz",
        history_tracks_tn2=path[:11],
        history_visibility_tn=marks[:11],
    )
    (found,) = load_cases(tmp_path, tmp_path / "tracks", "native")
    expected = torch.from_numpy(path[11:]).float()
    assert torch.allclose(found.truth, expected, atol=1 / 32)


@pytest.mark.parametrize(
    "name", [n for n in baselines.ALL if n not in ("static", "damped velocity")]
)
def test_rows_that_keep_the_velocity_forecast_a_drift(name):
    moving = drifting((0.8, -0.4))
    error = (baselines.ALL[name](moving).tracks - moving.truth).norm(dim=-1).mean()
    assert error < 0.6, f"{name}: {error:.2f} px"


def test_a_tilt_is_a_homography_and_not_affine():
    tilting = zooming(2e-3)
    still = (baselines.static(tilting).tracks - tilting.truth).norm(dim=-1).mean()
    error = (baselines.homography(tilting).tracks - tilting.truth).norm(dim=-1).mean()
    affine = (baselines.affine(tilting).tracks - tilting.truth).norm(dim=-1).mean()
    assert error < 0.05 * still
    assert error < 0.5 * affine


def test_the_truth_itself_has_no_error_and_all_of_the_visibility():
    moving = drifting((0.5, 0.0))
    moving.mask &= inside(moving.truth)
    futures = moving.truth[None].repeat(4, 1, 1, 1)
    scores = evaluate.score(moving, Forecast(futures))
    assert scores["energy"] == 0
    assert scores["visibility"] == 1
    hidden = Forecast(futures, torch.zeros(futures.shape[:-1], dtype=torch.bool))
    assert evaluate.score(moving, hidden)["visibility"] < 0.2


def test_the_reference_has_a_ratio_of_one_by_any_mean():
    cases = [drifting((0.5, 0.0)), drifting((-1.0, 0.3))]
    reference = evaluate.rows(cases, baselines.ensemble(), 6, 1, 1)
    result = summary(cases, reference, reference)
    assert result["energy ratio"] == pytest.approx(1)
    assert result["energy ratio by source"] == pytest.approx(1)
    assert result["energy ratio 90%"] == pytest.approx([1, 1])


def test_independent_draws_repeat_decays_and_spread_ones_do_not():
    spread = scenario.draw(50, 6).decay.sort(1).values
    assert torch.equal(spread, torch.tensor(scenario.DECAYS).expand(50, -1))
    alone = scenario.draw(50, 6, independent=True).decay
    assert any(len(set(row.tolist())) < 6 for row in alone)


def test_validation_clips_are_tracked_up_to_the_now_of_their_truth(tmp_path):
    rows = ["file,split", "real/a.mp4,validation", "real/b.mp4,train", "real/c.mp4,validation"]
    (tmp_path / "manifest.csv").write_text("\n".join(rows))
    (tmp_path / "truth").mkdir()
    for name, now in (("a", 50), ("b", 80), ("c", 75)):
        np.savez(tmp_path / "truth" / f"{name}.npz", now_index=now, fps=25.0)
    out = tmp_path / "tracks"
    first, second = validation_tracks.commands(tmp_path, out)
    assert str(tmp_path / "real/a.mp4") in first and "2.000000" in first
    assert "3.000000" in second
    out.mkdir()
    (out / "a__50.npz").touch()
    assert validation_tracks.commands(tmp_path, out) == [second]


@pytest.mark.parametrize(
    ("velocity", "kind"), [((0.0, 0.0), "still"), ((0.8, -0.4), "pan"), ((0.05, 0.0), "still")]
)
def test_cameras_are_told_apart_by_what_the_whole_picture_does(velocity, kind):
    assert camera_kind(drifting(velocity)) == kind
    assert camera_kind(drifting(velocity).photo()) == "still"


def test_a_camera_that_drives_or_shakes_is_no_pan():
    middle = torch.tensor(scenario.CENTRE)
    frames = torch.arange(-80.0, HORIZON + 1)[:, None, None]
    assert camera_kind(case(middle + (XY - middle) * (1 + 0.004 * frames))) == "drive"
    shake = torch.cat([20 * torch.sin(frames / 7), 15 * torch.sin(frames / 5)], -1)
    assert camera_kind(case(XY + shake)) == "hand-held"


def test_a_set_that_is_drawn_as_the_truth_is_has_a_spread_equal_to_its_error():
    generator = torch.Generator().manual_seed(3)
    drift = [drifting((0.5, 0.0)) for _ in range(60)]
    for one in drift:  # truth and futures: the same path, moved as a whole by the same deviation
        one.truth = one.truth + 10 * torch.randn(2, generator=generator)

    def around(one: Case, futures: int, generator: torch.Generator) -> Forecast:
        moved = 10 * torch.randn(futures, 1, 1, 2, generator=generator)
        return Forecast(drifting((0.5, 0.0)).truth + moved)

    scored = evaluate.rows(drift, around, 8, 1, 1)
    ((spread, error),) = sureness(scored, 1)
    assert spread == pytest.approx(error, rel=0.15)
    still = evaluate.rows(drift, baselines.static, 1, 1, 1)
    best = evaluate.rows(drift, lambda c, *_: Forecast(c.truth[None]), 1, 1, 1)
    assert beaten(scored, {"static": still, "truth": best})["truth"] == 1


def test_the_command_scores_procedural_scenes_by_few_draws(tiny_run, tmp_path, capsys):
    words = ["evaluate", "--clips", str(tmp_path), "--checkpoint", str(tiny_run / "last.pt")]
    words += ["--rate", "procedural", "--scenes", "2", "--futures", "2", "--repeats", "1"]
    assert main([*words, "--steps", "1"]) == 0
    told = capsys.readouterr().out
    assert "by category {'procedural'" in told and "inside 90 %" not in told


def test_a_method_told_of_another_clip_hears_that_clip_and_begins_at_the_points_of_its_own():
    fast, slow = drifting((4.0, 0.0)), drifting((0.5, 0.0))
    slow.source = "another"
    told = baselines.told_of_another(baselines.constant_velocity(4), [fast, slow])
    tracks = told(slow, 1, torch.Generator()).tracks
    steps = tracks.diff(dim=1)
    assert steps[..., 0].sub(4).abs().max() < 1e-3
    torch.testing.assert_close(tracks[0, 0] - steps[0, 0], slow.history[-1])
