"""Shaded, textured, anti-aliased frames of a scene."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from ..common.geometry import FRAMES, HEIGHT, WIDTH
from .compose import Scene
from .raster import View, rasterise
from .textures import LEVELS, SIZE
from .truth import view_at

SAMPLES = 2  # per pixel and axis


class Renderer:
    def __init__(self, scene: Scene, width: int, device: str = "cpu", samples: int = SAMPLES):
        """`width`: the working frame's or half of it (any even divisor of it keeps the aspect)."""
        self.scene, self.samples = scene, samples
        self.width, self.height = width, round(width * HEIGHT / WIDTH)
        self.scale = width * samples / WIDTH
        stage, atlas = scene.stage, scene.atlas
        put = lambda a: torch.as_tensor(np.ascontiguousarray(a), device=device)  # noqa: E731
        self.faces = put(stage.faces)
        self.uv = put(stage.uv)[self.faces]
        self.texture, self.shade = put(stage.face_texture), put(stage.face_shade)
        self.texels, self.level_start = put(atlas.texels), put(atlas.level_start)
        self.light = put(scene.light.astype(np.float32))
        self.sky = self.texture == 0
        self.device = device
        rng = np.random.default_rng(scene.seed + 1)
        noise = rng.normal(0, scene.noise / 255, (self.height + 64, self.width + 64, 3))
        self.noise = put(noise.astype(np.float32))
        self.shifts = rng.integers(0, 64, (FRAMES, 2))

    def frame(self, index: int) -> Tensor:
        """[H,W,3] uint8."""
        scene = self.scene
        world = torch.as_tensor(scene.stage.positions[index], device=self.device)
        seen = scene.camera.view_of(index, scene.stage.positions[index].astype(np.float64))
        corners = torch.as_tensor(seen, device=self.device)[self.faces]
        view = view_at(scene, index, self.scale)
        hits = rasterise(corners, view)
        face = hits.face.flatten().clamp_min(0)
        weights = hits.weights.view(-1, 3)
        colour = self._texels(face, weights, corners.float(), view)
        colour = colour * self._lambert(world)[self.faces[face]].mul(weights).sum(-1)[
            :, None
        ].where(~self.sky[face][:, None], torch.ones((), device=self.device))
        colour = colour * self.shade[face][:, None]
        picture = colour.view(*hits.face.shape, 3)
        s = self.samples
        picture = picture.view(self.height, s, self.width, s, 3).mean((1, 3))
        dy, dx = self.shifts[index]
        picture = picture + self.noise[dy : dy + self.height, dx : dx + self.width]
        return (picture.clamp(0, 1) * 255).round().to(torch.uint8)

    def frames(self) -> Iterator[Tensor]:
        for index in range(FRAMES):
            yield self.frame(index)

    def _lambert(self, world: Tensor) -> Tensor:
        """Brightness [V]: ambient plus light on the smoothed normals, both sides alike."""
        a, b, c = world[self.faces].unbind(1)
        flat = torch.linalg.cross(b - a, c - a)
        normal = torch.zeros_like(world)
        for k in range(3):
            normal.index_add_(0, self.faces[:, k], flat)
        normal = normal / normal.norm(dim=1, keepdim=True).clamp_min(1e-12)
        lit = (normal @ self.light).abs()
        return self.scene.ambient + (1.1 - self.scene.ambient) * lit

    def _texels(self, face: Tensor, weights: Tensor, corners: Tensor, view: View) -> Tensor:
        """Bilinear texture colours [P,3] at the mip level of each triangle."""
        uv = (self.uv[face] * weights[..., None]).sum(1)
        level = self._levels(corners, view)[face]
        side = SIZE >> level
        place = (uv - uv.floor()) * side[:, None] - 0.5
        low = place.floor()
        part = place - low
        low = low.long()
        base = self.level_start[level] + self.texture[face] * side * side
        mask = side - 1  # sides are powers of two
        x0, y0 = low[:, 0] & mask, low[:, 1] & mask
        x1, y1 = (x0 + 1) & mask, (y0 + 1) & mask
        px, py = part[:, :1], part[:, 1:]
        top = (
            self.texels[base + y0 * side + x0] * (1 - px) + self.texels[base + y0 * side + x1] * px
        )
        low_row = self.texels[base + y1 * side + x0] * (1 - px)
        low_row = low_row + self.texels[base + y1 * side + x1] * px
        return top * (1 - py) + low_row * py

    def _levels(self, corners: Tensor, view: View) -> Tensor:
        """Mip level [M] by the ratio of texture area to screen area of each triangle."""
        screen = view.project(corners, 0.3)
        a, b = screen[:, 1] - screen[:, 0], screen[:, 2] - screen[:, 0]
        area = (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).abs().clamp_min(1e-3)
        p, q = self.uv[:, 1] - self.uv[:, 0], self.uv[:, 2] - self.uv[:, 0]
        texels = (p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]).abs() * SIZE * SIZE
        level = 0.5 * torch.log2((texels / area).clamp_min(1)) - math.log2(self.samples) * 0.5
        return level.round().clamp(0, LEVELS - 1).long()
