"""What training of the compact model minimises."""

from __future__ import annotations

import torch
from torch import Tensor

from ..common.batch import Batch
from ..common.constraints import obey
from ..common.losses import fair_energy, hidden_loss, motion_energy, normaliser, widen_target
from .history import look_back
from .model import CompactForecaster, tracks_of
from .settings import Settings
from .targets import draw_constraints, future_parts

STEPS = (1, 1, 1, 2, 2, 4, 8)  # of the solver on policy, as often as they stand here

SHIPPED_STEPS = 4  # of the solver in the studio


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
    choices = [steps for steps in STEPS if steps <= settings.most_steps]
    steps = choices[int(torch.randint(len(choices), (), device="cpu"))]
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
