"""Triangle meshes of a scene. World units are metres: x right, y down, z away from the camera."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .timing import FRAMES

Array = np.ndarray


@dataclass
class Mesh:
    """vertices [V,3], faces [M,3], uv [V,2] in texture repeats."""

    vertices: Array
    faces: Array
    uv: Array

    def scaled(self, *factors: float) -> Mesh:
        return Mesh(self.vertices * np.array(factors), self.faces, self.uv)

    def moved(self, *offset: float) -> Mesh:
        return Mesh(self.vertices + np.array(offset), self.faces, self.uv)

    def turned(self, matrix: Array) -> Mesh:
        return Mesh(self.vertices @ matrix.T, self.faces, self.uv)

    def tiled(self, repeats: float) -> Mesh:
        return Mesh(self.vertices, self.faces, self.uv * repeats)


def join(meshes: list[Mesh]) -> Mesh:
    starts = np.cumsum([0, *[len(m.vertices) for m in meshes[:-1]]])
    return Mesh(
        np.concatenate([m.vertices for m in meshes]),
        np.concatenate([m.faces + s for m, s in zip(meshes, starts, strict=True)]),
        np.concatenate([m.uv for m in meshes]),
    )


def grid(rows: int, columns: int) -> Mesh:
    """Unit patch in the x-y plane, centred, of rows×columns quads."""
    v, u = np.meshgrid(np.linspace(0, 1, rows + 1), np.linspace(0, 1, columns + 1), indexing="ij")
    uv = np.stack([u.ravel(), v.ravel()], 1)
    corner = (np.arange(rows)[:, None] * (columns + 1) + np.arange(columns)).ravel()
    right, below = corner + 1, corner + columns + 1
    faces = np.concatenate(
        [np.stack([corner, right, below], 1), np.stack([right, below + 1, below], 1)]
    )
    return Mesh(np.concatenate([uv - 0.5, np.zeros((len(uv), 1))], 1), faces, uv)


def floor(rows: int, columns: int) -> Mesh:
    """Unit patch in the x-z plane, centred."""
    flat = grid(rows, columns)
    return Mesh(flat.vertices[:, [0, 2, 1]], flat.faces, flat.uv)


def box(inward: bool = False, cuts: int = 1) -> Mesh:
    """Unit cube, centred. Each side carries the whole texture."""
    side = grid(cuts, cuts).moved(0, 0, -0.5)
    turns = [
        np.diag([1.0, 1, 1]),
        np.diag([-1.0, 1, -1]),
        np.array([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]]),
        np.array([[0.0, 0, -1], [0, 1, 0], [1, 0, 0]]),
        np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]]),
        np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]),
    ]
    whole = join([side.turned(t) for t in turns])
    return Mesh(whole.vertices, whole.faces[:, ::-1] if inward else whole.faces, whole.uv)


def sphere(rings: int = 10, sectors: int = 16) -> Mesh:
    """Unit radius."""
    patch = grid(rings, sectors)
    polar, around = patch.uv[:, 1] * np.pi, patch.uv[:, 0] * 2 * np.pi
    ring = np.sin(polar)
    vertices = np.stack([ring * np.cos(around), -np.cos(polar), ring * np.sin(around)], 1)
    return Mesh(vertices, patch.faces, patch.uv * [2, 1])


def limb(length: float, start: float, end: float, sectors: int = 7) -> Mesh:
    """Rounded tapered tube from the origin down (+y) by `length`, radii `start` and `end`."""
    patch = grid(5, sectors)
    along = np.array([-start * 0.7, 0.0, 0.33 * length, 0.66 * length, length, length + 0.7 * end])
    radii = np.array([0.02, start, 0.9 * start + 0.1 * end, 0.5 * (start + end), end, 0.02])
    row = np.repeat(np.arange(6), sectors + 1)
    around = patch.uv[:, 0] * 2 * np.pi
    vertices = np.stack([radii[row] * np.cos(around), along[row], radii[row] * np.sin(around)], 1)
    return Mesh(vertices, patch.faces, patch.uv * [1.0, max(length / (6 * start), 0.3)])


def outline(radii: Array) -> Mesh:
    """Flat star-shaped layer in the x-y plane; radii [K] around its centre."""
    count = len(radii)
    angle = np.arange(count) * 2 * np.pi / count
    rim = np.stack([radii * np.cos(angle), radii * np.sin(angle)], 1)
    points = np.concatenate([np.zeros((1, 2)), 0.5 * rim, rim])
    i = np.arange(count)
    j = (i + 1) % count
    faces = np.concatenate(
        [
            np.stack([np.zeros_like(i), 1 + i, 1 + j], 1),
            np.stack([1 + i, 1 + count + i, 1 + j], 1),
            np.stack([1 + j, 1 + count + i, 1 + count + j], 1),
        ]
    )
    uv = points / (2 * np.abs(points).max()) + 0.5
    return Mesh(np.concatenate([points, np.zeros((len(points), 1))], 1), faces, uv)


@dataclass
class Body:
    """A mesh through time: positions [F,V,3], one texture, its brightness."""

    positions: Array
    mesh: Mesh
    texture: int
    label: str
    shade: float = 1.0


def rigid(
    mesh: Mesh, texture: int, label: str, at: Array, turn: Array | None = None, shade: float = 1.0
) -> Body:
    """Body moved by positions `at` [F,3] or [3] and rotations `turn` [F,3,3] or [3,3]."""
    vertices = mesh.vertices[None]
    if turn is not None:
        turn = turn if turn.ndim == 3 else turn[None]
        vertices = vertices @ turn.transpose(0, 2, 1)
    at = at if at.ndim == 2 else at[None]
    positions = np.broadcast_to(vertices + at[:, None], (FRAMES, len(mesh.vertices), 3))
    return Body(positions, mesh, texture, label, shade)


@dataclass
class Stage:
    """All bodies as one mesh: positions [F,V,3], faces [M,3], uv [V,2], per-face texture, shade
    and body index, per-body label."""

    positions: Array
    faces: Array
    uv: Array
    face_texture: Array
    face_shade: Array
    face_body: Array
    labels: list[str] = field(default_factory=list)


def assemble(bodies: list[Body]) -> Stage:
    whole = join([b.mesh for b in bodies])
    counts = [len(b.mesh.faces) for b in bodies]
    return Stage(
        np.concatenate([b.positions for b in bodies], 1).astype(np.float32),
        whole.faces,
        whole.uv.astype(np.float32),
        np.repeat([b.texture for b in bodies], counts),
        np.repeat([b.shade for b in bodies], counts).astype(np.float32),
        np.repeat(np.arange(len(bodies)), counts),
        [b.label for b in bodies],
    )
