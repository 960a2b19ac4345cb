"""Steps of an adjustment on tensors: cameras from inverse depths and inverse depths from cameras.

B scenes, T frames, N points. Positions are in focal lengths from the centre of the picture. A point
is its direction at the anchor and one inverse depth; a frame is one pose, world → camera:
X = R·d + ρ·t. Only operations that ONNX has.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

NEAREST = 0.02
LONGEST_TURN = 0.3
RIDGE = 1e-4


class Tracks(NamedTuple):
    """xy [B,T,N,2], visible [B,T,N] 0 or 1, directions [B,N,3] at the anchor."""

    xy: Tensor
    visible: Tensor
    directions: Tensor


class Poses(NamedTuple):
    """rotation [B,T,3,3], translation [B,T,3], log_zoom [B,T]."""

    rotation: Tensor
    translation: Tensor
    log_zoom: Tensor


class Seen(NamedTuple):
    """Where points are seen [B,T,N,2] (X/Z, Y/Z, without the zoom), 1/Z [B,T,N], what the tracks
    have beyond [B,T,N,2], and the turned directions [B,T,N,3]."""

    at: Tensor
    per_depth: Tensor
    miss: Tensor
    turned: Tensor


def still(tracks: Tracks) -> Poses:
    one = tracks.visible[..., 0]
    rotation = torch.eye(3, dtype=one.dtype) + torch.zeros_like(one)[..., None, None]
    return Poses(rotation, torch.zeros_like(one)[..., None] * torch.ones(3), torch.zeros_like(one))


def see(tracks: Tracks, poses: Poses, rho: Tensor) -> Seen:
    turned = torch.einsum("btij,bnj->btni", poses.rotation, tracks.directions)
    x = turned + rho[:, None, :, None] * poses.translation[:, :, None]
    per_depth = 1 / x[..., 2].clamp(min=NEAREST)
    at = x[..., :2] * per_depth[..., None]
    miss = tracks.xy - at * poses.log_zoom.exp()[..., None, None]
    return Seen(at, per_depth, miss, turned)


def robust(miss: Tensor, scale: Tensor | float) -> Tensor:
    """Weights [B,T,N] of Geman and McClure."""
    s2 = scale * scale
    inlier = s2 / (s2 + miss.square().sum(-1))
    return inlier * inlier


def step_cameras(
    tracks: Tracks, poses: Poses, rho: Tensor, weight: Tensor, scale: Tensor | float, free: str
) -> Poses:
    """A Gauss-Newton step of every pose on points of weight [B,N]; `free`: turn, turn-and-zoom or
    pose."""
    hessian, gradient = camera_system(tracks, poses, rho, weight, scale, free)
    change = solve(hessian, gradient)[..., 0].clamp(-LONGEST_TURN, LONGEST_TURN)
    rotation = turn(change[..., :3]) @ poses.rotation
    translation, log_zoom = poses.translation, poses.log_zoom
    if free == "pose":
        translation = translation + change[..., 3:6]
    elif free == "turn-and-zoom":
        log_zoom = log_zoom + change[..., 3]
    return Poses(rotation, translation, log_zoom)


def camera_system(
    tracks: Tracks, poses: Poses, rho: Tensor, weight: Tensor, scale: Tensor | float, free: str
) -> tuple[Tensor, Tensor]:
    """Of that step: the information of every pose [B,T,C,C] and the gradient [B,T,C,1]."""
    seen = see(tracks, poses, rho)
    zoom = poses.log_zoom.exp()[..., None]
    x, y = seen.at[..., 0], seen.at[..., 1]
    p = seen.per_depth * zoom
    rx, ry, rz = seen.turned.unbind(-1)
    o = torch.zeros_like(x)
    # Of (x, y) by a turn (dX = ω × R·d), by translation and by the logarithm of the zoom.
    columns = [
        torch.stack([-p * x * ry, -p * (rz + y * ry)], -1),
        torch.stack([p * (rz + x * rx), p * y * rx], -1),
        torch.stack([-p * ry, p * rx], -1),
    ]
    if free == "pose":
        q = p * rho[:, None]
        columns += [
            torch.stack([q, o], -1),
            torch.stack([o, q], -1),
            torch.stack([-q * x, -q * y], -1),
        ]
    elif free == "turn-and-zoom":
        columns.append(seen.at * zoom[..., None])
    jacobian = torch.stack(columns, -1).flatten(2, 3)  # [B,T,2N,C]
    w = tracks.visible * weight[:, None] * robust(seen.miss, scale)
    w = w[..., None].expand(*w.shape, 2).flatten(2)
    weighted = (jacobian * w[..., None]).transpose(-1, -2)
    hessian = weighted @ jacobian
    gradient = weighted @ seen.miss.flatten(2)[..., None]
    return hessian, gradient


class Depth(NamedTuple):
    """Inverse depths [B,N] that the tracks tell under given poses, and their information [B,N] (of
    distances of 1 focal length)."""

    rho: Tensor
    information: Tensor
    miss: Tensor  # [B,T,N,2], before the step


def tell_depths(
    tracks: Tracks, poses: Poses, rho: Tensor, scale: Tensor | float, most: float = 0.7
) -> Depth:
    """A Gauss-Newton step of every inverse depth."""
    seen = see(tracks, poses, rho)
    t = poses.translation[:, :, None]
    p = (seen.per_depth * poses.log_zoom.exp()[..., None])[..., None]
    slope = p * (t[..., :2] - seen.at * t[..., 2:])
    w = (tracks.visible * robust(seen.miss, scale))[..., None]
    information = (w * slope.square()).sum((1, 3))
    change = (w * slope * seen.miss).sum((1, 3)) / (information + 1e-9)
    limit = most * rho.clamp(min=0.3)
    return Depth(rho + torch.minimum(torch.maximum(change, -limit), limit), information, seen.miss)


def solve(matrix: Tensor, right: Tensor) -> Tensor:
    """[...,C,C] positive definite, [...,C,1] → the solution, by elimination."""
    size = matrix.shape[-1]
    mean = matrix.diagonal(dim1=-2, dim2=-1).mean(-1)[..., None, None]
    eye = torch.eye(size, dtype=matrix.dtype)
    rows = torch.cat([matrix + eye * (RIDGE * mean + 1e-7), right], -1)
    for k in range(size):
        pivot = rows[..., k : k + 1, :] / rows[..., k : k + 1, k : k + 1]
        others = rows - rows[..., :, k : k + 1] * pivot
        is_pivot = eye[:, k : k + 1]
        rows = others * (1 - is_pivot) + pivot * is_pivot
    return rows[..., size:]


def turn(vector: Tensor) -> Tensor:
    """[...,3] → rotation matrices [...,3,3] (Rodrigues)."""
    angle2 = vector.square().sum(-1)[..., None, None] + 1e-12
    angle = angle2.sqrt()
    x, y, z = vector.unbind(-1)
    o = torch.zeros_like(x)
    cross = torch.stack([o, -z, y, z, o, -x, -y, x, o], -1).unflatten(-1, (3, 3))
    eye = torch.eye(3, dtype=vector.dtype)
    return (
        eye + torch.sin(angle) / angle * cross + (1 - torch.cos(angle)) / angle2 * (cross @ cross)
    )


def root_mean_square(miss: Tensor, visible: Tensor) -> Tensor:
    """[B,T,N,2], [B,T,N] → [B,N]."""
    total = (miss.square().sum(-1) * visible).sum(1)
    return (total / visible.sum(1).clamp(min=1) + 1e-12).sqrt()
