"""Heads beside depth: the path of the camera, and how each point goes through space.

They read a network of depth that stays as it is. Geometry makes a start: a closing round of cameras
and depths by turns from what was told, so that both meet the tracks, and of each point a curve
through its track, in the plane that it lies in at the anchor. The heads say what is wrong with it:
cameras move by so many of their own deviations, towards their neighbours in time or otherwise; a
curve is left out where the point stands still, is filled from its body where it is hidden, and
leaves its plane by how far its body grows or shrinks.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from .curves import CONTROL_POINTS, along, basis, fit
from .geometry import (
    Poses,
    Tracks,
    camera_system,
    robust,
    see,
    solve,
    step_cameras,
    turn,
)
from .network import Block, FieldNetwork, Told, Walked, adjust_round, cosines, noise_of

CLOSING_PX = (3.0, 2.0, 1.5)
WINDOWS = (0.7, 2.0, 5.0)  # frames, deviations of the means over time
MOST_SIGMAS = 3.0
STANDS_PX = 0.1  # mean motion from the anchor, below which a frame's camera is the anchor's
BODY_PX = 60.0  # deviation of what counts as near in the picture
LIKE_PX = 4.0  # and how much else paths of one body differ
FARTHEST = 3.0  # in own depths
FRAME = 6 * len(WINDOWS) + 12 + 30 + 3 + 10
CURVE = 8 * CONTROL_POINTS + 5
CORRECTION = 6 * len(WINDOWS) + 6
SHAPE = 5  # numbers a control point


@dataclass(frozen=True)
class PathConfig:
    width: int = 128
    heads: int = 4
    blocks: int = 3

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class Paths(NamedTuple):
    """log_met [B,N]: log inverse depths that meet the tracks under the cameras, in the unit of
    those told; poses [B,T] in that unit; control [B,N,K,3]: of the way since the anchor in the
    point's own depths there, world: a point is at (direction + way) / ρ."""

    told: Told
    log_met: Tensor
    poses: Poses
    control: Tensor
    tracks: Tracks


class Reads(nn.Module):
    """Frames look at points."""

    def __init__(self, width: int, heads: int, points: int) -> None:
        super().__init__()
        self.heads = heads
        self.before = nn.LayerNorm(width)
        self.q, self.out = nn.Linear(width, width), nn.Linear(width, width)
        self.kv = nn.Linear(points, 2 * width)

    def forward(self, x: Tensor, points: Tensor) -> Tensor:
        q = self.q(self.before(x)).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        k, v = self.kv(points).unflatten(-1, (2, self.heads, -1)).unbind(-3)
        logits = q @ k.transpose(1, 2).transpose(-1, -2) * q.shape[-1] ** -0.5
        return x + self.out((logits.softmax(-1) @ v.transpose(1, 2)).transpose(1, 2).flatten(2))


class PathNetwork(nn.Module):
    """tracks [B,T,N,2] videoPx, visibility [B,T,N], queries [B,N,2], focal [B] px → Paths. What
    `trunk` tells of depth is what it tells alone; it is not trained."""

    def __init__(self, trunk: FieldNetwork, config: PathConfig) -> None:
        super().__init__()
        self.config = config
        self.trunk = trunk.requires_grad_(False)
        width, heads, own = config.width, config.heads, trunk.config.width
        self.points_norm = nn.LayerNorm(own)
        self.enter_frames, self.enter_points = nn.Linear(FRAME, width), nn.Linear(CURVE, width)
        self.from_trunk = nn.Linear(own, width)
        self.reads = nn.ModuleList(Reads(width, heads, own) for _ in range(config.blocks))
        self.frames = nn.ModuleList(Block(width, heads) for _ in range(config.blocks))
        self.points = nn.ModuleList(Block(width, heads) for _ in range(config.blocks))
        self.frames_norm, self.curves_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.frames_head = nn.Linear(width, CORRECTION)
        self.curves_head = nn.Linear(width, 1 + SHAPE * CONTROL_POINTS)
        for head in (self.frames_head, self.curves_head):
            nn.init.normal_(head.weight, std=0.01)
            nn.init.zeros_(head.bias)

    def forward(self, tracks: Tensor, visibility: Tensor, queries: Tensor, focal: Tensor) -> Paths:
        with torch.no_grad():
            walked = self.trunk.walk(tracks, visibility, queries, focal)
            begun = begin(walked)
        seen = self.points_norm(walked.tokens)
        x = self.enter_frames(begun.features)
        for read, block in zip(self.reads, self.frames, strict=True):
            x = block(read(x, seen), begun.apart2)
        poses = corrected(begun, self.frames_head(self.frames_norm(x)))
        with torch.no_grad():
            curves = draw_curves(walked, poses, begun.log_met)
        y = self.enter_points(curves.features) + self.from_trunk(seen)
        for block in self.points:
            y = block(y, walked.sight.apart2)
        control = shaped(walked, curves, self.curves_head(self.curves_norm(y)))
        return Paths(walked.told[-1], begun.log_met, poses, control, walked.sight.tracks)


class Begun(NamedTuple):
    """Depths and cameras that meet the tracks, deviations of the cameras [B,T,6] and means over
    time less themselves [B,W,T,6] (turn, translation), how far a frame is from the anchor's
    [B,T,1], 0 to 1, and features [B,T,F] of frames and how far those are apart [B,T,T]."""

    log_met: Tensor
    poses: Poses
    sigma: Tensor
    smoother: Tensor
    gone: Tensor
    features: Tensor
    apart2: Tensor


def begin(walked: Walked) -> Begun:
    sight, told = walked.sight, walked.told[-1]
    tracks, f = sight.tracks, sight.focal
    trust = (-told.moving_logit).sigmoid()
    log_met, poses = closed(walked, trust)
    rho = log_met.exp()
    scale = CLOSING_PX[-1] / f[..., None]
    poses = step_cameras(tracks, poses, rho, trust, scale, "pose")
    information, _ = camera_system(tracks, poses, rho, trust, scale, "pose")
    six = torch.eye(6, dtype=rho.dtype)
    miss = see(tracks, poses, rho).miss
    noise = noise_of(miss, tracks.visible, trust, scale)
    spread = solve(information, six.expand_as(information)).diagonal(dim1=-2, dim2=-1)
    sigma = spread.clamp(min=1e-12).sqrt() * noise[..., None] + 1e-6
    pose = torch.cat([sines(poses.rotation), poses.translation], -1)
    frames = tracks.xy.shape[1]
    at = torch.arange(frames, dtype=rho.dtype)
    lag2 = (at[:, None] - at).square()
    windows = torch.stack([torch.exp(-lag2 / (2 * w * w)) * (lag2 > 0) for w in WINDOWS])
    smoother = (windows / windows.sum(-1, keepdim=True)) @ pose[:, None] - pose[:, None]
    moved = (tracks.xy - tracks.directions[:, None, :, :2]).norm(dim=-1) * f[..., None]
    count = tracks.visible.sum(-1).clamp(min=1)
    far = (moved * tracks.visible).sum(-1) / count
    w = tracks.visible * trust[:, None] * robust(miss, scale)
    place = torch.cat([torch.ones_like(sight.place[..., :1]), sight.place], -1)
    pattern = torch.einsum("btn,btnc,bnp->btcp", w, miss * f[..., None, None], place)
    pattern = pattern.flatten(2) / w.sum(-1, keepdim=True).clamp(min=1)
    waves = cosines(frames, rho.dtype).T.expand(len(f), -1, -1)
    in_px = f[..., None] * pose
    features = torch.cat(
        [
            (smoother / sigma[:, None]).asinh().transpose(1, 2).flatten(2),
            (in_px / 10).asinh(),
            (sigma * f[..., None]).clamp(1e-3, 1e4).log(),
            (4 * pattern).asinh(),
            torch.stack(
                [far.log1p(), count / tracks.visible.shape[2], noise.log().expand_as(far)], -1
            ),
            waves,
        ],
        -1,
    )
    apart2 = (lag2 / 16).expand(len(f), -1, -1)
    gone = (far / (far + STANDS_PX))[..., None]
    return Begun(log_met, poses, sigma, smoother, gone, features, apart2)


def closed(walked: Walked, trust: Tensor) -> tuple[Tensor, Poses]:
    """Log inverse depths and cameras after the closing round, in the unit of the depths told."""
    told = walked.told[-1]
    poses, _, log_rho = adjust_round(walked.sight, walked.poses, told, CLOSING_PX)
    # What `adjust_round` takes out of the depths that are told to it.
    middle = (told.log_rho * trust).sum(1, keepdim=True) / trust.sum(1, keepdim=True).clamp(min=1)
    shift = poses.translation * (-middle).exp()[..., None]
    return log_rho + middle, poses._replace(translation=shift)


def sines(rotation: Tensor) -> Tensor:
    """[...,3,3] → axis times sine of the angle [...,3]."""
    r = rotation
    parts = [r[..., 2, 1] - r[..., 1, 2], r[..., 0, 2] - r[..., 2, 0], r[..., 1, 0] - r[..., 0, 1]]
    return 0.5 * torch.stack(parts, -1)


def corrected(begun: Begun, out: Tensor) -> Poses:
    gates, own = out.split([6 * len(WINDOWS), 6], -1)
    gates = (gates - 3).sigmoid().unflatten(-1, (len(WINDOWS), 6)).transpose(1, 2)
    change = (gates * begun.smoother).sum(1) + MOST_SIGMAS * begun.sigma * own.tanh()
    change = change * begun.gone
    turns, shift = change.split([3, 3], -1)
    poses = begun.poses
    return poses._replace(
        rotation=turn(turns) @ poses.rotation, translation=poses.translation + shift
    )


class Curves(NamedTuple):
    """control [B,N,K,2] in the plane of the anchor, own depths; the body's [B,N,K,2]; how far the
    body came nearer or went [B,N,K] by its growth; features [B,N,F]."""

    control: Tensor
    body: Tensor
    farther: Tensor
    features: Tensor


def draw_curves(walked: Walked, poses: Poses, log_met: Tensor) -> Curves:
    sight, told = walked.sight, walked.told[-1]
    tracks, f = sight.tracks, sight.focal[..., None]
    b = basis(tracks.xy.shape[1], tracks.xy.dtype)
    control = fit(b, in_plane(tracks, poses, log_met.exp()), tracks.visible)
    moving = told.moving_logit.sigmoid()
    flat = control.flatten(2)
    unlike2 = (flat[:, :, None] - flat[:, None]).square().mean(-1) * 2 * f * f
    size2 = flat.square().mean(-1)[..., None] * 2 * f * f
    near = sight.apart2 * (400.0 / BODY_PX) ** 2
    weight = torch.exp(-(near + unlike2 / (LIKE_PX**2 + size2 / 16)) / 2) * moving[:, None]
    share = weight / (weight.sum(-1, keepdim=True) + 0.1)
    place = tracks.directions[..., :2]
    total = share.sum(-1)
    body = (share @ flat).unflatten(-1, (CONTROL_POINTS, 2)) / (total[..., None, None] + 1e-6)
    middle = share @ place / (total[..., None] + 1e-6)
    product = torch.einsum("bnm,bmkc,bmc->bnk", share, control, place)
    product = product - total[..., None] * (body * middle[:, :, None]).sum(-1)
    width2 = share @ place.square().sum(-1, keepdim=True) - total[..., None] * (
        middle.square().sum(-1, keepdim=True)
    )
    grows = (product / (width2.clamp(min=0) + (8 / f) ** 2)).clamp(-0.6, 1.5)
    farther = -grows / (1 + grows)
    hidden = 1 - (tracks.visible.transpose(1, 2) @ b) / b.sum(0)
    off = body - control
    px = f[..., None]
    features = torch.cat(
        [
            (control * px / 10).asinh().flatten(2),
            (off * px / 2).asinh().flatten(2),
            (farther * f / 10).asinh(),
            hidden,
            farther * total[..., None],
            ((off.square().sum(-1) + 1e-12).sqrt() * px[..., 0] / 2).log1p(),
            torch.stack(
                [
                    told.moving_logit.clamp(-8.0, 8.0) / 4,
                    told.spread.log(),
                    total,
                    (width2[..., 0].clamp(min=0).sqrt() * f[..., 0] / 30).log1p(),
                    size2[..., 0].log1p(),
                ],
                -1,
            ),
        ],
        -1,
    )
    return Curves(control, body, farther, features)


def in_plane(tracks: Tracks, poses: Poses, rho: Tensor) -> Tensor:
    """[B,T,N,2] how far tracks have gone in the plane of their depth at the anchor, own depths."""
    rays = torch.cat([tracks.xy, torch.ones_like(tracks.xy[..., :1])], -1)
    rays = torch.einsum("btji,btnj->btni", poses.rotation, rays)
    centre = -torch.einsum("btji,btj->bti", poses.rotation, poses.translation)
    begun = rho[:, None, :, None] * centre[:, :, None]
    reach = (1 - begun[..., 2:]) / rays[..., 2:].clamp(min=0.05)
    gone = begun[..., :2] + reach * rays[..., :2] - tracks.directions[:, None, :, :2]
    return gone.clamp(-FARTHEST, FARTHEST)


def shaped(walked: Walked, curves: Curves, out: Tensor) -> Tensor:
    """Control points [B,N,K,3] of the way since the anchor, own depths."""
    moves, shape = out.split([1, SHAPE * CONTROL_POINTS], -1)
    shape = shape.unflatten(-1, (CONTROL_POINTS, SHAPE))
    fills, trusts, depth, aside = shape.split([1, 1, 1, 2], -1)
    plane = curves.control + (fills - 1).sigmoid() * (curves.body - curves.control)
    plane = plane + 0.05 * aside.tanh()
    z = (trusts - 1).sigmoid() * curves.farther[..., None] + 0.3 * depth.tanh()
    at = walked.sight.tracks.directions[:, :, None, :2] + plane
    way = torch.cat([plane + at * z, z], -1)
    gate = (walked.told[-1].moving_logit[..., None] + 3 * moves).sigmoid()
    return gate[..., None] * way


def ways(paths: Paths) -> Tensor:
    """[B,T,N,3] since the anchor, own depths."""
    return along(basis(paths.tracks.xy.shape[1], paths.control.dtype), paths.control)


def reprojected(paths: Paths, way: Tensor) -> tuple[Tensor, Tensor]:
    """Where the cameras see points that went so far: [B,T,N,2], focal lengths from the centre, and
    whether they lie before the camera."""
    tracks, poses = paths.tracks, paths.poses
    at = tracks.directions[:, None] + way
    x = torch.einsum("btij,btnj->btni", poses.rotation, at)
    rho = paths.log_met.exp()
    x = x + rho[:, None, :, None] * poses.translation[:, :, None]
    return x[..., :2] / x[..., 2:].clamp(min=0.05), x[..., 2] > 0.1
