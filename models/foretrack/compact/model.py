"""The compact forecaster: history -> condition -> flow from a scenario -> tracks and visibility."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ..common import scenario
from ..common.constraints import Constraints, bend_through, obey
from .config import CompactConfig
from .encoder import ConditionEncoder
from .history import History, look_back
from .network import VelocityField
from .vae import TrajectoryVae


@dataclass
class Condition:
    tokens: Tensor  # [B,N+3,D] of `ConditionEncoder`
    summary: Tensor  # [B,width]
    scale: Tensor  # [B] px
    xy: Tensor  # [B,N,2] query points

    def repeat(self, futures: int) -> Condition:
        """The same condition for each of K futures, scene-major."""
        return Condition(
            *(x.repeat_interleave(futures, 0) for x in vars(self).values()),
        )


class CompactForecaster(nn.Module):
    def __init__(self, config: CompactConfig) -> None:
        super().__init__()
        self.config = config
        self.vae = TrajectoryVae(config)
        self.encoder = ConditionEncoder(config)
        self.velocity = VelocityField(config)
        self.visibility = nn.Sequential(
            nn.Linear(config.width + config.channels, config.width),
            nn.GELU(),
            nn.Linear(config.width, config.horizon),
        )

    def condition(
        self,
        past: History,
        interval: Tensor,
        constraints: Constraints | None = None,
        patches: Tensor | None = None,
    ) -> Condition:
        batch, points = past.xy.shape[:2]
        if constraints is None:
            free = past.xy.new_zeros(batch, self.config.horizon, points)
            constraints = Constraints(free[..., None].expand(-1, -1, -1, 2), free)
        tokens, summary = self.encoder(past, self.vae, interval, constraints, patches)
        return Condition(tokens, summary, past.scale, past.xy)

    def source(self, camera: Tensor, residual: Tensor, scale: Tensor, noise: Tensor) -> Tensor:
        """Scenario displacement, camera [B,H,3,2] and residual [B,H,N,2] px -> latent [B,N+3,C]."""
        paths = torch.cat([residual, camera], 2).transpose(1, 2) / scale[:, None, None, None]
        return self.vae.encode(paths) + self.config.source_noise * noise

    def decode(self, latent: Tensor, scale: Tensor) -> tuple[Tensor, Tensor]:
        """Latent [B,N+3,C] -> camera [B,H,3,2] and residual [B,H,N,2] displacement, px."""
        paths = (self.vae.decode(latent) * scale[:, None, None, None]).transpose(1, 2)
        return paths[:, :, -3:], paths[:, :, :-3]

    @torch.no_grad()
    def solve(self, latent: Tensor, condition: Condition, steps: int, stop: int) -> Tensor:
        """`stop` of `steps` Euler steps from flow time 0."""
        for k in range(stop):
            time = latent.new_full((len(latent),), k / steps)
            velocity = self.velocity(latent, condition.tokens, condition.summary, time)
            latent = latent + velocity / steps
        return latent

    def draw_source(
        self,
        tracks: Tensor,
        visibility: Tensor,
        scale: Tensor,
        futures: int,
        variant: str = "shipped",
        generator: torch.Generator | None = None,
        independent: bool = False,
        constraints: Constraints | None = None,
        points: int | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Source latents [B*K,N+3,C] and the scenarios' own tracks [B,K,H,N,2] px, of the first N
        `points` under the camera of all.

        Constrained points start on a path through their constraints, without noise.
        """
        xy = tracks[:, -1, :points]
        drawn = scenario.draw(len(tracks), futures, generator, independent)
        parts = scenario.factored(tracks, visibility, drawn, self.config.horizon)
        moved = parts.residual[..., :points, :]
        composed = scenario.compose(xy, parts.camera, moved)
        camera, residual = parts.camera.flatten(0, 1), moved.flatten(0, 1)
        shape = (len(camera), xy.shape[1] + 3, self.config.channels)
        noise = torch.randn(shape, generator=generator)
        if variant == "noise":
            return noise, composed
        if variant == "boundary":
            camera, residual = 0 * camera, 0 * residual
        if variant == "unfactored":
            camera, residual = 0 * camera, (composed - xy[:, None, None]).flatten(0, 1)
        if constraints is not None:
            start = xy.repeat_interleave(futures, 0)[:, None]
            moved, weight = constraints.repeat(futures)
            targets = scenario.stabilise(start + moved, camera) - start
            residual = bend_through(residual, targets, weight)
            noise[:, :-3] *= (weight.amax(1) == 0).to(noise)[..., None]
        scale = scale.repeat_interleave(futures, 0)
        return self.source(camera, residual, scale, noise), composed

    @torch.no_grad()
    def forecast(
        self,
        tracks: Tensor,
        visibility: Tensor,
        interval: Tensor,
        futures: int,
        steps: int,
        generator: torch.Generator | None = None,
        variant: str = "shipped",
        independent: bool = False,
        constraints: Constraints | None = None,
        patches: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """History [B,T,N,2], [B,T,N], interval [B] -> tracks [B,K,H,N,2], visibility [B,K,H,N]."""
        latent, condition = self.sample(
            tracks,
            visibility,
            interval,
            futures,
            steps,
            generator,
            variant,
            independent,
            constraints,
            patches,
        )
        camera, residual = self.decode(latent, condition.scale)
        if variant == "unfactored":
            camera = 0 * camera
        output = obey(tracks_of(condition.xy, camera, residual), condition.xy, constraints)
        seen = self.visible(latent, condition)
        return output.unflatten(0, (-1, futures)), seen.unflatten(0, (-1, futures))

    @torch.no_grad()
    def sample(
        self,
        tracks: Tensor,
        visibility: Tensor,
        interval: Tensor,
        futures: int,
        steps: int,
        generator: torch.Generator | None = None,
        variant: str = "shipped",
        independent: bool = False,
        constraints: Constraints | None = None,
        patches: Tensor | None = None,
        points: int | None = None,
    ) -> tuple[Tensor, Condition]:
        """Latents [B*K,N+3,C] of futures of the first N `points`, arguments as of `forecast`, and
        their condition."""
        past = look_back(tracks, visibility, points)
        alone = self.condition(past, interval, constraints, patches)
        condition = alone.repeat(futures)
        source, _ = self.draw_source(
            tracks,
            visibility,
            past.scale,
            futures,
            variant,
            generator,
            independent,
            constraints,
            points,
        )
        return self.solve(source, condition, steps, steps), condition

    def visible(self, latent: Tensor, condition: Condition) -> Tensor:
        """Logit [B,H,N] that a point is not hidden (leaving the frame is decided by position)."""
        points = latent.shape[1] - 3
        tokens = condition.tokens[..., : self.config.width]
        features = torch.cat([tokens, torch.asinh(latent)], -1)[:, :points]
        return self.visibility(features).transpose(1, 2)


def tracks_of(xy: Tensor, camera: Tensor, residual: Tensor) -> Tensor:
    """Composition for one future a row: [B,N,2], [B,H,3,2], [B,H,N,2] -> [B,H,N,2] px."""
    return scenario.compose(xy, camera[:, None], residual[:, None])[:, 0]
