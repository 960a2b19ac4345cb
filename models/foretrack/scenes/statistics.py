"""How cameras and bodies move in tracks: numbers to hold made scenes against real clips.

All at 16 frames a second, of scenes [F,N,2] px with what is seen of them [F,N].
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from ..common import scenario
from ..common.cases import resample
from ..common.geometry import CENTRE

FPS = 16.0
SMOOTH = 4  # frames over which speeds are taken
STILL_PX = 6.0  # a second: a camera or body that is slower stands
MOVES_PX = 12.0  # a second, once: a body that is faster moves
QUICK_HZ = 1.0
LEAST_FRAMES = 24
LEAST_POINTS = 9


def statistics(tracks: Tensor, seen: Tensor, interval: float) -> dict[str, float] | None:
    """Of one scene; None where it is shorter than LEAST_FRAMES."""
    at = np.arange(0, (len(tracks) - 1) * interval * FPS + 1e-6) / (interval * FPS)
    tracks, seen = (torch.from_numpy(x) for x in resample(tracks.numpy(), seen.numpy(), at))
    if len(tracks) < LEAST_FRAMES + SMOOTH:
        return None
    shift, residual, known = _parts(tracks, seen)
    camera = shift.norm(dim=-1)  # [S] px a second, of the picture's middle
    body = residual.norm(dim=-1)  # [S,N]
    fastest = torch.where(known, body, 0).amax(0)
    told = known.sum(0) > LEAST_FRAMES / 2
    moving = told & (fastest > MOVES_PX)
    values = {
        "camera, px a second": float(camera.mean()),
        "camera stands, share of time": float((camera < STILL_PX).float().mean()),
        "camera's energy above 1 Hz": _quick(shift[:, None], torch.ones(1, dtype=torch.bool)),
        "points that move, share": float(moving.sum() / max(1, int(told.sum()))),
    }
    if moving.any():
        pace, sure = body[:, moving], known[:, moving]
        stands = pace < STILL_PX
        values |= {
            "moving points, px a second": float(pace[sure].mean()),
            "moving points stand, share of time": float(stands[sure].float().mean()),
            "stops and starts in ten seconds": _changes(stands, sure),
            "a move lasts, seconds": _runs(~stands & sure),
            "moving points' energy above 1 Hz": _quick(residual, moving),
        }
    return values


def quantiles(scenes: list[dict[str, float]]) -> dict[str, tuple[float, float, float]]:
    """Lower quartile, median and upper quartile over scenes of each number."""
    names = list(dict.fromkeys(name for scene in scenes for name in scene))
    return {
        name: tuple(np.quantile([s[name] for s in scenes if name in s], (0.25, 0.5, 0.75)).tolist())
        for name in names
    }


def _parts(tracks: Tensor, seen: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Velocity of the camera at the picture's middle [S,2] and of points beside it [S,N,2], px a
    second, and where it is known [S,N]: over SMOOTH frames, by a robust affine fit."""
    known = seen[SMOOTH:] & seen[:-SMOOTH]
    velocity = (tracks[SMOOTH:] - tracks[:-SMOOTH]) * FPS / SMOOTH
    theta = scenario.robust_affine(tracks[:-SMOOTH], velocity, known.float())
    residual = velocity - scenario.affine_features(tracks[:-SMOOTH]) @ theta
    enough = known.sum(1) >= LEAST_POINTS
    middle = scenario.affine_features(torch.tensor(CENTRE)[None]) @ theta
    return middle[enough, 0], residual[enough], known[enough]


def _quick(velocity: Tensor, points: Tensor) -> float:
    """Share of the energy of velocities [S,N,2] of `points` [N] that lies above QUICK_HZ; what is
    hidden is told by its guess."""
    power = torch.fft.rfft(
        velocity[:, points] * torch.hann_window(len(velocity))[:, None, None], dim=0
    )
    power = power.abs().square().sum((1, 2))
    frequency = torch.fft.rfftfreq(len(velocity), 1 / FPS)
    return float(power[frequency > QUICK_HZ].sum() / power.sum().clamp(min=1e-9))


def _changes(stands: Tensor, known: Tensor) -> float:
    both = known[1:] & known[:-1]
    changed = (stands[1:] != stands[:-1]) & both
    return float(changed.sum() / both.sum().clamp(min=1)) * FPS * 10


def _runs(moving: Tensor) -> float:
    """Mean length in seconds of the stretches in which points move [S,N]."""
    begins = moving & ~torch.cat([torch.zeros_like(moving[:1]), moving[:-1]])
    return float(moving.sum() / begins.sum().clamp(min=1)) / FPS
