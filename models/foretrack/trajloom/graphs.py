"""The graphs of a TrajLoom pack: each network with its exact shortcuts, batch 1, static shapes.

Tracks go in and out as [T,N,2] videoPx. A cell holds one value, so the patch embedding is a linear
map of that value plus a constant per cell, and the decoder is only read at each cell's first pixel,
so two rows of the final layer are enough. Both equal the dense computation to float precision.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..common.geometry import inside
from .config import VaeConfig
from .generator import TrajLoomFlow, VisibilityHead, visibility_by_frame
from .vae import TrajLoomVae, anchor_grid
from .wan import WanVideoEncoder

FEATURES_AT_ONCE = 8  # frames of the video encoder's chunks: its largest buffer stays below 128 MB


def corner_queries(config: VaeConfig) -> Tensor:
    """[N,2] videoPx: the top-left pixel of each cell, row-major."""
    p = config.patch_size
    y, x = torch.meshgrid(
        torch.arange(config.rows) * p, torch.arange(config.columns) * p, indexing="ij"
    )
    return torch.stack([x, y], -1).reshape(-1, 2).float()


class EncodeGraph(nn.Module):
    query: Tensor
    slope: Tensor
    constant: Tensor
    mean: Tensor
    std: Tensor

    def __init__(self, vae: TrajLoomVae, mean: Tensor, std: Tensor) -> None:
        super().__init__()
        self.vae = vae
        c = vae.config
        kernel = vae.x_embedder.proj.weight.double()
        slope = kernel.sum((2, 3)) * 2 / kernel.new_tensor([c.input_width, c.input_height])
        anchors = anchor_grid(c.input_height, c.input_width)[0].double()
        query = corner_queries(c).double()
        # Of a point at rest on its query: −conv(anchor − query) + bias, all in double precision.
        rest = 2 * query / query.new_tensor([c.input_width, c.input_height]) - 1
        field = rest.view(c.rows, c.columns, 2).permute(2, 0, 1)
        field = field.repeat_interleave(c.patch_size, 1).repeat_interleave(c.patch_size, 2)
        still = F.conv2d(field[None] - anchors, kernel, stride=c.patch_size).flatten(2)[0].T
        constant = still + vae.x_embedder.bias().double() + vae.position_embedding()[0].double()
        self.register_buffer("query", query.float())
        self.register_buffer("slope", slope.T.float().contiguous())
        self.register_buffer("constant", constant.float())
        self.register_buffer("mean", mean)
        self.register_buffer("std", std)

    def forward(self, history_tracks: Tensor) -> tuple[Tensor, Tensor]:
        """[T,N,2] -> standardised latent [1,L,N,C], posterior scale [1,L,N,C] as the VAE has it."""
        moved = history_tracks - self.query
        tokens = moved @ self.slope + self.constant
        posterior = self.vae.encode_tokens(tokens[None])
        return (posterior.mean - self.mean) / self.std, posterior.scale


class DecodeGraph(nn.Module):
    weight: Tensor
    rest: Tensor
    size: Tensor
    mean: Tensor
    std: Tensor

    def __init__(self, vae: TrajLoomVae, mean: Tensor, std: Tensor) -> None:
        super().__init__()
        self.vae = vae
        c = vae.config
        size = torch.tensor([c.input_width, c.input_height], dtype=torch.float32)
        half = size[:, None] / 2
        self.register_buffer("weight", (vae.final_layer.weight[:2] * half).T.contiguous())
        # The anchor of a corner pixel lies half a pixel inside it.
        rest = vae.final_layer.bias[:2] * half[:, 0] + corner_queries(c) + 0.5
        self.register_buffer("rest", rest)
        self.register_buffer("size", size)
        self.register_buffer("mean", mean)
        self.register_buffer("std", std)

    def forward(self, latent: Tensor) -> Tensor:
        """Standardised latent [1,L,N,C] -> tracks [T,N,2], clamped to [0,W]×[0,H]."""
        tokens = self.vae.decode_tokens(latent * self.std + self.mean)[0]
        tracks = tokens @ self.weight + self.rest
        return torch.minimum(tracks.clamp_min(0), self.size)


class VelocityGraph(nn.Module):
    def __init__(self, flow: TrajLoomFlow) -> None:
        super().__init__()
        self.flow = flow

    def forward(
        self,
        latent: Tensor,
        flow_time: Tensor,
        step: Tensor,
        history_latent: Tensor,
        history_visibility: Tensor,
        video_latent: Tensor,
        text_embedding: Tensor,
        text_scale: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """-> velocity [1,L,N,C] and latent + step·velocity."""
        velocity = self.flow(
            latent,
            flow_time,
            history_latent,
            history_visibility,
            video_latent,
            text_embedding,
            text_scale,
        )
        return velocity, latent + step * velocity


class VisibilityGraph(nn.Module):
    def __init__(self, head: VisibilityHead, config: VaeConfig) -> None:
        super().__init__()
        self.head = head
        self.config = config

    def forward(self, latent: Tensor, future_tracks: Tensor) -> tuple[Tensor, Tensor]:
        """-> logits [1,L,N]; probability [T,N], 0 outside the frame."""
        c = self.config
        logits = self.head(latent)
        shown = visibility_by_frame(logits, c.temp_stride, c.num_frames_in)[0]
        on_frame = inside(future_tracks, (c.input_width, c.input_height))
        return logits, shown * on_frame.to(shown.dtype)


class VideoGraph(nn.Module):
    def __init__(self, encoder: WanVideoEncoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, video: Tensor) -> Tensor:
        """[1,3,T,H/4,W/4] in [-1,1] -> [1,L,N,16]."""
        latent = self.encoder(video, FEATURES_AT_ONCE)
        return latent.flatten(3).permute(0, 2, 3, 1)


class HalfWeights(nn.Module):
    """A matrix product or convolution in float16; everything around it stays float32."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer.half()
        self.causal = getattr(layer, "causal", False)

    def forward(self, x: Tensor, *rest: object) -> Tensor:
        return self.layer(x.half(), *rest).float()


def halve(module: nn.Module) -> nn.Module:
    """Puts float16 weights into every linear layer and convolution, in place."""
    for name, child in list(module.named_children()):
        if isinstance(child, nn.Linear | nn.Conv1d | nn.Conv2d | nn.Conv3d | nn.ConvTranspose1d):
            setattr(module, name, HalfWeights(child))
        else:
            halve(child)
    return module
