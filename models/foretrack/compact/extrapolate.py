"""How a path would go on if its motion repeated itself: what the condition encoder is told of it.

Two classical models of the steps s_0, s_1, ... that a path has taken, newest first, each over a
`stride` of frames, fitted by least squares at several strides:

  turning    s_j = r s_{j+1}, steps as complex numbers (Yule and Walker's equation of order one):
             circles, spirals, what slows down or grows.
  swinging   s_j = a s_{j+1} + b s_{j+2}, a and b real and shared by x and y (order two): swings
             along a line besides.

Both shrink towards steps that stay as they are. A point that moved by chance alone is told so by
the share of its motion that the fit leaves over.
"""

from __future__ import annotations

import torch
from torch import Tensor

TURNING = ((3, 5), (6, 5), (12, 6))  # stride in frames, steps
SWINGING = ((6, 13), (12, 6))
COUNT = len(TURNING) + len(SWINGING)
SHRINK = 0.02  # weight of "stays as it is", a share of the motion's energy
SHRINK_SWING = 2e-4
FASTEST_GROWTH = 0.015  # a frame, natural logarithm
LONGEST_STEP = 2.0  # of a continuation, in units of the longest of the past


def extrapolations(path: Tensor, seen: Tensor, frames: int) -> tuple[Tensor, Tensor]:
    """Continuations [B,COUNT,M,frames,2] of paths and the share that each fit leaves over
    [B,COUNT,M].

    path [B,L,M,2]: displacement to now from l + 1 frames before; seen [B,L,M], 0 or 1.
    """
    told = [_turning(*_steps(path, seen, *scale), scale[0], frames) for scale in TURNING]
    told += [_swinging(*_steps(path, seen, *scale), scale[0], frames) for scale in SWINGING]
    paths, rests = zip(*told, strict=True)
    return torch.stack(paths, 1), torch.stack(rests, 1)


def _steps(path: Tensor, seen: Tensor, stride: int, count: int) -> tuple[Tensor, Tensor]:
    """Steps [B,count,M,2], newest first, and whether both of their ends were seen [B,count,M]."""
    ends = path[:, stride - 1 : stride * count : stride]
    marks = seen[:, stride - 1 : stride * count : stride]
    starts = torch.cat([torch.zeros_like(ends[:, :1]), ends[:, :-1]], 1)
    before = torch.cat([torch.ones_like(marks[:, :1]), marks[:, :-1]], 1)
    both = marks * before
    return (ends - starts) * both[..., None], both


def _turning(steps: Tensor, known: Tensor, stride: int, frames: int) -> tuple[Tensor, Tensor]:
    new, old = steps[:, :-1], steps[:, 1:]
    weight = known[:, :-1] * known[:, 1:]
    energy = (old.square().sum(-1) * weight).sum(1)
    prior = SHRINK * energy + 1e-6
    real = ((new * old).sum(-1) * weight).sum(1) + prior
    imaginary = ((new[..., 1] * old[..., 0] - new[..., 0] * old[..., 1]) * weight).sum(1)
    real, imaginary = real / (energy + prior), imaginary / (energy + prior)
    size = (real.square() + imaginary.square() + 1e-6).sqrt()
    growth = (size.log() / stride).clamp(max=FASTEST_GROWTH)[..., None]
    angle = (torch.atan2(imaginary, real) / stride)[..., None]
    # The newest step tells the velocity half a stride ago.
    time = torch.arange(1, frames + 1, dtype=steps.dtype, device=steps.device) + (stride - 1) / 2
    length = (growth * time).exp()
    cosine, sine = length * (angle * time).cos(), length * (angle * time).sin()
    x, y = (steps[:, 0] / stride).unsqueeze(-2).unbind(-1)
    moved = torch.stack([x * cosine - y * sine, x * sine + y * cosine], -1).cumsum(-2)
    turned = torch.stack(
        [
            real[:, None] * old[..., 0] - imaginary[:, None] * old[..., 1],
            imaginary[:, None] * old[..., 0] + real[:, None] * old[..., 1],
        ],
        -1,
    )
    return moved, _rest(new - turned, new, weight)


def _swinging(steps: Tensor, known: Tensor, stride: int, frames: int) -> tuple[Tensor, Tensor]:
    new, old, older = steps[:, :-2], steps[:, 1:-1], steps[:, 2:]
    weight = known[:, :-2] * known[:, 1:-1] * known[:, 2:]

    def dot(a: Tensor, b: Tensor) -> Tensor:
        return ((a * b).sum(-1) * weight).sum(1)

    prior = SHRINK_SWING * dot(old, old) + 1e-6
    oo, ob, bb = dot(old, old) + prior, dot(old, older), dot(older, older) + prior
    no, nb = dot(new, old) + prior, dot(new, older)
    det = oo * bb - ob * ob
    a, b = (no * bb - nb * ob) / det, (nb * oo - no * ob) / det
    # Decays at least slowly: both roots of z^2 = a z + b stay inside the unit circle.
    b = b.clamp(-0.999, 0.999)
    a = torch.maximum(torch.minimum(a, 0.999 - b), b - 0.999)[..., None]
    b = b[..., None]
    most = LONGEST_STEP * steps.square().sum(-1).amax(1).sqrt()[..., None]
    last, previous = steps[:, 0], steps[:, 1]
    places = [torch.zeros_like(last)]
    for _ in range(-(-frames // stride)):
        step = a * last + b * previous
        # Not an addend: the exporter drops those below 1e-8.
        size = step.square().sum(-1, keepdim=True).sqrt().clamp(min=1e-6)
        last, previous = step * (most / size).clamp(max=1), last
        places.append(places[-1] + last)
    at = torch.arange(1, frames + 1, device=steps.device)
    low, part = at // stride, ((at % stride) / stride)[:, None]
    knots = torch.stack([*places, places[-1]], -2)
    moved = knots[..., low, :] * (1 - part) + knots[..., low + 1, :] * part
    left = new - a[:, None] * old - b[:, None] * older
    return moved, _rest(left, new, weight)


def _rest(left: Tensor, motion: Tensor, weight: Tensor) -> Tensor:
    """Root of the share of the motion's energy that is left over, [B,M]."""
    over = (left.square().sum(-1) * weight).sum(1)
    return ((over + 1e-3) / ((motion.square().sum(-1) * weight).sum(1) + 1e-3)).sqrt().clamp(max=2)
