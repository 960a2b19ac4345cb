"""Curves through frames: cubic splines of continuous curvature with 16 control points, uniform and
clamped, as `smooth` of src/domain/curve-basis.ts. Only operations that ONNX has."""

from __future__ import annotations

import torch
from torch import Tensor

from .geometry import solve

CONTROL_POINTS = 16
STIFFNESS = 1e-2  # of second differences, beside a frame's weight of 1
DEGREE = 3


def basis(frames: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """[T,K] weights of the control points in each frame, the first at time 0 and the last at 1."""
    spans = CONTROL_POINTS - DEGREE
    knots = (torch.arange(CONTROL_POINTS + DEGREE + 1, dtype=dtype) - DEGREE).clamp(0, spans)
    at = torch.arange(frames, dtype=dtype)[:, None] * (spans / (frames - 1))
    at = at.clamp(max=spans * (1 - 1e-6))
    values = ((at >= knots[:-1]) & (at < knots[1:])).to(dtype)
    for degree in range(1, DEGREE + 1):
        first, last = knots[:-degree], knots[degree:]
        width = last - first
        per = torch.where(width > 0, 1 / width.clamp(min=0.5), torch.zeros_like(width))
        rising = (at - first) * per
        falling = (last - at) * per
        values = rising[:, :-1] * values[:, :-1] + falling[:, 1:] * values[:, 1:]
    return values


def fit(basis_tk: Tensor, positions: Tensor, weight: Tensor) -> Tensor:
    """Control points [B,N,K,D] of the stiff least-squares curves through positions [B,T,N,D] of
    weight [B,T,N]."""
    pairs = (basis_tk[:, :, None] * basis_tk[:, None]).flatten(1)
    normal = weight.transpose(1, 2) @ pairs
    normal = normal.unflatten(-1, (CONTROL_POINTS, CONTROL_POINTS))
    right = torch.einsum("btnd,tk->bnkd", positions * weight[..., None], basis_tk)
    return solve(normal + STIFFNESS * bends(positions.dtype), right)


def bends(dtype: torch.dtype) -> Tensor:
    """[K,K] the square of second differences."""
    eye = torch.eye(CONTROL_POINTS, dtype=dtype)
    second = eye[:-2] - 2 * eye[1:-1] + eye[2:]
    return second.T @ second


def along(basis_tk: Tensor, control: Tensor) -> Tensor:
    """[B,T,N,D] of control points [B,N,K,D]."""
    return torch.einsum("tk,bnkd->btnd", basis_tk, control)
