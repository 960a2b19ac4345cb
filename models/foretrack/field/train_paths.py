"""Training of the heads of camera and curves (paths.py), beside a network of depth that stays.

Made-up scenes tell the truth of both. Tracks of real clips tell none: there what the network says
has to be seen where the tracks are, still points under its own cameras and all points along their
own curves, also in stretches of the tracks that it was not shown.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..common.cuda_graphs import Losses
from ..common.loop import train
from ..common.stage import Budget, OptimizerConfig, Stage
from ..common.track_files import TrackFolder
from .geometry import see
from .network import FieldNetwork
from .paths import PathConfig, PathNetwork, Paths, reprojected, ways
from .real_tracks import RealDraws, read_pasts
from .scenes import Request, Scene, draw_scene
from .train import batch_of, middle

HIDDEN_SHARE = 0.3  # of real tracks, a stretch of which is not shown
NOISE_PX = 0.5


@dataclass
class Settings:
    batch: int = 8
    points: int = 112
    rate: float = 1e-3
    decay: float = 0.02
    width: int = 128
    heads: int = 4
    blocks: int = 3
    real: int = 4  # real pasts of a batch, where there are any
    real_weight: float = 0.3
    seed: int = 1


@dataclass
class Batch:
    """tracks [B,T,N,2] videoPx, visibility [B,T,N], queries [B,N,2], focal [B] px as told; the
    truth: log_rho [B,N], moving [B,N], still [B,N] (neither moves nor slid), rotation [B,T,3,3],
    translation [B,T,3], zoomed [B] 0 or 1, true_focal [B], way [B,T,N,3] in own depths. Of real
    tracks: shown [B,T,N] beside what is visible."""

    tracks: Tensor
    visibility: Tensor
    queries: Tensor
    focal: Tensor
    log_rho: Tensor
    moving: Tensor
    still: Tensor
    rotation: Tensor
    translation: Tensor
    zoomed: Tensor
    true_focal: Tensor
    way: Tensor
    real: RealStretch | None = None


@dataclass
class RealStretch:
    """tracks [B,T,N,2] videoPx, visibility [B,T,N] and what of it is shown, queries, focal."""

    tracks: Tensor
    visibility: Tensor
    shown: Tensor
    queries: Tensor
    focal: Tensor


def stacked(values: list[np.ndarray]) -> Tensor:
    return torch.from_numpy(np.stack(values).astype(np.float32))


def batch_with_paths(scenes: list[Scene]) -> Batch:
    b = batch_of(scenes)
    return Batch(
        b.tracks, b.visibility, b.queries, b.focal, b.log_rho,
        stacked([s.moving & ~s.lost for s in scenes]),
        stacked([~(s.moving | s.lost) for s in scenes]),
        stacked([s.cameras.rotation for s in scenes]),
        stacked([s.cameras.translation for s in scenes]),
        stacked([np.abs(s.cameras.log_zoom).max() > 1e-3 for s in scenes]),
        torch.tensor([s.focal_px for s in scenes], dtype=torch.float32),
        stacked([s.shift for s in scenes]),
    )  # fmt: skip


class Draws:
    """Batches by number; the scenes of one have as many frames."""

    def __init__(self, settings: Settings, tracks: Path | None = None) -> None:
        self.settings = settings
        s = settings
        self.real = (
            RealDraws(read_pasts(TrackFolder(tracks)), s.real, s.points, s.seed) if tracks else None
        )

    def refresh(self) -> None:
        pass

    def batch(self, index: int) -> Batch:
        s = self.settings
        rng = np.random.default_rng((s.seed, index, 2))
        request = Request(points=s.points, frames=int(rng.integers(15, 42)), anchor_last=False)
        batch = batch_with_paths([draw_scene(rng, request) for _ in range(s.batch)])
        if self.real:
            real = self.real.batch(index)
            seen = real.whole_visibility
            hidden = hidden_stretches(rng, *seen.shape)
            shown = seen * (1 - hidden)
            batch.real = RealStretch(real.whole, seen, shown, real.queries, real.focal)
        return batch


def hidden_stretches(rng: np.random.Generator, count: int, frames: int, points: int) -> Tensor:
    """[B,T,N] 1 where a track is not shown; never in the last frame."""
    at = np.arange(frames)[None, :, None]
    begin = rng.integers(0, frames - 1, (count, 1, points))
    length = rng.integers(2, frames // 2 + 1, (count, 1, points))
    some = rng.random((count, 1, points)) < HIDDEN_SHARE
    hidden = some & (at >= begin) & (at < begin + length)
    hidden[:, -1] = False
    return torch.from_numpy(hidden.astype(np.float32))


class Objective:
    def __init__(self, network: PathNetwork, settings: Settings) -> None:
        self.network, self.settings = network, settings

    def __call__(self, batch: Batch, share: float) -> Losses:
        paths = self.network(batch.tracks, batch.visibility, batch.queries, batch.focal)
        camera, degrees, camera_px = camera_loss(paths, batch)
        curve, epe_px = curve_loss(paths, batch)
        total = camera + curve
        parts = {"camera": camera, "degrees": degrees, "camera_px": camera_px, "curve": curve,
                 "epe_px": epe_px}  # fmt: skip
        if batch.real is None:
            return {"loss": total, **parts}
        still, whole, still_px, whole_px = real_loss(self.network, batch.real)
        total = total + self.settings.real_weight * (still + whole)
        return {"loss": total, **parts, "real_still_px": still_px, "real_px": whole_px}


def camera_loss(paths: Paths, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """How far still points of the true scene are seen from where they are, by log(1 + px), and by
    how many tenths of a degree the camera is turned otherwise; median degrees and px."""
    offset = middle((paths.log_met - batch.log_rho).detach(), batch.still)
    rho = (batch.log_rho + offset).exp()  # the truth in the unit of what was told
    poses = paths.poses
    told = see(paths.tracks, poses, rho).at * batch.focal[:, None, None, None]
    true = poses._replace(
        rotation=batch.rotation, translation=batch.translation * offset[..., None].exp()
    )
    # Directions by the focal length that is true.
    ratio = (batch.focal / batch.true_focal)[:, None, None]
    aimed = paths.tracks.directions * torch.cat([ratio, ratio, torch.ones_like(ratio)], -1)
    seen = see(paths.tracks._replace(directions=aimed), true, rho)
    wanted = seen.at * batch.true_focal[:, None, None, None]
    near = (seen.turned[..., 2] + rho[:, None] * true.translation[..., 2:] > 0.1).float()
    weight = batch.still[:, None] * near * (1 - batch.zoomed)[:, None, None]
    px = (told - wanted).norm(dim=-1).clamp(max=1e3)
    off = weighted(px.log1p(), weight)
    angle = (poses.rotation - batch.rotation).square().sum((-1, -2)).add(1e-12).sqrt() / 2**0.5
    degrees = angle * (180 / torch.pi)
    known = (1 - batch.zoomed)[:, None].expand_as(degrees)
    turned = weighted((degrees / 0.1).log1p(), known)
    with torch.no_grad():
        typical = px[weight > 0].median(), degrees[known > 0].median()
    return off + 0.3 * turned, typical[1], typical[0]


def curve_loss(paths: Paths, batch: Batch) -> tuple[Tensor, Tensor]:
    """How far points are from their true ways, px at their own depth, by log(1 + px); the median
    of movers."""
    told = ways(paths) * batch.focal[:, None, None, None]
    per = torch.stack([batch.true_focal / batch.focal] * 2 + [torch.ones_like(batch.focal)], -1)
    true = batch.way * (per * batch.focal[:, None])[:, None, None]
    px = (told - true).norm(dim=-1)
    counted = (batch.moving + batch.still)[:, None].expand_as(px)
    movers = batch.moving[:, None].expand_as(px)
    loss = weighted(px.log1p(), movers) + 0.3 * weighted(px.log1p(), counted - movers)
    with torch.no_grad():
        typical = px[movers > 0].median() if movers.any() else px.sum() * 0
    return loss, typical


def real_loss(network: PathNetwork, batch: RealStretch) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Of still points under the cameras, and of all along their curves, where they are seen; the
    mean px of both. Curves have no say in the cameras."""
    paths = network(batch.tracks, batch.shown, batch.queries, batch.focal)
    f = batch.focal[:, None, None, None]
    xy = (batch.tracks - batch.queries[:, None]) / f + paths.tracks.directions[:, None, :, :2]
    trust = (-paths.told.moving_logit).sigmoid()[:, None]
    losses, sizes = [], []
    held = paths._replace(poses=paths.poses._replace(
        rotation=paths.poses.rotation.detach(), translation=paths.poses.translation.detach()
    ))  # fmt: skip
    for own, way, weight in (
        (paths, torch.zeros_like(paths.tracks.directions[:, None]), trust),
        (held, ways(paths), torch.ones_like(trust)),
    ):
        at, before = reprojected(own, way)
        r2 = ((at - xy) * f).square().sum(-1)
        counted = batch.visibility * before * weight
        losses.append(weighted((NOISE_PX + r2 / NOISE_PX).log(), counted))
        sizes.append(weighted(r2.detach().sqrt().clamp(max=100), counted))
    return losses[0], losses[1], sizes[0], sizes[1]


def weighted(values: Tensor, weight: Tensor) -> Tensor:
    return (values * weight).sum() / weight.sum().clamp(min=1)


def train_paths(
    run: Path,
    budget: Budget,
    settings: Settings,
    start: FieldNetwork | PathNetwork,
    tracks: Path | None = None,
) -> PathNetwork:
    """Resumes from RUN/last, or begins with heads of its own or those of `start`, which have to
    have the settings' sizes; `tracks`: a folder of `npm run tracks`. Returns the average."""
    torch.manual_seed(settings.seed)
    config = PathConfig(settings.width, settings.heads, settings.blocks)
    network = start if isinstance(start, PathNetwork) else PathNetwork(start, config)
    if network.config != config:
        raise ValueError(f"the weights to begin with have {network.config}, not {config}")
    stage = Stage(
        network=network,
        loss=Objective(network, settings),
        data=Draws(settings, tracks),
        checkpoint=run / "last",
        settings=asdict(settings),
        optimizer=OptimizerConfig(settings.rate, settings.decay),
        seed=settings.seed,
        metrics=run / "paths.jsonl",
    )
    average: PathNetwork = train(stage, budget)
    return average.eval()
