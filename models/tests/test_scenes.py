from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch

from foretrack.cli import main
from foretrack.scenes import render
from foretrack.scenes.camera import Camera
from foretrack.scenes.compose import Scene, make_scene
from foretrack.scenes.mesh import assemble, box, floor, grid, rigid, sphere
from foretrack.scenes.physics import balls
from foretrack.scenes.picture import Renderer
from foretrack.scenes.raster import View, rasterise
from foretrack.scenes.textures import make_atlas, spectral_noise
from foretrack.scenes.timing import FRAMES, NOW, Clock, euler, rotation
from foretrack.scenes.truth import CENTRE, HEIGHT, WIDTH, follow, query_grid, view_at

CLOCK = Clock(1 / 30)


def scene_of(bodies: list, turn: np.ndarray | None = None, move: np.ndarray | None = None) -> Scene:
    rng = np.random.default_rng(0)
    texture = 0.5 + 0.15 * spectral_noise(rng, 1.5)[..., None].repeat(3, 2).clip(-3, 3)
    camera = Camera(
        "test",
        np.broadcast_to(np.eye(3), (FRAMES, 3, 3)) if turn is None else turn,
        np.zeros((FRAMES, 3)) if move is None else move,
        np.full(FRAMES, 800.0),
    )
    stage = assemble([rigid(box(True, 4).scaled(200, 200, 200), 0, "sky", np.zeros(3)), *bodies])
    atlas = make_atlas([texture, texture])
    return Scene(0, CLOCK, camera, stage, atlas, np.array([0, -1.0, 0]), 1.0, 0.0, False, [])


@pytest.fixture(scope="module")
def lively() -> Scene:
    """Moving camera, a turning ball before a wall, a slab crossing it."""
    secs = CLOCK.secs
    turn = euler(np.stack([0.08 * secs, 0.03 * np.sin(secs), 0.05 * secs], 1)).transpose(0, 2, 1)
    move = np.stack([0.15 * secs, 0 * secs, 0.1 * secs], 1)
    ball = rigid(
        sphere(16, 24), 1, "ball", np.stack([0.3 * secs, 0 * secs, 5 + 0 * secs], 1),
        rotation(1, 0.8 * secs),
    )  # fmt: skip
    slab = rigid(
        box(cuts=3).scaled(0.5, 2, 0.2), 1, "slab",
        np.stack([1.5 - 0.8 * secs, 0 * secs, 3 + 0 * secs], 1),
    )  # fmt: skip
    wall = rigid(grid(8, 12).scaled(40, 25, 1).tiled(6), 1, "wall", np.array([0, 0, 9.0]))
    return scene_of([wall, ball, slab], turn, move)


def test_raster_covers_a_surface_once_without_holes_and_with_its_exact_depth() -> None:
    mesh = floor(30, 30).scaled(200, 1, 200)
    corners = torch.from_numpy((mesh.vertices + [0, 1.5, 0])[mesh.faces])
    view = View(800.0, CENTRE, WIDTH, HEIGHT)
    hits = rasterise(corners, view)
    y = torch.arange(HEIGHT, dtype=torch.float64)
    expected = 1.5 * 800 / (y - CENTRE[1])  # rays below the horizon meet the plane at 1.5 m
    below = (expected > 0) & (expected < 90)
    assert bool((hits.face[below] >= 0).all())
    assert bool((hits.face[y < CENTRE[1]] < 0).all())
    error = (hits.depth[below] - expected[below, None]).abs() / expected[below, None]
    assert float(error.max()) < 1e-4
    assert torch.allclose(hits.weights[below].sum(-1), torch.ones(()), atol=1e-4)


def test_tracks_start_on_the_grid_and_follow_a_panning_camera_exactly() -> None:
    angle = 0.1 * CLOCK.secs
    turn = rotation(1, angle).transpose(0, 2, 1)
    truth = follow(scene_of([], turn))
    query = query_grid()
    assert np.abs(truth.tracks[NOW] - query).max() < 1e-3
    assert truth.visibility[NOW].all()
    ray = np.concatenate([(query - CENTRE) / 800, np.ones((len(query), 1))], 1)
    for frame in (0, 40, 161):
        turned = ray @ turn[frame].T
        expected = turned[:, :2] / turned[:, 2:] * 800 + CENTRE
        assert np.abs(truth.tracks[frame] - expected).max() < 2e-2


def test_a_point_on_a_turning_ball_hides_behind_it_and_behind_what_passes() -> None:
    secs = CLOCK.secs
    ball = rigid(sphere(24, 36), 1, "ball", np.array([0, 0, 5.0]), rotation(1, 1.2 * secs))
    truth = follow(scene_of([ball]))
    on_ball = truth.body == 1
    assert 20 < on_ball.sum() < 120
    assert truth.visibility[NOW, on_ball].all()
    # After 2.6 s it has turned by 3.1 rad: what faced the camera faces away.
    assert not truth.visibility[NOW + 78, on_ball].any()
    assert truth.visibility[:, ~on_ball].all()


def test_visibility_agrees_with_the_rendered_depth(lively: Scene) -> None:
    truth = follow(lively)
    checked = hidden = 0
    for frame in (0, 50, 120, 161):
        renderer_view = view_at(lively, frame)
        positions = lively.stage.positions[frame].astype(np.float64)
        corners = lively.camera.view_of(frame, positions)[lively.stage.faces]
        depth = rasterise(torch.from_numpy(corners), renderer_view).depth.numpy()
        xy = truth.tracks[frame].round().astype(int)
        inside = (xy >= 1).all(1) & (xy[:, 0] < WIDTH - 1) & (xy[:, 1] < HEIGHT - 1)
        for n in np.flatnonzero(inside):
            x, y = xy[n]
            patch = depth[y - 1 : y + 2, x - 1 : x + 2]
            if patch.max() - patch.min() > 0.05 * patch.min():
                continue  # an edge of something: the pixel says nothing of the point
            visible = bool(truth.visibility[frame, n])
            if truth.depth[frame, n] > 1.04 * patch.max():
                assert not visible
                hidden += 1
            elif truth.depth[frame, n] <= 1.0005 * patch.min():
                assert visible
                checked += 1
    assert checked > 300 and hidden > 20


def test_visible_points_keep_their_colour_in_the_frames(lively: Scene) -> None:
    truth = follow(lively)
    renderer = Renderer(lively, WIDTH, samples=1)
    frames = {f: renderer.frame(f).numpy().astype(float)[..., 0] for f in (NOW, NOW + 6)}

    def colours(frame: int) -> np.ndarray:
        x, y = np.clip(truth.tracks[frame], 1, [WIDTH - 2, HEIGHT - 2]).T
        x0, y0 = np.floor(x).astype(int), np.floor(y).astype(int)
        u, v = x - x0, y - y0
        p = frames[frame]
        top = p[y0, x0] * (1 - u) + p[y0, x0 + 1] * u
        return top * (1 - v) + (p[y0 + 1, x0] * (1 - u) + p[y0 + 1, x0 + 1] * u) * v

    seen = truth.visibility[NOW] & truth.visibility[NOW + 6]
    moved = np.linalg.norm(truth.tracks[NOW + 6] - truth.tracks[NOW], axis=1)
    assert np.median(moved[seen]) > 4
    change = np.abs(colours(NOW + 6) - colours(NOW))[seen]
    shuffled = np.abs(colours(NOW + 6)[seen] - np.roll(colours(NOW)[seen], 1))
    assert np.median(change) < 3 and np.median(change) < 0.25 * np.median(shuffled)


def test_the_same_seed_gives_the_same_scene_and_another_seed_another() -> None:
    first, again, other = make_scene(5), make_scene(5), make_scene(6)
    assert np.array_equal(first.stage.positions, again.stage.positions)
    assert np.array_equal(first.camera.turn, again.camera.turn)
    assert np.array_equal(first.atlas.texels, again.atlas.texels)
    assert not np.array_equal(first.camera.turn, other.camera.turn)
    picture = Renderer(first, 416, samples=1).frame(NOW)
    assert torch.equal(picture, Renderer(again, 416, samples=1).frame(NOW))
    assert float(picture.float().std()) > 10


@pytest.mark.parametrize("seed", [2, 11, 35, 46])  # the last three are drawn inside each other
def test_balls_stay_above_the_ground_and_apart(seed: int) -> None:
    rng = np.random.default_rng(seed)
    radii = np.array([0.2, 0.3, 0.4])
    centres, turns = balls(rng, CLOCK, radii, np.array([0, 0, 5.0]), 1.0)
    assert (centres[..., 1] + radii <= 1e-6).all()
    for i in range(3):
        for j in range(i):
            gap = np.linalg.norm(centres[:, i] - centres[:, j], axis=1)
            assert (gap > 0.8 * (radii[i] + radii[j])).all()
    assert np.allclose(turns @ turns.swapaxes(-1, -2), np.eye(3), atol=1e-6)


def test_command_writes_clip_and_truth(tmp_path: Path) -> None:
    words = ["render-scenes", "--seed", "3", "--out", str(tmp_path), "--truth-only"]
    assert main(words) == 0
    with np.load(tmp_path / "scene-000003.npz") as saved:
        assert saved["tracks"].shape == (FRAMES, 390, 2)
        assert np.abs(saved["tracks"][saved["now"]] - saved["query"]).max() < 1e-2
        assert saved["visibility"][saved["now"]].all()
        assert np.isfinite(saved["tracks"]).all()
        words = json.loads((tmp_path / "scene-000003.json").read_text())
        assert saved["body"].max() < len(words["labels"])
    frames = [np.full((48, 64, 3), i, np.uint8) for i in range(9)]
    render.write_video(frames, tmp_path / "tiny.mp4", 30, 20)
    probe = ["ffprobe", "-v", "error", "-count_frames", "-of", "csv=p=0", "-show_entries"]
    probe += ["stream=nb_read_frames,width", str(tmp_path / "tiny.mp4")]
    assert subprocess.run(probe, capture_output=True, text=True).stdout.strip() == "64,9"
