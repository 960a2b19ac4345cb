"""Training of the photo model: fair energy scores of futures drawn from the prior, on pictures of
every source alike, and cross entropy of where points move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor

from ..common.cuda_graphs import Losses
from ..common.loop import train
from ..common.stage import Budget, OptimizerConfig, Stage
from .losses import apart, energy, weight_of
from .make_data import KEPT_EVERY
from .network import PhotoModel
from .pictures import SECOND, Pictures
from .probes import fit_probes
from .settings import Settings, config_of
from .size import LEAST_KNOWN, size_of, summary

CAMERA_FLOOR_PX = 4.0


@dataclass
class Batch:
    features: Tensor
    moved: Tensor  # [B,T,2,N] px
    weight: Tensor  # [B,T,N]
    camera: Tensor  # [B,T,6]
    told: Tensor  # [B,5,N] by probes that know nothing of the picture's source
    size: Tensor  # [B] px, of what followed
    frames: Tensor  # [T] working frames after the picture, from 0


class Draws:
    """Batches by number: a source, one of its clips and one of its pictures, each uniformly."""

    def __init__(
        self, pictures: Pictures, chosen: Tensor, told: Tensor, settings: Settings
    ) -> None:
        self.pictures, self.settings, self.told = pictures, settings, told
        self.chosen = chosen
        self.size = sizes(pictures, chosen)
        clips, sources = pictures.clip[chosen], pictures.source[chosen]
        in_clip = torch.bincount(clips)[clips].float()
        pairs = torch.unique(torch.stack([sources, clips]), dim=1)
        clips_of = torch.bincount(pairs[0])[sources].float()
        self.chance = 1 / (in_clip * clips_of)

    def refresh(self) -> None:
        pass

    def batch(self, index: int) -> Batch:
        p, s = self.pictures, self.settings
        draw = torch.Generator().manual_seed(s.seed * 1_000_003 + index)
        drawn = self.chance.multinomial(s.batch, True, generator=draw)
        rows = self.chosen[drawn]
        kept = p.moved.shape[1]
        first = 2  # frames of the first second, always some
        early = torch.randperm(8, generator=draw)[:first]
        late = 8 + torch.randperm(kept - 8, generator=draw)[: s.frames - first]
        at = torch.cat([early, late])
        weight = p.weight[rows][:, at].float()
        return Batch(
            features=p.features[rows].float(),
            moved=p.moved[rows][:, at].float().transpose(2, 3),
            weight=weight,
            camera=p.camera[rows][:, at].flatten(2).float(),
            told=self.told[drawn],
            size=self.size[drawn],
            frames=(at + 1) * KEPT_EVERY - 1,
        )


class Objective:
    def __init__(self, model: PhotoModel, settings: Settings) -> None:
        self.model, self.settings = model, settings

    def __call__(self, batch: Batch, share: float) -> Losses:
        s, model = self.settings, self.model
        look = model.look(batch.features, batch.told)
        k = 1 if s.regressor else s.futures
        n = len(batch.features)
        z = torch.randn(n * k, model.config.latent)
        if s.regressor:
            z = torch.zeros_like(z)
        context = look.context.repeat_interleave(k, 0)
        rows = model.basis_rows[:, batch.frames]
        paths = model.paths(z, context).unflatten(0, (n, k)) @ rows  # [B,k,K,T]
        futures = paths.transpose(2, 3) @ look.basis.flatten(2)[:, None]
        futures = futures.unflatten(3, (2, -1)) * batch.size[:, None, None, None, None]
        joint, single = energy(futures, batch.moved, batch.weight)
        scale = weight_of(batch.moved, batch.weight, s.evenness)
        told = (batch.weight.sum((1, 2)) > 20).float()
        losses = {"joint": (joint * scale * told).mean(), "single": (single * scale * told).mean()}
        moving = look.regions * look.where_logit.sigmoid()[:, None]
        pairs = apart(futures, batch.moved, batch.weight, moving.detach())
        losses["pairs"] = (pairs * scale * told).mean()
        losses["camera"] = self._camera(z, context, rows, batch, k)
        loss = losses["joint"] + s.single_weight * losses["single"]
        loss = loss + s.pair_weight * losses["pairs"]
        loss = loss + s.camera_weight * losses["camera"]
        return {"loss": loss, **losses}

    def _camera(self, z: Tensor, context: Tensor, rows: Tensor, batch: Batch, k: int) -> Tensor:
        """Energy score of the camera's affine path: its six numbers are px at the frame's sides."""
        paths = self.model.camera_coefficients(z, context) @ rows
        paths = paths.unflatten(0, (-1, k)).transpose(2, 3)[:, :, :, None]  # [B,k,T,1,6]
        truth = batch.camera[:, :, None]
        seen = (batch.weight.sum(2) > 20).float()
        joint, _ = energy(paths.transpose(3, 4), truth.transpose(2, 3), seen[..., None])
        scale = weight_of(truth.transpose(2, 3), seen[..., None], self.settings.evenness)
        return (joint * scale).mean()


def sizes(pictures: Pictures, rows: Tensor) -> Tensor:
    """[len(rows)] px: how far the points of pictures go altogether."""
    frames = torch.arange(1, pictures.moved.shape[1] + 1) * KEPT_EVERY - 1
    parts = rows.split(400)
    return torch.cat([size_of(pictures.moved[p], pictures.weight[p], frames) for p in parts])


def train_photo(
    pictures: Pictures, chosen: Tensor, run: Path, budget: Budget, settings: Settings
) -> PhotoModel:
    """Trains on the pictures `chosen` [indices]; resumes from RUN/last. Returns the average."""
    torch.manual_seed(settings.seed)
    model = PhotoModel(config_of(settings))
    told = set_probes(model, pictures, chosen)
    stage = Stage(
        network=model,
        loss=Objective(model, settings),
        data=Draws(pictures, chosen, told, settings),
        checkpoint=run / "last",
        settings=asdict(settings),
        optimizer=OptimizerConfig(settings.rate, settings.decay),
        seed=settings.seed,
        metrics=run / "photo.jsonl",
    )
    average: PhotoModel = train(stage, budget)
    average.size_probe.heard.fill_(settings.heard * float(settings.sees))
    average.common.data *= settings.common
    return average.eval()


def set_probes(model: PhotoModel, pictures: Pictures, chosen: Tensor) -> Tensor:
    """Fits the model's probes on the pictures `chosen` and how sure the first one is; what probes
    say that were fitted without the picture's source [len(chosen),5,N]."""
    model.probe, told = fit_probes(pictures, chosen, model.place)
    model.probe_mean = told.mean((0, 2))[:, None]
    model.probe_std = told.std((0, 2))[:, None].clamp(min=1e-3)
    model.where = sureness(told[:, 0], *pictures.moving(chosen))
    set_size(model, pictures, chosen, told)
    return told


def set_size(model: PhotoModel, pictures: Pictures, chosen: Tensor, told: Tensor) -> None:
    """Fits what foretells how far a picture's points go altogether."""
    features = pictures.features[chosen].float() * float(model.config.sees)
    source = pictures.source[chosen]
    known = pictures.weight[chosen, :SECOND].float().sum((1, 2)) > LEAST_KNOWN
    weight = known.float() / torch.bincount(source)[source]
    told = told if model.config.sees else torch.zeros_like(told)
    moving = (model.where[0] * told[:, 0] + model.where[1]).sigmoid()
    told_of = summary(features, told, moving)
    model.size_probe.fit(told_of, sizes(pictures, chosen), weight, source)


def sureness(score: Tensor, moving: Tensor, known: Tensor) -> Tensor:
    """Factor and offset that make a score [P,N] the logit of a probability: logistic regression by
    Newton's method on the points where it is known."""
    x, y = score[known].double(), moving[known].double()
    told = torch.stack([x, torch.ones_like(x)], 1)
    weights = torch.zeros(2, dtype=torch.float64)
    for _ in range(12):
        p = (told @ weights).sigmoid()
        slope = told.T @ (p - y) / len(y) + 1e-4 * weights
        bend = (told * (p * (1 - p))[:, None]).T @ told / len(y) + 1e-4 * torch.eye(2)
        weights = weights - torch.linalg.solve(bend, slope)
    return weights.float()


def folds(sources: Sequence[str], count: int = 4, seed: int = 1) -> list[int]:
    """The fold of each source, drawn once: sources in a shuffled order, dealt in turn."""
    order = torch.randperm(len(sources), generator=torch.Generator().manual_seed(seed))
    fold = [0] * len(sources)
    for turn, source in enumerate(order.tolist()):
        fold[source] = turn % count
    return fold
