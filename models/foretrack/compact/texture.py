"""How rough motion is below what the latent holds, as the studio adds it to its futures
(`src/engine/models/compact/texture.ts`): the past's own, drawn again.

Scores of positions hardly feel it; futures without it are half as rough as tracks are (FlowTV).
"""

from __future__ import annotations

import torch
from torch import Tensor

# Least squares of a parabola over fifteen frames, at the middle one (Savitzky and Golay, 1964).
SMOOTH = (-78, -13, 42, 87, 122, 147, 162, 167, 162, 147, 122, 87, 42, -13, -78)
REACH = len(SMOOTH) // 2
MIN_ROUGH_FRAMES = 6
CUT = 3.0  # medians of a point: residuals beyond them are a tracker's slip, and are cut to that
JUMP = 1 / 8  # the chance at each frame that the past is continued from another place
EASE_FRAMES = 3  # until a future is as rough as its past: it leaves "now" where it is


def past_texture(history: Tensor, seen: Tensor) -> Tensor | None:
    """The history's tracks [T,N,2] px, [T,N], minus their smooth part, over the T - 14 frames that
    have seven neighbours on both sides; 0 where a point is hidden in any of them. None where the
    history is too short to tell."""
    rough = len(history) - 2 * REACH
    if rough < MIN_ROUGH_FRAMES:
        return None
    weights = torch.tensor(SMOOTH, dtype=history.dtype) / sum(SMOOTH)
    smooth = (history.unfold(0, len(SMOOTH), 1) * weights).sum(-1)
    known = (seen.unfold(0, len(SMOOTH), 1) > 0).all(-1)
    texture = (history[REACH : REACH + rough] - smooth) * known[..., None]
    length = texture.norm(dim=-1)
    limit = CUT * torch.where(known, length, torch.nan).nanmedian(0).values.nan_to_num(0)
    return texture * (limit / length.clamp(min=1e-12)).clamp(max=1)[..., None]


def add_texture(futures: Tensor, texture: Tensor, generator: torch.Generator | None) -> Tensor:
    """Futures [K,H,N,2] px, each with stretches of the texture [R,N,2] of mean length 1 / JUMP
    (stationary bootstrap: Politis and Romano, 1994), the same for all points."""
    count, horizon = futures.shape[:2]
    rough = len(texture)
    places = torch.randint(rough, (count, horizon), generator=generator)
    jumps = torch.rand(count, horizon, generator=generator) < JUMP
    at = places.clone()
    for t in range(1, horizon):
        on = at[:, t - 1] + 1
        at[:, t] = torch.where(jumps[:, t] | (on >= rough), places[:, t], on)
    share = (torch.arange(1, horizon + 1) / EASE_FRAMES).clamp(max=1)
    return futures + share[:, None, None] * texture[at]
