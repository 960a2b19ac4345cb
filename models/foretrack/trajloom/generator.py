"""TrajLoom-Flow: the velocity field over the latent of the future, given the history's.

Latents are standardised per channel. Flow time 0 = source, 1 = data; the target is z₁ − z₀.
"""

from __future__ import annotations

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import GeneratorConfig
from .layers import Mlp, SelfAttention, attend, norm_heads, rms_norm, sinusoid


class CrossAttention(nn.Module):
    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q = nn.Linear(dim, dim)
        self.kv = nn.Linear(dim, 2 * dim)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        k, v = self.kv(context).chunk(2, -1)
        q, k = norm_heads(self.q(x), self.heads), norm_heads(k, self.heads)
        return self.proj(attend(q, k, v, self.heads))


class ConditionedBlock(nn.Module):
    """Self-attention, cross-attention and MLP, each modulated by the conditioning vector."""

    def __init__(self, dim: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.attn = SelfAttention(dim, heads, qk_norm=True)
        self.xattn = CrossAttention(dim, heads)
        self.mlp = Mlp(dim, hidden)
        modulation = nn.Linear(dim, 9 * dim)
        self.adaLN = nn.Sequential(nn.SiLU(), modulation)
        # Zero gates: a new network starts as the identity.
        nn.init.zeros_(modulation.weight)
        nn.init.zeros_(modulation.bias)

    def forward(self, x: Tensor, context: Tensor, chunks: tuple[Tensor, ...]) -> Tensor:
        """x [R,S,D], context [R,L,D], chunks nine [R or 1,1,D]: shift, scale, gate of each part."""
        shift, scale, gate = chunks[:3]
        x = x + gate * self.attn(rms_norm(x) * (1 + scale) + shift)
        shift, scale, gate = chunks[3:6]
        x = x + gate * self.xattn(rms_norm(x) * (1 + scale) + shift, context)
        shift, scale, gate = chunks[6:]
        return x + gate * self.mlp(rms_norm(x) * (1 + scale) + shift)


class TrajLoomFlow(nn.Module):
    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.config = c = config
        dim = c.hidden_size
        self.alpha_hist_vis = nn.Parameter(torch.tensor(c.hist_vis_scale_init))
        self.alpha_video_ctx = nn.Parameter(torch.tensor(1.0))
        self.pos_embed = nn.Parameter(0.02 * torch.randn(1, c.points, dim))
        self.seg_embed = nn.Parameter(0.02 * torch.randn(2, dim))
        self.beta_video_cond = nn.Parameter(torch.tensor(1.0))
        self.beta_track_cond = nn.Parameter(torch.tensor(1.0))
        self.track_fusion_scale = nn.Parameter(torch.tensor(c.track_fusion_scale_init))
        self.track_fusion_gate_logit = nn.Parameter(torch.zeros(c.num_frames_latent))
        self.in_proj = nn.Linear(c.latent_channels, dim)
        self.hist_track_proj = nn.Linear(c.latent_channels, dim)
        self.hist_vis_proj = nn.Linear(1, dim)
        self.hist_video_proj = nn.Linear(c.video_latent_channels, dim)
        hidden = int(dim * c.mlp_ratio)
        self.time_mlp = nn.Sequential(nn.Linear(dim, 4 * dim), nn.SiLU(), nn.Linear(4 * dim, dim))
        self.text_proj = nn.Linear(c.text_embed_dim, dim)
        self.video_global_proj = nn.Linear(c.video_latent_channels, dim)
        self.track_global_proj = nn.Linear(2 * c.latent_channels, dim)
        self.blocks = nn.ModuleList(
            ConditionedBlock(dim, c.num_heads, hidden) for _ in range(c.depth)
        )
        self.out_proj = nn.Linear(dim, c.latent_channels)

    def forward(
        self,
        latent: Tensor,
        flow_time: Tensor,
        history: Tensor,
        history_visibility: Tensor | None = None,
        video: Tensor | None = None,
        text: Tensor | None = None,
        text_scale: Tensor | float = 1.0,
    ) -> Tensor:
        """Velocity [B,L,N,C].

        latent, history [B,L,N,C]; flow_time [B]; history_visibility [B,L,N] (1 = visible); video
        [B,L,N,V]; text [B,E] pooled. Absent visibility and video are zeros to the network; absent
        text is no term at all, as is `text_scale` 0.
        """
        if history_visibility is None:
            history_visibility = history.new_zeros(history.shape[:3])
        if video is None:
            video = history.new_zeros(*history.shape[:3], self.config.video_latent_channels)
        x, context, spatial = self._tokens(latent, history, history_visibility, video)
        condition = self._condition(flow_time, history, video)
        if text is not None:
            condition = condition + self.text_proj(text) * text_scale
        x = self._run(x, context, spatial, condition)
        return self.out_proj(rms_norm(x))

    def _tokens(
        self, latent: Tensor, history: Tensor, visibility: Tensor, video: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Query tokens [B,L,N,D], temporal context [B,2L,N,D], spatial context [B,2N,D]."""
        c = self.config
        frames = c.num_frames_latent
        stamps = torch.arange(frames, device=latent.device) * c.latent_time_stride
        past = sinusoid(stamps, c.hidden_size).to(latent.dtype)[None, :, None]
        future = sinusoid(stamps + c.num_frames_in, c.hidden_size).to(latent.dtype)[None, :, None]
        past, future = past + self.seg_embed[0], future + self.seg_embed[1]

        track = self.hist_track_proj(history)
        track = track + self.alpha_hist_vis * self.hist_vis_proj(visibility[..., None])
        pictures = self.alpha_video_ctx * self.hist_video_proj(video)

        last, previous = track[:, -1:], track[:, -2:-1]
        reach = torch.linspace(0, 1, frames, device=latent.device).to(latent.dtype)
        gate = self.track_fusion_scale * torch.sigmoid(self.track_fusion_gate_logit)
        hint = gate[:, None, None] * (last + reach[:, None, None] * (last - previous))
        x = self.in_proj(latent) + hint + future + self.pos_embed[:, None]

        track, pictures = track + past, pictures + past
        spatial = [track[:, -1] + self.pos_embed, pictures[:, -1] + self.pos_embed]
        return x, torch.cat([track, pictures], 1), torch.cat(spatial, 1)

    def _condition(self, flow_time: Tensor, history: Tensor, video: Tensor) -> Tensor:
        """[B,D]."""
        wave = sinusoid(flow_time, self.config.hidden_size).to(history.dtype)
        track = torch.cat([history.mean((1, 2)), history[:, -1].mean(1)], -1)
        return (
            self.time_mlp(wave)
            + self.beta_video_cond * self.video_global_proj(video.mean((1, 2)))
            + self.beta_track_cond * self.track_global_proj(track)
        )

    def _run(self, x: Tensor, context: Tensor, spatial: Tensor, condition: Tensor) -> Tensor:
        batch, frames, points, dim = x.shape
        temporal = context.transpose(1, 2).reshape(batch * points, -1, dim)
        crowd = spatial[:, None].expand(-1, frames, -1, -1).reshape(batch * frames, -1, dim)
        for i in range(0, len(self.blocks), 2):
            rows = x.transpose(1, 2).reshape(batch * points, frames, dim)
            rows = self._block(i + 1, rows, temporal, condition, points)
            x = rows.view(batch, points, frames, dim).transpose(1, 2)
            rows = x.reshape(batch * frames, points, dim)
            x = self._block(i, rows, crowd, condition, frames).view(batch, frames, points, dim)
        return x

    def _block(self, i: int, x: Tensor, context: Tensor, condition: Tensor, copies: int) -> Tensor:
        block = cast(ConditionedBlock, self.blocks[i])
        modulation = block.adaLN(condition)[:, None]
        if modulation.shape[0] > 1:
            modulation = modulation.repeat_interleave(copies, 0)
        # Slices, not one split: adapters may bind no more than eight buffers to a shader.
        dim = modulation.shape[-1] // 9
        chunks = tuple(modulation[..., i * dim : (i + 1) * dim] for i in range(9))
        return block(x, context, chunks)


class VisibilityHead(nn.Module):
    """Future latent, standardised [B,L,N,C] -> visibility logits [B,L,N]; every point alone."""

    def __init__(self, channels: int, hidden: int, depth: int, kernel: int) -> None:
        super().__init__()
        self.in_proj = nn.Linear(channels, hidden)
        layers: list[nn.Module] = []
        for _ in range(depth):
            layers += [nn.Conv1d(hidden, hidden, kernel, padding=kernel // 2), nn.SiLU()]
        self.temporal_net = nn.Sequential(*layers)
        self.out = nn.Conv1d(hidden, 1, 1)

    def forward(self, latent: Tensor) -> Tensor:
        batch, frames, points, _ = latent.shape
        x = self.in_proj(latent).permute(0, 2, 3, 1).flatten(0, 1)
        return self.out(self.temporal_net(x)).view(batch, points, frames).transpose(1, 2)


def visibility_by_frame(logits: Tensor, stride: int, frames: int) -> Tensor:
    """Latent-rate logits [B,L,N] -> probability [B,T,N]: each latent frame holds for `stride`."""
    return torch.sigmoid(logits).repeat_interleave(stride, 1)[:, :frames]


def visibility_loss(logits: Tensor, visible: Tensor) -> Tensor:
    """Binary cross-entropy of logits [B,L,N] against visibility [B,L,N]."""
    return F.binary_cross_entropy_with_logits(logits, visible)
