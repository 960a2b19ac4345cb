"""Scenario ensemble: the forecast without learning that every model has to beat.

A scenario draws a velocity span (2, 4 or 8 frames), a share of camera motion (0 keeps each point's
own velocity, 1 keeps only the robust affine fit of all velocities) and a decay. A point at h frames
after "now" has moved velocity * sum_{i=1..h} decay^i. It is kept factored: an affine camera path
and stabilised tracks, whose composition is the scenario.

Positions are pixels of the working frame. `B` scenes, `T` history frames (the last is
"now"), `N` points, `K` futures, `H` horizon frames.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .geometry import CENTRE, HALF_WIDTH, HORIZON
from .tensor_cache import cached_tensor

SPANS = (2, 4, 8)
SHARES = (0.0, 0.5, 1.0)
DECAYS = (0.0, 0.8, 0.9, 0.95, 0.98, 1.0)
MIN_SCALE_PX = 0.05
RIDGE = 1e-2
RIDGES = (RIDGE, 0.0, 0.0, 0.0, RIDGE, 0.0, 0.0, 0.0, RIDGE)
# Of the nine numbers of a symmetric 3x3 matrix, each read above the diagonal: what its adjugate is
# made of. Each row is the cross product of the other two.
_OTHERS = [((i + 1) % 3, (i + 2) % 3, (j + 1) % 3, (j + 2) % 3) for i in range(3) for j in range(3)]
CROSS = tuple(
    tuple(3 * min(o[r], o[c]) + max(o[r], o[c]) for o in _OTHERS)
    for r, c in ((0, 2), (1, 3), (0, 3), (1, 2))
)
MIN_DETERMINANT = 0.05


@dataclass
class Scenarios:
    """Drawn parameters, each [B,K]."""

    span: Tensor  # index into SPANS
    share: Tensor
    decay: Tensor


def draw(
    batch: int,
    futures: int,
    generator: torch.Generator | None = None,
    independent: bool = False,
) -> Scenarios:
    """Spans and shares uniform; decays stratified over the K futures of a scene, or independent.

    Training needs independent draws too: where no two futures share a decay, the spread in a fair
    score rewards nothing but the distance between decays, and drives the extreme ones apart.
    """
    span = torch.randint(len(SPANS), (batch, futures), generator=generator)
    share = cached_tensor(SHARES)[torch.randint(3, (batch, futures), generator=generator)]
    if independent:
        drawn = torch.randint(len(DECAYS), (batch, futures), generator=generator)
        return Scenarios(span, share, cached_tensor(DECAYS)[drawn])
    order = torch.rand(batch, futures, generator=generator).argsort(1)
    shift = torch.randint(len(DECAYS), (batch, 1), generator=generator)
    decay = cached_tensor(DECAYS)[(order + shift) % len(DECAYS)]
    return Scenarios(span, share, decay)


def affine_features(xy: Tensor) -> Tensor:
    """[...,N,2] videoPx -> [...,N,3] (x, y, 1), x and y in units of half the frame width."""
    centre = cached_tensor(CENTRE, xy)
    scaled = (xy - centre) / HALF_WIDTH
    return torch.cat([scaled, torch.ones_like(scaled[..., :1])], -1)


def robust_affine(xy: Tensor, values: Tensor, weights: Tensor, rounds: int = 6) -> Tensor:
    """Huber IRLS fit of values [...,N,2] as affine functions of xy [...,N,2] -> [...,3,2].

    The leading dimensions of xy broadcast. Iteratively reweighted least squares (Holland and
    Welsch, 1977). The scale is the weighted mean residual (at least 0.05 px), so weights fall as
    min(1, scale / residual). A small ridge keeps the fit defined with few points.
    """
    phi = affine_features(xy)
    w = weights
    for _ in range(rounds):
        # Two plain products: an Einsum of three took half of the condition's time in WebAssembly.
        weighted = (phi * w[..., None]).transpose(-1, -2)
        theta = solve3(weighted @ phi, weighted @ values)
        residual = (values - phi @ theta).square().sum(-1).add(1e-12).sqrt()
        scale = (w * residual).sum(-1, keepdim=True) / w.sum(-1, keepdim=True).clamp(min=1e-6)
        w = weights * (scale.clamp(min=MIN_SCALE_PX) / residual).clamp(max=1)
    return theta


def solve3(gram: Tensor, moment: Tensor) -> Tensor:
    """Ridge solution of the symmetric 3x3 systems gram [...,3,3] x = moment [...,3,2].

    By the adjugate: plain arithmetic exports to ONNX, a linear solver does not.
    """
    flat = gram.flatten(-2) + cached_tensor(RIDGES, gram)
    a, b, c, d = (flat.index_select(-1, cached_tensor(k, device=flat.device)) for k in CROSS)
    adjugate = a * b - c * d
    det = (flat[..., :3] * adjugate[..., :3]).sum(-1)
    return adjugate.unflatten(-1, (3, 3)) @ moment / det[..., None, None]


def velocities(history: Tensor, visibility: Tensor, span: int) -> tuple[Tensor, Tensor]:
    """Velocity over `span` frames before now, px a frame: [B,N,2] and its validity [B,N].

    A point hidden `span` frames ago uses the longest shorter span over which it was visible.
    """
    frames = history.shape[1]
    velocity = torch.zeros_like(history[:, -1])
    valid = torch.zeros_like(visibility[:, -1], dtype=torch.bool)
    for s in range(min(span, frames - 1), 0, -1):
        seen = (visibility[:, -1 - s] > 0.5) & ~valid
        step = (history[:, -1] - history[:, -1 - s]) / s
        velocity = torch.where(seen[..., None], step, velocity)
        valid |= seen
    return velocity, valid


def travel(decay: Tensor, horizon: int) -> Tensor:
    """sum_{i=1..h} decay^i for h = 1..horizon: [...] -> [...,H]."""
    steps = torch.arange(1, horizon + 1, dtype=decay.dtype, device=decay.device)
    return (decay[..., None] ** steps).cumsum(-1) * (decay[..., None] > 0)


@dataclass
class FactoredScenario:
    """Camera [B,K,H,3,2] (affine displacement on `affine_features`), residual [B,K,H,N,2] px."""

    camera: Tensor
    residual: Tensor


def factored(
    history: Tensor, visibility: Tensor, scenarios: Scenarios, horizon: int = HORIZON
) -> FactoredScenario:
    """Scenarios of a history [B,T,N,2], [B,T,N] as camera path and stabilised displacement."""
    xy = history[:, -1]
    cameras, residuals = [], []
    for span in SPANS:
        velocity, valid = velocities(history, visibility, span)
        theta = robust_affine(xy, velocity, valid.to(xy.dtype))
        camera_velocity = affine_features(xy) @ theta
        residual = torch.where(valid[..., None], velocity - camera_velocity, 0.0)
        cameras.append(theta)
        residuals.append(residual)
    index = torch.arange(xy.shape[0], device=xy.device)[:, None]
    theta = torch.stack(cameras, 1)[index, scenarios.span]
    residual = torch.stack(residuals, 1)[index, scenarios.span]
    way = travel(scenarios.decay.to(xy), horizon)
    kept = (1 - scenarios.share.to(xy))[..., None, None, None]
    return FactoredScenario(
        camera=way[..., None, None] * theta[:, :, None],
        residual=way[..., None, None] * kept * residual[:, :, None],
    )


def compose(xy: Tensor, camera: Tensor, residual: Tensor) -> Tensor:
    """Stabilised displacement, then the camera: query points [B,N,2] -> tracks [B,K,H,N,2]."""
    stabilised = xy[:, None, None] + residual
    return stabilised + affine_features(stabilised) @ camera


def stabilise(tracks: Tensor, camera: Tensor) -> Tensor:
    """Inverse of `compose`: positions [...,N,2] px seen under camera [...,3,2] -> where they would
    be if the camera stood still. The camera's map is affine, so this is exact; a degenerate map
    (one that folds the picture) is kept away from 0."""
    turn = camera[..., :2, :] / HALF_WIDTH + torch.eye(2, dtype=camera.dtype, device=camera.device)
    centre = cached_tensor(CENTRE, camera)
    x, y = (tracks - camera[..., 2, None, :] - centre).unbind(-1)
    a, b, c, d = (turn[..., i, j, None] for i in (0, 1) for j in (0, 1))
    det = a * d - b * c
    det = torch.where(det.abs() < MIN_DETERMINANT, MIN_DETERMINANT, det)
    return torch.stack([(d * x - c * y) / det, (a * y - b * x) / det], -1) + centre


def interpolate(path: Tensor, known: Tensor) -> Tensor:
    """[B,H,M,2] with its unknown stretches filled linearly from 0 at now; the last one holds."""
    frames = path.shape[-3]
    padded = torch.cat([torch.zeros_like(path[..., :1, :, :]), path], -3)
    known = torch.cat([torch.ones_like(known[..., :1, :]), known], -2)
    index = torch.arange(frames + 1, device=path.device)[:, None]
    before = torch.where(known, index, 0).cummax(-2).values
    after = torch.where(known, index, 2 * frames).flip(-2).cummin(-2).values.flip(-2)
    after = torch.where(after > frames, before, after)
    part = (index - before) / (after - before).clamp(min=1)
    low = padded.gather(-3, before[..., None].expand_as(padded))
    high = padded.gather(-3, after[..., None].expand_as(padded))
    return (low + (high - low) * part[..., None])[..., 1:, :, :]
