"""The four graphs of a compact pack."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..common.constraints import Constraints
from ..common.geometry import CENTRE, HALF_WIDTH, grid_centres
from .history import look_back
from .model import CompactForecaster, Condition, tracks_of


class ConditionGraph(nn.Module):
    """History and constraints -> context [1,394,D] (393 tokens, then the summary and zeros), motion
    scale [1]."""

    def __init__(self, model: CompactForecaster) -> None:
        super().__init__()
        self.model = model

    def forward(self, history_tracks, history_visibility, frame_interval, hint_tracks, hint_mask):
        past = look_back(history_tracks[None], history_visibility[None])
        moved = hint_tracks - history_tracks[-1:]
        constraints = Constraints(moved[None], hint_mask[None])
        condition = self.model.condition(past, frame_interval, constraints)
        tokens, summary = condition.tokens, condition.summary
        summary = nn.functional.pad(summary, (0, tokens.shape[-1] - summary.shape[-1]))
        return torch.cat([tokens, summary[:, None]], 1), condition.scale


class SourceGraph(nn.Module):
    xy: Tensor

    def __init__(self, model: CompactForecaster) -> None:
        super().__init__()
        self.model = model
        self.register_buffer("xy", torch.tensor(grid_centres(), dtype=torch.float32))

    def forward(self, scenario_tracks, scenario_camera, noise, motion_scale):
        residual = scenario_tracks - self.xy
        camera = camera_from_affine(scenario_camera)
        return self.model.source(camera, residual, motion_scale, noise)


class VelocityGraph(nn.Module):
    def __init__(self, model: CompactForecaster) -> None:
        super().__init__()
        self.model = model

    def forward(self, latent, context, flow_time, step):
        tokens, summary = context[:, :-1], context[:, -1, : self.model.config.width]
        velocity = self.model.velocity(latent, tokens, summary, flow_time)
        return velocity, latent + step * velocity


class DecodeGraph(nn.Module):
    xy: Tensor

    def __init__(self, model: CompactForecaster) -> None:
        super().__init__()
        self.model = model
        self.register_buffer("xy", torch.tensor(grid_centres(), dtype=torch.float32))

    def forward(self, latent, motion_scale, context):
        camera, residual = self.model.decode(latent, motion_scale)
        tracks = tracks_of(self.xy[None], camera, residual)
        tokens = context[:, :-1].expand(latent.shape[0], -1, -1)
        condition = Condition(tokens, context[:, -1], motion_scale, self.xy[None])
        seen = self.model.visible(latent, condition).sigmoid()
        return tracks, seen, affine_from_camera(camera)


def affine_from_camera(camera: Tensor) -> Tensor:
    """Displacement on (x', y', 1) [...,3,2] -> (a,b,c,d,e,f) of x' = a x + b y + c, px."""
    x, y = camera[..., 0, :] / HALF_WIDTH, camera[..., 1, :] / HALF_WIDTH
    shift = camera[..., 2, :] - x * CENTRE[0] - y * CENTRE[1]
    rows = [1 + x[..., 0], y[..., 0], shift[..., 0], x[..., 1], 1 + y[..., 1], shift[..., 1]]
    return torch.stack(rows, -1)


def camera_from_affine(affine: Tensor) -> Tensor:
    """Inverse of `affine_from_camera`."""
    a, b, c, d, e, f = affine.unbind(-1)
    x = torch.stack([a - 1, d], -1)
    y = torch.stack([b, e - 1], -1)
    shift = torch.stack([c, f], -1) + x * CENTRE[0] + y * CENTRE[1]
    return torch.stack([x * HALF_WIDTH, y * HALF_WIDTH, shift], -2)
