"""Gradients as recorded CUDA graphs.

A step of the compact model is four thousand small operations, and a CPU takes several times as long
to start them as the card to carry them out. Recorded, they start as one. A recording keeps what
Python decided while it was made (steps of the solver, frames that are scored, whether there are
constraints), so there are many of them, and each step replays one by chance; numbers drawn on the
card are new every time.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from .machine import Machine

WARM_UPS = 3  # before the first recording: libraries choose their kernels

Losses = dict[str, Tensor]


class CudaGraphs:
    """`count` recordings of the gradient of `loss`, for batches of the shape of `batch`.

    Gradients are added up in the parameters' `grad`, which must stay the same tensors. The loss
    may not wait for the card."""

    def __init__(
        self,
        loss: Callable[[Any], Losses],
        parameters: list[Tensor],
        batch: Any,
        count: int,
        machine: Machine,
    ) -> None:
        self.batch = dataclasses.replace(
            batch, **{name: value.clone() for name, value in _tensors(batch).items()}
        )
        for parameter in parameters:
            parameter.grad = torch.zeros_like(parameter)
        self.gradients = [p.grad for p in parameters if p.grad is not None]
        self.loss, self.machine = loss, machine
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(WARM_UPS):
                self._gradient()
        torch.cuda.current_stream().wait_stream(side)
        self.memory = torch.cuda.graph_pool_handle()  # one replays at a time, so all share it
        self.recorded = [self._record() for _ in range(count)]

    def __call__(self, batch: Any) -> Losses:
        """Gradients of the batch, by one of the recordings. Returns before they are there."""
        for name, value in _tensors(batch).items():
            getattr(self.batch, name).copy_(value)
        chosen = int(torch.randint(len(self.recorded), (), device="cpu"))
        graph, losses = self.recorded[chosen]
        graph.replay()
        return {name: value.clone() for name, value in losses.items()}

    def _gradient(self) -> Losses:
        torch._foreach_zero_(self.gradients)
        with self.machine.context():
            losses = self.loss(self.batch)
        losses["loss"].backward()
        return {name: value.detach() for name, value in losses.items()}

    def _record(self) -> tuple[torch.cuda.CUDAGraph, Losses]:
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, pool=self.memory):
            losses = self._gradient()
        return graph, losses


def _tensors(batch: Any) -> dict[str, Tensor]:
    return {name: value for name, value in vars(batch).items() if isinstance(value, Tensor)}
