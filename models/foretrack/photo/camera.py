"""What the camera of a picture may do: whether it rests, how far it goes and in which shape.

A camera is an affine path on `affine_features`, measured as the root mean square of what it moves
over the frame's points. Its shape is a mixture of a few paths, the leading directions of those of
training pictures; how far it goes, against `growth`, has the distribution that it had there.
Whether it rests and how far it goes lean on what the network is told of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ..common.geometry import grid_centres
from ..common.scenario import affine_features
from .make_data import KEPT_EVERY
from .network import PhotoConfig, PhotoModel
from .pictures import SECOND, Pictures
from .quantiles import KNOTS, between, knots, normal_share, quantiles
from .size import growth

TOLD = 8  # numbers that the network is told of the camera
SHAPES = 3
RESTS_PX = 1.0  # a camera that goes less far rests
KNOWN_POINTS = 20  # in sight: fewer tell no camera of a frame
RIDGE = 0.3
INNER = 6  # folds of cross-fitting
FURTHEST = 8.0  # sizes: more says that a path's end was told wrongly
FADES = 0.9  # of its speed that a path keeps a frame, after the last that is known


@dataclass
class Paths:
    """Cameras of pictures: px [P,T,2,3], whose root mean square is that of the points; their size
    [P] px, what they are told by [P,TOLD], and a weight and a source of each [P]."""

    px: Tensor
    size: Tensor
    told: Tensor
    weight: Tensor
    source: Tensor


def in_px(camera: Tensor) -> Tensor:
    """Affine cameras [...,3,2] -> [...,2,3], whose norm is the root mean square over the grid."""
    return camera.transpose(-1, -2) @ _spread()


def _spread() -> Tensor:
    phi = affine_features(torch.from_numpy(grid_centres()).float())
    return torch.linalg.cholesky(phi.T @ phi / len(phi))


class CameraPaths(nn.Module):
    """z [n,1+SHAPES] of the camera's part and what it is told [n,TOLD] -> its path [n,H,6]."""

    mean: Tensor
    scale: Tensor
    rests: Tensor
    goes: Tensor
    knots: Tensor
    sizes: Tensor
    shapes: Tensor
    lengths: Tensor

    def __init__(self, config: PhotoConfig) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(TOLD))
        self.register_buffer("scale", torch.ones(TOLD))
        self.register_buffer("rests", torch.zeros(TOLD + 1))  # weights, then the share at large
        self.register_buffer("goes", torch.zeros(TOLD + 1))  # of the logarithm of the size
        self.register_buffer("knots", knots())
        self.register_buffer("sizes", torch.zeros(KNOTS))  # of what `goes` leaves open
        self.register_buffer("shapes", torch.zeros(SHAPES, 6 * config.times))
        self.register_buffer("lengths", torch.eye(SHAPES))

    def forward(self, z: Tensor, told: Tensor, rows: Tensor) -> Tensor:
        """`rows` [C,H]: the time basis."""
        x = (told - self.mean) * self.scale
        rests = (x @ self.rests[:-1] + self.rests[-1]).clamp(0.02, 0.9)
        level = normal_share(z[:, 0])
        along = ((level - rests) / (1 - rests)).clamp(min=0)
        size = (x @ self.goes[:-1] + self.goes[-1] + between(along, self.knots, self.sizes)).exp()
        size = size * (level > rests).to(size.dtype)
        own = z[:, 1:]
        length = ((own @ self.lengths) * own).sum(1).clamp(min=1e-6).sqrt()
        paths = (own @ self.shapes).unflatten(1, (6, -1)) @ rows
        return paths.transpose(1, 2) * (size / length)[:, None, None]

    def fit(self, paths: Paths, rows: Tensor, frames: Tensor) -> None:
        """`rows` [C,H] the time basis, `frames` [T] of the paths, from 0."""
        goes = paths.size >= RESTS_PX
        weight = paths.weight / paths.weight.sum()
        of_goers = weight[goes] / weight[goes].sum()
        of_one_size = paths.px[goes] / paths.size[goes, None, None, None]
        self._fit_shapes(of_one_size, of_goers, rows, frames)
        self.mean.copy_(weight @ paths.told)
        deviation = (weight @ (paths.told - self.mean).square()).sqrt()
        self.scale.copy_(1 / deviation.clamp(min=1e-4))
        x = (paths.told - self.mean) * self.scale
        log = paths.size.clamp(min=RESTS_PX).log()
        foretold = torch.zeros_like(log)
        for fold in range(INNER):
            out = paths.source % INNER == fold
            seen = goes & ~out
            foretold[out] = _said(_ridge(x[seen], log[seen], weight[seen]), x[out])
        self.rests.copy_(_ridge(x, (~goes).float(), weight))
        self.goes.copy_(_ridge(x[goes], log[goes], weight[goes]))
        self.sizes.copy_(quantiles((log - foretold)[goes], of_goers, self.knots))

    def _fit_shapes(self, px: Tensor, weight: Tensor, rows: Tensor, frames: Tensor) -> None:
        flat = px.flatten(1).clamp(-FURTHEST, FURTHEST)
        _, lengths, directions = torch.linalg.svd(
            flat * weight.sqrt()[:, None], full_matrices=False
        )
        leading = lengths[:SHAPES, None] * directions[:SHAPES]
        shapes = leading.reshape(SHAPES, len(frames), 2, 3)
        against = (shapes / growth(frames)[:, None, None]).flatten(1)
        self.lengths.copy_(against @ against.T / len(frames))
        affine = shapes @ torch.linalg.inv(_spread())  # [S,T,2,3]
        numbers = affine.transpose(2, 3).flatten(2)  # [S,T,6]
        solved = torch.linalg.pinv(rows[:, frames].T) @ numbers  # [S,C,6]
        self.shapes.copy_(solved.transpose(1, 2).flatten(1))


def paths_of(model: PhotoModel, pictures: Pictures, rows: Tensor) -> Paths:
    """The cameras of those of the pictures `rows` where a second is known. A path whose end is not
    known goes on ever more slowly."""
    known = (pictures.weight[rows].float().sum(2) > KNOWN_POINTS).cummin(1).values
    kept = known[:, SECOND - 1]
    rows, known = rows[kept], known[kept]
    px = in_px(_gone_on(pictures.camera[rows].float(), known))
    square = (px / growth(frames_of(pictures))[:, None, None]).square().sum((2, 3))
    size = ((square * known).sum(1) / known.sum(1)).sqrt()
    with torch.no_grad():
        looks = [model.look(pictures.features[part].float()) for part in rows.split(64)]
    told = torch.cat([look.context[:, -TOLD:] for look in looks])
    source = pictures.source[rows]
    return Paths(px, size, told, 1 / torch.bincount(source)[source].float(), source)


def fit_camera(model: PhotoModel, pictures: Pictures, rows: Tensor) -> CameraPaths:
    """Fitted on the pictures `rows`; the model's other parts stay as they are."""
    camera = CameraPaths(model.config)
    camera.fit(paths_of(model, pictures, rows), model.basis_rows, frames_of(pictures))
    return camera.eval()


def frames_of(pictures: Pictures) -> Tensor:
    """[T] working frames after the picture, from 0."""
    return torch.arange(1, pictures.moved.shape[1] + 1) * KEPT_EVERY - 1


def _gone_on(camera: Tensor, known: Tensor) -> Tensor:
    """Cameras [P,T,3,2] after their last known frame, of known [P,T]."""
    out = camera.clone()
    for path, last in enumerate((known.sum(1) - 1).tolist()):
        back = min(int(last), 4)
        speed = (camera[path, int(last)] - camera[path, int(last) - back]) / max(back, 1)
        later = torch.arange(1, camera.shape[1] - int(last), dtype=torch.float32)
        gone = FADES * (1 - FADES**later) / (1 - FADES)
        out[path, int(last) + 1 :] = camera[path, int(last)] + gone[:, None, None] * speed
    return out


def _ridge(x: Tensor, value: Tensor, weight: Tensor) -> Tensor:
    """[I+1] the weights of x [P,I], and the mean."""
    share = weight / weight.sum()
    mean = share @ value
    gram = (x * share[:, None]).T @ x + RIDGE * torch.eye(x.shape[1])
    weights = torch.linalg.solve(gram, x.T @ (share * (value - mean)))
    return torch.cat([weights, mean[None]])


def _said(line: Tensor, x: Tensor) -> Tensor:
    return x @ line[:-1] + line[-1]
