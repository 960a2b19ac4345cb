"""The photo model's heads: where points move, how much and which way.

From the features of a picture come basis fields of displacement, soft regions and a context; a
small MLP of a latent z ~ N(0, I) and the context gives each basis field a path in time. A future is
their sum, so a thousand futures cost less than one velocity of the compact model. Each region has
its own part of z, so what moves apart is drawn apart.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..common.geometry import COLUMNS, HORIZON, POINTS, ROWS
from ..compact.vae import brownian_basis
from .probes import NAMES, design

PLACE = 6  # channels that say where in the picture a point lies
PROBES = len(NAMES)
LOG_LIMIT = 3.0  # of what z adds to the logarithm of the motion


@dataclass(frozen=True)
class PhotoConfig:
    """Widths. `sees` is false for the blind prior: features are zero and only the place is told."""

    features: int = 96
    seen: int = 32  # leading features that the layers see besides the probes
    width: int = 48
    regions: int = 3
    fields: int = 8  # basis fields a region
    shape: int = 4  # numbers of z a region
    size: int = 2
    camera: int = 4
    times: int = 16  # coefficients a path, of the Brownian basis
    hidden: int = 64
    told: int = 16  # numbers that a region's mixture is told of the picture
    dropout: float = 0.3
    likeness: int = 32
    sees: bool = True

    @property
    def latent(self) -> int:
        return self.regions * self.shape + self.size + self.camera

    @property
    def camera_from(self) -> int:
        return self.regions * self.shape + self.size

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


@dataclass
class Look:
    """What a picture says: where_logit [B,N], basis [B,K,2,N] px, regions [B,R,N],
    context [B,R·told + 2 + camera's]."""

    where_logit: Tensor
    basis: Tensor
    regions: Tensor
    context: Tensor


def places() -> Tensor:
    """[PLACE,N]: x, y in [-1,1], their squares and products, distance to the nearest edge."""
    y, x = torch.meshgrid(
        torch.linspace(-1, 1, ROWS), torch.linspace(-1, 1, COLUMNS), indexing="ij"
    )
    edge = torch.minimum(1 - x.abs(), 1 - y.abs())
    return torch.stack([x, y, x * x, y * y, x * y, edge]).reshape(PLACE, POINTS)


class PhotoModel(nn.Module):
    place: Tensor
    probe: Tensor
    probe_mean: Tensor
    probe_std: Tensor
    where: Tensor
    basis_rows: Tensor

    def __init__(self, config: PhotoConfig) -> None:
        super().__init__()
        self.config = c = config
        self.register_buffer("place", places())
        self.register_buffer("probe", torch.zeros(c.features + PLACE + 1, PROBES))
        self.register_buffer("probe_mean", torch.zeros(PROBES, 1))
        self.register_buffer("probe_std", torch.ones(PROBES, 1))
        self.register_buffer("where", torch.tensor([1.0, -1.0]))
        self.register_buffer("basis_rows", brownian_basis(c.times, HORIZON))
        order = torch.arange(c.times) + 0.5
        self.register_buffer("time_scale", 0.5 / order)
        inputs = c.seen + PROBES + PLACE
        self.enter = nn.Conv1d(inputs, c.width, 1)
        self.around = nn.Conv2d(c.width, c.width, 3, padding=1, groups=c.width)
        self.again = nn.Conv1d(c.width, c.width, 1)
        self.extent = nn.Conv1d(PROBES + PLACE, 1, 1)
        self.to_regions = nn.Conv1d(c.width, c.regions, 1)
        self.to_basis = nn.Conv1d(c.width, c.regions * c.fields * 2, 1)
        self.to_told = nn.Linear(c.width, c.told)
        self.to_size = nn.Linear(c.width, 2)
        self.mix = nn.Sequential(
            nn.Linear(c.shape + c.size + c.told, c.hidden),
            nn.SiLU(),
            nn.Linear(c.hidden, c.hidden),
            nn.SiLU(),
        )
        self.mix_out = nn.Parameter(torch.zeros(c.regions, c.hidden, c.fields * c.times))
        self.to_camera = nn.Linear(c.width, 8)
        self.camera_mix = nn.Sequential(
            nn.Linear(c.camera + 8, 32), nn.SiLU(), nn.Linear(32, 6 * c.times)
        )
        self.follow = nn.Parameter(torch.tensor([0.6, 0.3, 1.0]))
        nn.init.normal_(self.mix_out, std=0.3 / c.hidden**0.5)
        nn.init.zeros_(self.extent.weight)

    def probes(self, features: Tensor) -> Tensor:
        """Features [B,F,N] -> what the linear probes say [B,5,N]."""
        return self.probe.T @ design(features, self.place)

    def look(self, features: Tensor, told: Tensor | None = None) -> Look:
        """Features [B,F,N] of pictures; `told` [B,5,N] in place of what the probes say of them."""
        c = self.config
        said = self.probes(features) if told is None else told
        probes = (said - self.probe_mean) / self.probe_std
        leading = features[:, : c.seen]
        if not c.sees:
            probes, leading = torch.zeros_like(probes), torch.zeros_like(leading)
        place = self.place.expand(features.shape[0], -1, -1)
        clear = torch.cat([probes, place], 1)
        x = torch.cat([F.dropout1d(leading, c.dropout, self.training), clear], 1)
        h = F.silu(self.enter(x))
        near = self.around(h.unflatten(2, (ROWS, COLUMNS))).flatten(2)
        h = h + F.silu(self.again(F.silu(near)))
        h = F.dropout(h, c.dropout, self.training)
        regions = self.to_regions(h).softmax(1)
        basis = self.to_basis(h).unflatten(1, (c.regions, c.fields, 2))
        basis = (basis * regions[:, :, None, None]).flatten(1, 2)
        basis = self.stretched(basis, said) if c.sees else basis
        basis = basis * self.extent(clear).clamp(-3, 3).exp()[:, :, None]
        pooled = h.mean(2)
        share = regions / regions.sum(2, keepdim=True).clamp(min=1)
        told = self.to_told(share @ h.transpose(1, 2)).flatten(1)
        context = torch.cat([told, self.to_size(pooled), self.to_camera(pooled)], 1)
        where = self.where[0] * said[:, 0] + self.where[1]
        return Look(where, basis, regions, context)

    def stretched(self, basis: Tensor, said: Tensor) -> Tensor:
        """Basis fields [B,K,2,N] as large as the probes say that motion is, and longer along the
        axis that they name: a symmetric matrix a point, for an axis has no sign."""
        off = said[:, 1:3] - self.probe_mean[1:3]
        gain = (self.follow[:2, None] * off).sum(1).clamp(-4, 4).exp()[:, None]
        cos2, sin2 = (self.follow[2] * said[:, 3:5]).unsqueeze(1).unbind(2)
        x, y = basis.unbind(2)
        turned = torch.stack([x + cos2 * x + sin2 * y, y + sin2 * x - cos2 * y], 2)
        return turned * gain[:, :, None]

    def mixture(self, z: Tensor, context: Tensor) -> Tensor:
        """z [n,Z] and context [n,D] of each -> paths of the basis fields [n,K,C]."""
        c = self.config
        told = context[:, : c.regions * c.told].unflatten(1, (c.regions, c.told))
        typical, spread = context[:, c.regions * c.told : c.regions * c.told + 2].unbind(1)
        shape = z[:, : c.regions * c.shape].unflatten(1, (c.regions, c.shape))
        size = z[:, c.regions * c.shape : c.camera_from]
        each = torch.cat([shape, size[:, None].expand(-1, c.regions, -1), told], 2)
        hidden = self.mix(each).transpose(0, 1)
        paths = (hidden @ self.mix_out).transpose(0, 1)
        paths = paths.unflatten(2, (c.fields, c.times)).flatten(1, 2) * self.time_scale
        log_size = typical + F.softplus(spread + 0.5) * size[:, 0]
        return paths * (LOG_LIMIT * (log_size / LOG_LIMIT).tanh() + 3).exp()[:, None, None]

    def camera_coefficients(self, z: Tensor, context: Tensor) -> Tensor:
        """z [n,Z], context [n,D] -> [n,6,C]: the camera's affine path, px."""
        c = self.config
        own = z[:, c.camera_from :]
        size = (own[:, :1] * 1.2).exp()
        told = context[:, c.regions * c.told + 2 :]
        path = self.camera_mix(torch.cat([own, told], 1)).unflatten(1, (6, c.times))
        return path * self.time_scale * size[..., None] * 20

    def coefficients(self, z: Tensor, basis: Tensor, context: Tensor) -> Tensor:
        """z [n,Z], basis [1,K,2,N], context [1,D] of one picture -> [n,C,2,N] px."""
        paths = self.mixture(z, context.expand(z.shape[0], -1))
        flat = paths.transpose(1, 2) @ basis[0].flatten(1)
        return flat.unflatten(2, (2, POINTS))
