"""Layers that the three networks share, with the published parameter names."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# Of any tensor in an exported graph: what every WebGPU adapter can bind to a shader. The published
# size in one piece takes 394 MB, and more than the 4 GB of WebAssembly in all.
CHUNK_BYTES = 2**27


def in_row_chunks(
    function: Callable[..., Tensor], row_floats: int, x: Tensor, *others: Tensor
) -> Tensor:
    """`function(x, *others)`, which treats every row (first axis) alone. In an export it takes as
    few rows at once as keep `row_floats` float32 a row within CHUNK_BYTES; small graphs stay whole.
    """
    rows = x.shape[0]
    most = max(1, CHUNK_BYTES // (4 * row_floats))
    if rows <= most or not torch.onnx.is_in_onnx_export():
        return function(x, *others)
    size = -(-rows // -(-rows // most))
    parts = [
        function(*(tensor[start : start + size] for tensor in (x, *others)))
        for start in range(0, rows, size)
    ]
    return torch.cat(parts)


def attend(q: Tensor, k: Tensor, v: Tensor, heads: int) -> Tensor:
    """Multi-head attention [B,S,D], [B,L,D], [B,L,D] -> [B,S,D], scores and softmax in float32.

    On export it becomes one fused node: 2-3 times faster on WebGPU than its decomposition.
    """
    if torch.onnx.is_in_onnx_export():
        wide = (q.float(), k.float(), v.float())
        scores = heads * q.shape[1] * k.shape[1]
        return in_row_chunks(partial(_fused_attention, heads=heads), scores, *wide).to(q.dtype)
    split = [x.float().unflatten(2, (heads, -1)).transpose(1, 2) for x in (q, k, v)]
    return F.scaled_dot_product_attention(*split).transpose(1, 2).flatten(2).to(q.dtype)


def _fused_attention(q: Tensor, k: Tensor, v: Tensor, heads: int) -> Tensor:
    return torch.onnx.ops.symbolic(
        "com.microsoft::MultiHeadAttention",
        (q, k, v),
        attrs={"num_heads": heads},
        dtype=torch.float32,
        shape=q.shape,
        version=1,
    )


def rms_norm(x: Tensor, eps: float = 1e-6) -> Tensor:
    """x / rms(x) over the last axis, in float32 and back."""
    wide = x.float()
    return (wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + eps)).to(x.dtype)


class RMSNorm(nn.Module):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))

    def forward(self, x: Tensor) -> Tensor:
        return rms_norm(x) * self.weight


class Mlp(nn.Module):
    """Linear, exact GELU, linear."""

    def __init__(self, dim: int, hidden: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(dim, hidden)
        self.fc2 = nn.Linear(hidden, dim)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(F.gelu(self.fc1(x)))


class SelfAttention(nn.Module):
    """Self-attention over [B,S,D]; `qk_norm` normalises q and k of each head, without weights."""

    def __init__(self, dim: int, heads: int, qk_norm: bool = False) -> None:
        super().__init__()
        self.heads = heads
        self.qk_norm = qk_norm
        self.qkv = nn.Linear(dim, 3 * dim)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = self.qkv(x).chunk(3, -1)
        if self.qk_norm:
            q, k = norm_heads(q, self.heads), norm_heads(k, self.heads)
        return self.proj(attend(q, k, v, self.heads))


def norm_heads(x: Tensor, heads: int) -> Tensor:
    return rms_norm(x.unflatten(-1, (heads, -1))).flatten(-2)


def sinusoid(positions: Tensor, dim: int, base: float = 10000.0) -> Tensor:
    """[...] -> [...,dim]: cosines, then sines, of geometric frequencies 1 to 1/base."""
    half = dim // 2
    steps = torch.arange(half, dtype=torch.float32, device=positions.device)
    angles = positions.float()[..., None] * torch.exp(-math.log(base) * steps / half)
    return torch.cat([angles.cos(), angles.sin()], -1)
