"""Condition encoder of the compact flow: what it is told of the past.

Every token is told its motion twice: in units of the scene's motion, so that tokens can be
compared, and in units of its own, so that a fast one and a slow one look alike.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from ..common.constraints import Constraints
from ..common.geometry import CENTRE, HALF_WIDTH, HISTORY
from ..common.tensor_cache import cached_tensor
from .camera import CAMERA_TOKENS, CameraEncoder
from .config import CompactConfig
from .extrapolate import COUNT, extrapolations
from .hindsight import CUTS, hindsight, with_earlier
from .hindsight import FEATURES as HINDSIGHT
from .history import History
from .network import OWN_LATENT, Block
from .vae import TrajectoryVae

POSITION_OCTAVES = 4
LEAST_PACE = 0.1  # of a token, in units of the scene's
FARTHEST = 1500  # px: how far an extrapolation is followed


def position_features(xy: Tensor) -> Tensor:
    """[...,2] videoPx -> [..., 2 + 4*octaves]."""
    unit = (xy - cached_tensor(CENTRE, xy)) / HALF_WIDTH
    waves = [unit]
    for octave in range(POSITION_OCTAVES):
        angle = unit * (math.pi / 2 * 2**octave)
        waves += [angle.sin(), angle.cos()]
    return torch.cat(waves, -1)


class PatchEncoder(nn.Module):
    """Patch around each point [B,N,3,16,16] uint8 -> [B,N,width]; 0 for a patch of zeros."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.convolutions = nn.Sequential(
            nn.Conv2d(3, 16, 3, stride=2, padding=1),
            nn.GELU(),
            nn.Conv2d(16, 32, 3, stride=2, padding=1),
            nn.GELU(),
            nn.Flatten(),
        )
        self.out = nn.Linear(32 * 4 * 4, width)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, patches: Tensor) -> Tensor:
        known = patches.flatten(2).any(-1, keepdim=True)
        features = self.convolutions(patches.flatten(0, 1).float() / 127.5 - 1)
        return self.out(features).unflatten(0, patches.shape[:2]) * known


def context_width(config: CompactConfig) -> int:
    """Numbers of a context token: its features, then the latents of its extrapolations."""
    return config.width + COUNT * config.channels


def own_features(config: CompactConfig) -> int:
    """Numbers that a token is told of itself in its own units."""
    return 2 * len(config.lags) + (1 + COUNT) * (config.channels + 1) + HINDSIGHT


class ConditionEncoder(nn.Module):
    """History, frame interval and constraints -> context tokens [B,N+3,width+COUNT*C], the last
    COUNT*C of each the latents of its extrapolations, and global [B,width]."""

    def __init__(self, config: CompactConfig) -> None:
        super().__init__()
        self.config = config
        lags = len(config.lags)
        width, channels = config.width, config.channels
        constraint = channels + channels // 2
        own = own_features(config)
        seen = 5 * lags + channels + 2 + 4 * POSITION_OCTAVES + constraint
        self.point_in = nn.Linear(seen + own, width)
        camera = 3 * lags + channels + own
        self.camera_in = nn.Linear(camera, width)
        self.camera = CameraEncoder(config, camera)
        self.camera_row = nn.Parameter(0.02 * torch.randn(CAMERA_TOKENS, width))
        self.global_in = nn.Sequential(nn.Linear(4, width), nn.SiLU(), nn.Linear(width, width))
        self.blocks = nn.ModuleList(
            Block(width, config.heads, config.mlp_ratio) for _ in range(config.condition_layers)
        )
        self.patches = PatchEncoder(width) if config.video else None

    def forward(
        self,
        past: History,
        vae: TrajectoryVae,
        interval: Tensor,
        constraints: Constraints,
        patches: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """interval [B] secs, patches [B,N,3,16,16] uint8."""
        scale = past.scale[:, None, None]
        rows = cached_tensor(self.config.lags, device=interval.device) - 1
        pace = 16 / cached_tensor(self.config.lags, interval)
        seen = past.seen[:, rows].transpose(1, 2)

        def at_lags(path: Tensor) -> Tensor:
            steps = path[:, rows] * (pace[:, None, None] / scale[..., None])
            return torch.asinh(steps).transpose(1, 2).flatten(2)

        known = (past.seen.sum(2, keepdim=True) > 0).to(interval.dtype)
        known = known.expand(-1, -1, CAMERA_TOKENS)
        own, ahead = self._in_own_units(
            vae,
            torch.cat([past.residual, past.camera], 2),
            torch.cat([past.seen, known], 2),
            past.scale,
        )
        moved = (seen.unsqueeze(-1).expand(-1, -1, -1, 2)).flatten(2)
        points = torch.cat(
            [
                at_lags(past.displacement) * moved,
                at_lags(past.residual) * moved,
                seen,
                torch.asinh(vae.encode(_as_horizon(past.residual) / scale[..., None])),
                position_features(past.xy),
                self._constraint_features(vae, constraints, scale[..., None]),
                own[:, :-CAMERA_TOKENS],
            ],
            -1,
        )
        camera = torch.cat(
            [
                at_lags(past.camera),
                known[:, rows].transpose(1, 2),
                torch.asinh(vae.encode(_as_horizon(past.camera) / scale[..., None])),
                own[:, -CAMERA_TOKENS:],
            ],
            -1,
        )
        tokens = self.point_in(points)
        if self.patches is not None and patches is not None:
            tokens = tokens + self.patches(patches)
        length = past.length
        summary = torch.stack(
            [
                past.scale.log() - 3,
                interval.log() + 3,
                (length / HISTORY).sqrt(),
                (length > 1.5).to(interval.dtype),
            ],
            -1,
        )
        camera_tokens = self.camera_in(camera) + self.camera_row + self.camera(camera, summary)
        tokens = torch.cat([tokens, camera_tokens], 1)
        condition = self.global_in(summary)
        for block in self.blocks:
            tokens = block(tokens, condition)
        return torch.cat([tokens, ahead], -1), condition

    def _in_own_units(
        self, vae: TrajectoryVae, path: Tensor, seen: Tensor, scale: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Of each token, in units of its own pace: displacement at the lags, the latents of the
        path and of its extrapolations, what these leave over, the logarithm of the pace, and how
        well the past would have been forecast. And the latents of the extrapolations
        [B,M,COUNT*C] in the scene's units.

        path [B,T-1,M,2] px, seen [B,T-1,M], scale [B] px. The camera's rows, the last tokens, share
        one pace."""
        lags = cached_tensor(self.config.lags, device=path.device)
        scale = scale[:, None, None]
        steps = path[:, lags - 1] * (16 / lags[:, None, None] / scale[..., None])
        mask = seen[:, lags - 1]
        size = (steps.square().sum(-1) * mask).sum(1) / mask.sum(1).clamp(min=1)
        points, rows = size[:, :-CAMERA_TOKENS], size[:, -CAMERA_TOKENS:]
        size = torch.cat([points, rows.mean(1, keepdim=True).expand_as(rows)], 1)
        own = (size + LEAST_PACE**2).sqrt()[..., None]

        views = with_earlier(path, seen)
        found, rest = extrapolations(*views, self.config.horizon)
        scenes = slice(None, None, 1 + len(CUTS))
        paths, rest = found[scenes], rest[scenes]
        paths = paths.clamp(-FARTHEST, FARTHEST) / scale[..., None, None]
        ahead = vae.encode(paths).transpose(1, 2)
        behind = vae.encode(_as_horizon(path) / scale[..., None])
        features = [
            (steps * mask[..., None]).transpose(1, 2).flatten(2) / own,
            torch.asinh(OWN_LATENT * behind / own),
            own.log(),
            torch.asinh(OWN_LATENT * ahead / own[..., None]).flatten(2),
            rest.log().transpose(1, 2),
            hindsight(*views, (own * scale)[..., 0], found),
        ]
        return torch.cat(features, -1), ahead.flatten(2)

    def _constraint_features(
        self, vae: TrajectoryVae, constraints: Constraints, scale: Tensor
    ) -> Tensor:
        displacement, weight = constraints
        held = (displacement / scale * weight[..., None]).transpose(1, 2).transpose(-1, -2)
        where = vae.analysis(weight.transpose(1, 2))
        return torch.cat([torch.asinh(vae.analysis(held).flatten(-2)), where], -1)


def _as_horizon(path: Tensor) -> Tensor:
    """Past displacement [B,T-1,M,2] as [B,M,T,2], its last lag repeated: the VAE's length."""
    longer = torch.cat([path, path[:, -1:]], 1)
    return longer.transpose(1, 2)
