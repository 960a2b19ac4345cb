"""What futures must obey: positions of some points in some frames."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor

from .scenario import interpolate


class Constraints(NamedTuple):
    """Displacement from now [B,H,N,2] px, where weight [B,H,N] is 1 (obeyed exactly); the rest,
    where it is 0, is free."""

    displacement: Tensor
    weight: Tensor

    def repeat(self, futures: int) -> Constraints:
        """The same constraints for each of K futures, scene-major."""
        return Constraints(*(part.repeat_interleave(futures, 0) for part in self))


def bend_through(paths: Tensor, targets: Tensor, weight: Tensor) -> Tensor:
    """Bends paths [...,H,N,2] so that they pass through `targets` where `weight` [...,H,N] is set.

    The correction grows linearly from 0 at now, is linear between constraints and stays after the
    last: the conditional mean of a Brownian path given its values there.
    """
    return paths + interpolate(targets - paths, weight > 0)


def obey(futures: Tensor, xy: Tensor, constraints: Constraints | None) -> Tensor:
    """Futures [B*K,H,N,2] from `xy` [B*K,N,2], bent through the constraints of each of the B
    scenes."""
    if constraints is None:
        return futures
    moved, weight = constraints.repeat(len(futures) // len(constraints.displacement))
    return bend_through(futures, xy[:, None] + moved, weight)
