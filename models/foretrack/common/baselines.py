"""What forecasts are measured beside: the scenario ensemble and baselines of one future each, all
without learning, and a method that is told of another clip."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from . import scenario
from .cases import Case, Forecast, Method, padded
from .geometry import FAR


def _history(case: Case) -> tuple[Tensor, Tensor, int]:
    return case.history[None], case.seen.float()[None], len(case.truth)


def ensemble(independent: bool = False) -> Method:
    """Scenarios as they are drawn; decays spread over the futures, or `independent`."""

    def forecast(case: Case, futures: int, generator: torch.Generator) -> Forecast:
        history, seen = padded(case.history, case.seen)
        drawn = scenario.draw(1, futures, generator, independent)
        parts = scenario.factored(history, seen, drawn, len(case.truth))
        return Forecast(scenario.compose(history[:, -1], parts.camera, parts.residual)[0])

    return forecast


def static(case: Case, *_: object) -> Forecast:
    return Forecast(case.history[-1].expand(1, len(case.truth), -1, -1))


def constant_velocity(span: int, decay: float = 1.0) -> Method:
    def forecast(case: Case, *_: object) -> Forecast:
        history, seen, horizon = _history(case)
        velocity = scenario.velocities(history, seen, span)[0]
        way = scenario.travel(torch.tensor(decay), horizon)
        return Forecast(history[:, -1, None] + way[None, :, None, None] * velocity[:, None])

    return forecast


def affine(case: Case, *_: object) -> Forecast:
    """Robust affine camera velocity kept, residual velocity added (both over 8 frames)."""
    history, seen, horizon = _history(case)
    drawn = scenario.Scenarios(torch.tensor([[2]]), torch.zeros(1, 1), torch.ones(1, 1))
    parts = scenario.factored(history, seen, drawn, horizon)
    return Forecast(scenario.compose(history[:, -1], parts.camera, parts.residual)[0])


def homography_field(xy: Tensor) -> Tensor:
    """Basis [N,2,8] of the velocities that a homography in motion gives to points [N,2] px.

    A homography near the identity moves x by a + B x - x (c . x): eight numbers, in which the
    velocity is linear (the Lie algebra of SL(3)). x in half frame widths about the centre.
    """
    x, y, one = scenario.affine_features(xy).unbind(-1)
    zero = torch.zeros_like(x)
    along_x = [one, zero, x, y, zero, zero, x * x, x * y]
    along_y = [zero, one, zero, zero, x, y, x * y, y * y]
    return torch.stack([torch.stack(along_x, -1), torch.stack(along_y, -1)], -2)


def homography(case: Case, *_: object) -> Forecast:
    """Robust homography velocity followed frame by frame, residual velocity added (8 frames)."""
    history, seen, horizon = _history(case)
    velocity, valid = scenario.velocities(history, seen, 8)
    xy, velocity, weights = history[0, -1], velocity[0], valid[0].float()
    basis, w = homography_field(xy), weights
    for _round in range(6):  # iteratively reweighted, as the scenario's affine fit
        gram = torch.einsum("nci,n,ncj->ij", basis, w, basis) + scenario.RIDGE * torch.eye(8)
        theta = torch.linalg.solve(gram, torch.einsum("nci,n,nc->i", basis, w, velocity))
        off = (velocity - basis @ theta).norm(dim=-1)
        scale = (w * off).sum() / w.sum().clamp(min=1e-6)
        w = weights * (scale.clamp(min=scenario.MIN_SCALE_PX) / off.clamp(min=1e-6)).clamp(max=1)
    residual = torch.where(valid[0][:, None], velocity - basis @ theta, 0.0)
    path, stabilised = [], xy
    for h in range(1, horizon + 1):
        # A homography sends points to infinity in finite time.
        stabilised = (stabilised + homography_field(stabilised) @ theta).clamp(-FAR, FAR)
        path.append(stabilised + h * residual)
    return Forecast(torch.stack(path)[None])


def kalman(case: Case, *_: object) -> Forecast:
    """Constant-velocity Kalman filter of every track on its own (q 0.5 px/frame^2, r 0.5 px)."""
    history, seen, horizon = _history(case)
    p, v = history[0, 0].clone(), torch.zeros_like(history[0, 0])
    n = p.shape[0]
    cov = torch.eye(2).expand(n, 2, 2).clone() * 25
    step = torch.tensor([[1.0, 1.0], [0.0, 1.0]])
    noise = 0.25 * torch.tensor([[0.25, 0.5], [0.5, 1.0]])
    for t in range(1, history.shape[1]):
        p = p + v
        cov = step @ cov @ step.T + noise
        gain = cov[:, :, 0] / (cov[:, 0, 0] + 0.25)[:, None] * seen[0, t][:, None]
        error = history[0, t] - p
        p, v = p + gain[:, :1] * error, v + gain[:, 1:] * error
        cov = cov - gain[:, :, None] * cov[:, :1, :]
    ahead = torch.arange(1, horizon + 1.0)
    return Forecast((history[0, -1] + ahead[:, None, None] * v)[None])


ALL: dict[str, Method] = {
    "static": static,
    "constant velocity, 1 frame": constant_velocity(1),
    "constant velocity, 4 frames": constant_velocity(4),
    "constant velocity, 8 frames": constant_velocity(8),
    "damped velocity": constant_velocity(4, 0.9),
    "Kalman per track": kalman,
    "affine + residual velocity": affine,
    "homography + residual velocity": homography,
}


def told_of_another(method: Method, cases: list[Case]) -> Method:
    """The method, given the history of the next case of another source in place of each case's own;
    its futures begin where the points of the case are. How much a forecast owes to its input."""
    others = {}
    for i, case in enumerate(cases):
        following = cases[i + 1 :] + cases[:i]
        others[id(case)] = next(c for c in following if c.source != case.source)

    def forecast(case: Case, futures: int, generator: torch.Generator) -> Forecast:
        other = others[id(case)]
        history, seen, interval = other.history, other.seen, other.interval
        told = replace(case, history=history, seen=seen, interval=interval)
        tracks, visible = method(told, futures, generator)
        return Forecast(tracks + (case.history[-1] - history[-1]), visible)

    return forecast
