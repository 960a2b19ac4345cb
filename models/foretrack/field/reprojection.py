"""A loss on tracks of real clips, which need no truth: still points at the depths that are told,
under the cameras of the whole past, have to reproject onto their tracks.

The past is longer than what the network was told from, so depth is asked for that those frames
alone do not show. With r the miss of a track in px, along the line on which depth shifts it and
across, and γ what it may be, −log likelihood of a still point is the mean over visible frames of

    log(γ + r²/γ), along: γ² = NOISE² + (slope · ρ · √2 · spread)², across: γ = NOISE,

a moving point's the same with γ = MOVES in both. The probability of moving weighs the two; a prior
keeps it from calling everything moving. No gradient reaches the cameras.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from .geometry import NEAREST, Poses, Tracks, see
from .network import ROUND_SCALES_PX, Told, adjust_round, look
from .real_tracks import RealBatch

NOISE_PX = 0.5
MOVES_PX = 4.0
PRIOR = 0.1  # weight of −log(probability of being still)


@dataclass
class Path:
    """Cameras of the whole past, and the log inverse depth [B,N] that they were found with."""

    tracks: Tracks
    poses: Poses
    log_rho: Tensor


@torch.no_grad()
def cameras_of_past(batch: RealBatch, told: Told) -> Path:
    """Adjusted to the whole past, begun from what was told of a part of it."""
    sight = look(batch.whole, batch.whole_visibility, batch.queries, batch.focal)
    poses, own = sight.turned, told
    for scales in ROUND_SCALES_PX:
        poses, _, log_rho = adjust_round(sight, poses, own, scales)
        own = own._replace(log_rho=log_rho)
    return Path(sight.tracks, poses, own.log_rho)


def reprojection_loss(told: Told, path: Path, focal: Tensor) -> tuple[Tensor, Tensor]:
    """The loss, and how far tracks of still points are missed, px."""
    visible = path.tracks.visible
    with torch.no_grad():
        trust = (-told.moving_logit).sigmoid()
        shift = weighted_median(path.log_rho - told.log_rho, trust)
    rho = (told.log_rho + shift).exp()
    seen = see(path.tracks, path.poses, rho)
    f = focal[:, None, None]
    miss = seen.miss * f[..., None]
    with torch.no_grad():
        t = path.poses.translation[:, :, None]
        slope = (t[..., :2] - seen.at * t[..., 2:]) * seen.per_depth[..., None] * f[..., None]
        per_log = slope.norm(dim=-1) * rho[:, None]  # px by log inverse depth
        along = slope / (slope.norm(dim=-1, keepdim=True) + 1e-9)
        # A point that comes to lie behind a camera says nothing there.
        before = seen.turned[..., 2] + rho[:, None] * t[..., 2] > 2 * NEAREST
        counted = visible * before
    on_line = (miss * along).sum(-1)
    squared = miss.square().sum(-1)
    off_line2 = (squared - on_line.square()).clamp(min=0)
    spread = 2**0.5 * told.spread[:, None]
    gamma = (NOISE_PX**2 + (per_log * spread).square()).sqrt()
    still = cauchy(on_line.square(), gamma) + cauchy(off_line2, torch.full_like(gamma, NOISE_PX))
    moves = torch.full_like(gamma, MOVES_PX)
    moving = (cauchy(on_line.square(), moves) + cauchy(off_line2, moves)).detach()
    count = counted.sum(1).clamp(min=1)
    still, moving = ((v * counted).sum(1) / count for v in (still, moving))
    either = torch.logaddexp(
        F.logsigmoid(-told.moving_logit) - still, F.logsigmoid(told.moving_logit) - moving
    )
    loss = (PRIOR * F.softplus(told.moving_logit) - either).mean()
    with torch.no_grad():
        size = (squared.sqrt() * counted).sum(1) / count
        typical = (size * trust).sum() / trust.sum().clamp(min=1)
    return loss, typical


def cauchy(squared: Tensor, gamma: Tensor) -> Tensor:
    return (gamma + squared / gamma).log()


def weighted_median(values: Tensor, weights: Tensor) -> Tensor:
    """[B,1] of the rows of [B,N]."""
    ordered, order = values.sort(1)
    total = weights.gather(1, order).cumsum(1)
    at = (total < 0.5 * total[:, -1:]).sum(1, keepdim=True).clamp(max=values.shape[1] - 1)
    return ordered.gather(1, at)
