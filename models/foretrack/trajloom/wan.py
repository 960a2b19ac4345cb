"""The Wan 2.1 video encoder over a whole clip at once, with the published parameter names.

Video [B,3,T,H,W] in [-1,1], T = 4k+1 -> latent [B,16,k+1,H/8,W/8]. The published code walks the
clip in chunks with caches; causal convolutions over the whole sequence give the same numbers, and
so do chunks of any length.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .config import WanEncoderConfig
from .layers import attend


class ChannelNorm(nn.Module):
    """x / ‖x‖₂ over channels · √C · gamma, for [B,C,...]."""

    def __init__(self, channels: int, dims: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(channels, *[1] * dims))

    def forward(self, x: Tensor) -> Tensor:
        wide = x.float()
        norm = wide.square().sum(1, keepdim=True).sqrt().clamp_min(1e-12)
        return (wide / norm * x.shape[1] ** 0.5).to(x.dtype) * self.gamma


class Tails(dict[nn.Module, Tensor]):
    """Last input frames of each causal layer, carried from one chunk of the clip to the next."""


class CausalConv(nn.Conv3d):
    """Convolution that sees `kernel − 1` frames before a frame and none after."""

    causal = True

    def __init__(self, channels: int, out: int, kernel: int) -> None:
        super().__init__(channels, out, kernel, padding=(0, kernel // 2, kernel // 2))
        self.before = kernel - 1

    def forward(self, x: Tensor, tails: Tails) -> Tensor:  # type: ignore[override]
        if self.before:
            tail = tails.get(self)
            if tail is None:
                tail = torch.zeros_like(x[:, :, :1]).expand(-1, -1, self.before, -1, -1)
            x = torch.cat([tail, x], 2)
            tails[self] = x[:, :, -self.before :]
        return super().forward(x)


class Residual(nn.Module):
    causal = True

    def __init__(self, channels: int, out: int) -> None:
        super().__init__()
        self.residual = nn.Sequential(
            ChannelNorm(channels, 3),
            nn.SiLU(),
            CausalConv(channels, out, 3),
            ChannelNorm(out, 3),
            nn.SiLU(),
            nn.Identity(),  # dropout in training: keeps the published numbering
            CausalConv(out, out, 3),
        )
        self.shortcut = CausalConv(channels, out, 1) if channels != out else None

    def forward(self, x: Tensor, tails: Tails) -> Tensor:
        short = x if self.shortcut is None else self.shortcut(x, tails)
        return short + _run(self.residual, x, tails)


class Downsample(nn.Module):
    """Halves height and width, and with `in_time` 2k+1 frames to k+1."""

    causal = True

    def __init__(self, channels: int, in_time: bool) -> None:
        super().__init__()
        self.resample = nn.Sequential(
            nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(channels, channels, 3, 2)
        )
        if in_time:
            self.time_conv = nn.Conv3d(channels, channels, (3, 1, 1), (2, 1, 1))
        self.in_time = in_time

    def forward(self, x: Tensor, tails: Tails) -> Tensor:
        frames = x.shape[2]
        x = self.resample(x.transpose(1, 2).flatten(0, 1))
        x = x.unflatten(0, (-1, frames)).transpose(1, 2)
        if not self.in_time:
            return x
        # The clip's first frame passes unchanged; the convolution starts at that frame.
        tail = tails.get(self)
        tails[self] = x[:, :, -1:]
        if tail is not None:
            return self.time_conv(torch.cat([tail, x], 2))
        return x if frames == 1 else torch.cat([x[:, :, :1], self.time_conv(x)], 2)


def _run(layers: nn.Sequential, x: Tensor, tails: Tails) -> Tensor:
    for layer in layers:
        x = layer(x, tails) if getattr(layer, "causal", False) else layer(x)
    return x


class FrameAttention(nn.Module):
    """Single-head self-attention over the pixels of each frame."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = ChannelNorm(channels, 2)
        self.to_qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.proj = nn.Conv2d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        frames, (height, width) = x.shape[2], x.shape[3:]
        images = x.transpose(1, 2).flatten(0, 1)
        q, k, v = self.to_qkv(self.norm(images)).flatten(2).transpose(1, 2).chunk(3, -1)
        mixed = attend(q, k, v, heads=1).transpose(1, 2).unflatten(2, (height, width))
        return x + self.proj(mixed).unflatten(0, (-1, frames)).transpose(1, 2)


class _Encoder(nn.Module):
    def __init__(self, config: WanEncoderConfig) -> None:
        super().__init__()
        widths = [config.dim * m for m in config.dim_mult]
        self.conv1 = CausalConv(3, widths[0], 3)
        layers: list[nn.Module] = []
        channels = widths[0]
        for level, width in enumerate(widths):
            for _ in range(config.num_res_blocks):
                layers.append(Residual(channels, width))
                channels = width
            if level < len(widths) - 1:
                layers.append(Downsample(channels, config.temporal_downsample[level]))
        self.downsamples = nn.Sequential(*layers)
        self.middle = nn.Sequential(
            Residual(channels, channels), FrameAttention(channels), Residual(channels, channels)
        )
        self.head = nn.Sequential(
            ChannelNorm(channels, 3), nn.SiLU(), CausalConv(channels, 2 * config.z_dim, 3)
        )

    def forward(self, video: Tensor, tails: Tails) -> Tensor:
        x = self.conv1(video, tails)
        for layers in (self.downsamples, self.middle, self.head):
            x = _run(layers, x, tails)
        return x


class WanVideoEncoder(nn.Module):
    def __init__(self, config: WanEncoderConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = _Encoder(config)
        self.conv1 = CausalConv(2 * config.z_dim, 2 * config.z_dim, 1)

    def forward(self, video: Tensor, chunk: int | None = None) -> Tensor:
        """[B,3,T,H,W] in [-1,1] -> standardised latent [B,16,L,H/8,W/8].

        `chunk` (a multiple of 4) walks the clip in 1, chunk, chunk, ... frames: the same numbers
        with a fraction of the memory."""
        frames = video.shape[2]
        tails = Tails()
        cuts = [0, frames] if chunk is None else [0, *range(1, frames, chunk), frames]
        parts = [
            self.encoder(video[:, :, start:end], tails)
            for start, end in zip(cuts[:-1], cuts[1:], strict=True)
        ]
        mean = self.conv1(torch.cat(parts, 2), tails).chunk(2, 1)[0]
        shape = (1, -1, 1, 1, 1)
        centre = mean.new_tensor(self.config.latent_mean).view(shape)
        spread = mean.new_tensor(self.config.latent_std).view(shape)
        return (mean - centre) / spread
