"""The script that makes a field of Trace Anything's output, on an output of its layout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import torch

SCRIPT = Path(__file__).parents[3] / "public/scripts/trace_anything_field.py"


def test_the_field_holds_every_other_place_at_the_frames_own_time(tmp_path: Path) -> None:
    frames, points, height, width = 3, 10, 16, 32
    generator = torch.Generator().manual_seed(1)
    still = torch.rand(1, height, width, 3, generator=generator) + 1
    preds = [
        {
            "ctrl_pts3d": still.repeat(points, 1, 1, 1),
            "ctrl_conf": torch.ones(points, height, width),
            "ctrl_pts3d_local": still.repeat(points, 1, 1, 1) + i,
            "fg_mask": torch.zeros(height, width, dtype=torch.bool),
        }
        for i in range(frames)
    ]
    views = [
        {"img": torch.zeros(1, 3, height, width), "time_step": i / (frames - 1)}
        for i in range(frames)
    ]
    torch.save({"preds": preds, "views": views}, tmp_path / "output.pt")
    target = tmp_path / "field.npz"
    command = [sys.executable, str(SCRIPT), str(tmp_path / "output.pt"), str(target)]
    subprocess.run(command, check=True)
    field = np.load(target)
    assert field["ctrl"].shape == (frames, points, height // 2, width // 2, 3)
    assert field["ctrl"].dtype == np.float16
    scale = np.median(np.linalg.norm(still[0, ::2, ::2].numpy(), axis=-1))
    # Weights sum to one: a curve that stands is itself at any time.
    own = still[0, ::2, ::2].numpy() + 2
    assert np.abs(field["own"][2] * scale - own).max() < 5e-3
    assert field["time"].tolist() == [0, 0.5, 1]
    assert field["source_size"].tolist() == [height, width]
    assert field["rgb"].dtype == np.uint8
