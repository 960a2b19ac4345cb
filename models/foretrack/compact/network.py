"""Condition encoder and velocity field of the compact flow.

Tokens are the N points followed by the 3 rows of the camera's affine path, all of one latent
width, so camera and objects are forecast together and kept apart.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .config import CompactConfig
from .history import History
from .vae import TrajectoryVae

CAMERA_TOKENS = 3
POSITION_OCTAVES = 4


class Attention(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = self.qkv(x).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        if q.dtype == torch.bfloat16 and q.device.type == "cpu":  # the fused backward is slow there
            scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
            mixed = scores.softmax(-1).to(v.dtype) @ v
        else:
            mixed = F.scaled_dot_product_attention(q, k, v)
        return self.out(mixed.transpose(1, 2).flatten(-2))


class Block(nn.Module):
    """Attention and MLP, each modulated (adaLN-zero) by a conditioning vector [B,width]."""

    def __init__(self, width: int, heads: int, ratio: int) -> None:
        super().__init__()
        self.attention = Attention(width, heads)
        self.mlp = nn.Sequential(
            nn.Linear(width, ratio * width), nn.GELU(), nn.Linear(ratio * width, width)
        )
        self.modulation = nn.Linear(width, 6 * width)
        nn.init.zeros_(self.modulation.weight)
        nn.init.zeros_(self.modulation.bias)
        with torch.no_grad():  # gates start open: depth is small, nothing needs warming up
            self.modulation.bias[2 * width : 3 * width] = 1
            self.modulation.bias[5 * width :] = 1

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        shift_a, scale_a, gate_a, shift_m, scale_m, gate_m = self.modulation(F.silu(condition))[
            :, None
        ].chunk(6, -1)
        x = x + gate_a * self.attention(_norm(x) * (1 + scale_a) + shift_a)
        return x + gate_m * self.mlp(_norm(x) * (1 + scale_m) + shift_m)


def _norm(x: Tensor) -> Tensor:
    return F.layer_norm(x, x.shape[-1:], eps=1e-5)


def position_features(xy: Tensor) -> Tensor:
    """[...,2] videoPx -> [..., 2 + 4*octaves]."""
    unit = (xy - torch.tensor((415.5, 239.5), dtype=xy.dtype, device=xy.device)) / 416
    waves = [unit]
    for octave in range(POSITION_OCTAVES):
        angle = unit * (math.pi / 2 * 2**octave)
        waves += [angle.sin(), angle.cos()]
    return torch.cat(waves, -1)


class LookEncoder(nn.Module):
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

    def forward(self, looks: Tensor) -> Tensor:
        known = looks.flatten(2).any(-1, keepdim=True)
        features = self.convolutions(looks.flatten(0, 1).float() / 127.5 - 1)
        return self.out(features).unflatten(0, looks.shape[:2]) * known


class ConditionEncoder(nn.Module):
    """History, frame interval and hints -> context tokens [B,N+3,width] and global [B,width]."""

    def __init__(self, config: CompactConfig) -> None:
        super().__init__()
        self.config = config
        lags = len(config.lags)
        width, channels = config.width, config.channels
        hint = channels + channels // 2
        self.point_in = nn.Linear(5 * lags + channels + 2 + 4 * POSITION_OCTAVES + hint, width)
        self.camera_in = nn.Linear(3 * lags + channels, width)
        self.camera_row = nn.Parameter(0.02 * torch.randn(CAMERA_TOKENS, width))
        self.global_in = nn.Sequential(nn.Linear(4, width), nn.SiLU(), nn.Linear(width, width))
        self.blocks = nn.ModuleList(
            Block(width, config.heads, config.mlp_ratio) for _ in range(config.condition_layers)
        )
        self.looks = LookEncoder(width) if config.video else None

    def forward(
        self,
        past: History,
        vae: TrajectoryVae,
        interval: Tensor,
        hints: Tensor,
        pinned: Tensor,
        looks: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """interval [B] secs, hints [B,H,N,2] displacement px, pinned [B,H,N] 0 or 1, looks
        [B,N,3,16,16] uint8."""
        scale = past.scale[:, None, None]
        rows = torch.tensor(self.config.lags, device=interval.device) - 1
        pace = 16 / torch.tensor(self.config.lags, dtype=interval.dtype, device=interval.device)
        seen = past.seen[:, rows].transpose(1, 2)

        def at_lags(path: Tensor) -> Tensor:
            steps = path[:, rows] * (pace[:, None, None] / scale[..., None])
            return torch.asinh(steps).transpose(1, 2).flatten(2)

        moved = (seen.unsqueeze(-1).expand(-1, -1, -1, 2)).flatten(2)
        points = torch.cat(
            [
                at_lags(past.displacement) * moved,
                at_lags(past.residual) * moved,
                seen,
                torch.asinh(vae.encode(_as_horizon(past.residual) / scale[..., None])),
                position_features(past.xy),
                self._hint_features(vae, hints / scale[..., None], pinned),
            ],
            -1,
        )
        known = (seen.sum(1) > 0).to(interval.dtype)[:, None].expand(-1, CAMERA_TOKENS, -1)
        path = _as_horizon(past.camera)
        camera = torch.cat(
            [at_lags(past.camera), known, torch.asinh(vae.encode(path / scale[..., None]))], -1
        )
        tokens = self.point_in(points)
        if self.looks is not None and looks is not None:
            tokens = tokens + self.looks(looks)
        tokens = torch.cat([tokens, self.camera_in(camera) + self.camera_row], 1)
        length = past.length
        summary = torch.stack(
            [
                past.scale.log() - 3,
                interval.log() + 3,
                (length / 81).sqrt(),
                (length > 1.5).to(interval.dtype),
            ],
            -1,
        )
        condition = self.global_in(summary)
        for block in self.blocks:
            tokens = block(tokens, condition)
        return tokens, condition

    def _hint_features(self, vae: TrajectoryVae, hints: Tensor, pinned: Tensor) -> Tensor:
        held = (hints * pinned[..., None]).transpose(1, 2).transpose(-1, -2)
        where = vae.analysis(pinned.transpose(1, 2))
        return torch.cat([torch.asinh(vae.analysis(held).flatten(-2)), where], -1)


def _as_horizon(path: Tensor) -> Tensor:
    """Past displacement [B,80,M,2] as [B,M,81,2], its last lag repeated: the VAE's length."""
    longer = torch.cat([path, path[:, -1:]], 1)
    return longer.transpose(1, 2)


class VelocityField(nn.Module):
    """Latent tokens at flow time t -> velocity; the output starts at zero, so a sample starts as
    its scenario."""

    def __init__(self, config: CompactConfig) -> None:
        super().__init__()
        width = config.width
        self.latent_in = nn.Linear(config.channels, width)
        self.time_in = nn.Sequential(nn.Linear(16, width), nn.SiLU(), nn.Linear(width, width))
        self.blocks = nn.ModuleList(
            Block(width, config.heads, config.mlp_ratio) for _ in range(config.velocity_layers)
        )
        self.out = nn.Linear(width, config.channels)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, latent: Tensor, tokens: Tensor, condition: Tensor, time: Tensor) -> Tensor:
        """latent [B,M,C], tokens [B,M,width], condition [B,width], time [B] in [0,1] -> [B,M,C]."""
        rates = torch.arange(8, dtype=time.dtype, device=time.device) * (math.pi / 2)
        angle = time[:, None] * rates
        condition = condition + self.time_in(torch.cat([angle.cos(), angle.sin()], -1))
        x = tokens + self.latent_in(torch.asinh(latent))
        for block in self.blocks:
            x = block(x, condition)
        return self.out(_norm(x))
