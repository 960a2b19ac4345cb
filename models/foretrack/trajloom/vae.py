"""TrajLoom-VAE: grid-anchor offsets -> 21 latent frames of 16 channels per grid cell, and back.

Spaces: tracks are videoPx, x right, y down; inside the network coordinates are 2·px/(W,H) − 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import VaeConfig
from .layers import Mlp, RMSNorm, SelfAttention, in_row_chunks, sinusoid


@dataclass
class Posterior:
    """Diagonal normal over the latent [B,L,N,C]."""

    mean: Tensor
    scale: Tensor


class Block(nn.Module):
    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.gate_msa = nn.Parameter(torch.ones(1, 1, dim))
        self.gate_mlp = nn.Parameter(torch.ones(1, 1, dim))
        self.norm1 = RMSNorm(dim)
        self.attn = SelfAttention(dim, heads)
        self.norm2 = RMSNorm(dim)  # unused, but in the published files
        self.norm3 = RMSNorm(dim)
        self.mlp = Mlp(dim, 4 * dim)

    def forward(self, x: Tensor) -> Tensor:
        """[R,S,D] -> [R,S,D]; attention runs over S."""
        tokens, dim = x.shape[1:]
        largest = tokens * max(4 * dim, self.attn.heads * tokens)
        return in_row_chunks(self._rows, largest, x)

    def _rows(self, x: Tensor) -> Tensor:
        x = x + self.gate_msa * self.attn(self.norm1(x))
        return x + self.gate_mlp * self.mlp(self.norm3(x))


class FourierFeatures(nn.Module):
    """Learned Fourier features of positions in [-1,1]²."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.dim = dim
        self.w = nn.Parameter(torch.randn(dim // 2, 2))
        self.mlp = Mlp(dim, 4 * dim)

    def forward(self, xy: Tensor) -> Tensor:
        angles = xy @ self.w.T
        return self.mlp(torch.cat([angles.cos(), angles.sin()], -1) / self.dim**0.5)


class PatchEmbed(nn.Module):
    def __init__(self, channels: int, dim: int, patch: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(channels, dim, patch, patch)

    def bias(self) -> Tensor:
        assert self.proj.bias is not None  # as Conv2d makes it
        return self.proj.bias

    def forward(self, field: Tensor) -> Tensor:
        return self.proj(field).flatten(2).transpose(1, 2)


class TemporalCompressor(nn.Module):
    def __init__(self, dim: int, stride: int) -> None:
        super().__init__()
        self.pad = stride - 1
        self.conv = nn.Conv1d(dim, dim, 2 * stride - 1, stride)

    def forward(self, x: Tensor) -> Tensor:
        """[R,D,T] -> [R,D,L]."""
        return self.conv(_replicate(x, self.pad))


class TemporalExpander(nn.Module):
    def __init__(self, dim: int, stride: int, frames: int) -> None:
        super().__init__()
        self.stride, self.frames = stride, frames
        self.deconv = nn.ConvTranspose1d(dim, dim, 2 * stride - 1, stride, padding=stride - 1)

    def forward(self, x: Tensor) -> Tensor:
        """[R,D,L] -> [R,D,T]."""
        wide = self.deconv(_replicate(x, self.stride - 1))
        start = (self.stride - 1) * self.stride
        return wide[..., start : start + self.frames]


def _replicate(x: Tensor, pad: int) -> Tensor:
    # By concatenation: ONNX edge padding has no WebGPU kernel at every opset.
    first, last = x[..., :1], x[..., -1:]
    return torch.cat([first] * pad + [x] + [last] * pad, -1)


def sines_first(positions: Tensor, dim: int) -> Tensor:
    return torch.cat(sinusoid(positions, dim).chunk(2, -1)[::-1], -1)


def sincos_grid(rows: int, columns: int, dim: int) -> Tensor:
    """Fixed [1,rows·columns,dim] embedding: one half of the channels by column, one by row."""
    row, column = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
    halves = []
    for positions in (column, row):
        halves.append(sines_first(positions.flatten(), dim // 2))
    return torch.cat(halves, -1)[None]


class TrajLoomVae(nn.Module):
    pos_embed: Tensor
    temp_embed_in: Tensor
    offset_anchor_grid: Tensor

    def __init__(self, config: VaeConfig) -> None:
        super().__init__()
        self.config = c = config
        dim = c.hidden_size
        self.register_buffer("pos_embed", sincos_grid(c.rows, c.columns, dim))
        self.register_buffer("temp_embed_in", sines_first(torch.arange(c.num_frames_in), dim)[None])
        self.register_buffer("offset_anchor_grid", anchor_grid(c.input_height, c.input_width))
        self.temp_compressor = TemporalCompressor(dim, c.temp_stride)
        self.temp_expander = TemporalExpander(dim, c.temp_stride, c.num_frames_in)
        self.x_embedder = PatchEmbed(c.in_channels, dim, c.patch_size)
        self.patch_pos_lff = FourierFeatures(c.pos_embed_dim)
        self.patch_pos_proj = nn.Linear(c.pos_embed_dim, dim)
        self.to_latents = nn.Linear(dim, 2 * c.latent_channels)
        self.from_latents = nn.Linear(c.latent_channels, dim)
        self.encoder_blocks = nn.ModuleList(Block(dim, c.num_heads) for _ in range(c.encoder_depth))
        self.decoder_blocks = nn.ModuleList(Block(dim, c.num_heads) for _ in range(c.decoder_depth))
        self.final_layer = nn.Linear(dim, c.patch_size**2 * c.in_channels)

    def patch_centres(self) -> Tensor:
        """[N,2] centres of the cells in [-1,1]."""
        c = self.config
        y = (torch.arange(c.rows) + 0.5) / c.rows * 2 - 1
        x = (torch.arange(c.columns) + 0.5) / c.columns * 2 - 1
        grid = torch.stack(torch.meshgrid(y, x, indexing="ij")[::-1], -1).reshape(-1, 2)
        return grid.to(self.pos_embed)

    def position_embedding(self) -> Tensor:
        """[1,N,D]: fixed and learned embedding of the cells."""
        learned = self.patch_pos_proj(self.patch_pos_lff(self.patch_centres()))
        return self.pos_embed + learned[None]

    def encode_tokens(self, tokens: Tensor) -> Posterior:
        """Embedded offsets [B,T,N,D] -> posterior [B,L,N,C]."""
        half = self.config.encoder_depth // 2
        x = run_blocks(self.encoder_blocks[:half], tokens, self.temp_embed_in)
        x = over_time(x, self.temp_compressor)
        x = run_blocks(self.encoder_blocks[half:], x)
        mean, logvar = self.to_latents(x).chunk(2, -1)
        return Posterior(mean, F.softplus(0.5 * logvar.float()).to(mean.dtype))

    def decode_tokens(self, latent: Tensor) -> Tensor:
        """[B,L,N,C] -> tokens [B,T,N,D] before the final layer."""
        half = self.config.decoder_depth // 2
        x = run_blocks(self.decoder_blocks[:half], self.from_latents(latent))
        x = over_time(x, self.temp_expander)
        return run_blocks(self.decoder_blocks[half:], x)

    def corner_anchors(self) -> Tensor:
        """[N,2] anchors of the cells' top-left pixels in [-1,1]."""
        p = self.config.patch_size
        return self.offset_anchor_grid[0, 0, :, ::p, ::p].flatten(1).T

    def _ramp(self) -> Tensor:
        """[2,p,p]: how far a cell's pixels lie from its top-left one, in units of [-1,1]."""
        p = self.config.patch_size
        cell = self.offset_anchor_grid[0, 0, :, :p, :p]
        return cell - cell[:, :1, :1]

    def encode(self, tracks: Tensor) -> Posterior:
        """Normalised tracks [B,T,N,2] -> posterior. Equals `encode_dense` of the rasterised tracks
        without their field: a cell holds one value, so the patch embedding is a linear map of it
        plus a constant."""
        kernel = self.x_embedder.proj.weight
        still = self.x_embedder.bias() - (kernel * self._ramp()).sum((1, 2, 3))
        tokens = (tracks - self.corner_anchors()) @ kernel.sum((2, 3)).T + still
        return self.encode_tokens(tokens + self.position_embedding())

    def decode(self, latent: Tensor) -> Tensor:
        """[B,L,N,C] -> normalised tracks [B,T,N,2] at the cells' top-left pixels, not clamped."""
        last = self.final_layer
        offsets = F.linear(self.decode_tokens(latent), last.weight[:2], last.bias[:2])
        return offsets + self.corner_anchors()

    @torch.no_grad()
    def spread_corners(self) -> None:
        """Lets the final layer give every pixel of a cell the track of its top-left one, the only
        pixel that training by `decode` has seen: dense decoding is then right as well."""
        last, p = self.final_layer, self.config.patch_size
        last.weight.copy_(last.weight[:2].repeat(p * p, 1))
        last.bias.copy_(last.bias[:2].repeat(p * p) - self._ramp().permute(1, 2, 0).flatten())

    def encode_dense(self, field: Tensor) -> Posterior:
        """Normalised dense field [B,T,2,H,W] -> posterior. The published computation."""
        offsets = field - self.offset_anchor_grid
        tokens = self.x_embedder(offsets.flatten(0, 1)) + self.position_embedding()
        return self.encode_tokens(tokens.unflatten(0, field.shape[:2]))

    def decode_dense(self, latent: Tensor) -> Tensor:
        """[B,L,N,C] -> normalised dense field [B,T,2,H,W] in [-1,1]. The published computation."""
        c = self.config
        out = self.final_layer(self.decode_tokens(latent))
        batch, frames = out.shape[:2]
        p = c.patch_size
        out = out.view(batch, frames, c.rows, c.columns, p, p, c.in_channels)
        offsets = out.permute(0, 1, 6, 2, 4, 3, 5).reshape(
            batch, frames, c.in_channels, c.input_height, c.input_width
        )
        return (offsets + self.offset_anchor_grid).clamp(-1, 1)


def anchor_grid(height: int, width: int) -> Tensor:
    """[1,1,2,H,W] pixel centres in [-1,1]: ((x+0.5)/W·2−1, (y+0.5)/H·2−1)."""
    y = (torch.arange(height) + 0.5) / height * 2 - 1
    x = (torch.arange(width) + 0.5) / width * 2 - 1
    rows, columns = torch.meshgrid(y, x, indexing="ij")
    return torch.stack([columns, rows])[None, None]


def run_blocks(blocks: nn.ModuleList, x: Tensor, time_embed: Tensor | None = None) -> Tensor:
    """Even blocks attend over points of a frame, odd ones over frames of a point; [B,T,N,D].

    `time_embed` [1,T,D] is added once, before the first temporal block."""
    batch, frames, points, dim = x.shape
    for i, block in enumerate(blocks):
        if i % 2 == 0:
            x = block(x.reshape(batch * frames, points, dim)).view(batch, frames, points, dim)
            continue
        rows = x.transpose(1, 2).reshape(batch * points, frames, dim)
        if time_embed is not None:
            rows, time_embed = rows + time_embed, None
        x = block(rows).view(batch, points, frames, dim).transpose(1, 2)
    return x


def over_time(x: Tensor, module: nn.Module) -> Tensor:
    """Applies [R,D,T] -> [R,D,L] to each point of [B,T,N,D]."""
    batch, frames, points, dim = x.shape
    rows = x.permute(0, 2, 3, 1).reshape(batch * points, dim, frames)
    return module(rows).view(batch, points, dim, -1).permute(0, 3, 1, 2)


def rasterise(tracks: Tensor, config: VaeConfig) -> Tensor:
    """Tracks [B,T,N,2] videoPx -> normalised dense field [B,T,2,H,W], constant in each cell."""
    batch, frames = tracks.shape[:2]
    size = tracks.new_tensor([config.input_width, config.input_height])
    cells = (2 * tracks / size - 1).view(batch, frames, config.rows, config.columns, 2)
    field = cells.permute(0, 1, 4, 2, 3)
    return field.repeat_interleave(config.patch_size, 3).repeat_interleave(config.patch_size, 4)


def read_corners(field: Tensor, config: VaeConfig) -> Tensor:
    """Dense field [B,T,2,H,W] at each cell's top-left pixel -> tracks [B,T,N,2] videoPx."""
    p = config.patch_size
    corners = field[..., ::p, ::p].flatten(3).transpose(2, 3)
    size = field.new_tensor([config.input_width, config.input_height])
    return (corners + 1) * 0.5 * size
