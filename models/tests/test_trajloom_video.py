"""Pictures of the past as a condition of training: tiny networks on the published grid."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from test_trajloom_training import SETTINGS, descend
from trajloom_pictures import (
    CONFIG,
    LAST_PAST,
    NOW,
    SHAPE,
    START,
    TINY,
    made_pictures,
    needs_ffmpeg,
    write_clip,
    write_tracks,
)

from foretrack.common import checkpoints
from foretrack.common.machine import Machine
from foretrack.common.stage import Budget
from foretrack.trajloom import objectives
from foretrack.trajloom.checkpoint import build
from foretrack.trajloom.clip_frames import quarter_frame
from foretrack.trajloom.encode_video import ClipFolder, encode, encode_folder, load_encoder
from foretrack.trajloom.graphs import VideoGraph
from foretrack.trajloom.sources import RealFolders
from foretrack.trajloom.train import Trainer
from foretrack.trajloom.video_latents import VideoError, VideoLatents
from foretrack.trajloom.windows import WindowSource

CPU = torch.device("cpu")


def tiny_graph() -> VideoGraph:
    return VideoGraph(load_encoder(CONFIG, None)[0])


def encode_clips(folder: Path, clips: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Through the files and the command's own steps: latents [2,L,N,V] by clip."""
    for name in ("clips", "tracks"):
        (folder / name).mkdir(exist_ok=True)
    for name, pictures in clips.items():
        write_clip(folder / "clips" / f"{name}.mkv", pictures)
        write_tracks(folder / "tracks" / f"{name}__{NOW}.npz")
    latents = VideoLatents(folder / "video", CONFIG, "random")
    encoder, _ = load_encoder(CONFIG, None)
    source = ClipFolder(folder / "clips")
    assert encode_folder(CONFIG, encoder, source, folder / "tracks", latents, CPU) == 0
    return {name: latents.read(f"{name}__{NOW}.npz", START) for name in clips}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> RealFolders:
    """Two scenes with the latents of made pictures; no ffmpeg is needed."""
    folder = tmp_path_factory.mktemp("real")
    for name in ("tracks", "video"):
        (folder / name).mkdir()
    latents, graph = VideoLatents(folder / "video", CONFIG, "random"), tiny_graph()
    for seed in (1, 2):
        window = made_pictures(seed)[NOW : LAST_PAST + 1]
        video = torch.from_numpy(np.stack([quarter_frame(p, 832, 480) for p in window], 1))
        write_tracks(folder / "tracks" / f"clip{seed}__{NOW}.npz")
        latents.write(f"clip{seed}__{NOW}.npz", START, encode(graph, video))
    return RealFolders(folder / "tracks", folder / "video", folder / "tracks")


def windows(real: RealFolders, share: float = 1.0, video: bool = True) -> WindowSource:
    latents = VideoLatents(real.video, CONFIG) if video else None
    return WindowSource(CONFIG.vae, 4, 5, real.tracks, share, latents)


@needs_ffmpeg
def test_the_future_changes_nothing_and_mirrored_pictures_have_their_own(tmp_path: Path) -> None:
    pictures = made_pictures()
    clips = {name: pictures.copy() for name in ("clip", "later", "now", "earlier")}
    clips["later"][LAST_PAST + 1 :] = 0
    clips["now"][LAST_PAST] = 0
    clips["earlier"][:NOW] = 0
    clips["flipped"] = pictures[:, :, ::-1]
    latents = encode_clips(tmp_path, clips)
    clip = latents["clip"]
    assert clip.shape == (2, *SHAPE) and clip.dtype == np.float16
    assert np.array_equal(latents["later"], clip) and np.array_equal(latents["earlier"], clip)
    assert not np.array_equal(latents["now"], clip)
    assert np.abs(clip[0] - clip[1]).max() > 0.1
    assert np.allclose(latents["flipped"], clip[::-1], atol=0.02)


def test_latents_lie_on_the_cells_of_their_pictures() -> None:
    row, column = 6, 20
    video = torch.zeros(3, 9, 120, 208)
    spot = video.clone()
    spot[:, :, 8 * row : 8 * row + 8, 8 * column : 8 * column + 8] = 1
    graph = tiny_graph()
    change = np.abs(encode(graph, spot) - encode(graph, video)).sum((1, 3)).reshape(2, 15, 26)
    for side, expected in zip(change, (column, 25 - column), strict=True):
        y, x = np.unravel_index(side.argmax(), side.shape)
        assert abs(y - row) <= 1 and abs(x - expected) <= 1


def test_windows_carry_the_latents_of_their_side(real: RealFolders) -> None:
    source = windows(real)
    batch = source.batch(0, 12)
    pairs = torch.from_numpy(np.stack([s.video for s in source.real.scenes.values()])).float()
    sides = set()
    for history, video in zip(batch.history, batch.video, strict=True):
        mirrored = int(history[1, 0, 0] < history[0, 0, 0])  # the made tracks move to the right
        assert any(torch.equal(video, pair[mirrored]) for pair in pairs)
        sides.add(mirrored)
    assert sides == {0, 1}
    made = windows(real, 0.0).batch(0, 1)
    assert made.video.shape == (1, *SHAPE) and not made.video.any()
    plain = windows(real, video=False).batch(0, 12)
    assert plain.video is None and torch.equal(plain.history, batch.history)


def test_pictures_are_told_to_their_share_of_the_scenes() -> None:
    past, video = torch.randn(400, 3, 6, 4), torch.ones(400, 3, 6, 3)
    latents = objectives.Latents(past, past[..., 0], past, past[..., 0], video)
    for share in (0.0, 0.9, 1.0):
        told, _ = objectives.Conditioning(video_share=share).draw(latents)
        rows = told.video.flatten(1)
        assert torch.equal(rows.amin(1), rows.amax(1))
        assert abs(float(rows.mean()) - share) <= (0.06 if share == 0.9 else 0)


def test_flow_learns_what_only_pictures_tell() -> None:
    """Equal pasts, two futures: without pictures their mean is the best forecast."""
    torch.manual_seed(3)
    flow = build(TINY, "generator")
    sign = torch.tensor([1.0, -1, 1, -1]).view(4, 1, 1, 1)
    past, seen = torch.zeros(4, 3, 6, 4), torch.ones(4, 3, 6)
    future, video = 2 * sign.expand(4, 3, 6, 4), sign.expand(4, 3, 6, 3)
    latents = objectives.Latents(past, seen, future, seen, video)
    told = objectives.Conditioning(video_share=1.0)
    before, after = descend(flow, lambda: objectives.matching_objective(flow, latents, told), 60)
    assert after < 0.5 * before
    for layer in (flow.hist_video_proj, flow.video_global_proj):
        assert layer.weight.grad.abs().max() > 1e-6
    flow.zero_grad()
    blind = objectives.matching_objective(flow, replace(latents, video=None), told)
    blind.backward()
    assert blind > 2 * after
    assert not flow.hist_video_proj.weight.grad.any()


def test_stages_train_and_resume_with_pictures(
    real: RealFolders, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = replace(SETTINGS, batch=1, validation_scenes=1, real_share=1.0)

    def stage(name: str, run: Path, budget: Budget) -> dict[str, torch.Tensor]:
        getattr(Trainer(CONFIG, run, settings, budget, Machine(), real), name)()
        return checkpoints.read(run / name)["model"]

    whole = tmp_path / "whole"
    stage("vae", whole, Budget(steps=1))
    shutil.copytree(whole, tmp_path / "parts")
    flow = stage("flow", whole, Budget(steps=2))
    assert "without pictures" in capsys.readouterr().out
    stage("flow", tmp_path / "parts", Budget(steps=2, pause=1))
    parts = stage("flow", tmp_path / "parts", Budget(steps=2))
    assert all(torch.equal(flow[k], parts[k]) for k in flow)
    for name in ("policy", "distil"):
        stage(name, whole, Budget(steps=1))


def test_latents_that_do_not_fit_say_what_to_do(real: RealFolders, tmp_path: Path) -> None:
    name = f"clip1__{NOW}.npz"
    folder = shutil.copytree(real.video, tmp_path / "video")
    latents = VideoLatents(folder, CONFIG)
    with pytest.raises(VideoError, match="3x390x3 frames.*3x6x3.*encode-video"):
        VideoLatents(folder, TINY).read(name, START)
    with pytest.raises(VideoError, match="other tracks"):
        latents.read(name, replace(START, fps=25.0))
    latents.read(name, START)
    pair = np.zeros((2, *SHAPE))
    VideoLatents(folder, CONFIG, "published").write(f"clip2__{NOW}.npz", START, pair)
    with pytest.raises(VideoError, match="other encoder weights"):
        latents.read(f"clip2__{NOW}.npz", START)
    (folder / name).write_bytes(b"broken")
    with pytest.raises(VideoError, match="holds no video latents"):
        latents.read(name, START)
    (folder / name).unlink()
    with pytest.raises(VideoError, match=rf"lacks {name}.*encode-video"):
        windows(replace(real, video=folder))
    with pytest.raises(VideoError, match="--tracks"):
        RealFolders(video=folder)


def test_tracks_that_come_during_a_run_wait_for_their_latents(
    real: RealFolders, tmp_path: Path
) -> None:
    tracks = shutil.copytree(real.tracks, tmp_path / "tracks")
    source = windows(replace(real, tracks=tracks))
    write_tracks(tracks / "new__9.npz", 9)
    source.refresh()
    assert len(source.real.scenes) == 2
