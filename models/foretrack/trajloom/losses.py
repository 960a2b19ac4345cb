"""Training losses of the published method. Tracks [B,T,N,2], visibility [B,T,N] (1 = visible)."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from .vae import Posterior

LEAST_SCALE = 1e-30  # where softplus nears the end of float32, its logarithm must stay finite
VELOCITY_WEIGHT, NEIGHBOUR_WEIGHT = 0.1, 0.2  # published
HOPS = ((1, 1.0), (2, 0.5), (4, 0.25))
Flow = Callable[[Tensor, Tensor], Tensor]


def masked_mean(values: Tensor, mask: Tensor) -> Tensor:
    """Mean of values [...,C] where mask [...] is set; 0 where nothing is."""
    weight = mask.unsqueeze(-1).to(values.dtype)
    return (values * weight).sum() / (weight.sum() * values.shape[-1]).clamp_min(1)


def reconstruction_loss(predicted: Tensor, target: Tensor, visible: Tensor) -> Tensor:
    """Huber over visible points."""
    return masked_mean(F.huber_loss(predicted, target, reduction="none"), visible)


def velocity_matching(predicted: Tensor, target: Tensor, visible: Tensor) -> Tensor:
    """Huber between frame-to-frame displacements whose both ends are visible."""
    both = visible[:, 1:] * visible[:, :-1]
    return masked_mean(
        F.huber_loss(predicted.diff(dim=1), target.diff(dim=1), reduction="none"), both
    )


def neighbour_matching(
    predicted: Tensor, target: Tensor, visible: Tensor, rows: int, columns: int
) -> Tensor:
    """Huber between differences to the right and lower neighbours at three hop distances, weighted
    1, 0.5, 0.25, over pairs that are both visible."""
    error = (predicted - target).unflatten(2, (rows, columns))
    seen = visible.unflatten(2, (rows, columns))
    total = predicted.new_zeros(())
    for hop, weight in HOPS:
        for axis, extent in ((2, rows), (3, columns)):
            if extent <= hop:
                continue
            near = slice_axis(error, axis, 0, extent - hop)
            far = slice_axis(error, axis, hop, extent)
            both = slice_axis(seen, axis, 0, extent - hop) * slice_axis(seen, axis, hop, extent)
            gap = far - near
            total = total + weight * masked_mean(
                F.huber_loss(gap, torch.zeros_like(gap), reduction="none"), both
            )
    return total


def slice_axis(x: Tensor, axis: int, start: int, end: int) -> Tensor:
    return x.narrow(axis, start, end - start)


def kl_divergence(posterior: Posterior) -> Tensor:
    """Mean KL of the diagonal posterior from N(0,1), nats per latent number."""
    scale = posterior.scale.clamp_min(LEAST_SCALE)
    return 0.5 * (posterior.mean.square() + scale.square() - 1 - 2 * scale.log()).mean()


def vae_loss(
    predicted: Tensor,
    target: Tensor,
    visible: Tensor,
    posterior: Posterior,
    rows: int,
    columns: int,
    beta: float = 5e-5,
    velocity: float = VELOCITY_WEIGHT,
    neighbour: float = NEIGHBOUR_WEIGHT,
) -> dict[str, Tensor]:
    """The published sum as `total`, and its terms."""
    terms = {
        "huber": reconstruction_loss(predicted, target, visible),
        "kl": kl_divergence(posterior),
        "velocity": velocity_matching(predicted, target, visible),
        "neighbour": neighbour_matching(predicted, target, visible, rows, columns),
    }
    terms["total"] = (
        terms["huber"]
        + beta * terms["kl"]
        + velocity * terms["velocity"]
        + neighbour * terms["neighbour"]
    )
    return terms


def sample_flow_times(
    count: int, generator: torch.Generator | None = None, small: float = 0.2, below: float = 0.1
) -> Tensor:
    """[count] flow times, uniform, but a share `small` of them uniform below `below`."""
    draw = torch.rand(count, 2, generator=generator)
    return torch.where(draw[:, 0] < small, draw[:, 1] * below, draw[:, 1])


def visibility_weights(visible: Tensor, hidden_weight: float = 0.01) -> Tensor:
    """Weights [B,L,N,1] of latent tokens: 1 where visible, `hidden_weight` elsewhere."""
    return (visible + hidden_weight * (1 - visible)).unsqueeze(-1)


def weighted_square(error: Tensor, weight: Tensor) -> Tensor:
    return (weight * error.square()).sum() / (weight.sum() * error.shape[-1]).clamp_min(1e-6)


def flow_matching_loss(
    flow: Flow,
    source: Tensor,
    data: Tensor,
    visible: Tensor,
    flow_time: Tensor,
    noise: Tensor,
    sigma: float = 0.05,
) -> Tensor:
    """Visibility-weighted flow matching on the straight path from source to data [B,L,N,C].

    flow_time [B]; `noise` ~ N(0,1) blurs the path by sigma."""
    t = flow_time[:, None, None, None]
    z = (1 - t) * source + t * data + sigma * noise
    error = flow(z, flow_time) - (data - source)
    return weighted_square(error, visibility_weights(visible))


def on_policy_loss(
    flow: Flow,
    source: Tensor,
    data: Tensor,
    visible: Tensor,
    steps: int,
    endpoint_weight: float = 0.1,
) -> Tensor:
    """On-policy fine-tuning: K Euler steps without gradient from the source; at every visited z_k
    the velocity is regressed to (z₁ − z_k)/(1 − t_k), and its endpoint z_k + (1 − t_k)·v to z₁."""
    weight = visibility_weights(visible)
    visited: list[tuple[Tensor, float]] = []
    z = source
    with torch.no_grad():
        for k in range(steps):
            t = k / steps
            visited.append((z, t))
            if k + 1 < steps:
                z = z + flow(z, z.new_full((z.shape[0],), t)) / steps
    total = source.new_zeros(())
    for z, t in visited:
        velocity = flow(z, z.new_full((z.shape[0],), t))
        left = 1 - t
        total = total + weighted_square(velocity - (data - z) / left, weight)
        total = total + endpoint_weight * weighted_square(z + left * velocity - data, weight)
    return total / steps


def distillation_loss(
    flow: Flow, teacher: Flow, source: Tensor, visible: Tensor, steps: int
) -> Tensor:
    """Progressive distillation (Salimans and Ho, 2022): at every state that `steps` Euler steps of
    the flow visit, one step of it is to go where two steps of half the length by the teacher go."""
    weight = visibility_weights(visible)
    states: list[tuple[Tensor, float, Tensor]] = []
    z, half = source, 0.5 / steps
    with torch.no_grad():
        for k in range(steps):
            t = k / steps
            first = teacher(z, z.new_full((len(z),), t))
            second = teacher(z + half * first, z.new_full((len(z),), t + half))
            states.append((z, t, (first + second) / 2))
            if k + 1 < steps:
                z = z + flow(z, z.new_full((len(z),), t)) / steps
    total = source.new_zeros(())
    for z, t, target in states:
        total = total + weighted_square(flow(z, z.new_full((len(z),), t)) - target, weight)
    return total / steps
