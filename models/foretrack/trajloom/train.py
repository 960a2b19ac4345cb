"""Training of the published architecture, stage by stage into one folder.

`vae` comes first and leaves the latent's statistics; `flow` is visibility-weighted flow matching;
`policy` goes on from it with on-policy steps and endpoint consistency; `distil` teaches steps of
twice the length; `visibility` trains the head. Each stage resumes from RUN/STAGE and ends by
writing its network under the published name, which is what the next stage and `convert` read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor, nn

from ..common import checkpoints
from ..common.loop import train
from ..common.machine import Machine
from ..common.ranges import Count, CountOrNone, Positive, Share, Weight
from ..common.stage import Budget, OptimizerConfig, Stage, Validation
from . import objectives
from .checkpoint import CheckpointError, build, load_part
from .config import TrajLoomConfig
from .generator import ConditionedBlock, VisibilityHead
from .published import (
    WEIGHTS,
    MissingFileError,
    read_stats,
    write_configs,
    write_statistics,
    write_weights,
)
from .sources import RealFolders
from .vae import Block
from .video_latents import VideoError
from .windows import Windows, WindowsError

BETAS = (0.9, 0.999)


@dataclass
class Settings:
    batch: Count = 4  # scenes a process and step; each is two windows of the VAE
    rate: Positive = 2e-5  # as published for the VAE
    decay: Weight = 0.01
    real_share: Share = 0.5
    regulariser: Weight = 1.0  # factor of the VAE's velocity and neighbour terms
    statistics_batches: Count = 32
    seen_share: Share = 0.5
    video_share: Share = 0.9
    source: Literal["released", "paper", "both"] = "released"  # "paper", "both"
    policy_weight: Weight = 0.1
    policy_scenes: Count = 1
    policy_steps: Count = 4
    distil_steps: Count = 4
    validation_scenes: CountOrNone = 8
    validation_steps: Count = 10
    seed: int = 1


class MissingStageError(FileNotFoundError):
    """A stage needs what an earlier one leaves."""


class Trainer:
    """The stages of one run; `vae`, `flow`, `policy`, `distil` and `visibility` are its commands.

    `start_from`: a folder with published files, whose weights a stage begins with."""

    def __init__(
        self,
        config: TrajLoomConfig,
        run: Path,
        settings: Settings,
        budget: Budget,
        machine: Machine,
        real: RealFolders | None = None,
        start_from: Path | None = None,
    ) -> None:
        self.config, self.run, self.settings = config, run, settings
        self.budget, self.machine, self.start_from = budget, machine, start_from
        s, real = settings, real or RealFolders()
        self.data = real.training(config, s.batch, s.seed, s.real_share)
        self.held_out = real.held_out(config, s.validation_scenes)
        self.conditioning = objectives.Conditioning(s.seen_share, s.source, s.video_share)
        run.mkdir(parents=True, exist_ok=True)

    def vae(self) -> None:
        network, s = self._network("vae", "vae"), self.settings
        average = self._train(
            "vae",
            network,
            lambda batch, _: objectives.reconstruction_objective(network, batch, s.regulariser),
            lambda vae: objectives.validate_vae(vae, self._held_out_batch()),
        )
        if self.machine.first:
            average.spread_corners()
            batches = [self.machine.place(self.data.batch(i)) for i in range(s.statistics_batches)]
            write_statistics(self.run, objectives.latent_statistics(average, batches))
            self._publish("vae", average)

    def flow(self) -> None:
        network, space = self._network("flow", "generator"), self._space()

        def loss(batch: Windows, _: float) -> dict[str, Tensor]:
            latents = space.encode(batch)
            return {"loss": objectives.matching_objective(network, latents, self.conditioning)}

        self._train_generator("flow", network, space, loss)

    def policy(self) -> None:
        network, space, s = (
            self._network("policy", "generator", ["flow"]),
            self._space(),
            self.settings,
        )

        def loss(batch: Windows, _: float) -> dict[str, Tensor]:
            latents = space.encode(batch)
            some = latents.first(s.policy_scenes)
            matching = objectives.matching_objective(network, latents, self.conditioning)
            policy = objectives.policy_objective(network, some, self.conditioning, s.policy_steps)
            total = matching + s.policy_weight * policy
            return {"loss": total, "matching": matching, "policy": policy}

        self._train_generator("policy", network, space, loss)

    def distil(self) -> None:
        """The teacher is the stage before, unchanged: a moving one would coarsen without end."""
        network = self._network("distil", "generator", ["policy", "flow"])
        teacher = build(self.config, "generator")
        self._begin(teacher, "generator", ["policy", "flow"])
        teacher = teacher.to(self.machine.device).eval().requires_grad_(False)
        space, steps = self._space(), self.settings.distil_steps

        def loss(batch: Windows, _: float) -> dict[str, Tensor]:
            latents = space.encode(batch)
            distance = objectives.distillation_objective(
                network, teacher, latents, self.conditioning, steps
            )
            return {"loss": distance}

        self._train_generator("distil", network, space, loss, steps)

    def visibility(self) -> None:
        network, space = self._network("visibility", "visibility"), self._space()

        def loss(batch: Windows, _: float) -> dict[str, Tensor]:
            return {"loss": objectives.visibility_objective(network, space.encode(batch))}

        def validate(head: VisibilityHead) -> Validation:
            return objectives.validate_visibility(head, space.encode(self._held_out_batch()))

        average = self._train("visibility", network, loss, validate)
        self._publish("visibility", average)

    def _train_generator(
        self,
        stage: str,
        network: nn.Module,
        space: objectives.LatentSpace,
        loss: Callable[[Windows, float], dict[str, Tensor]],
        steps: int | None = None,
    ) -> None:
        steps = steps or self.settings.validation_steps
        average = self._train(
            stage,
            network,
            loss,
            lambda flow: objectives.validate_flow(flow, space, self._held_out_batch(), steps),
        )
        self._publish("generator", average)

    def _train(
        self,
        name: str,
        network: nn.Module,
        loss: Callable[[Windows, float], dict[str, Tensor]],
        validate: Callable[[Any], Validation],
    ) -> Any:
        s = self.settings

        def on_device(average: nn.Module) -> Validation:
            with self.machine.context():
                return validate(average)

        stage = Stage(
            network=network,
            loss=loss,
            data=self.data,
            checkpoint=self.run / name,
            metrics=self.run / f"{name}.jsonl",
            settings=vars(s),
            optimizer=OptimizerConfig(s.rate, s.decay, BETAS),
            seed=s.seed,
            blocks=[m for m in network.modules() if isinstance(m, Block | ConditionedBlock)],
            validate=on_device,
            validate_at_end=True,
        )
        return train(stage, self.budget, self.machine)

    def _network(self, stage: str, part: str, before: Iterable[str] = ()) -> Any:
        """New and random, from `start_from`, or from the stage `before`; a checkpoint of this
        stage overrides all of them."""
        torch.manual_seed(self.settings.seed)
        network = build(self.config, part)
        if not checkpoints.find(self.run / stage):
            self._begin(network, part, before)
        return network

    def _begin(self, network: nn.Module, part: str, before: Iterable[str]) -> None:
        if self.start_from:
            weights = load_part(self.config, part, self.start_from / WEIGHTS[part])
            network.load_state_dict(weights.state_dict())
        elif before:
            found = [self.run / name for name in before if checkpoints.find(self.run / name)]
            if not found:
                raise MissingStageError(f"Train {' or '.join(before)} first, or give --from")
            network.load_state_dict(checkpoints.read(found[0])["ema"])

    def _space(self) -> objectives.LatentSpace:
        path = self.run / WEIGHTS["vae"]
        if not path.is_file():
            raise MissingStageError(f"Train vae first: there is no {path.name} in the run")
        stats = read_stats(self.run, self.config.vae.latent_channels)
        vae = load_part(self.config, "vae", path)
        return objectives.LatentSpace(vae, stats, self.machine.device)

    def _held_out_batch(self) -> Windows:
        return self.machine.place(self.held_out.batch(0))

    def _publish(self, part: str, network: nn.Module) -> None:
        if self.machine.first:
            write_weights(self.run, part, network)
            write_configs(self.run, self.config)


STAGES = ("vae", "flow", "policy", "distil", "visibility")
EXPECTED = (MissingStageError, MissingFileError, CheckpointError, WindowsError, VideoError)
