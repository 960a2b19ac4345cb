"""What a photo pack runs: `look` once a picture, `fields` for a batch of z."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..common.geometry import CENTRE, HALF_WIDTH, HORIZON, POINTS
from .camera import TOLD, CameraPaths
from .network import Look, PhotoModel
from .pictures import Projection, joined_maps
from .refine import Refine


class LookGraph(nn.Module):
    """picture [1,3,240,416] RGB 0-255 -> what `src/domain/pack/photo.ts` lists for `look`."""

    latents: Tensor

    def __init__(
        self,
        tower: nn.Module,
        projection: Projection,
        model: PhotoModel,
        refine: list[Refine],
        regressor: PhotoModel | None = None,
    ) -> None:
        super().__init__()
        self.tower, self.model, self.refine = tower, model, nn.ModuleList(refine)
        self.regressor = regressor
        self.register_buffer("latents", fixed_latents(32, model.config.latent))
        inputs, outputs = projection.matrix.shape
        self.project = nn.Conv2d(inputs, outputs, 1)
        with torch.no_grad():
            self.project.weight.copy_(projection.matrix.T[..., None, None])
            offset = -projection.mean @ projection.matrix
            assert self.project.bias is not None
            self.project.bias.copy_(offset)

    def forward(self, picture: Tensor) -> tuple[Tensor, ...]:
        stride4, stride8, stride16, stride32 = self.tower(picture)
        maps = joined_maps(F.avg_pool2d(stride8, 2), stride16, stride32)
        features = self.project(maps).flatten(2)
        look = self.model.look(features)
        likeness = F.normalize(features[0, : self.model.config.likeness], dim=0)
        fine = [
            refine(map_)[0].flatten(1)
            for refine, map_ in zip(self.refine, (stride8, stride4), strict=True)
        ]
        return (
            look.where_logit[0].sigmoid(),
            self.extent(look),
            look.regions[0],
            look.basis[0],
            look.context[0],
            likeness,
            *fine,
            *([] if self.regressor is None else [one_future(self.regressor, features)]),
        )

    def extent(self, look: Look) -> Tensor:
        """[N] px: root mean square displacement over 81 frames of 32 fixed z."""
        coefficients = self.model.coefficients(self.latents, look.basis, look.context)
        return (coefficients.square().sum((1, 2)).mean(0) / HORIZON).sqrt()


class FieldsGraph(nn.Module):
    """z [n,Z], basis [K,2,N], context [D] -> coefficients [n,C,2,N] px, camera_path [n,H,6]: maps
    (a..f) of positions, x' = a x + b y + c, y' = d x + e y + f. Zeros in its part of z leave the
    camera where it is."""

    def __init__(self, model: PhotoModel, camera: CameraPaths | None) -> None:
        super().__init__()
        self.model, self.camera = model, camera

    def forward(self, z: Tensor, basis: Tensor, context: Tensor) -> tuple[Tensor, Tensor]:
        model = self.model
        coefficients = model.coefficients(z, basis[None], context[None])
        told = context[None].expand(z.shape[0], -1)
        if self.camera:
            own = z[:, model.config.camera_from :]
            return coefficients, maps_of(self.camera(own, told[:, -TOLD:], model.basis_rows))
        camera = model.camera_coefficients(z, told)
        return coefficients, maps_of((camera @ model.basis_rows).transpose(1, 2))


def maps_of(camera: Tensor) -> Tensor:
    """Affine displacements [n,H,6] on `affine_features` as maps of positions [n,H,6]."""
    xx, xy, yx, yy, cx, cy = camera.unbind(2)
    half, (x, y) = HALF_WIDTH, CENTRE
    return torch.stack(
        [
            1 + xx / half,
            yx / half,
            cx - (xx * x + yx * y) / half,
            xy / half,
            1 + yy / half,
            cy - (xy * x + yy * y) / half,
        ],
        2,
    )


class BlindGraph(nn.Module):
    """z [n,Z] -> coefficients [n,C,2,N] px of a model that no picture is shown."""

    basis: Tensor
    context: Tensor

    def __init__(self, model: PhotoModel) -> None:
        super().__init__()
        self.model = model
        with torch.no_grad():
            look = model.look(torch.zeros(1, model.config.features, POINTS))
        self.register_buffer("basis", look.basis)
        self.register_buffer("context", look.context)

    def forward(self, z: Tensor) -> tuple[Tensor]:
        return (self.model.coefficients(z, self.basis, self.context),)


def one_future(regressor: PhotoModel, features: Tensor) -> Tensor:
    """What a regressor makes of the features [1,F,N] of a picture: coefficients [C,2,N] px."""
    look = regressor.look(features)
    z = torch.zeros(1, regressor.config.latent)
    return regressor.coefficients(z, look.basis, look.context)[0]


def fixed_latents(count: int, size: int) -> Tensor:
    """[count,size] normal numbers, the same on every machine: a lattice in steps of the square
    roots of primes, no two of which go in step, through the normal's quantiles."""
    numbers = range(2, 20 * size)
    primes = [n for n in numbers if all(n % m for m in range(2, int(n**0.5) + 1))][:size]
    step = torch.tensor(primes, dtype=torch.float64).sqrt()
    at = (torch.arange(1, count + 1, dtype=torch.float64)[:, None] * step) % 1
    return (2**0.5 * torch.erfinv((2 * at - 1).clamp(-0.999, 0.999))).float()
