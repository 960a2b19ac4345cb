"""Writes texture-golden.json: a past and its texture by the definition of the evaluation.

Run in models/: python ../src/engine/models/compact/testdata/make_texture_golden.py
"""

import json
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[5] / "models"))
from foretrack.compact.texture import past_texture

FRAMES, POINTS = 24, 3


def main() -> None:
    generator = torch.Generator().manual_seed(3)
    time = torch.arange(FRAMES)[:, None, None] / FRAMES
    bend = torch.randn(2, 1, POINTS, 2, generator=generator) * 40
    history = 200 + bend[0] * time + bend[1] * time**2
    history = history + 0.4 * torch.randn(FRAMES, POINTS, 2, generator=generator)
    seen = torch.ones(FRAMES, POINTS)
    seen[5, 1] = 0  # hidden once
    history[14, 2] += 9  # slipped once
    texture = past_texture(history, seen)
    assert texture is not None  # long enough
    golden = {
        "frameCount": FRAMES,
        "pointCount": POINTS,
        "history": [round(v, 5) for v in history.flatten().tolist()],
        "seen": seen.int().flatten().tolist(),
        "texture": [round(v, 5) for v in texture.flatten().tolist()],
    }
    Path(__file__).with_name("texture-golden.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
