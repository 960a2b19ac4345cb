"""Where a training run computes: CPU or CUDA, in float32 or bfloat16, in one process or several.

`torchrun --nproc_per_node N -m …` sets RANK, LOCAL_RANK and WORLD_SIZE; without them there is one
process. Several talk over NCCL on CUDA and over gloo on the CPU.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import functools
import gc
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch import distributed as dist
from torch.utils.checkpoint import checkpoint


@dataclass(frozen=True)
class Machine:
    device: torch.device = dataclasses.field(default_factory=lambda: torch.device("cpu"))
    bfloat16: bool = False
    recompute: bool = False
    cuda_graphs: int = 0
    rank: int = 0
    world: int = 1

    @property
    def first(self) -> bool:
        """Whether this process prints and saves."""
        return self.rank == 0

    def context(self) -> contextlib.AbstractContextManager[object]:
        """Within it, tensors that a loss makes out of nothing lie on the device."""
        return contextlib.nullcontext() if self.device.type == "cpu" else self.device

    def place(self, batch: Any) -> Any:
        """The batch, a dataclass, with its tensors on the device."""
        if self.device.type == "cpu":
            return batch
        moved = {
            f.name: value.to(self.device, non_blocking=True)
            for f in dataclasses.fields(batch)
            if isinstance(value := getattr(batch, f.name), Tensor)
        }
        return dataclasses.replace(batch, **moved)

    def agree(self, value: float) -> float:
        """The first process's value in all of them: clocks differ, decisions must not."""
        if self.world == 1:
            return value
        shared = torch.tensor([value], dtype=torch.float64, device=self.device)
        dist.broadcast(shared, 0)
        return float(shared)

    def random_state(self) -> list[dict[str, Tensor]]:
        """The state of every process's random numbers, by rank."""
        own = {"cpu": torch.get_rng_state()}
        if self.device.type == "cuda":
            own["cuda"] = torch.cuda.get_rng_state(self.device)
        if self.world == 1:
            return [own]
        states: list[Any] = [None] * self.world
        dist.all_gather_object(states, own)
        return states

    def restore_random_state(self, states: list[dict[str, Tensor]], seed: int) -> None:
        """As saved, where as many processes ran on the same kind of device; else from `seed`."""
        mine = states[self.rank] if len(states) == self.world else {}
        if self.device.type not in mine:
            torch.manual_seed(seed + self.rank)
            return
        torch.set_rng_state(mine["cpu"])
        if self.device.type == "cuda":
            torch.cuda.set_rng_state(mine["cuda"], self.device)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--device", help="cpu, cuda or cuda:1 (default: cuda where there is one)")
    parser.add_argument(
        "--bfloat16",
        action=argparse.BooleanOptionalAction,
        help="transformer blocks in bfloat16 (default: on cuda)",
    )
    parser.add_argument(
        "--recompute",
        action="store_true",
        help="compute blocks again for the gradient: a third more work, a fraction of the memory",
    )
    parser.add_argument(
        "--cuda-graphs",
        type=int,
        default=0,
        help="replay so many recorded steps by chance (CUDA graphs, one process)",
    )
    parser.add_argument("--threads", type=int, default=1, help="of the CPU, a process")


@contextlib.contextmanager
def from_arguments(args: argparse.Namespace) -> Iterator[Machine]:
    """The machine that the arguments and torchrun's environment ask for."""
    torch.set_num_threads(args.threads)
    name = args.device or ("cuda" if torch.cuda.is_available() else "cpu")
    world = int(os.environ.get("WORLD_SIZE", 1))
    local = int(os.environ.get("LOCAL_RANK", 0))
    device = torch.device("cuda", local) if name == "cuda" else torch.device(name)
    if device.type == "cuda":
        torch.cuda.set_device(device)
    half = device.type == "cuda" if args.bfloat16 is None else args.bfloat16
    if args.cuda_graphs and (device.type != "cuda" or world > 1):
        raise SystemExit("--cuda-graphs needs CUDA and one process")
    rank = int(os.environ.get("RANK", 0))
    machine = Machine(device, half, args.recompute, args.cuda_graphs, rank, world)
    if world == 1:
        yield machine
        return
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield machine
    finally:
        # A wrapped model in a cycle of references keeps the group's threads, which have to end
        # before Python does.
        gc.collect()
        dist.destroy_process_group()


def adapt_blocks(blocks: Iterable[nn.Module], machine: Machine) -> None:
    """Lets each block compute as the machine does. A block's result in bfloat16 goes back to
    float32: positions in pixels, solvers and losses around it need more than eight bits."""
    for block in blocks:
        if machine.bfloat16:
            block.forward = _autocast(block.forward, machine.device)
        if machine.recompute:
            block.forward = functools.partial(checkpoint, block.forward, use_reentrant=False)


def _autocast(forward: Callable[..., Tensor], device: torch.device) -> Callable[..., Tensor]:
    def run(*inputs: object) -> Tensor:
        with torch.autocast(device.type, torch.bfloat16):
            return forward(*inputs).float()

    return run
