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
from pathlib import Path

import torch
from torch import Tensor

from ..common import checkpoints
from ..common.batch import Batch
from ..common.cases import Case
from ..common.loop import train
from ..common.machine import Machine
from ..common.stage import Budget, OptimizerConfig, Stage, Validation
from . import widen
from .forecaster import validation
from .model import CompactForecaster
from .network import Block
from .objectives import matching_loss, policy_loss, visibility_loss
from .settings import Settings, config_of
from .targets import scaled_paths
from .training_data import Data


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
        metrics=run / "visibility.jsonl",
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

    def validate(average: CompactForecaster) -> Validation:
        return validation(copy.deepcopy(average).cpu(), settings.variant, list(cases))

    stage = Stage(
        network=model,
        loss=loss,
        data=data,
        checkpoint=last,
        metrics=run / "flow.jsonl",
        settings=vars(settings),
        optimizer=OptimizerConfig(settings.rate, settings.decay),
        seed=settings.seed,
        blocks=[m for m in model.modules() if isinstance(m, Block)],
        validate=validate if cases else None,
    )
    train(stage, budget, machine)
