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

from ..common.tensor_cache import cached_tensor

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
    # Now itself first, and last what no path has: a position that nobody saw.
    path = torch.cat([torch.zeros_like(path[:, :1]), path, torch.zeros_like(path[:, :1])], 1)
    seen = torch.cat([torch.ones_like(seen[:, :1]), seen, torch.zeros_like(seen[:, :1])], 1)
    turned, left = _turning(*_steps(path, seen, TURNING), frames)
    swung, over = _swinging(*_steps(path, seen, SWINGING), frames)
    return torch.cat([turned, swung], 1), torch.cat([left, over], 1)


def _steps(
    path: Tensor, seen: Tensor, scales: tuple[tuple[int, int], ...]
) -> tuple[Tensor, Tensor]:
    """Steps [B,S,count,M,2] at S scales, newest first, and whether both of their ends were seen
    [B,S,count,M]; a scale of fewer steps than `count` has seen no more.

    path [B,1+L+1,M,2] and seen [B,1+L+1,M] from now on, the last row that of no frame."""
    most = max(count for _, count in scales)
    none = path.shape[1] - 1
    rows = [s * j if j <= count else none for s, count in scales for j in range(most + 1)]
    at = cached_tensor(tuple(rows), device=path.device)
    ends = path.index_select(1, at).unflatten(1, (len(scales), -1))
    marks = seen.index_select(1, at).unflatten(1, (len(scales), -1))
    both = marks[:, :, 1:] * marks[:, :, :-1]
    return (ends[:, :, 1:] - ends[:, :, :-1]) * both[..., None], both


def _strides(scales: tuple[tuple[int, int], ...], like: Tensor) -> Tensor:
    """[S,1]"""
    return cached_tensor(tuple(float(s) for s, _ in scales), like)[:, None]


def _turning(steps: Tensor, known: Tensor, frames: int) -> tuple[Tensor, Tensor]:
    stride = _strides(TURNING, steps)
    # Each step and the same turned by a quarter: a rotation is their sum, weighed.
    both = torch.stack([steps, steps.flip(-1) * cached_tensor((-1.0, 1.0), steps)], -2)
    new, old = steps[:, :, :-1], both[:, :, 1:]
    weight = known[:, :, :-1] * known[:, :, 1:]
    energy = (old[..., 0, :].square().sum(-1) * weight).sum(2)
    prior = SHRINK * energy + 1e-6
    rotation = ((new[..., None, :] * old).sum(-1) * weight[..., None]).sum(2)
    shrunk = prior[..., None] * cached_tensor((1.0, 0.0), prior)
    rotation = (rotation + shrunk) / (energy + prior)[..., None]
    real, imaginary = rotation.unbind(-1)
    size = (rotation.square().sum(-1) + 1e-6).sqrt()
    growth = (size.log() / stride).clamp(max=FASTEST_GROWTH)[..., None]
    angle = (torch.atan2(imaginary, real) / stride)[..., None]
    # The newest step tells the velocity half a stride ago.
    time = torch.arange(1, frames + 1, dtype=steps.dtype, device=steps.device)
    time = time + (stride[..., None] - 1) / 2
    length, phase = (growth * time).exp(), angle * time
    along, across = (both[:, :, 0] / stride[..., None, None])[..., None, :].unbind(-3)
    cosine, sine = length * phase.cos(), length * phase.sin()
    moved = (along * cosine[..., None] + across * sine[..., None]).cumsum(-2)
    turned = (rotation[:, :, None, :, :, None] * old).sum(-2)
    return moved, _rest(new - turned, new, weight)


def _swinging(steps: Tensor, known: Tensor, frames: int) -> tuple[Tensor, Tensor]:
    new, old, older = steps[:, :, :-2], steps[:, :, 1:-1], steps[:, :, 2:]
    weight = known[:, :, :-2] * known[:, :, 1:-1] * known[:, :, 2:]

    def dot(a: Tensor, b: Tensor) -> Tensor:
        return ((a * b).sum(-1) * weight).sum(2)

    energy = dot(old, old)
    prior = SHRINK_SWING * energy + 1e-6
    oo, ob, bb = energy + prior, dot(old, older), dot(older, older) + prior
    no, nb = dot(new, old) + prior, dot(new, older)
    det = oo * bb - ob * ob
    a, b = (no * bb - nb * ob) / det, (nb * oo - no * ob) / det
    # Decays at least slowly: both roots of z^2 = a z + b stay inside the unit circle.
    b = b.clamp(-0.999, 0.999)
    a = torch.maximum(torch.minimum(a, 0.999 - b), b - 0.999)[..., None]
    b = b[..., None]
    most = LONGEST_STEP * steps.square().sum(-1).amax(2).sqrt()[..., None]
    # Not an addend: the exporter drops those below 1e-8.
    least = most.clamp(min=1e-6)
    last, previous = steps[:, :, 0], steps[:, :, 1]
    taken = []
    for _ in range(-(-frames // min(SWINGING)[0])):
        step = a * last + b * previous
        size = torch.linalg.vector_norm(step, dim=-1, keepdim=True)
        last, previous = step * (most / torch.maximum(size, least)), last
        taken.append(last)
    # [B,S,K,2M]: one product a scale makes positions of all steps.
    ways = torch.stack(taken, 2).flatten(3)
    moved = _positions(len(taken), frames, ways) @ ways
    left = new - a[:, :, None] * old - b[:, :, None] * older
    return moved.unflatten(-1, (-1, 2)).transpose(2, 3), _rest(left, new, weight)


def _positions(steps: int, frames: int, like: Tensor) -> Tensor:
    """How much of each step has been taken at each frame, [S,frames,steps] for each scale of
    swings."""
    shares = [
        tuple(min(max(t / stride - k, 0.0), 1.0) for k in range(steps))
        for stride, _ in SWINGING
        for t in range(1, frames + 1)
    ]
    flat = cached_tensor(tuple(x for row in shares for x in row), like)
    return flat.view(len(SWINGING), frames, steps)


def _rest(left: Tensor, motion: Tensor, weight: Tensor) -> Tensor:
    """Root of the share of the motion's energy that is left over, [B,S,M]."""
    over = (left.square().sum(-1) * weight).sum(2)
    return ((over + 1e-3) / ((motion.square().sum(-1) * weight).sum(2) + 1e-3)).sqrt().clamp(max=2)
