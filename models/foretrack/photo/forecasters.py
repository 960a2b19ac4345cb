"""Who is asked in the evaluation: (case, K, random numbers) -> displacements [K,T,N,2] px."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor

from ..common.geometry import HORIZON, POINTS, grid_centres
from ..compact.model import CompactForecaster
from ..compact.trained import load_model
from .cases import PhotoCase
from .network import Look, PhotoConfig
from .paper import SHAPE, SIZE, train_paper
from .pictures import SECOND, Pictures
from .size import growth
from .stabilise import without_camera

Forecaster = Callable[[PhotoCase, int, torch.Generator], Tensor]
SET = 8  # futures that the studio draws at once


class Model(Protocol):
    """What futures of a picture are drawn by: a `PhotoModel`, or the graphs of a pack."""

    config: PhotoConfig
    basis_rows: Tensor

    def look(self, features: Tensor) -> Look: ...

    def coefficients(self, z: Tensor, basis: Tensor, context: Tensor) -> Tensor: ...


def static(case: PhotoCase, count: int, generator: torch.Generator) -> Tensor:
    return torch.zeros(count, *case.truth.shape)


def photo(model: Model, other: Callable[[PhotoCase], Tensor] | None = None) -> Forecaster:
    """The model; `other` gives the features of another picture in place of the case's own."""

    @torch.no_grad()
    def run(case: PhotoCase, count: int, generator: torch.Generator) -> Tensor:
        features = other(case) if other else case.features
        look = model.look(features[None])
        z = torch.randn(count, model.config.latent, generator=generator)
        return decode(model, z, look.basis, look.context, case.frames)

    return run


def decode(model: Model, z: Tensor, basis: Tensor, context: Tensor, frames: Tensor) -> Tensor:
    """z [K,Z] -> displacements [K,T,N,2] px."""
    coefficients = model.coefficients(z, basis, context)
    return torch.einsum("kcan,ct->ktna", coefficients, model.basis_rows[:, frames])


def regressor(one: Callable[[Tensor], Tensor], basis_rows: Tensor) -> Forecaster:
    """One future, as often as asked; `one`: features [F,N] -> its coefficients [C,2,N]."""

    @torch.no_grad()
    def run(case: PhotoCase, count: int, generator: torch.Generator) -> Tensor:
        told = torch.einsum("can,ct->tna", one(case.features), basis_rows[:, case.frames])
        return told.expand(count, -1, -1, -1)

    return run


def noisy(alone: Forecaster, size_px: float) -> Forecaster:
    """The regressor with white noise, as the paper draws from it: of each point and axis its own,
    `size_px` after a second and growing as points go."""

    def run(case: PhotoCase, count: int, generator: torch.Generator) -> Tensor:
        noise = torch.randn(count, 1, POINTS, 2, generator=generator)
        return alone(case, count, generator) + size_px * growth(case.frames)[:, None, None] * noise

    return run


def pool(futures: Tensor) -> Forecaster:
    """Draws from futures [S,81,N,2] that know nothing of the picture."""

    def run(case: PhotoCase, count: int, generator: torch.Generator) -> Tensor:
        chosen = torch.randperm(len(futures), generator=generator)[:count]
        return futures[chosen][:, case.frames].float()

    return run


@torch.no_grad()
def compact_futures(checkpoint: Path, count: int, seed: int = 1) -> Tensor:
    """What the compact model makes of a photo [count,81,N,2], the camera taken out. A photo's
    history is the grid itself, whatever it shows, so these are the same for every picture."""
    model, variant = load_model(checkpoint)
    assert isinstance(model, CompactForecaster)
    xy = torch.from_numpy(grid_centres()).float()
    history = xy.expand(1, HORIZON, -1, -1)
    seen = torch.zeros(1, HORIZON, POINTS)
    seen[:, -1] = 1
    generator = torch.Generator().manual_seed(seed)
    drawn = []
    for _ in range(-(-count // SET)):
        tracks, _ = model.forecast(
            history, seen, torch.tensor([1 / 16]), SET, 4, generator, variant
        )
        still, _ = without_camera(tracks[0] - xy, torch.ones(tracks[0].shape[:-1]), xy)
        drawn.append(still)
    return torch.cat(drawn)[:count]


def training_futures(pictures: Pictures, rows: Tensor, count: int, seed: int = 1) -> Tensor:
    """What really followed random pictures among `rows` [count,81,N,2]: the blind prior without
    learning. Unknown positions keep the last known one."""
    long = pictures.weight[rows, 30].sum(1) > 60
    rows = rows[long]
    chosen = rows[torch.randint(len(rows), (count,), generator=torch.Generator().manual_seed(seed))]
    moved, seen = pictures.moved[chosen].float(), pictures.weight[chosen] > 0
    frames = torch.arange(moved.shape[1])[:, None].expand(-1, POINTS)
    last = torch.where(seen, frames, 0).cummax(1).values
    held = moved.gather(1, last[..., None].expand_as(moved))
    held = held * seen.any(1)[:, None, :, None]
    at = ((torch.arange(HORIZON) + 1) // 2 - 1).clamp(min=0)
    return held[:, at]


def others(cases: list[PhotoCase]) -> Callable[[PhotoCase], Tensor]:
    """The features of another source's picture for each case, always the same one."""
    chosen: dict[int, Tensor] = {}
    for index, case in enumerate(cases):
        foreign = [c for c in cases if c.source != case.source]
        chosen[id(case.features)] = foreign[(index * 7 + 3) % len(foreign)].features
    return lambda case: chosen[id(case.features)]


def paper(pictures: Pictures, rows: Tensor, steps: int) -> Forecaster:
    """The network of An Uncertain Future, trained on the pictures `rows`. It forecasts a second;
    what lies beyond stays where it is then."""
    truth = pictures.moved[rows, :SECOND].transpose(2, 3)
    mask = (pictures.weight[rows, :SECOND] > 0).all(1)
    share = 1 / torch.bincount(pictures.source[rows])[pictures.source[rows]].float()
    model = train_paper(pictures.features[rows], truth, mask, share, steps)

    def run(case: PhotoCase, count: int, generator: torch.Generator) -> Tensor:
        z = torch.randn(count, SHAPE + SIZE, generator=generator)
        return model.sample(case.features, z, case.frames.clamp(max=2 * SECOND - 1))

    return run
