"""Modes of a set of futures, as the studio groups them (`src/engine/exploration/modes.ts`) before
modes of one name are joined. What really followed is put among them by the same rules."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

LEAST_PX = 8.32  # 1 % of the width: futures nearer than this are alike, one that moves less rests
ALIKE = 0.1  # quantile of the distances within which a future stands for another
MOST = 8
LEAST_SHARE = 0.04
REACH = 2  # of the radius: how far from its medoid a member may lie
ROUNDS = 3
OTHER, STILL = -1, -2


@dataclass
class Groups:
    """Of K futures: how many rest, go as no mode does, or are in each mode; and the place of what
    followed: the number of its mode, OTHER or STILL."""

    still: int
    other: int
    modes: list[int]
    truth: int


def grouped(samples: Tensor, truth: Tensor, mask: Tensor, moving: Tensor) -> Groups:
    """Futures [K,T,N,2] and what followed [T,N,2], px, compared over what the truth sees, `mask`
    [T,N], each point with the probability `moving` [N] that it moves."""
    norms, distances = _drawn_in(torch.cat([samples, truth[None]]), mask * moving)
    count = len(samples)
    movers = torch.nonzero(norms[:count] >= LEAST_PX)[:, 0]
    near = _radius(distances[movers][:, movers])

    def medoids_of(members: Tensor) -> Tensor:
        least = LEAST_SHARE * count * len(members) / max(len(movers), 1)
        return _refined(_cover(members, distances, near, least), members, distances, REACH * near)

    halves = [medoids_of(movers[half::2]) for half in (0, 1)]
    in_both = [
        medoid
        for medoid in medoids_of(movers).tolist()
        if all((distances[medoid, half] < REACH * near).any() for half in halves)
    ]
    labels = _labels(torch.arange(count + 1), torch.tensor(in_both).long(), distances, REACH * near)
    labels[norms < LEAST_PX] = STILL
    drawn = labels[:count]
    modes = [int((drawn == mode).sum()) for mode in range(len(in_both))]
    still, other = int((drawn == STILL).sum()), int((drawn == OTHER).sum())
    return Groups(still, other, modes, int(labels[count]))


def _drawn_in(futures: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """How far each goes, px, and the distances of all with their lengths n drawn in to
    m·ln(1 + n/m), m the middle length of all but the last."""
    share = weight / weight.sum().clamp(min=1e-9)
    flat = (futures * share.sqrt()[..., None]).flatten(1).double()
    norms = flat.norm(dim=1)
    middle = norms[:-1].sort().values[(len(norms) - 1) // 2].clamp(min=LEAST_PX)
    flat = flat * (middle * (norms / middle).log1p() / norms.clamp(min=1e-12))[:, None]
    return norms, torch.cdist(flat, flat)


def _radius(between: Tensor) -> float:
    pairs = between[torch.ones_like(between).tril(-1) > 0].sort().values
    return max(LEAST_PX, float(pairs[int(ALIKE * len(pairs))])) if len(pairs) else LEAST_PX


def _cover(members: Tensor, distances: Tensor, near: float, least: float) -> Tensor:
    """Again and again the one that has most of the uncovered ones near it, itself among them."""
    left = members
    centres: list[int] = []
    while len(centres) < MOST and len(left):
        covered = (distances[left][:, left] < near).sum(1)
        if covered.max() < least:
            break
        centres.append(int(left[covered.argmax()]))
        left = left[distances[centres[-1], left] >= near]
    return torch.tensor(centres).long()


def _refined(medoids: Tensor, members: Tensor, distances: Tensor, reach: float) -> Tensor:
    """Each mode is stood for by its member that is nearest to all of them."""
    medoids = medoids.clone()
    for _ in range(ROUNDS if len(medoids) else 0):
        labels = _labels(members, medoids, distances, reach)
        for mode in range(len(medoids)):
            own = members[labels == mode]
            if len(own):
                medoids[mode] = own[distances[own][:, own].sum(1).argmin()]
    return medoids


def _labels(futures: Tensor, medoids: Tensor, distances: Tensor, reach: float) -> Tensor:
    if not len(medoids):
        return torch.full_like(futures, OTHER)
    nearest, mode = distances[futures][:, medoids].min(1)
    return torch.where(nearest < reach, mode, OTHER)
