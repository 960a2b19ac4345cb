"""Velocity field of the compact flow, and the blocks that it shares with the condition encoder.

Tokens are the N points followed by the 3 rows of the camera's affine path, all of one latent
width, so camera and objects are forecast together and kept apart.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .camera import CAMERA_TOKENS, CameraVelocity
from .config import CompactConfig
from .extrapolate import COUNT

OWN_LATENT = 0.03  # brings the latent of a path of one pace to about 1


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


class VelocityField(nn.Module):
    """Latent tokens at flow time t -> velocity; the output starts at zero, so a sample starts as
    its scenario.

    Latents of a fast token in a calm scene are hundreds: each token's output has a gain of its own,
    and may follow the extrapolations of its past, to which the velocity leads in a straight line.
    """

    def __init__(self, config: CompactConfig) -> None:
        super().__init__()
        self.width = width = config.width
        self.latent_in = nn.Linear(config.channels, width)
        self.time_in = nn.Sequential(nn.Linear(16, width), nn.SiLU(), nn.Linear(width, width))
        self.blocks = nn.ModuleList(
            Block(width, config.heads, config.mlp_ratio) for _ in range(config.velocity_layers)
        )
        self.out = nn.Linear(width, config.channels)
        self.gain = nn.Linear(width, 1)
        self.own_in = nn.Linear(config.channels, width, bias=False)
        self.follow = nn.Linear(width, COUNT)
        self.camera = CameraVelocity(config)
        for layer in (self.out, self.gain, self.follow, self.own_in):
            for parameter in layer.parameters():
                nn.init.zeros_(parameter)

    def forward(self, latent: Tensor, tokens: Tensor, condition: Tensor, time: Tensor) -> Tensor:
        """latent [B,M,C], tokens [B,M,width+COUNT*C] of `ConditionEncoder`, condition [B,width],
        time [B] in [0,1] -> [B,M,C]."""
        rates = torch.arange(8, dtype=time.dtype, device=time.device) * (math.pi / 2)
        angle = time[:, None] * rates
        condition = condition + self.time_in(torch.cat([angle.cos(), angle.sin()], -1))
        tokens, ahead = tokens.split([self.width, tokens.shape[-1] - self.width], -1)
        gain = self.gain(tokens).clamp(-3, 5).exp()
        x = tokens + self.latent_in(torch.asinh(latent))
        own = torch.asinh(OWN_LATENT * latent / gain)
        x = x + self.own_in(own)
        for block in self.blocks:
            x = block(x, condition)
        x = _norm(x)
        rows = slice(-CAMERA_TOKENS, None)
        added, followed = self.camera(x[:, rows], own[:, rows])
        out, follow = _add_rows(self.out(x), added), _add_rows(self.follow(x), followed)
        away = ahead.unflatten(-1, (COUNT, -1)) - latent[:, :, None]
        return gain * out + (follow[..., None] * away).sum(-2)


def _add_rows(tokens: Tensor, rows: Tensor) -> Tensor:
    """Tokens [B,M,...] with `rows` added to the last of them."""
    count = rows.shape[1]
    return torch.cat([tokens[:, :-count], tokens[:, -count:] + rows], 1)
