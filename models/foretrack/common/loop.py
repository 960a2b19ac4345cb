"""The training loop that every stage of every model shares.

AdamW with warm-up and a cosine rate, clipped gradients, an average of the weights (EMA), a budget
of time or steps, progress, validation, and checkpoints from which a run goes on exactly as if it
had never stopped. In several processes (see `machine`) each takes its own batches, gradients are
averaged, and the first one prints and saves.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from . import checkpoints
from .cuda_graphs import CudaGraphs, Losses
from .machine import Machine, adapt_blocks
from .metric_log import MetricLog
from .settings import record
from .stage import Budget, Loss, Stage, Validation

WARM_UP_STEPS = 200
LOG_STEPS = 100
SAVE_SECS = 120
VALIDATE_SECS = 600
MOST_KEPT = 0.999  # of the average, a step
RANK_SEED = 7919


def train(stage: Stage, budget: Budget, machine: Machine | None = None) -> Any:
    """Trains until the budget is spent, from the checkpoint where there is one. Returns the
    average, a network like the stage's."""
    machine = machine or Machine()
    run = _Run(stage, budget, machine)
    log = MetricLog(stage.metrics, machine.first)
    began = time.time() - run.spent
    saved = validated = run.spent
    start = run.step
    batch = run.batch(run.step)
    while True:
        run.spent = used = machine.agree(time.time() - began)
        if used - saved > SAVE_SECS:
            run.save()
            saved = used
        if stage.validate and machine.first and used - validated > VALIDATE_SECS:
            log.validated(run.step, used, run.validate(stage.validate))
            validated = time.time() - began
        share = budget.share(run.step, used)
        if share >= 1 or (budget.pause and run.step - start >= budget.pause):
            break
        losses = run.differentiate(batch, share)
        batch = run.batch(run.step + 1)  # made while a card computes
        run.step_optimizer(share)
        log.collect(losses)
        if run.step % LOG_STEPS == 0:
            log.flush(run.step, used)
            stage.data.refresh()
    run.save()
    if stage.validate and stage.validate_at_end and machine.first:
        log.validated(run.step, used, run.validate(stage.validate))
    return run.average


def cosine(share: float) -> float:
    """Factor of the rate: 1 at the beginning of the budget, 0.02 at its end."""
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1, share)))


class _Run:
    """The state that a checkpoint holds, and one step of it."""

    def __init__(self, stage: Stage, budget: Budget, machine: Machine) -> None:
        self.stage, self.budget, self.machine = stage, budget, machine
        self.network = stage.network.to(machine.device)
        self.average = copy.deepcopy(self.network).requires_grad_(False)
        self.trained: list[Tensor] = [p for p in self.network.parameters() if p.requires_grad]
        config = stage.optimizer
        self.optimizer = torch.optim.AdamW(
            self.trained, lr=config.rate, weight_decay=config.decay, betas=config.betas
        )
        self.step, self.spent = 0, 0.0
        if machine.rank:  # the same weights everywhere, but each process its own noise
            torch.manual_seed(stage.seed + RANK_SEED * machine.rank)
        if checkpoints.find(stage.checkpoint):
            self._resume(checkpoints.read(stage.checkpoint))
        adapt_blocks(stage.blocks, machine)
        self.graphs: CudaGraphs | None = None
        self.objective: Loss = stage.loss
        if machine.world > 1:
            self.objective = DistributedDataParallel(
                _Objective(self.network, stage.loss),
                forward_sync_buffers=False,
                find_unused_parameters=True,
            )

    def batch(self, step: int) -> Any:
        index = step * self.machine.world + self.machine.rank
        return self.machine.place(self.stage.data.batch(index))

    def differentiate(self, batch: Any, share: float) -> Losses:
        """Leaves the gradients of the batch in the parameters."""
        if self.machine.cuda_graphs and not self.graphs:

            def make(batch: Any) -> Losses:
                return self.objective(batch, share)

            count = self.machine.cuda_graphs
            self.graphs = CudaGraphs(make, self.trained, batch, count, self.machine)
        if self.graphs:
            return self.graphs(batch)
        with self.machine.context():
            losses = self.objective(batch, share)
        self.optimizer.zero_grad()
        losses["loss"].backward()
        return losses

    def step_optimizer(self, share: float) -> None:
        config = self.stage.optimizer
        for group in self.optimizer.param_groups:
            group["weight_decay"] = config.decay
            group["lr"] = config.rate * min(1, (self.step + 1) / WARM_UP_STEPS) * cosine(share)
        norm = torch.nn.utils.clip_grad_norm_(self.trained, config.clip)
        if torch.isfinite(norm):
            self.optimizer.step()
        self.step += 1
        keep = min(MOST_KEPT, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            latest: list[Tensor] = list(self.network.parameters())
            average: list[Tensor] = list(self.average.parameters())
            torch._foreach_lerp_(average, latest, 1 - keep)

    def validate(self, by: Callable[[Any], Validation]) -> Validation:
        """By the first process; the others wait for its clock."""
        device = self.machine.device
        with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
            return by(self.average.eval())

    def save(self) -> None:
        random = self.machine.random_state()
        if self.machine.first:
            state = {
                "model": self.network.state_dict(),
                "ema": self.average.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "step": self.step,
                "spent": self.spent,
                "random": random,
                "settings": self.stage.settings,
                "config": record(self.stage.settings, self.budget),
            }
            checkpoints.write(self.stage.checkpoint, state)

    def _resume(self, state: dict[str, Any]) -> None:
        self.network.load_state_dict(state["model"])
        self.average.load_state_dict(state["ema"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.spent = state["step"], state["spent"]
        # Without saved random states (older files): new noise, not the run's first again.
        self.machine.restore_random_state(state.get("random", []), self.stage.seed + self.step)
        if self.machine.first:
            print(f"resumed at step {self.step}, {self.spent / 60:.1f} minutes", flush=True)


class _Objective(nn.Module):
    """A loss as a module, which is what DistributedDataParallel can wrap."""

    def __init__(self, network: nn.Module, loss: Loss) -> None:
        super().__init__()
        self.network, self.loss = network, loss

    def forward(self, batch: Any, share: float) -> Losses:
        return self.loss(batch, share)
