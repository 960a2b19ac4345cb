"""The network: an adjustment whose every round is looked through by a transformer over the points.

Geometry (geometry.py) says what the tracks tell under the present depths and cameras; the network
says which points to trust, how deep they are and how sure that is; then the cameras are found
again. Depth that no track tells comes from what scenes are like, with a spread that says so.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..common.geometry import CENTRE
from .geometry import (
    Poses,
    Tracks,
    robust,
    root_mean_square,
    see,
    step_cameras,
    still,
    tell_depths,
)

UNIT_PX = 400.0  # of positions in the picture
WAVES = 10  # cosines of time that a track's residual is told in
OCTAVES = 3
TURN_SCALES_PX = (100.0, 40.0, 20.0, 10.0, 5.0, 3.0)
ROUND_SCALES_PX = ((30.0, 12.0, 5.0), (6.0, 3.0, 2.0), (3.0, 2.0, 1.5))
LOWEST, HIGHEST = -4.0, 3.0  # of log inverse depth
LEAST_SPREAD, MOST_SPREAD = 0.005, 2.0


@dataclass(frozen=True)
class FieldConfig:
    width: int = 128
    heads: int = 4
    blocks: int = 2  # before the first round, and in every round

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class Told(NamedTuple):
    """[B,N]: log inverse depth up to a shift, mean absolute error of it, logit of moving."""

    log_rho: Tensor
    spread: Tensor
    moving_logit: Tensor


class Block(nn.Module):
    """Attention over points, near ones more or less as each head likes, then two layers."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.before = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.after = nn.LayerNorm(width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.nearness = nn.Parameter(torch.linspace(-2.0, 4.0, heads))

    def forward(self, x: Tensor, apart2: Tensor) -> Tensor:
        q, k, v = self.qkv(self.before(x)).unflatten(-1, (3, self.heads, -1)).unbind(-3)
        q, k, v = (a.transpose(1, 2) for a in (q, k, v))
        logits = q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5
        logits = logits - F.softplus(self.nearness)[:, None, None] * apart2[:, None]
        mixed = (logits.softmax(-1) @ v).transpose(1, 2).flatten(2)
        x = x + self.out(mixed)
        return x + self.down(F.gelu(self.up(self.after(x))))


class Sight(NamedTuple):
    """What does not change from round to round."""

    tracks: Tracks
    turned: Poses
    focal: Tensor  # [B,1] px
    place: Tensor  # [B,N,P]
    first: Tensor  # [B,N,F]
    shared: Tensor  # [B,N,S]
    apart2: Tensor
    turn_rms: Tensor
    zoom_rms: Tensor
    waves: Tensor  # [W,T]


class Walked(NamedTuple):
    """What all rounds tell, the last one last, the cameras of the last one, and the points' tokens
    [B,N,W] after it."""

    sight: Sight
    told: list[Told]
    poses: Poses
    tokens: Tensor


class FieldNetwork(nn.Module):
    """tracks [B,T,N,2] videoPx, visibility [B,T,N] 0 or 1, queries [B,N,2] videoPx (the points at
    the anchor), focal [B] px (known or guessed) → what each round tells, the last one last, and the
    poses."""

    def __init__(self, config: FieldConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        place = 2 + 4 * OCTAVES
        self.enter = nn.Linear(place + FIRST + SHARED, width)
        self.refresh = nn.Linear(place + ROUND + SHARED, width)
        self.first = self._blocks()
        self.rounds = self._blocks()
        self.first_norm, self.norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.first_head, self.head = nn.Linear(width, 3), nn.Linear(width, 3)
        for head in (self.first_head, self.head):
            nn.init.normal_(head.weight, std=0.01)
            nn.init.zeros_(head.bias)

    def _blocks(self) -> nn.ModuleList:
        c = self.config
        return nn.ModuleList(Block(c.width, c.heads) for _ in range(c.blocks))

    def forward(
        self, tracks: Tensor, visibility: Tensor, queries: Tensor, focal: Tensor
    ) -> tuple[list[Told], Poses]:
        walked = self.walk(tracks, visibility, queries, focal)
        return walked.told, walked.poses

    def walk(self, tracks: Tensor, visibility: Tensor, queries: Tensor, focal: Tensor) -> Walked:
        with torch.no_grad():
            sight = look(tracks, visibility, queries, focal)
            offset = 0.6 * queries[..., 1:] / UNIT_PX
        x = self.enter(torch.cat([sight.place, sight.first, sight.shared], -1))
        for block in self.first:
            x = block(x, sight.apart2)
        prior = (offset - offset.mean(1, keepdim=True))[..., 0]
        told = [told_by(self.first_head(self.first_norm(x)), prior)]
        poses = sight.turned
        for scales in ROUND_SCALES_PX:
            with torch.no_grad():
                poses, features, start = adjust_round(sight, poses, told[-1], scales)
            x = x + self.refresh(torch.cat([sight.place, features, sight.shared], -1))
            for block in self.rounds:
                x = block(x, sight.apart2)
            told.append(told_by(self.head(self.norm(x)), start))
        return Walked(sight, told, poses, x)


def told_by(out: Tensor, start: Tensor) -> Told:
    shift, spread, logit = out.unbind(-1)
    log_rho = (start + shift).clamp(LOWEST - 1, HIGHEST + 1)
    bounded = F.softplus(spread + 0.5) * 0.5 + LEAST_SPREAD
    return Told(log_rho, bounded.clamp(max=MOST_SPREAD), logit)


def look(tracks: Tensor, visibility: Tensor, queries: Tensor, focal: Tensor) -> Sight:
    """The cameras that only turn, or turn and zoom, and what they leave of each track."""
    f = focal[:, None]
    centre = torch.tensor(CENTRE, dtype=tracks.dtype)
    xy = (tracks - centre) / focal[:, None, None, None]
    offsets = (queries - centre) / focal[:, None, None]
    directions = torch.cat([offsets, torch.ones_like(offsets[..., :1])], -1)
    own = Tracks(xy * visibility[..., None], visibility, directions)
    flat, alike = torch.zeros_like(offsets[..., 0]), torch.ones_like(offsets[..., 0])
    poses = zoomed = still(own)
    for scale in TURN_SCALES_PX:
        px = scale / f[..., None]
        poses = step_cameras(own, poses, flat, alike, px, "turn")
        zoomed = step_cameras(own, zoomed, flat, alike, px, "turn-and-zoom")
    miss, rms = left(own, poses, flat, f)
    _, zoom_rms = left(own, zoomed, flat, f)
    waves = cosines(tracks.shape[1], tracks.dtype)
    size = rms.log().mean(1, keepdim=True).exp()
    scaled = miss / size[:, None, :, None]
    seen = visibility.mean(1)
    place = (queries - centre) / UNIT_PX
    octaves = [place * 2**k * 3.0 for k in range(OCTAVES)]
    place_features = torch.cat(
        [place, *(g(o) for o in octaves for g in (torch.sin, torch.cos))], -1
    )
    first = torch.cat(
        [
            told_in(waves, miss, visibility).asinh(),
            told_in(waves, scaled, visibility).clamp(-5.0, 5.0),
            torch.stack([rms.log(), zoom_rms.log(), (rms / size).log(), seen], -1),
        ],
        -1,
    )
    shared = torch.stack(
        [
            size.log()[:, 0],
            zoom_rms.log().mean(1),
            (focal / 832).log(),
            torch.full_like(focal, tracks.shape[1] / 40),
            rms.log().std(1),
        ],
        -1,
    )[:, None].expand(-1, queries.shape[1], -1)
    apart2 = (place[:, :, None] - place[:, None]).square().sum(-1)
    return Sight(own, poses, f, place_features, first, shared, apart2, rms, zoom_rms, waves)


def left(tracks: Tracks, poses: Poses, rho: Tensor, focal: Tensor) -> tuple[Tensor, Tensor]:
    """What the poses leave of the tracks [B,T,N,2] px, 0 where hidden, and its size [B,N] px."""

    miss = see(tracks, poses, rho).miss * focal[..., None, None] * tracks.visible[..., None]
    return miss, root_mean_square(miss, tracks.visible)


def cosines(frames: int, dtype: torch.dtype) -> Tensor:
    """[W,T] of mean square 1."""
    at = (torch.arange(frames, dtype=dtype) + 0.5) / frames
    rows = torch.arange(WAVES, dtype=dtype)[:, None]
    scale = torch.where(rows > 0, 2**0.5, 1.0)
    return torch.cos(torch.pi * rows * at) * scale


def told_in(waves: Tensor, miss: Tensor, visible: Tensor) -> Tensor:
    """[B,N,2W] coefficients of tracks' residuals."""
    mean = torch.einsum("wt,btnc->bnwc", waves, miss)
    return (mean / visible.sum(1).clamp(min=1)[..., None, None]).flatten(2)


FIRST = 4 * WAVES + 4
SHARED = 5
ROUND = 2 * WAVES + 13


def adjust_round(
    sight: Sight, poses: Poses, told: Told, scales: tuple[float, ...]
) -> tuple[Poses, Tensor, Tensor]:
    """Cameras and depths by turns, held near what the network told as far as it is sure; then what
    that leaves, as features [B,N,ROUND], and the log inverse depth [B,N] that came out."""
    tracks, f = sight.tracks, sight.focal
    trust = (-told.moving_logit).sigmoid()
    count = trust.sum(1, keepdim=True).clamp(min=1)
    middle = (told.log_rho * trust).sum(1, keepdim=True) / count
    log_prior = told.log_rho - middle
    prior = log_prior.exp()
    rho = prior
    sigma2 = (1.4 * told.spread * prior).square()
    noise = None
    for scale_px in scales:
        scale = scale_px / f[..., None]
        poses = step_cameras(tracks, poses, rho, trust, scale, "pose")
        poses = step_cameras(tracks, poses, rho, trust, scale, "pose")
        depth = tell_depths(tracks, poses, rho, scale)
        noise = noise_of(depth.miss, tracks.visible, trust, scale)
        precision = depth.information / noise.square()
        rho = (precision * depth.rho + prior / sigma2) / (precision + 1 / sigma2)
        rho = rho.clamp(min=0.02, max=30.0)
    assert noise is not None
    miss, rms = left(tracks, poses, rho, f)
    noise_px = noise * f
    sigma_log = noise / (depth.information + 1e-12).sqrt() / rho
    log_rho = rho.log()
    told_alone = depth.rho.clamp(min=0.02).log()
    spare = (sight.turn_rms.square() - rms.square()).clamp(min=0).sqrt() / noise_px
    spare_zoom = (sight.zoom_rms.square() - rms.square()).clamp(min=0).sqrt() / noise_px
    shift = f * poses.translation.square().sum(-1).mean(1, keepdim=True).add(1e-12).sqrt()
    ahead = poses.translation[..., 2].abs().mean(1, keepdim=True) * f / shift
    features = torch.cat(
        [
            told_in(sight.waves, miss, tracks.visible).asinh(),
            torch.stack(
                [
                    log_rho,
                    log_prior,
                    told_alone - log_rho,
                    sigma_log.clamp(1e-3, 1e3).log(),
                    rms.log(),
                    rms.log() - noise_px.log(),
                    spare.log1p(),
                    spare_zoom.log1p(),
                    told.spread.log(),
                    told.moving_logit.clamp(-8.0, 8.0) / 4,
                    shift.clamp(1e-2).log().expand_as(rho),
                    ahead.expand_as(rho),
                    noise_px.log().expand_as(rho),
                ],
                -1,
            ),
        ],
        -1,
    )
    return poses, features, log_rho.clamp(LOWEST, HIGHEST)


def noise_of(miss: Tensor, visible: Tensor, trust: Tensor, scale: Tensor) -> Tensor:
    """[B,1] standard deviation of one coordinate of a trusted track, in focal lengths."""

    w = visible * trust[:, None] * robust(miss, scale)
    total = (w * miss.square().sum(-1)).sum((1, 2)) / (2 * w.sum((1, 2)).clamp(min=1))
    return (total + 1e-9).sqrt()[:, None]
