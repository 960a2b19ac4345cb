"""Training of the compact model.

`vae` fits the latent statistics. `flow` takes its first share of time for flow matching on the
straight path from scenario to truth and the rest on policy: the sampler is rolled to a random step
without gradient and the futures reached from there are scored with proper scores. `visibility`
trains the head that tells what is hidden, alone: every future stays as it was. `flow` and
`visibility` resume from RUN/last.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from ..common import checkpoints, scenario
from ..common.constraints import Constraints, obey
from ..common.data import Batch, Pool, RealTracks, make_batch
from ..common.evaluate import Case, validation_line
from ..common.loop import Budget, OptimizerConfig, Stage, train
from ..common.losses import fair_energy, hidden_loss, motion_energy, normaliser, widen_target
from ..common.machine import Machine
from . import widen
from .config import SIZES, CompactConfig
from .history import look_back
from .model import CompactForecaster, tracks_of
from .network import Block

STEPS = (1, 1, 1, 2, 2, 4, 8)  # of the solver on policy, as often as they stand here
SHIPPED_STEPS = 4  # of the solver in the studio


@dataclass
class Settings:
    size: str = "compact"
    batch: int = 16
    futures: int = 4
    points: int = 80
    around: int = 0  # points besides, from which the past camera and scale are told
    rate: float = 8e-4
    decay: float = 0.3
    real_share: float = 0.4
    matching_share: float = 0.05
    joint_weight: float = 0.3
    best_weight: float = 0.35
    motion_weight: float = 0.3
    evenness: float = 0.75  # 1: every scene weighs the same, 0: as many pixels as it errs by
    constraint_share: float = 0.15
    independent_share: float = 0.5  # batches whose futures are drawn each on its own
    real_spread: float = 1.4  # how much wider than the score asks real scenes' cameras are drawn
    shards: int = 30  # of procedural scenes in memory, at most
    seed: int = 1
    video: bool = False  # needs --patches
    variant: str = "shipped"  # ablations: see `model.draw_source`


def config_of(settings: Settings) -> CompactConfig:
    return replace(SIZES[settings.size], video=settings.video)


class Data:
    """Batches on the device where they are trained on."""

    def __init__(
        self,
        pool: Path,
        tracks: Path | None,
        settings: Settings,
        patches: Path | None = None,
        device: torch.device | None = None,
    ) -> None:
        self.pool, self.settings = Pool(pool, settings.shards, device), settings
        self.real = RealTracks(tracks, patches, device) if tracks else None
        self.refresh()

    def refresh(self) -> None:
        self.pool.refresh()
        if self.real:
            self.real.refresh()

    def batch(self, step: int, size: int | None = None) -> Batch:
        s = self.settings
        seed = s.seed * 1_000_003 + step
        size = size or s.batch
        return make_batch(self.pool, self.real, size, s.points, s.real_share, seed, s.around)


def scaled_paths(batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Residual and camera displacement of past and future as VAE examples [M,H,2], mask, px."""
    past = look_back(batch.history, batch.seen, batch.points)
    camera, residual = future_parts(batch)
    scale = past.scale[:, None, None, None]
    ahead = torch.cat([residual, camera], 2) / scale
    seen = torch.cat([batch.mask, batch.mask.any(2, keepdim=True).expand(-1, -1, 3)], 2)
    paths = ahead.transpose(1, 2).flatten(0, 1)
    pixels = scale.expand(-1, -1, ahead.shape[2], 1).transpose(1, 2).flatten(0, 1)[:, 0, 0]
    return paths, seen.transpose(1, 2).flatten(0, 1), pixels


def future_parts(batch: Batch, factored: bool = True) -> tuple[Tensor, Tensor]:
    """True future factored: camera [B,H,3,2] by robust fit, residual [B,H,N,2] in its frame."""
    now = batch.now
    displacement = batch.future - now[:, None]
    xy = now[:, None].expand_as(displacement)
    mask = batch.mask.float()
    camera = scenario.robust_affine(xy, displacement, mask, rounds=4)
    if not factored:
        camera = 0 * camera
    q = scenario.stabilise(batch.future, camera)
    residual = scenario.interpolate(q - now[:, None], batch.mask)
    known = batch.mask.any(2, keepdim=True).expand(-1, -1, 3)
    return scenario.interpolate(camera, known), residual


def fit_vae(data: Data, run: Path, settings: Settings) -> None:
    """Latent statistics over procedural and real tracks, and the reconstruction error."""
    vae = CompactForecaster(config_of(settings)).vae
    paths, mask, pixels = scaled_paths(data.batch(0, 512))
    raw = vae.encode_raw(paths[mask.float().mean(1) > 0.5])
    vae.std.copy_(_robust_std(raw))
    error = (vae.decode(vae.encode(paths)) - paths).norm(dim=-1) * pixels[:, None]
    print(f"VEPE {(error * mask).sum() / mask.sum():.3f} px on {len(paths)} tracks", flush=True)
    run.mkdir(parents=True, exist_ok=True)
    torch.save({"vae": vae.state_dict(), "settings": vars(settings)}, run / "vae.pt")


def _robust_std(raw: Tensor) -> Tensor:
    """Half of the central 68 %: heavy tails would blow a standard deviation up."""
    low, high = torch.quantile(raw, torch.tensor([0.16, 0.84]), dim=0)
    return ((high - low) / 2).clamp(min=1e-2)


def matching_loss(model: CompactForecaster, batch: Batch, settings: Settings) -> Tensor:
    """Flow matching on the straight path from a scenario to the encoded truth."""
    past = look_back(batch.history, batch.seen, batch.points)
    condition = model.condition(past, batch.interval, patches=batch.patches)
    z0, _ = model.draw_source(
        batch.history, batch.seen, past.scale, 1, settings.variant, points=batch.points
    )
    camera, residual = future_parts(batch, settings.variant != "unfactored")
    paths = torch.cat([residual, camera], 2).transpose(1, 2) / past.scale[:, None, None, None]
    z1 = model.vae.encode(paths)
    share = batch.mask.float().mean(1)
    weight = torch.cat([share, share.new_ones(len(share), 3)], 1).clamp(min=0.01)
    t = torch.rand(len(z0))
    z = z0 + t[:, None, None] * (z1 - z0)
    v = model.velocity(z, condition.tokens, condition.summary, t)
    error = torch.nn.functional.huber_loss(v, z1 - z0, reduction="none").mean(-1)
    return (error * weight).sum() / weight.sum()


def draw_constraints(batch: Batch) -> Constraints:
    """The true displacement of 1 to 4 points or 5 to 12 % of
    them, over their whole visible future, at a few frames of it, or where they are last seen."""
    size, frames, points = batch.mask.shape
    few = torch.randint(1, 5, (size, 1)) / points
    share = torch.where(torch.rand(size, 1) < 0.5, few, 0.05 + 0.07 * torch.rand(size, 1))
    rank = torch.rand(size, points).argsort(1).argsort(1)
    chosen = rank < (share * points).round().clamp(min=1)
    last = batch.mask & (batch.mask.flip(1).cumsum(1).flip(1) == 1)
    some = batch.mask & (torch.rand(batch.mask.shape) < 0.08)
    kind = torch.randint(3, (size, 1, 1))
    when = torch.where(kind == 0, batch.mask, torch.where(kind == 1, some, last))
    displacement = batch.future - batch.now[:, None]
    return displacement, (when & chosen[:, None]).float()


def _chance(share: float) -> bool:
    """On the CPU, where a decision does not wait for the device."""
    return float(torch.rand((), device="cpu")) < share


def policy_loss(model: CompactForecaster, batch: Batch, settings: Settings) -> dict[str, Tensor]:
    """Proper scores of the futures that the sampler itself reaches from a visited state."""
    k = settings.futures
    past = look_back(batch.history, batch.seen, batch.points)
    constraints = draw_constraints(batch) if _chance(settings.constraint_share) else None
    condition = model.condition(past, batch.interval, constraints, batch.patches)
    independent = _chance(settings.independent_share)
    with torch.no_grad():
        z, drawn_tracks = model.draw_source(
            batch.history,
            batch.seen,
            past.scale,
            k,
            settings.variant,
            independent=independent,
            constraints=constraints,
            points=batch.points,
        )
    rolled = condition.repeat(k)
    steps = STEPS[int(torch.randint(len(STEPS), (), device="cpu"))]
    stop = int(torch.randint(steps, (), device="cpu"))
    if stop:
        z = model.solve(z, rolled, steps, stop)
    t = torch.full((len(z),), stop / steps)
    v = model.velocity(z, rolled.tokens, rolled.summary, t)
    latent = z + (1 - stop / steps) * v
    camera, residual = model.decode(latent, rolled.scale)
    if settings.variant == "unfactored":
        camera = 0 * camera
    futures = obey(tracks_of(rolled.xy, camera, residual), rolled.xy, constraints)
    futures = futures.unflatten(0, (-1, k))
    with torch.no_grad():
        norm, baseline = normaliser(drawn_tracks, batch.future, batch.mask, settings.evenness)
    spread = 1 + (settings.real_spread - 1) * batch.real.float()
    target = widen_target(futures, batch.future, spread, batch.mask, past.xy)
    energy, joint, best = fair_energy(futures, target, batch.mask)
    motion = motion_energy(futures, batch.future, batch.mask, past.xy)
    logits = model.visible(latent.detach(), rolled).unflatten(0, (-1, k)).mean(1)
    hidden = hidden_loss(logits, batch.mask, batch.told)
    score = energy / norm
    loss = (
        score
        + settings.joint_weight * joint / norm
        + settings.best_weight * best / norm
        + settings.motion_weight * motion
    ).mean() + 0.05 * hidden
    return {"loss": loss, "ratio": (energy.sum() / baseline.sum()), "score": score.mean()}


def visibility_loss(model: CompactForecaster, batch: Batch, settings: Settings) -> Tensor:
    """Of the head alone, on futures as they are drawn with the steps of the studio."""
    constraints = draw_constraints(batch) if _chance(settings.constraint_share) else None
    latent, condition = model.sample(
        batch.history,
        batch.seen,
        batch.interval,
        settings.futures,
        SHIPPED_STEPS,
        variant=settings.variant,
        independent=_chance(settings.independent_share),
        constraints=constraints,
        patches=batch.patches,
        points=batch.points,
    )
    logits = model.visible(latent, condition)
    seen, told = (x.repeat_interleave(settings.futures, 0) for x in (batch.mask, batch.told))
    return hidden_loss(logits, seen, told)


def train_visibility(
    data: Data,
    run: Path,
    budget: Budget,
    settings: Settings,
    start_from: Path | None,
    machine: Machine | None = None,
) -> None:
    """Trains `model.visibility` from a checkpoint; all else keeps its bits."""
    torch.manual_seed(settings.seed)
    model = CompactForecaster(config_of(settings))
    if start_from:
        weights = checkpoints.read(start_from)["ema"]
        model.load_state_dict(widen.fitted(weights, model.config))
    model.requires_grad_(False)
    model.visibility.requires_grad_(True)
    stage = Stage(
        network=model,
        loss=lambda batch, share: {"loss": visibility_loss(model, batch, settings)},
        data=data,
        checkpoint=run / "last",
        settings=vars(settings),
        optimizer=OptimizerConfig(settings.rate, settings.decay),
        seed=settings.seed,
    )
    train(stage, budget, machine)


def train_flow(
    data: Data,
    run: Path,
    budget: Budget,
    settings: Settings,
    start_from: Path | None,
    cases: Sequence[Case] = (),
    machine: Machine | None = None,
) -> None:
    torch.manual_seed(settings.seed)
    model = CompactForecaster(config_of(settings))
    last = run / "last"
    if not checkpoints.find(last):
        model.vae.load_state_dict(torch.load(run / "vae.pt", weights_only=True)["vae"])
        if start_from:
            weights = checkpoints.read(start_from)["ema"]
            model.load_state_dict(widen.fitted(weights, model.config))
    model.vae.requires_grad_(False)

    def loss(batch: Batch, share: float) -> dict[str, Tensor]:
        if share < settings.matching_share:
            return {"loss": matching_loss(model, batch, settings)}
        return policy_loss(model, batch, settings)

    def validate(average: CompactForecaster) -> str:
        return validation_line(copy.deepcopy(average).cpu(), settings.variant, list(cases))

    stage = Stage(
        network=model,
        loss=loss,
        data=data,
        checkpoint=last,
        settings=vars(settings),
        optimizer=OptimizerConfig(settings.rate, settings.decay),
        seed=settings.seed,
        blocks=[m for m in model.modules() if isinstance(m, Block)],
        validate=validate if cases else None,
    )
    train(stage, budget, machine)
