"""The photo model's heads: where points move, how much and which way.

From the features of a picture come basis fields of displacement, soft regions and a context; a
small MLP of a latent z ~ N(0, I) and the context gives each basis field a path in time. A future is
their sum, so a thousand futures cost less than one velocity of the compact model. Each region has
its own part of z, so what moves apart is drawn apart, as far as the regions' likeness lets it
(`regions`). How far all goes altogether is a number of its own (`size`): fields are drawn for a
size of about 1 and multiplied by it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..common.geometry import COLUMNS, HORIZON, POINTS, ROWS
from ..compact.vae import brownian_basis
from .probes import NAMES, design
from .regions import blend, lattice, soft_regions
from .size import SizeProbe, summary

PLACE = 6  # channels that say where in the picture a point lies
PROBES = len(NAMES)
SIZES = 1  # numbers of a context that tell the size
WHOLE = 2  # basis fields that move a region as it is
UNIT = 4.0  # brings fields of fresh weights near a size of 1


@dataclass(frozen=True)
class PhotoConfig:
    """Widths. `sees` is false for the blind prior: features are zero and only the place is told."""

    features: int = 96
    seen: int = 32  # leading features that the layers see besides the probes
    width: int = 48
    regions: int = 6
    fields: int = 6  # basis fields a region, the first two of which move it as it is
    shape: int = 4  # numbers of z a region, and as many that all regions share
    size: int = 2
    camera: int = 4
    times: int = 16  # coefficients a path, of the Brownian basis
    hidden: int = 64
    told: int = 16  # numbers that a region's mixture is told of the picture
    dropout: float = 0.3
    likeness: int = 32
    sees: bool = True

    @property
    def size_from(self) -> int:
        return (self.regions + 1) * self.shape

    @property
    def camera_from(self) -> int:
        return self.size_from + self.size

    @property
    def latent(self) -> int:
        return self.camera_from + self.camera

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


@dataclass
class Look:
    """What a picture says: where_logit [B,N], basis [B,K,2,N], regions [B,R,N] and context [B,D]:
    what each region is told, what drives it, the size's one number and the camera's eight."""

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
    first_regions: Tensor

    def __init__(self, config: PhotoConfig) -> None:
        super().__init__()
        self.config = c = config
        self.register_buffer("place", places())
        self.register_buffer("probe", torch.zeros(c.features + PLACE + 1, PROBES))
        self.register_buffer("probe_mean", torch.zeros(PROBES, 1))
        self.register_buffer("probe_std", torch.ones(PROBES, 1))
        self.register_buffer("where", torch.tensor([1.0, -1.0]))
        self.register_buffer("basis_rows", brownian_basis(c.times, HORIZON))
        self.register_buffer("time_scale", 0.5 / (torch.arange(c.times) + 0.5))
        self.register_buffer("first_regions", lattice(c.regions, self.place[0], self.place[1]))
        self.size_probe = SizeProbe(c.features)
        inputs = c.seen + PROBES + PLACE
        self.enter = nn.Conv1d(inputs, c.width, 1)
        self.around = nn.Conv2d(c.width, c.width, 3, padding=1, groups=c.width)
        self.again = nn.Conv1d(c.width, c.width, 1)
        self.extent = nn.Conv1d(PROBES + PLACE, 1, 1)
        self.to_basis = nn.Conv1d(c.width, (c.fields - WHOLE) * 2, 1)
        self.to_told = nn.Linear(c.width, c.told)
        self.mix = nn.Sequential(
            nn.Linear(c.shape + c.size - 1 + c.told, c.hidden),
            nn.SiLU(),
            nn.Linear(c.hidden, c.hidden),
            nn.SiLU(),
            nn.Linear(c.hidden, c.fields * c.times),
        )
        self.to_camera = nn.Linear(c.width, 8)
        self.camera_mix = nn.Sequential(
            nn.Linear(c.camera + 8, 32), nn.SiLU(), nn.Linear(32, 6 * c.times)
        )
        self.follow = nn.Parameter(torch.tensor([0.6, 0.3, 1.0]))
        self.reach = nn.Parameter(torch.tensor(0.4))
        self.common = nn.Parameter(torch.tensor(0.6))
        nn.init.zeros_(self.extent.weight)

    def probes(self, features: Tensor) -> Tensor:
        """Features [B,F,N] -> what the linear probes say [B,5,N]."""
        return self.probe.T @ design(features, self.place)

    def look(self, features: Tensor, told: Tensor | None = None) -> Look:
        """Features [B,F,N] of pictures; `told` [B,5,N] in place of what the probes say of them."""
        c = self.config
        if not c.sees:
            features = torch.zeros_like(features)
        said = self.probes(features) if told is None or not c.sees else told
        where = self.where[0] * said[:, 0] + self.where[1]
        probes = (said - self.probe_mean) / self.probe_std * float(c.sees)
        place = self.place.expand(features.shape[0], -1, -1)
        clear = torch.cat([probes, place], 1)
        leading = F.dropout1d(features[:, : c.seen], c.dropout, self.training)
        h = F.silu(self.enter(torch.cat([leading, clear], 1)))
        near = self.around(h.unflatten(2, (ROWS, COLUMNS))).flatten(2)
        h = h + F.silu(self.again(F.silu(near)))
        h = F.dropout(h, c.dropout, self.training)
        moving = where.sigmoid() if c.sees else torch.full_like(where, 0.5)
        regions, apart = soft_regions(moving, features, self.first_regions, self.place[:2])
        basis = self._basis(h, regions, said, clear)
        share = regions / regions.sum(2, keepdim=True).clamp(min=1)
        of_regions = self.to_told(share @ h.transpose(1, 2)).flatten(1)
        drives = blend(apart, self.reach, self.common).flatten(1)
        size = self.size_probe(summary(features, said, moving))
        context = torch.cat([of_regions, drives, size, self.to_camera(h.mean(2))], 1)
        return Look(where, basis, regions, context)

    def _basis(self, h: Tensor, regions: Tensor, said: Tensor, clear: Tensor) -> Tensor:
        """Basis fields [B,K,2,N], each within a region: as strong as the probes say that motion is,
        1 in the root mean square over the picture, and longer along the axis that they name, by a
        symmetric matrix a point, for an axis has no sign."""
        c = self.config
        learned = self.to_basis(h).unflatten(1, (c.fields - WHOLE, 2))
        whole = torch.eye(WHOLE)[None, :, :, None].expand(len(h), -1, -1, h.shape[2])
        x, y = torch.cat([whole, learned], 1).unbind(2)
        off = said[:, 1:3] - self.probe_mean[1:3]
        strength = self.extent(clear)[:, 0]
        if c.sees:
            strength = strength + (self.follow[:2, None] * off).sum(1)
            cos2, sin2 = (self.follow[2] * said[:, 3:5]).unsqueeze(1).unbind(2)
            x, y = x + cos2 * x + sin2 * y, y + sin2 * x - cos2 * y
        gain = strength.clamp(-4, 4).exp()
        gain = gain / gain.square().mean(1, keepdim=True).sqrt()
        turned = torch.stack([x, y], 2) * gain[:, None, None]
        return (turned[:, None] * regions[:, :, None, None]).flatten(1, 2)

    def paths(self, z: Tensor, context: Tensor) -> Tensor:
        """z [n,Z] and context [n,D] of each -> paths of basis fields [n,K,C], for a size of 1."""
        c = self.config
        told = context[:, : c.regions * c.told].unflatten(1, (c.regions, c.told))
        drives = context[:, c.regions * c.told : -SIZES - 8].unflatten(1, (c.regions, -1))
        own = z[:, : c.size_from].unflatten(1, (c.regions + 1, c.shape))
        pace = z[:, None, c.size_from + 1 : c.camera_from].expand(-1, c.regions, -1)
        paths = self.mix(torch.cat([drives @ own, pace, told], 2))
        paths = paths.unflatten(2, (c.fields, c.times)).flatten(1, 2)
        return paths * self.time_scale * UNIT

    def mixture(self, z: Tensor, context: Tensor) -> Tensor:
        """z [n,Z] and context [n,D] of each -> paths of the basis fields [n,K,C] px."""
        told = context[:, -SIZES - 8 : -8]
        size = self.size_probe.drawn(told, z[:, self.config.size_from])
        return self.paths(z, context) * size[:, None, None]

    def camera_coefficients(self, z: Tensor, context: Tensor) -> Tensor:
        """z [n,Z], context [n,D] -> [n,6,C]: the camera's affine path, px."""
        c = self.config
        own = z[:, c.camera_from :]
        size = (own[:, :1] * 1.2).exp()
        path = self.camera_mix(torch.cat([own, context[:, -8:]], 1)).unflatten(1, (6, c.times))
        return path * self.time_scale * size[..., None] * 20

    def coefficients(self, z: Tensor, basis: Tensor, context: Tensor) -> Tensor:
        """z [n,Z], basis [1,K,2,N], context [1,D] of one picture -> [n,C,2,N] px."""
        paths = self.mixture(z, context.expand(z.shape[0], -1))
        flat = paths.transpose(1, 2) @ basis[0].flatten(1)
        return flat.unflatten(2, (2, POINTS))
