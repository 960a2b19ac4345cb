"""Writes golden.json: scenarios by the definition that models are trained with, for scenario.test.ts.

Run in models/: python ../src/engine/scenario/testdata/make_golden.py
"""

import json
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[4] / "models"))
from foretrack.common import scenario
from foretrack.common.geometry import grid_centres
from foretrack.compact.graphs import affine_from_camera

FRAMES, POINTS = [0, 7, 40, 80], [0, 25, 77, 194, 300, 389]


def main() -> None:
    generator = torch.Generator().manual_seed(5)
    count = 12
    xy = torch.tensor(grid_centres(), dtype=torch.float32)
    back = torch.arange(count - 1, -1, -1.0)[:, None, None]
    zoom = 0.004 * (xy - xy.mean(0))
    velocity = torch.tensor([1.5, -0.75]) + zoom
    velocity[150:230] += torch.tensor([-4.0, 2.0])
    jitter = torch.randn(count, len(xy), 2, generator=generator) * 0.2
    jitter[-1] = 0
    history = ((xy - back * velocity + jitter) * 1000).round() / 1000
    seen = (torch.rand(count, len(xy), generator=generator) > 0.2).float()
    seen[-1] = 1
    seen[:-1, 194] = 0
    cases = []
    for span, share, decay in [
        (0, 0.0, 1.0),
        (1, 0.5, 0.95),
        (2, 1.0, 0.8),
        (2, 0.0, 0.98),
        (1, 0.5, 0.0),
    ]:
        drawn = scenario.Scenarios(
            torch.tensor([[span]]), torch.tensor([[share]]), torch.tensor([[decay]])
        )
        parts = scenario.factored(history[None].double(), seen[None].double(), drawn)
        stabilised = xy + parts.residual[0, 0]
        camera = affine_from_camera(parts.camera[0, 0])
        cases.append(
            {
                "span": scenario.SPANS[span],
                "cameraShare": share,
                "decay": decay,
                "frames": FRAMES,
                "points": POINTS,
                "stabilised": stabilised[FRAMES][:, POINTS].tolist(),
                "camera": camera[FRAMES].tolist(),
            }
        )
    golden = {
        "frameCount": count,
        "history": [round(v, 3) for v in history.flatten().tolist()],
        "visibility": [int(v) for v in seen.flatten().tolist()],
        "cases": cases,
    }
    (Path(__file__).parent / "golden.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
