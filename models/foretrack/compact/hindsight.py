"""How well each way to go on would have told the past: forecasts from earlier frames, scored.

What a fit leaves over (`extrapolate`) tells of one step ahead; here whole stretches of the past are
forecast from what came before them. A steady pan is told so by small errors, wandering by large
ones, before anything has to be learnt.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from .extrapolate import COUNT

CUTS = (16, 40)  # frames before now, from which the frames up to now are forecast
PLAIN = ((4, 0.0), (4, 0.95), (4, 1.0), (16, 1.0))  # velocity over so many frames, decay a frame
GUESSES = COUNT + len(PLAIN)
FEATURES = len(CUTS) * (GUESSES + 1)
LEAST_FRAMES = 8  # of past before a cut
LEAST_ERROR = 0.02  # in units of the token's pace over the stretch
PACE_FRAMES = 16


def with_earlier(path: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
    """The tokens as they are and as they were at each cut, one after the other along the token
    axis: path [B,L,M,2] px, displacement to now from l + 1 frames before, and seen [B,L,M] ->
    [B,L,(1+CUTS)*M,2], [B,L,(1+CUTS)*M]. What the past lacks is unseen."""
    paths, marks = [path], [seen]
    for cut in CUTS:
        lacking = torch.zeros_like(path[:, :cut])
        paths.append(torch.cat([path[:, cut:] - path[:, cut - 1 : cut], lacking], 1))
        marks.append(torch.cat([seen[:, cut:] * seen[:, cut - 1 : cut], lacking[..., 0]], 1))
    return torch.cat(paths, 2), torch.cat(marks, 2)


def hindsight(paths: Tensor, marks: Tensor, pace: Tensor, guesses: Sequence[Tensor]) -> Tensor:
    """Logarithms of the mean errors of all guesses, and whether there was past enough, for each
    cut: [B,M,FEATURES].

    `paths`, `marks`: what `with_earlier` gives. `pace` [B,M]: px that a token moves in 16 frames.
    `guesses`: extrapolations [B,COUNT,M,H,2] of the tokens at each cut."""
    told = []
    path, *earlier = paths.chunk(1 + len(CUTS), 2)
    seen, *known_earlier = marks.chunk(1 + len(CUTS), 2)
    for cut, behind, known, guess in zip(CUTS, earlier, known_earlier, guesses, strict=True):
        start = path[:, cut - 1 : cut]
        after = start - torch.cat([path[:, : cut - 1].flip(1), torch.zeros_like(start)], 1)
        mask = torch.cat([seen[:, : cut - 1].flip(1), torch.ones_like(seen[:, :1])], 1)
        guess = torch.cat([guess[..., :cut, :], _plain(behind, known, cut)], 1)
        error = (guess - after.transpose(1, 2)[:, None]).square().sum(-1).add(1e-6).sqrt()
        weight = mask.transpose(1, 2)[:, None]
        error = (error * weight).sum(-1) / weight.sum(-1)
        unit = pace[:, None] * (cut / PACE_FRAMES)
        enough = (known.sum(1, keepdim=True) >= LEAST_FRAMES).to(path.dtype)
        told += [(error / unit + LEAST_ERROR).log().clamp(max=3) * enough, enough]
    return torch.cat(told, 1).transpose(1, 2)


def _plain(behind: Tensor, known: Tensor, frames: int) -> Tensor:
    """Velocities that last or fade, [B,len(PLAIN),M,frames,2]."""
    time = torch.arange(1, frames + 1, dtype=behind.dtype, device=behind.device)
    paths = []
    for span, decay in PLAIN:
        velocity = behind[:, span - 1] * known[:, span - 1, :, None] / span
        way = time if decay == 1 else (decay**time).cumsum(0) * (decay > 0)
        paths.append(velocity[:, :, None] * way[:, None])
    return torch.stack(paths, 1)
