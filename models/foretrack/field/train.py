"""Training of the track-to-space network on made-up scenes: Laplace likelihood of log inverse depth
beside its median, and which points move by themselves, in every round."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..common.cuda_graphs import Losses
from ..common.loop import train
from ..common.stage import Budget, OptimizerConfig, Stage
from .network import HIGHEST, LOWEST, FieldConfig, FieldNetwork, Told
from .scenes import Request, Scene, draw_scene

ROUND_WEIGHTS = (0.4, 0.5, 0.7, 1.0)
MOVING_WEIGHT = 0.3  # of the depth of a mover, which only its surround tells


@dataclass
class Settings:
    batch: int = 12
    points: int = 112  # of a scene, out of the grid's
    rate: float = 1e-3
    decay: float = 0.02
    width: int = 128
    heads: int = 4
    blocks: int = 2
    moving: float = 0.5  # weight of which points move
    seed: int = 1


@dataclass
class Batch:
    """tracks [B,T,N,2] videoPx, visibility [B,T,N], queries [B,N,2], focal [B] px as told,
    log_rho [B,N], moving [B,N] 0 or 1."""

    tracks: Tensor
    visibility: Tensor
    queries: Tensor
    focal: Tensor
    log_rho: Tensor
    moving: Tensor


def batch_of(scenes: list[Scene]) -> Batch:
    """Scenes of as many frames and points."""

    def stack(values: list[np.ndarray]) -> Tensor:
        return torch.from_numpy(np.stack(values).astype(np.float32))

    return Batch(
        stack([s.tracks for s in scenes]),
        stack([s.visibility for s in scenes]),
        stack([s.tracks[s.anchor] for s in scenes]),
        torch.tensor([s.told_focal_px for s in scenes], dtype=torch.float32),
        stack([np.log(s.inverse_depth) for s in scenes]),
        stack([s.moving | s.lost for s in scenes]),
    )


class Draws:
    """Batches by number; the scenes of one have as many frames."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def refresh(self) -> None:
        pass

    def batch(self, index: int) -> Batch:
        s = self.settings
        rng = np.random.default_rng((s.seed, index))
        request = Request(points=s.points, frames=int(rng.integers(15, 42)), anchor_last=False)
        return batch_of([draw_scene(rng, request) for _ in range(s.batch)])


class Objective:
    def __init__(self, network: FieldNetwork, settings: Settings) -> None:
        self.network, self.settings = network, settings

    def __call__(self, batch: Batch, share: float) -> Losses:
        told, _ = self.network(batch.tracks, batch.visibility, batch.queries, batch.focal)
        losses = [self._of_round(one, batch) for one in told]
        total = sum(
            w * (depth + self.settings.moving * moving)
            for w, (depth, moving, _) in zip(ROUND_WEIGHTS, losses, strict=True)
        )
        depth, moving, miss = losses[-1]
        assert isinstance(total, Tensor)
        return {
            "loss": total,
            "first": losses[0][0],
            "depth": depth,
            "moving": moving,
            "miss": miss,
        }

    def _of_round(self, told: Told, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        still = 1 - batch.moving
        truth = batch.log_rho.clamp(LOWEST, HIGHEST)
        offset = middle((truth - told.log_rho).detach(), still)
        miss = (told.log_rho + offset - truth).abs()
        weight = still + MOVING_WEIGHT * batch.moving
        likelihood = (miss / told.spread + told.spread.log()) * weight
        depth = (likelihood.sum(1) / weight.sum(1)).mean()
        moving = F.binary_cross_entropy_with_logits(told.moving_logit, batch.moving)
        return depth, moving, (miss * still).sum() / still.sum()


def middle(values: Tensor, chosen: Tensor) -> Tensor:
    """[B,1] median of the chosen values of each row."""
    masked = torch.where(chosen > 0, values, torch.full_like(values, torch.nan))
    return masked.nanmedian(1, keepdim=True).values.nan_to_num(0)


def train_field(run: Path, budget: Budget, settings: Settings) -> FieldNetwork:
    """Resumes from RUN/last. Returns the average."""
    torch.manual_seed(settings.seed)
    network = FieldNetwork(FieldConfig(settings.width, settings.heads, settings.blocks))
    stage = Stage(
        network=network,
        loss=Objective(network, settings),
        data=Draws(settings),
        checkpoint=run / "last",
        settings=asdict(settings),
        optimizer=OptimizerConfig(settings.rate, settings.decay),
        seed=settings.seed,
        metrics=run / "field.jsonl",
    )
    average: FieldNetwork = train(stage, budget)
    return average.eval()
