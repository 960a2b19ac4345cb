"""How often what the futures of a picture show comes to pass: shares of modes put to the test.

The model lets too much rest: where 84 % of its futures did, 46 % of clips apart came to rest. So
what the studio says is a small curve over shares, fitted on such clips. Of pictures whose futures
rest in the share p, 1/(1 + exp(−(a + b·(p − ½)))) rest; of the others the share `other` goes as no
mode does; modes share what remains as they share the futures.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .cases import PhotoCase
from .forecasters import Model, decode
from .modes import OTHER, STILL, Groups, grouped

DRAWS = 200


@dataclass
class Happened:
    """`HappenedShares` of `src/domain/latent.ts`."""

    still: tuple[float, float]
    other: float
    sources: int


@torch.no_grad()
def groups_of(model: Model, case: PhotoCase, seed: int) -> Groups:
    """What the model's futures of a picture do, and which of it came to pass."""
    look = model.look(case.features[None].float())
    z = torch.randn(
        DRAWS, model.config.latent, generator=torch.Generator().manual_seed(7919 + seed)
    )
    futures = decode(model, z, look.basis, look.context, case.frames)
    return grouped(futures, case.truth, case.mask.float(), look.where_logit[0].sigmoid())


def said(groups: Groups, happened: Happened | None) -> tuple[float, float, list[float]]:
    """What is said of resting, of going another way, and of each mode; it sums to 1."""
    in_modes = sum(groups.modes)
    total = groups.still + groups.other + in_modes
    if happened is None:
        return groups.still / total, groups.other / total, [n / total for n in groups.modes]
    rests = _rests(torch.tensor(groups.still / total), torch.tensor(happened.still))
    moves = 1 - float(rests)
    other = moves * happened.other if in_modes else moves
    return 1 - moves, other, [(moves - other) * n / in_modes for n in groups.modes]


def said_and_happened(groups: Groups, happened: Happened | None) -> list[tuple[float, bool]]:
    """Of resting, of another way and of each mode what is said, and whether it came to pass."""
    still, other, modes = said(groups, happened)
    told = [(still, groups.truth == STILL), (other, groups.truth == OTHER)]
    return told + [(share, groups.truth == mode) for mode, share in enumerate(modes)]


def fit_happened(found: list[Groups], sources: list[str]) -> Happened:
    """The most likely curve, with a share of others as it was among what moved, each source
    weighing the same. `found` must be of pictures that the model had not seen."""
    weight = torch.tensor([1 / sources.count(source) for source in sources])
    raw = torch.tensor([said(groups, None)[0] for groups in found])
    rested = torch.tensor([groups.truth == STILL for groups in found])
    curve = torch.zeros(2, requires_grad=True)
    optimizer = torch.optim.LBFGS([curve], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        chance = _rests(raw, curve).clamp(1e-6, 1 - 1e-6)
        miss = torch.nn.functional.binary_cross_entropy(chance, rested.float(), weight)
        miss.backward()
        return miss

    optimizer.step(loss)
    moved = ~rested & torch.tensor([bool(groups.modes) for groups in found])
    others = torch.tensor([groups.truth == OTHER for groups in found]) & moved
    other = float(weight[others].sum() / weight[moved].sum().clamp(min=1e-9))
    a, b = (round(v, 3) for v in curve.tolist())
    return Happened((a, b), round(other, 3), len(set(sources)))


def _rests(share: Tensor, curve: Tensor) -> Tensor:
    return torch.sigmoid(curve[0] + curve[1] * (share - 0.5))
