"""How the camera of a clip moves, from its history: groups for a table of scores."""

from __future__ import annotations

import torch

from . import scenario
from .cases import Case
from .geometry import HALF_WIDTH

STRIDE_SECS = 0.25
STILL_PX = 6.0  # a second, of the picture's middle
STRAIGHT = 0.8  # net way over length of the way
DRIVE = 0.06  # growth of the picture a second


def camera_kind(case: Case) -> str:
    """One of "still", "pan" (goes one way), "drive" (the picture grows or shrinks), "hand-held".

    The robust affine motion of all points visible at both ends of each quarter of a second; of a
    photo, "still". The limits are chosen by eye on training clips.
    """
    stride = max(1, round(STRIDE_SECS / case.interval))
    steps = []
    for end in range(len(case.history) - 1, stride - 1, -stride):
        both = (case.seen[end] & case.seen[end - stride]).float()
        moved = case.history[end] - case.history[end - stride]
        if both.sum() > 8:
            steps.append(scenario.robust_affine(case.history[end - stride], moved, both))
    if not steps:
        return "still"
    theta = torch.stack(steps)  # [S,3,2]: what x, y (in half frame widths) and 1 add, px
    secs = stride * case.interval * len(steps)
    way = theta[:, 2]
    growth = (theta[:, 0, 0] + theta[:, 1, 1]) / 2 / HALF_WIDTH
    length = float(way.norm(dim=-1).sum())
    if abs(float(growth.sum())) / secs > DRIVE:
        return "drive"
    if length / secs < STILL_PX:
        return "still"
    return "pan" if float(way.sum(0).norm()) / length > STRAIGHT else "hand-held"
