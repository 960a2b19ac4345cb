"""Relief guessed from one picture: what it is taught, the head, its scores and its file."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pytest
import torch

from foretrack.commands import relief_data
from foretrack.common.stage import Budget
from foretrack.photo.tower import CHANNELS
from foretrack.relief import evaluate
from foretrack.relief.checkpoint import load, save
from foretrack.relief.data import RENDERED, Sights
from foretrack.relief.make_data import (
    CELL_COLUMNS,
    CELL_ROWS,
    Sight,
    centred,
    cut,
    rendered_sights,
    views_of,
)
from foretrack.relief.network import ReliefConfig, ReliefHead
from foretrack.relief.train import Settings, train_relief

CELLS = (CELL_ROWS, CELL_COLUMNS)


def sights(count: int = 6) -> Sights:
    """Pictures whose first channel at stride 8 is how near each cell is."""
    torch.manual_seed(0)
    near = torch.randn(count, 2, 3, 4).repeat_interleave(10, 2).repeat_interleave(13, 3)
    maps = [
        0.1 * torch.randn(count, 2, channels, *size)
        for channels, size in zip(CHANNELS[1:], (CELLS, (15, 26), (8, 13)), strict=True)
    ]
    maps[0][:, :, 0] = near
    names = [f"clip{i}__10" for i in range(count - 1)] + ["scene-00000-0"]
    source = torch.tensor([*range(count - 1), count - 1])
    sources = [*(f"source{i}" for i in range(count - 1)), RENDERED]
    return Sights((maps[0], maps[1], maps[2]), near, torch.ones_like(near), names, source, sources)


def test_the_head_learns_what_its_maps_tell(tmp_path: Path) -> None:
    data = sights()
    rows = list(range(6))
    settings = Settings(batch=6, dropout=0.0, rate=1e-2, width=16)
    head = train_relief(data, torch.arange(6), tmp_path, Budget(steps=150), settings)
    told = evaluate.correlations(data, rows, evaluate.told_by(head, data))
    level = evaluate.ramp()
    ground = evaluate.correlations(data, rows, lambda row: (level, None))
    assert told.mean() > max(0.8, ground.mean())
    assert 0.8 < evaluate.coverage(data, rows, evaluate.told_by(head, data)) <= 1


def test_a_part_of_a_picture_keeps_its_depths() -> None:
    picture = np.zeros((240, 416, 3), np.uint8)
    picture[:, 208:] = 200
    near = np.zeros((15, 26), np.float32)
    near[:, 13:] = 1
    right = cut(Sight(picture, near, np.ones_like(near)), (0.5, 0.25, 0.5, 0.5), False)
    assert (right.near == 1).all() and (right.picture == 200).all()
    assert right.near.shape == CELLS and right.picture.shape == picture.shape
    whole = cut(Sight(picture, near, np.ones_like(near)), (0, 0, 1, 1), True)
    assert whole.near[0, 0] == 1 and whole.picture[0, 0, 0] == 200 and whole.near[0, -1] == 0


def test_rendered_scenes_tell_ground_nearer_below_and_unknown_counts_for_nothing() -> None:
    sight = rendered_sights(0, 1)[0]
    assert sight.picture.shape == (240, 416, 3)
    level = sight.near[-20:].mean() - sight.near[:20].mean()
    assert level > 0.3
    views = views_of(sight, np.random.default_rng(1))
    assert all(view.near.shape == CELLS for view in views)
    values = centred(np.array([1.0, 5.0, 100.0]), np.array([1, 1, 0]))
    assert values.tolist() == [-2.0, 2.0, 2.0]


def test_a_subject_stands_on_its_foot() -> None:
    level = torch.arange(CELL_ROWS)[:, None].float().expand(*CELLS)
    subject = torch.zeros(CELLS, dtype=torch.bool)
    subject[5:21, 4] = True
    out = evaluate.raised(level, subject)
    assert (out[5:21, 4] == 20).all() and out[4, 4] == 4 and (out[:, 5] == level[:, 5]).all()


def test_medians_are_drawn_again_by_source() -> None:
    values = {"a": 0.2, "b": 0.3, "c": 0.9}
    median, low, high = evaluate.bootstrap(values, {"a": "x", "b": "x", "c": "y"})
    assert median == pytest.approx(0.3)
    assert low == pytest.approx(0.25) and high == pytest.approx(0.9)


def test_a_head_comes_back_from_its_file(tmp_path: Path) -> None:
    head = ReliefHead(ReliefConfig(width=8)).eval()
    torch.nn.init.normal_(head.out.weight, std=0.3)
    save(head, tmp_path / "relief.pt", {"steps": 3})
    again, record = load(tmp_path / "relief.pt")
    maps = [
        torch.randn(1, channels, *size)
        for channels, size in zip(CHANNELS[1:], (CELLS, (15, 26), (8, 13)), strict=True)
    ]
    near, spread = head(*maps)
    assert record == {"steps": 3}
    assert torch.equal(again(*maps)[0], near) and (spread > 0).all()
    assert abs(float(near.mean().detach())) < 1e-5


def test_reliefs_of_clips_need_the_clips(tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    relief_data.add_arguments(parser)
    args = parser.parse_args(["--reliefs", str(tmp_path), "--out", str(tmp_path / "data")])
    with pytest.raises(SystemExit, match="needs --clips"):
        relief_data.run(args)
