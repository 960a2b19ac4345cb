"""Training of the relief head: Laplace likelihood of log inverse depth beside its median, and the
order of pairs of cells."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from ..common.cuda_graphs import Losses
from ..common.loop import train
from ..common.ranges import Count, Positive, Share, Weight
from ..common.stage import Budget, OptimizerConfig, Stage
from .data import Sights
from .network import ReliefConfig, ReliefHead


@dataclass
class Settings:
    batch: Count = 12
    rate: Positive = 2e-3
    decay: Weight = 0.05
    width: Count = 48
    context: Count = 32
    dropout: Share = 0.2
    rendered: Share = 0.5  # share of the pictures that are rendered scenes
    order: Weight = 0.5  # weight of the order of pairs
    pairs: Count = 400  # of a picture
    seed: int = 1


@dataclass
class Batch:
    stride8: Tensor
    stride16: Tensor
    stride32: Tensor
    near: Tensor  # [B,30,52]
    weight: Tensor


class Draws:
    """Batches by number: rendered scenes by their share; of clips, each source alike, then each of
    its clips."""

    def __init__(self, sights: Sights, chosen: Tensor, settings: Settings) -> None:
        self.sights, self.settings = sights, settings
        self.chance = chances(sights, chosen.tolist(), settings.rendered)

    def refresh(self) -> None:
        pass

    def batch(self, index: int) -> Batch:
        s = self.sights
        draw = torch.Generator().manual_seed(self.settings.seed * 1_000_003 + index)
        rows = self.chance.multinomial(self.settings.batch, True, generator=draw)
        views = torch.randint(s.near.shape[1], rows.shape, generator=draw)
        stride8, stride16, stride32 = (m[rows, views].float() for m in s.maps)
        near, weight = s.near[rows, views], s.weight[rows, views]
        return Batch(stride8, stride16, stride32, near, weight)


def chances(sights: Sights, chosen: list[int], rendered_share: float) -> Tensor:
    """[P] of being drawn, up to a factor."""
    rendered = sights.rendered().tolist()
    clips, source = sights.clips, sights.source.tolist()
    real = [i for i in chosen if not rendered[i]]
    pictures = Counter(clips[i] for i in real)
    clips_of = Counter(s for s, _ in {(source[i], clips[i]) for i in real})
    chance = torch.zeros(len(clips))
    for i in chosen:
        if rendered[i]:
            chance[i] = rendered_share / (len(chosen) - len(real))
        else:
            alike = len(clips_of) * clips_of[source[i]] * pictures[clips[i]]
            chance[i] = (1 - rendered_share) / alike
    return chance


class Objective:
    def __init__(self, head: ReliefHead, settings: Settings) -> None:
        self.head, self.settings = head, settings

    def __call__(self, batch: Batch, share: float) -> Losses:
        near, spread = self.head(batch.stride8, batch.stride16, batch.stride32)
        told, truth, weight = near.flatten(1), batch.near.flatten(1), batch.weight.flatten(1)
        sum_ = weight.sum(1).clamp(min=1)
        offset = ((truth - told).detach() * weight).sum(1) / sum_
        miss = (told + offset[:, None] - truth).abs()
        b = spread.flatten(1)
        likelihood = ((miss / b + b.log()) * weight).sum(1) / sum_
        order = self._order(told, truth, weight)
        loss = likelihood.mean() + self.settings.order * order
        return {"loss": loss, "miss": (miss * weight).sum() / weight.sum(), "order": order}

    def _order(self, told: Tensor, truth: Tensor, weight: Tensor) -> Tensor:
        """Logistic loss of which of two cells is nearer, by how far apart they are."""
        count = self.settings.pairs
        a = weight.clamp(min=1e-6).multinomial(count, True)
        b = weight.clamp(min=1e-6).multinomial(count, True)
        apart = truth.gather(1, a) - truth.gather(1, b)
        tells = told.gather(1, a) - told.gather(1, b)
        clear = apart.abs().clamp(max=1) * (apart.abs() > 0.05)
        return (F.softplus(-2 * tells * apart.sign()) * clear).sum() / clear.sum().clamp(min=1)


def train_relief(
    sights: Sights, chosen: Tensor, run: Path, budget: Budget, settings: Settings
) -> ReliefHead:
    """Trains on the pictures `chosen` [indices]; resumes from RUN/last. Returns the average."""
    torch.manual_seed(settings.seed)
    head = ReliefHead(ReliefConfig(settings.width, settings.context, settings.dropout))
    for name, maps in zip(("scale8", "scale16", "scale32"), sights.maps, strict=True):
        some = maps[chosen[:: max(1, len(chosen) // 64)], 0].float()
        getattr(head, name).copy_(some.square().mean((0, 2, 3)).sqrt().clamp(min=1e-3))
    stage = Stage(
        network=head,
        loss=Objective(head, settings),
        data=Draws(sights, chosen, settings),
        checkpoint=run / "last",
        settings=asdict(settings),
        optimizer=OptimizerConfig(settings.rate, settings.decay),
        seed=settings.seed,
        metrics=run / "relief.jsonl",
    )
    average: ReliefHead = train(stage, budget)
    return average.eval()
