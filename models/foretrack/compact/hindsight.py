"""How well each way to go on would have told the past: forecasts from earlier frames, scored.

What a fit leaves over (`extrapolate`) tells of one step ahead; here whole stretches of the past are
forecast from what came before them. A steady pan is told so by small errors, wandering by large
ones, before anything has to be learnt.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ..common.tensor_cache import cached_tensor
from .extrapolate import COUNT

CUTS = (16, 40)  # frames before now, from which the frames up to now are forecast
PLAIN = ((4, 0.0), (4, 0.95), (4, 1.0), (16, 1.0))  # velocity over so many frames, decay a frame
GUESSES = COUNT + len(PLAIN)
FEATURES = len(CUTS) * (GUESSES + 1)
LEAST_FRAMES = 8  # of past before a cut
LEAST_ERROR = 0.02  # in units of the token's pace over the stretch
PACE_FRAMES = 16


def with_earlier(path: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
    """The paths as they are and as they were at each cut: path [B,L,M,2] px, displacement to now
    from l + 1 frames before, and seen [B,L,M] -> [B*(1+CUTS),L,M,2], [B*(1+CUTS),L,M]. What the
    past lacks is unseen."""
    frames = path.shape[1]
    from_now, marks = _from_now(path, seen)
    cuts = cached_tensor((0, *CUTS), device=path.device)
    rows = (cuts[:, None] + torch.arange(1, frames + 1, device=path.device)).clamp(max=frames + 1)
    views = (len(cuts), frames)
    behind = from_now.index_select(1, rows.flatten()).unflatten(1, views)
    known = marks.index_select(1, rows.flatten()).unflatten(1, views)
    at, there = from_now.index_select(1, cuts), marks.index_select(1, cuts)
    return (behind - at[:, :, None]).flatten(0, 1), (known * there[:, :, None]).flatten(0, 1)


def _from_now(path: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
    """[B,1+L+1,M,2], [B,1+L+1,M]: now before them, and behind them a position that nobody saw."""
    still, mark = torch.zeros_like(path[:, :1]), torch.ones_like(seen[:, :1])
    return torch.cat([still, path, still], 1), torch.cat([mark, seen, 0 * mark], 1)


def hindsight(paths: Tensor, marks: Tensor, pace: Tensor, guesses: Tensor) -> Tensor:
    """Logarithms of the mean errors of all guesses, and whether there was past enough, for each
    cut: [B,M,FEATURES].

    `paths`, `marks`: what `with_earlier` gives. `pace` [B,M]: px that a token moves in 16 frames.
    `guesses`: extrapolations [B*(1+CUTS),COUNT,M,H,2] of them."""
    views = (-1, 1 + len(CUTS))
    paths, marks, guesses = (x.unflatten(0, views) for x in (paths, marks, guesses))
    behind, known, guesses = paths[:, 1:], marks[:, 1:], guesses[:, 1:, :, :, : max(CUTS)]
    path, seen = _from_now(paths[:, 0], marks[:, 0])
    # From each cut to now, frame by frame; a cut that is nearer ends in what nobody saw.
    none = path.shape[1] - 1
    rows = [c - k if k <= c else none for c in CUTS for k in range(1, max(CUTS) + 1)]
    at = cached_tensor(tuple(rows), device=path.device)
    passed = path.index_select(1, at).unflatten(1, (len(CUTS), -1))
    start = path.index_select(1, cached_tensor(CUTS, device=path.device))
    after = (start[:, :, None] - passed).transpose(2, 3)[:, :, None]
    weight = seen.index_select(1, at).unflatten(1, (len(CUTS), -1)).transpose(2, 3)[:, :, None]
    guess = torch.cat([guesses, _plain(behind, known, max(CUTS))], 2)
    error = (guess - after).square().sum(-1).add(1e-6).sqrt()
    error = (error * weight).sum(-1) / weight.sum(-1)
    stretch = cached_tensor(tuple(cut / PACE_FRAMES for cut in CUTS), pace)[:, None, None]
    enough = (known.sum(2, keepdim=True) >= LEAST_FRAMES).to(path.dtype)
    errors = (error / (pace[:, None, None] * stretch) + LEAST_ERROR).log().clamp(max=3)
    return torch.cat([errors * enough, enough], 2).flatten(1, 2).transpose(1, 2)


def _plain(behind: Tensor, known: Tensor, frames: int) -> Tensor:
    """Velocities that last or fade: behind [B,C,L,M,2] -> [B,C,len(PLAIN),M,frames,2]."""
    spans = cached_tensor(tuple(span for span, _ in PLAIN), device=behind.device)
    moved = behind.index_select(2, spans - 1) * known.index_select(2, spans - 1)[..., None]
    velocity = moved / spans[:, None, None].to(behind.dtype)
    time = torch.arange(1, frames + 1, dtype=behind.dtype, device=behind.device)
    ways = [time if decay == 1 else (decay**time).cumsum(0) * (decay > 0) for _, decay in PLAIN]
    return velocity[:, :, :, :, None] * torch.stack(ways)[:, None, :, None]
