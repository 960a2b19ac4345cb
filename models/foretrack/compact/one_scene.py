"""The blocks of a trained model in the form that runtimes evaluate fastest, for export.

In a graph all futures belong to one scene, so that one vector modulates all rows: it becomes scale
and shift of the layer norm, and every linear layer one product of all rows. Weights and numbers are
those of `network.Block`.
"""

from __future__ import annotations

import copy
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .model import CompactForecaster
from .network import Block


def for_one_scene(model: CompactForecaster) -> CompactForecaster:
    """A copy of the model whose blocks take any number of futures K under one condition."""
    model = copy.deepcopy(model)
    for part in (model.encoder, model.velocity):
        part.blocks = nn.ModuleList(OneSceneBlock(cast(Block, block)) for block in part.blocks)
    return model


class OneSceneBlock(nn.Module):
    qkv_weight: Tensor
    qkv_bias: Tensor

    def __init__(self, block: Block) -> None:
        super().__init__()
        self.modulation, self.out = block.modulation, block.attention.out
        self.mlp_in, _, self.mlp_out = block.mlp
        self.heads = block.attention.heads
        qkv = block.attention.qkv
        width = qkv.in_features
        # The score's factor goes into the queries here, not over every score of every run.
        factor = torch.ones(3 * width, 1)
        factor[:width] = (width // self.heads) ** -0.5
        self.register_buffer("qkv_weight", (qkv.weight * factor).detach())
        self.register_buffer("qkv_bias", (qkv.bias * factor[:, 0]).detach())

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        """[K,M,width], condition [1,width] -> [K,M,width]."""
        modulation = self.modulation(F.silu(condition))[0]
        shift_a, scale_a, gate_a, shift_m, scale_m, gate_m = modulation.chunk(6)
        tokens, width = x.shape[1:]
        rows = x.reshape(-1, width)
        mixed = self._attend(_norm(rows, scale_a, shift_a), tokens)
        rows = rows + gate_a * self.out(mixed)
        inner = self.mlp_in(_norm(rows, scale_m, shift_m))
        # GELU written as onnxruntime knows it: as F.gelu is exported, it stays five operators.
        inner = (0.5 * inner) * (1 + torch.erf(inner / 2**0.5))
        rows = rows + gate_m * self.mlp_out(inner)
        return rows.reshape(-1, tokens, width)

    def _attend(self, rows: Tensor, tokens: int) -> Tensor:
        """[K*M,width] -> [K*M,width]."""
        width = rows.shape[1]
        qkv = F.linear(rows, self.qkv_weight, self.qkv_bias)
        parts = qkv.reshape(-1, tokens, 3 * self.heads, width // self.heads).transpose(1, 2)
        q, k, v = parts.split(self.heads, 1)
        weights = torch.softmax(q @ k.transpose(-1, -2), -1)
        return (weights @ v).transpose(1, 2).reshape(-1, width)


def _norm(rows: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    return F.layer_norm(rows, rows.shape[-1:], 1 + scale, shift, eps=1e-5)
