"""What each training stage minimises, and how its network is validated, on windows of tracks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ..common.cuda_graphs import Losses
from ..common.stage import Validation
from .config import VaeConfig
from .generator import TrajLoomFlow, VisibilityHead, visibility_loss
from .losses import (
    NEIGHBOUR_WEIGHT,
    VELOCITY_WEIGHT,
    distillation_loss,
    flow_matching_loss,
    on_policy_loss,
    sample_flow_times,
    vae_loss,
)
from .pack import LatentStats
from .sampler import Velocity, solve, source_latent
from .vae import TrajLoomVae
from .windows import Windows


@dataclass
class Latents:
    """Standardised latents [B,L,N,C]; visibility [B,L,N], the share of a latent frame's frames;
    `video` [B,L,N,V] of the past's pictures, zeros where a scene has none."""

    history: Tensor
    history_visibility: Tensor
    future: Tensor
    future_visibility: Tensor
    video: Tensor | None = None

    def first(self, count: int) -> Latents:
        some = {name: t[:count] for name, t in vars(self).items() if t is not None}
        return Latents(**some)


def frame_size(config: VaeConfig, like: Tensor) -> Tensor:
    return like.new_tensor([config.input_width, config.input_height])


def both_windows(batch: Windows, config: VaeConfig) -> tuple[Tensor, Tensor]:
    """Past and future as VAE examples: normalised tracks [2B,T,N,2], visibility [2B,T,N]."""
    tracks = torch.cat([batch.history, batch.future])
    visible = torch.cat([batch.history_visibility, batch.future_visibility])
    return 2 * tracks / frame_size(config, tracks) - 1, visible


def reconstruction_objective(vae: TrajLoomVae, batch: Windows, regulariser: float = 1) -> Losses:
    """`regulariser`: factor of the velocity and neighbour terms' published weights."""
    tracks, visible = both_windows(batch, vae.config)
    posterior = vae.encode(tracks)
    latent = posterior.mean + posterior.scale * torch.randn_like(posterior.mean)
    c = vae.config
    terms = vae_loss(
        vae.decode(latent),
        tracks,
        visible,
        posterior,
        c.rows,
        c.columns,
        beta=c.beta,
        velocity=regulariser * VELOCITY_WEIGHT,
        neighbour=regulariser * NEIGHBOUR_WEIGHT,
    )
    return {"loss": terms.pop("total"), **terms}


@torch.no_grad()
def validate_vae(vae: TrajLoomVae, batch: Windows) -> Validation:
    tracks, visible = both_windows(batch, vae.config)
    decoded = vae.decode(vae.encode(tracks).mean).clamp(-1, 1)
    error = pixel_error(decoded, tracks, visible, vae.config)
    still = pixel_error(vae.corner_anchors().expand_as(tracks), tracks, visible, vae.config)
    shake = jitter(decoded, visible) / jitter(tracks, visible).clamp_min(1e-9)
    text = f"validation: VEPE {error:.2f} px (points that stay: {still:.2f}), jitter {shake:.2f}"
    return Validation(text, {"VEPE": error, "still": still, "jitter": float(shake)})


def jitter(tracks: Tensor, visible: Tensor) -> Tensor:
    """Mean size of the second difference in time of [B,T,N,2] where three frames see the point."""
    seen = visible[:, 2:] * visible[:, 1:-1] * visible[:, :-2]
    return (tracks.diff(n=2, dim=1).norm(dim=-1) * seen).sum() / seen.sum().clamp_min(1)


def pixel_error(a: Tensor, b: Tensor, visible: Tensor, config: VaeConfig) -> float:
    """Mean distance of normalised tracks over visible points, px."""
    distance = ((a - b) * frame_size(config, a) / 2).norm(dim=-1)
    return float((distance * visible).sum() / visible.sum().clamp_min(1))


def pool_visibility(visible: Tensor, stride: int) -> Tensor:
    """[B,T,N] -> [B,L,N]: mean over the frames for which a latent frame stands."""
    return torch.stack([part.mean(1) for part in visible.split(stride, 1)], 1)


class LatentSpace:
    """The finished VAE and the latent's statistics, as the generator sees tracks."""

    def __init__(self, vae: TrajLoomVae, stats: LatentStats, device: torch.device) -> None:
        self.vae = vae.to(device).eval().requires_grad_(False)
        self.mean, self.std = stats.mean.to(device), stats.std.to(device)

    @torch.no_grad()
    def encode(self, batch: Windows) -> Latents:
        tracks, visible = both_windows(batch, self.vae.config)
        latent = (self.vae.encode(tracks).mean - self.mean) / self.std
        seen = pool_visibility(visible, self.vae.config.temp_stride)
        history, future = latent.chunk(2)
        seen_history, seen_future = seen.chunk(2)
        return Latents(history, seen_history, future, seen_future, batch.video)

    @torch.no_grad()
    def decode(self, latent: Tensor) -> Tensor:
        """-> normalised tracks [B,T,N,2]."""
        return self.vae.decode(latent * self.std + self.mean).clamp(-1, 1)


def latent_statistics(vae: TrajLoomVae, batches: list[Windows]) -> LatentStats:
    """Mean and standard deviation per channel of past and future latents together."""
    with torch.no_grad():
        latents = [vae.encode(both_windows(b, vae.config)[0]).mean for b in batches]
    flat = torch.cat([latent.flatten(0, 2) for latent in latents])
    return LatentStats(flat.mean(0).cpu(), flat.std(0).clamp_min(1e-6).cpu())


@dataclass(frozen=True)
class Conditioning:
    """How conditions are drawn: `seen_share` of the scenes show the network the visibility of
    their past (the released sampler gives none), `video_share` of those with pictures show these;
    source `released`, `paper`, or `both` by turns."""

    seen_share: float = 0.5
    source: str = "released"
    video_share: float = 0.9

    def draw(self, latents: Latents) -> tuple[Latents, Tensor]:
        """The latents with the conditions that are told, others zero, and source [B,L,N,C]."""
        history = latents.history
        told = torch.rand(len(history), 1, 1) < self.seen_share
        repeat = self.source == "paper" or (self.source == "both" and float(torch.rand(())) < 0.5)
        source = source_latent(history, torch.randn_like(history), repeat)
        video = latents.video
        if video is not None:
            video = video * (torch.rand(len(video), 1, 1, 1) < self.video_share)
        seen = latents.history_visibility * told
        return replace(latents, history_visibility=seen, video=video), source


def field(flow: TrajLoomFlow, told: Latents) -> Velocity:
    return lambda z, t: flow(z, t, told.history, told.history_visibility, told.video)


def matching_objective(flow: TrajLoomFlow, latents: Latents, conditioning: Conditioning) -> Tensor:
    told, source = conditioning.draw(latents)
    times, noise = sample_flow_times(len(source)), torch.randn_like(source)
    data, visible = latents.future, latents.future_visibility
    return flow_matching_loss(field(flow, told), source, data, visible, times, noise)


def policy_objective(
    flow: TrajLoomFlow, latents: Latents, conditioning: Conditioning, steps: int
) -> Tensor:
    told, source = conditioning.draw(latents)
    data, visible = latents.future, latents.future_visibility
    return on_policy_loss(field(flow, told), source, data, visible, steps)


def distillation_objective(
    flow: TrajLoomFlow,
    teacher: TrajLoomFlow,
    latents: Latents,
    conditioning: Conditioning,
    steps: int,
) -> Tensor:
    told, source = conditioning.draw(latents)
    return distillation_loss(
        field(flow, told), field(teacher, told), source, latents.future_visibility, steps
    )


@torch.no_grad()
def validate_flow(flow: TrajLoomFlow, space: LatentSpace, batch: Windows, steps: int) -> Validation:
    """Error of one sampled future a scene, as the released sampler draws it: no visibility is
    told, pictures are where there are any, and once more without them."""
    latents = space.encode(batch)
    noise = torch.randn_like(latents.history)
    source = source_latent(latents.history, noise)
    config = space.vae.config
    truth = 2 * batch.future / frame_size(config, batch.future) - 1
    now = (2 * batch.history[:, -1:] / frame_size(config, batch.future) - 1).expand_as(truth)
    still = pixel_error(now, truth, batch.future_visibility, config)

    def error(video: Tensor | None) -> float:
        future = solve(lambda z, t: flow(z, t, latents.history, video=video), source, steps)
        return pixel_error(space.decode(future), truth, batch.future_visibility, config)

    values, without = {}, ""
    if latents.video is not None:
        values["error without pictures"] = error(None)
        without = f"without pictures: {values['error without pictures']:.2f}, "
    values |= {"error": error(latents.video), "still": still}
    text = f"{values['error']:.2f} px in {steps} steps ({without}points that stay: {still:.2f})"
    return Validation(f"validation: {text}", values)


def visibility_objective(head: VisibilityHead, latents: Latents) -> Tensor:
    return visibility_loss(head(latents.future), latents.future_visibility)


@torch.no_grad()
def validate_visibility(head: VisibilityHead, latents: Latents) -> Validation:
    seen = latents.future_visibility > 0.5
    right = float(((head(latents.future) > 0) == seen).float().mean())
    share = float(seen.float().mean())
    text = f"validation: {100 * right:.1f} % right (visible: {100 * share:.1f} %)"
    return Validation(text, {"accuracy": right, "visible": share})
