"""What a linear map of the tower's features tells of each point: whether it moves, how far it gets
within a second and within five, and along which axis.

Closed form, because hidden layers learn these clips by heart: weighted ridge regressions on
features averaged over 3x3 cells, the place and a constant. Every source weighs the same, and labels
under a moving camera less. A network trained on what the probes say of their own training pictures
would trust them too much, so it is shown what probes say that were fitted without the picture's
source (`cross_fitted`).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from ..common.geometry import COLUMNS, ROWS
from .pictures import SECOND, Pictures

NAMES = ("moving", "extent 1 s", "extent 5 s", "axis cos", "axis sin")
RIDGE = 0.5  # of the mean square of a feature
MOVING_CAMERA = 0.4  # weight of labels that parallax may be in
LATE = 30  # kept frames that an extent within five seconds needs
INNER = 5  # folds of cross-fitting
AXIS_PX = 30.0  # displacement beyond which an axis weighs no more
CHUNK = 200  # pictures at once


def design(features: Tensor, place: Tensor) -> Tensor:
    """Features [B,F,N] and places [P,N] -> what the probes read [B,F+P+1,N]."""
    near = F.avg_pool2d(
        features.unflatten(2, (ROWS, COLUMNS)), 3, 1, 1, count_include_pad=False
    ).flatten(2)
    told = torch.cat([place, torch.ones_like(place[:1])])
    return torch.cat([near, told.expand(near.shape[0], -1, -1)], 1)


def targets(pictures: Pictures, rows: Tensor) -> tuple[Tensor, Tensor]:
    """Values and weights [B,5,N] of what the probes are to say of the pictures `rows`."""
    moved, weight = pictures.moved[rows].float(), pictures.weight[rows].float()
    square = moved.square().sum(-1)
    clear = weight[:, 0] * torch.where(pictures.still[rows], 1.0, MOVING_CAMERA)[:, None]
    moving, known = pictures.moving(rows)
    values, weights = [moving.float() - 0.5], [_balanced(moving, known * clear)]
    for first, last, least in ((0, SECOND, SECOND // 2), (0, moved.shape[1], LATE)):
        seen = (weight[:, first:last] > 0).float()
        mean = (square[:, first:last] * seen).sum(1) / seen.sum(1).clamp(min=1)
        values.append((mean.sqrt() + 1).log())
        weights.append(clear * (seen.sum(1) >= least))
    moment = moved[:, :SECOND] * weight[:, :SECOND, :, None]
    x, y = moment.unbind(-1)
    cos2, sin2 = (x * x - y * y).sum(1), (2 * x * y).sum(1)
    size = (x * x + y * y).sum(1).clamp(min=1e-3)
    strength = clear * (size / (SECOND * AXIS_PX**2)).clamp(max=1).sqrt()
    values += [cos2 / size, sin2 / size]
    weights += [strength, strength]
    return torch.stack(values, 1), torch.stack(weights, 1)


def _balanced(moving: Tensor, weight: Tensor) -> Tensor:
    """Weights [B,N] with which both kinds of a picture's points weigh the same; 0 where it has
    few of one kind."""
    out = torch.zeros_like(weight)
    enough = ((moving * weight).sum(1) > 2) & ((~moving * weight).sum(1) > 2)
    for kind in (moving, ~moving):
        part = weight * kind
        out = out + part / part.sum(1, keepdim=True).clamp(min=1e-6)
    return out * enough[:, None] * weight.shape[1] / 2


def _sums(pictures: Pictures, rows: Tensor, place: Tensor) -> tuple[Tensor, Tensor]:
    """Gram matrices [5,D,D] and moments [5,D] of the weighted regressions, every source alike."""
    share = 1 / torch.bincount(pictures.source[rows]).float()
    gram, moment = torch.zeros(()), torch.zeros(())
    for part in rows.split(CHUNK):
        x = design(pictures.features[part].float(), place)
        values, weights = targets(pictures, part)
        weights = weights * share[pictures.source[part]][:, None, None]
        total = weights[:, 0].sum(1)[:, None, None].clamp(min=1e-9)
        centre = (x * weights[:, :1]).sum(2, keepdim=True) / total
        grams, moments = [], []
        for k in range(len(NAMES)):
            told = x - centre if k == 0 else x  # whether a point moves is asked within a picture
            weighted = told * weights[:, k : k + 1]
            flat, other = (t.transpose(0, 1).flatten(1) for t in (weighted, told))
            grams.append(flat @ other.T)
            moments.append(flat @ values[:, k].flatten())
        gram, moment = gram + torch.stack(grams), moment + torch.stack(moments)
    return gram, moment


def _solve(gram: Tensor, moment: Tensor, features: int) -> Tensor:
    """[D,5]; the ridge spares the constant."""
    size = gram.diagonal(dim1=1, dim2=2)[:, :features].mean(1)
    ridge = torch.ones(gram.shape[1])
    ridge[-1] = 1e-4
    penalty = torch.diag_embed(RIDGE * size[:, None] * ridge) + 1e-6 * torch.eye(gram.shape[1])
    return torch.linalg.solve(gram + penalty, moment[..., None])[..., 0].T


def fit_probes(pictures: Pictures, rows: Tensor, place: Tensor) -> tuple[Tensor, Tensor]:
    """Weights [D,5] fitted on the pictures `rows`, and what probes fitted without a picture's
    source say of each of them [len(rows),5,N]."""
    group = pictures.source[rows] % INNER
    features = pictures.features.shape[1]
    parts = [
        _sums(pictures, rows[group == g], place) if (group == g).any() else None
        for g in range(INNER)
    ]
    known = [part for part in parts if part]
    gram, moment = (torch.stack(p).sum(0) for p in zip(*known, strict=True))
    told = torch.zeros(len(rows), len(NAMES), ROWS * COLUMNS)
    for g, part in enumerate(parts):
        if part:
            weights = _solve(gram - part[0], moment - part[1], features)
            told[group == g] = apply(pictures, rows[group == g], place, weights)
    return _solve(gram, moment, features), told


def apply(pictures: Pictures, rows: Tensor, place: Tensor, weights: Tensor) -> Tensor:
    """What the probes say [len(rows),5,N]."""
    parts = rows.split(CHUNK)
    said = [weights.T @ design(pictures.features[part].float(), place) for part in parts]
    return torch.cat(said)
