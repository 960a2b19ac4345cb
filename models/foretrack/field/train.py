"""Training of the track-to-space network on made-up scenes: Laplace likelihood of log inverse depth
beside its median, and which points move by themselves, in every round; where tracks of real clips
are given, they have to be met besides (reprojection.py)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..common.cuda_graphs import Losses
from ..common.loop import train
from ..common.ranges import Count, CountOrNone, Positive, Weight
from ..common.stage import Budget, OptimizerConfig, Stage
from ..common.track_files import TrackFolder
from .network import HIGHEST, LOWEST, FieldConfig, FieldNetwork, Told
from .real_tracks import RealBatch, RealDraws, read_pasts
from .reprojection import cameras_of_past, reprojection_loss
from .scenes import Request, Scene, draw_scene

ROUND_WEIGHTS = (0.4, 0.5, 0.7, 1.0)
MOVING_WEIGHT = 0.3  # of the depth of a mover, which only its surround tells


@dataclass
class Settings:
    batch: Count = 12
    points: Count = 112  # of a scene, out of the grid's
    rate: Positive = 1e-3
    decay: Weight = 0.02
    width: Count = 128
    heads: Count = 4
    blocks: Count = 2
    moving: Weight = 0.5  # weight of which points move
    real: CountOrNone = 6  # real pasts of a batch, where there are any
    real_weight: Weight = 0.3
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
    real: RealBatch | None = None


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
    """Batches by number; the scenes of one have as many frames. `tracks`: a folder of real
    ones."""

    def __init__(self, settings: Settings, tracks: Path | None = None) -> None:
        self.settings = settings
        self.real: RealDraws | None = None
        if tracks:
            s, pasts = settings, read_pasts(TrackFolder(tracks))
            self.real = RealDraws(pasts, s.real, s.points, s.seed)

    def refresh(self) -> None:
        pass

    def batch(self, index: int) -> Batch:
        s = self.settings
        rng = np.random.default_rng((s.seed, index))
        request = Request(points=s.points, frames=int(rng.integers(15, 42)), anchor_last=False)
        batch = batch_of([draw_scene(rng, request) for _ in range(s.batch)])
        if self.real:
            batch.real = self.real.batch(index)
        return batch


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
        parts = {"first": losses[0][0], "depth": depth, "moving": moving, "miss": miss}
        if batch.real is None:
            return {"loss": total, **parts}
        real, real_px = self._of_real(batch.real)
        total = total + self.settings.real_weight * real
        return {"loss": total, **parts, "real": real, "real_px": real_px}

    def _of_real(self, batch: RealBatch) -> tuple[Tensor, Tensor]:
        """Over all rounds under the cameras of the last one; how far the last one misses, px."""
        told, _ = self.network(batch.tracks, batch.visibility, batch.queries, batch.focal)
        path = cameras_of_past(batch, told[-1])
        losses = [reprojection_loss(one, path, batch.focal) for one in told]
        total = sum(w * loss for w, (loss, _) in zip(ROUND_WEIGHTS, losses, strict=True))
        assert isinstance(total, Tensor)
        return total, losses[-1][1]

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


def train_field(
    run: Path,
    budget: Budget,
    settings: Settings,
    tracks: Path | None = None,
    start: FieldNetwork | None = None,
) -> FieldNetwork:
    """Resumes from RUN/last, or begins with `start`, which is trained in place and has to have the
    settings' sizes; `tracks`: a folder of `npm run tracks`. Returns the average."""
    torch.manual_seed(settings.seed)
    config = FieldConfig(settings.width, settings.heads, settings.blocks)
    network = start or FieldNetwork(config)
    if network.config != config:
        raise ValueError(f"the weights to begin with have {network.config}, not {config}")
    stage = Stage(
        network=network,
        loss=Objective(network, settings),
        data=Draws(settings, tracks),
        checkpoint=run / "last",
        settings=asdict(settings),
        optimizer=OptimizerConfig(settings.rate, settings.decay),
        seed=settings.seed,
        metrics=run / "field.jsonl",
    )
    average: FieldNetwork = train(stage, budget)
    return average.eval()
