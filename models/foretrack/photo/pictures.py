"""Training pictures in memory: what the tower saw, and what the points did in the stabilised frame.

Features are the tower's strides 8, 16 and 32 at each point, standardised and projected onto their
leading principal components (`Projection`), which the exported graph folds into one convolution.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..common.geometry import COLUMNS, POINTS, ROWS, grid_centres
from .make_data import KEPT_EVERY, SUBPIXEL
from .parallax import epipolar_distance
from .stabilise import camera_told, without_camera

UNTEXTURED = 0.15  # weight of a point whose motion flow had to guess
MOVING_PX = 12.5  # 1.5 % of the width, within a second
OWN_PX = 4.0  # from the epipolar line
OWN_AT = (3, 7, 19, 39)  # kept frames when it is looked at: 0.5, 1, 2.5 and 5 s
SECOND = 16 // KEPT_EVERY  # kept frames


@dataclass
class Projection:
    """Features [...,C] -> (features − mean)·matrix [C,F]."""

    mean: Tensor
    matrix: Tensor


@dataclass
class Pictures:
    """P pictures: features [P,F,390] float16, moved [P,T,390,2] px float16 (stabilised, parallax
    set to 0, frames 2, 4 ... 80), weight [P,T,390] float16, camera [P,T,3,2], still [P] whether
    the camera is, own [P,390] what no parallax explains, and the numbers of clip and source."""

    features: Tensor
    moved: Tensor
    weight: Tensor
    camera: Tensor
    still: Tensor
    own: Tensor
    mirrored: Tensor
    clip: Tensor
    source: Tensor
    clips: list[str]
    sources: list[str]
    categories: list[str]  # of clips

    def moving(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Whether each point of the pictures `rows` moves by itself within a second [B,N], and
        whether that is known: what parallax may explain is not."""
        seen = self.weight[rows, :SECOND].float() > 0
        far = self.moved[rows, :SECOND].float().square().sum(-1) > MOVING_PX**2
        moving = (far & seen).any(1)
        explained = ~self.still[rows, None] & ~self.own[rows]
        textured = self.weight[rows, 0] > 0.5
        return moving, (seen.float().mean(1) > 0.6) & textured & ~(moving & explained)


def joined_maps(stride8: Tensor, stride16: Tensor, stride32: Tensor) -> Tensor:
    """[B,40,15,26], [B,112,15,26], [B,320,8,13] -> [B,472,15,26]."""
    up = F.interpolate(stride32, (ROWS, COLUMNS), mode="bilinear", align_corners=False)
    return torch.cat([stride8, stride16, up], 1)


def maps_of(file: np.lib.npyio.NpzFile, rows: slice | np.ndarray = slice(None)) -> Tensor:
    names = ("stride8", "stride16", "stride32")
    return joined_maps(*(torch.from_numpy(file[name][rows].astype(np.float32)) for name in names))


def fit_projection(paths: list[Path], count: int) -> Projection:
    """Principal components of standardised features, over four pictures of each clip."""
    total, square, n = torch.zeros(()), torch.zeros(()), 0
    for path in paths:
        with np.load(path) as file:
            length = len(file["frames"])
            maps = maps_of(file, np.unique(np.linspace(0, length - 1, 4).astype(int)))
        flat = maps.permute(0, 2, 3, 1).reshape(-1, maps.shape[1]).double()
        total, square, n = total + flat.sum(0), square + flat.T @ flat, n + len(flat)
    mean = total / n
    covariance = square / n - mean[:, None] * mean
    std = covariance.diagonal().sqrt().clamp(min=1e-6)
    values, vectors = torch.linalg.eigh(covariance / std[:, None] / std)
    lead = vectors.flip(1)[:, :count] / values.flip(0)[:count].clamp(min=1e-6).sqrt().clamp(min=0.3)
    return Projection(mean.float(), (lead / std[:, None]).float())


def load_pictures(
    data: Path, manifest: Path, projection: Projection, clips: list[str] | None = None
) -> Pictures:
    """The files of `photo-data`, all or those of `clips`; source and category by the manifest."""
    rows = {Path(row["file"]).stem: row for row in csv.DictReader(manifest.open())}
    paths = [p for p in sorted(data.glob("*.npz")) if clips is None or p.stem in clips]
    sources = sorted({rows[path.stem]["source"] for path in paths})
    xy = torch.from_numpy(grid_centres().astype(np.float32))
    parts: list[tuple[Tensor, ...]] = []
    for number, path in enumerate(paths):
        with np.load(path) as file:
            maps = maps_of(file)
            moved = torch.from_numpy(file["moved"].astype(np.float32) / SUBPIXEL)
            seen = torch.from_numpy(file["visible"]).float()
            textured = torch.from_numpy(file["textured"]).float()
            mirrored = torch.from_numpy(file["mirrored"])
        points = maps.permute(0, 2, 3, 1).reshape(-1, POINTS, maps.shape[1])
        features = (points - projection.mean) @ projection.matrix
        weight = seen * (UNTEXTURED + (1 - UNTEXTURED) * textured[:, None])
        still, camera = without_camera(moved, weight, xy)
        weight = weight * camera_told(still, weight)[..., None]
        rest = (camera.abs().sum((2, 3)) == 0) | (weight.sum(2) == 0)
        rests = rest[:, :SECOND].float().mean(1) > 0.8
        own = _own_motion(moved, seen, rests)
        still = still * (own | rests[:, None])[:, None, :, None]
        parts.append(
            (
                features.transpose(1, 2).half(),
                still.clamp(-2000, 2000).half(),
                weight.half(),
                camera.half(),
                rests,
                own,
                mirrored,
                torch.full((len(moved),), number),
                torch.full((len(moved),), sources.index(rows[path.stem]["source"])),
            )
        )
    names = [path.stem for path in paths]
    features, moved_all, weights, cameras, rests_all, own_all, mirrors, clip, source = (
        torch.cat(part) for part in zip(*parts, strict=True)
    )
    return Pictures(
        features,
        moved_all,
        weights,
        cameras,
        rests_all,
        own_all,
        mirrors,
        clip,
        source,
        names,
        sources,
        [rows[name]["category"] for name in names],
    )


def _own_motion(moved: Tensor, seen: Tensor, rests: Tensor) -> Tensor:
    """[S,N]: whether a point ever leaves its epipolar line, as parallax cannot; false where the
    camera `rests` [S]."""
    xy = grid_centres()
    out = torch.zeros(len(moved), POINTS, dtype=torch.bool)
    for row in torch.nonzero(~rests)[:, 0].tolist():
        for at in OWN_AT:
            there, known = moved[row, at].numpy(), seen[row, at].numpy() > 0
            far = epipolar_distance(xy, there, known) > OWN_PX
            out[row] |= torch.from_numpy(far & known)
    return out
