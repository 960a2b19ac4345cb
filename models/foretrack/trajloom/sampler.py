"""Source latents and solvers of TrajLoom-Flow. Flow time 0 = source, 1 = data."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Velocity = Callable[[Tensor, Tensor], Tensor]
ANCHOR_NOISE = 0.1


def source_latent(
    history: Tensor, noise: Tensor, repeat: bool = False, anchor_noise: float = ANCHOR_NOISE
) -> Tensor:
    """[B,L,N,C] from standardised history and N(0,1) noise, both [B,L,N,C].

    As released: noise, but the first frame is the history's last plus 0.1·noise. With `repeat`, as
    in the paper: every frame is the history's last plus 0.1·noise.
    """
    anchored = history[:, -1:] + anchor_noise * noise
    return anchored if repeat else torch.cat([anchored[:, :1], noise[:, 1:]], 1)


def shifted_times(steps: int, shift: float = 1.0) -> Tensor:
    """[steps+1] flow times from 0 to 1; shift > 1 spends more steps near the source."""
    t = torch.linspace(0, 1, steps + 1, dtype=torch.float64)
    return (t / (shift + (1 - shift) * t)).float()


def solve(
    velocity: Velocity, source: Tensor, steps: int, solver: str = "euler", shift: float = 1.0
) -> Tensor:
    """Integrates dz/dt = velocity(z, t [B]) from 0 to 1; t is clamped to [1e-5, 1−1e-5].

    `euler` and `ab2` (two-step Adams-Bashforth, Euler first) cost one evaluation a step, `heun`
    two.
    """
    if solver not in ("euler", "heun", "ab2"):
        raise ValueError(f"Unknown solver {solver!r}: euler, heun or ab2")
    times = shifted_times(steps, shift)
    z = source
    previous: tuple[Tensor, float] | None = None

    def at(z: Tensor, t: float) -> Tensor:
        return velocity(z, z.new_full((z.shape[0],), min(max(t, 1e-5), 1 - 1e-5)))

    for start, end in zip(times[:-1].tolist(), times[1:].tolist(), strict=True):
        step = end - start
        v = at(z, start)
        if solver == "heun":
            v = 0.5 * (v + at(z + step * v, end))
        elif solver == "ab2" and previous is not None:
            earlier, earlier_step = previous
            ratio = step / earlier_step
            v, previous = v + 0.5 * ratio * (v - earlier), (v, step)
        elif solver == "ab2":
            previous = (v, step)
        z = z + step * v
    return z
