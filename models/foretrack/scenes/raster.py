"""Z-buffer rasteriser and exact point tracing in torch, CPU or GPU.

A pixel's ray is λ·(x',y',1). For a triangle (v0,v1,v2) in camera space, with eᵢ the triple product
of the ray and the two other vertices, the perspective-correct barycentrics are eᵢ/Σe and the depth
is det/Σe: no clipping is needed (Olano and Greer, Triangle scan conversion using 2D homogeneous
coordinates, 1997).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

NEAR = 0.05
CANDIDATES_AT_ONCE = 3_000_000


@dataclass
class View:
    """Pinhole of the working frame scaled by `scale`: focal and centre in working pixels."""

    focal: float
    centre: tuple[float, float]
    width: int
    height: int
    scale: float = 1.0

    def rays(self, xy: Tensor) -> Tensor:
        """Raster pixels [...,2] -> directions [...,3] with z = 1."""
        working = (xy + 0.5) / self.scale - 0.5
        centre = working.new_tensor(self.centre)
        flat = (working - centre) / self.focal
        return torch.cat([flat, torch.ones_like(flat[..., :1])], -1)

    def project(self, points: Tensor, near: float = NEAR) -> Tensor:
        """Camera space [...,3] -> raster pixels [...,2]; depths are held above `near`."""
        flat = points[..., :2] / points[..., 2:].clamp_min(near)
        working = flat * self.focal + points.new_tensor(self.centre)
        return (working + 0.5) * self.scale - 0.5


@dataclass
class Hits:
    """Nearest surface per pixel or point: face (−1 = none), barycentrics [...,3], depth [...]."""

    face: Tensor
    weights: Tensor
    depth: Tensor


def edge_normals(corners: Tensor) -> tuple[Tensor, Tensor]:
    """corners [M,3,3] -> normals [M,3,3] whose product with a ray is eᵢ, and det [M]."""
    a, b, c = corners.unbind(1)
    normals = torch.stack(
        [torch.linalg.cross(b, c), torch.linalg.cross(c, a), torch.linalg.cross(a, b)], 1
    )
    return normals, (a * normals[:, 0]).sum(-1)


def screen_bounds(corners: Tensor, view: View) -> tuple[Tensor, Tensor]:
    """Bounding boxes [M,2] low and high in raster pixels of the part in front of the camera."""
    far = float("inf")
    front = corners[..., 2] > NEAR
    flat = view.project(corners)
    low = torch.where(front[..., None], flat, far).amin(1)
    high = torch.where(front[..., None], flat, -far).amax(1)
    crossing = front.any(1) & ~front.all(1)
    if bool(crossing.any()):
        part = corners[crossing]
        following = part.roll(-1, 1)
        fall = following[..., 2] - part[..., 2]
        share = (NEAR - part[..., 2]) / torch.where(fall.abs() < 1e-9, 1e-9, fall)
        cut = (share > 0) & (share < 1)
        edge = view.project(part + share[..., None] * (following - part))
        low[crossing] = torch.minimum(low[crossing], torch.where(cut[..., None], edge, far).amin(1))
        high[crossing] = torch.maximum(
            high[crossing], torch.where(cut[..., None], edge, -far).amax(1)
        )
    return low, high


def pixel_planes(vectors: Tensor, view: View) -> Tensor:
    """Products of vectors [...,3] with pixel rays as planes [...,3]: value = a·x + b·y + c."""
    per_pixel = 1 / (view.scale * view.focal)
    corner = view.rays(vectors.new_zeros(2))
    constant = (vectors * corner).sum(-1, keepdim=True)
    return torch.cat([vectors[..., :2] * per_pixel, constant], -1)


def spread(count: Tensor) -> tuple[Tensor, Tensor]:
    """For counts [K]: owner and rank within the owner of each of the sum(count) items."""
    owner = torch.repeat_interleave(torch.arange(len(count), device=count.device), count)
    rank = torch.arange(len(owner), device=count.device) - (count.cumsum(0) - count)[owner]
    return owner, rank


def spans(corners: Tensor, edges: Tensor, view: View, size: tuple[int, int]) -> tuple[Tensor, ...]:
    """Rows of pixels that lie inside triangles: face, row, first column, number of columns."""
    width, height = size
    low, high = screen_bounds(corners, view)
    top = low[:, 1].ceil().clamp_min(0)
    rows = (high[:, 1].floor().clamp_max(height - 1) - top + 1).clamp_min(0)
    outside = (high[:, 0] < 0) | (low[:, 0] > width - 1) | ~torch.isfinite(rows)
    rows = torch.where(outside, 0, rows).long()
    face, rank = spread(rows)
    y = top[face] + rank
    slope = edges[face][..., 0]
    rest = edges[face][..., 1] * y[:, None] + edges[face][..., 2]
    bound = -rest / slope
    endless = torch.tensor(float("inf"), dtype=bound.dtype, device=bound.device)
    left = torch.where(slope > 0, bound, -endless).amax(1).ceil().clamp(0, width)
    right = torch.where(slope < 0, bound, endless).amin(1).floor().clamp(-1, width - 1)
    dead = ((slope == 0) & (rest < 0)).any(1)
    count = torch.where(dead, 0, (right - left + 1).clamp_min(0)).long()
    keep = count > 0
    return face[keep], y[keep], left[keep].long(), count[keep]


def rasterise(corners: Tensor, view: View) -> Hits:
    """Nearest face of each pixel [H,W]; corners [M,3,3] in camera space, double precision."""
    width, height = round(view.width * view.scale), round(view.height * view.scale)
    normals, det = edge_normals(corners)
    edges = pixel_planes(normals * det.sign()[:, None, None], view)
    edges = torch.where(det.abs()[:, None, None] < 1e-14, -1.0, edges)
    closeness = edges.sum(1) / det.abs().clamp_min(1e-14)[:, None]  # 1/depth as a plane
    face, y, left, count = spans(corners, edges, view, (width, height))

    slope = closeness[face, 0].float()
    start = (closeness[face, 0] * left + closeness[face, 1] * y + closeness[face, 2]).float()
    first = y.long() * width + left
    empty = torch.iinfo(torch.int64).max
    buffer = torch.full((height * width,), empty, dtype=torch.int64, device=corners.device)
    for part in _parts(count):
        owner, rank = spread(count[part])
        close = start[part][owner] + slope[part][owner] * rank
        depth = 1 / close
        # Positive floats sort like their bits; the face breaks ties.
        key = (depth.view(torch.int32).long() << 32) | face[part][owner]
        key = torch.where((close > 0) & (depth > NEAR), key, empty)
        buffer.scatter_reduce_(0, first[part][owner] + rank, key, "amin")

    found = torch.where(buffer == empty, 0, buffer & 0xFFFFFFFF)
    x = torch.arange(width, device=corners.device).repeat(height)
    y = torch.arange(height, device=corners.device).repeat_interleave(width)
    planes = edges.float()[found]
    e = planes[..., 0] * x[:, None] + planes[..., 1] * y[:, None] + planes[..., 2]
    total = e.sum(-1)
    weights = e / total[:, None]
    depth = det.abs().float()[found] / total
    face = torch.where(buffer == empty, -1, found)
    return Hits(face.view(height, width), weights.view(height, width, 3), depth.view(height, width))


def _parts(count: Tensor) -> list[slice]:
    """Slices of the spans with about CANDIDATES_AT_ONCE pixels each."""
    ends = count.cumsum(0)
    total = int(ends[-1]) if len(ends) else 0
    marks = torch.arange(0, total, CANDIDATES_AT_ONCE, device=count.device)
    cuts = [*torch.searchsorted(ends, marks).tolist(), len(count)]
    return [slice(a, b) for a, b in zip(cuts[:-1], cuts[1:], strict=True) if b > a]


def pairs_under(points: Tensor, corners: Tensor, view: View) -> tuple[Tensor, ...]:
    """Every face under every point [P,2] (raster pixels): point index, face index, barycentrics
    [K,3] and depth [K]."""
    low, high = screen_bounds(corners, view)
    inside = (points[:, None, 0] >= low[None, :, 0]) & (points[:, None, 0] <= high[None, :, 0])
    inside &= (points[:, None, 1] >= low[None, :, 1]) & (points[:, None, 1] <= high[None, :, 1])
    point, face = torch.nonzero(inside, as_tuple=True)
    normals, det = edge_normals(corners[face])
    e = (normals * view.rays(points[point])[:, None]).sum(-1)
    total = e.sum(-1)
    depth = det / total
    keep = (e * total.sign()[:, None] >= 0).all(-1) & (depth > NEAR)
    return point[keep], face[keep], (e / total[:, None])[keep], depth[keep]


def trace(points: Tensor, corners: Tensor, view: View) -> Hits:
    """Nearest face under each point [P,2]; face −1 where there is none."""
    point, face, weights, depth = pairs_under(points, corners, view)
    order = torch.argsort(depth, descending=True, stable=True)
    found = torch.full((len(points),), -1, dtype=torch.long)
    best = torch.zeros(len(points), 3, dtype=points.dtype)
    reach = torch.full((len(points),), float("inf"), dtype=points.dtype)
    # Written from far to near, one at a time: the nearest stays.
    for k in order.tolist():
        found[point[k]], best[point[k]], reach[point[k]] = face[k], weights[k], depth[k]
    return Hits(found, best, reach)


def covered(points: Tensor, depth: Tensor, own: Tensor, corners: Tensor, view: View) -> Tensor:
    """True where another face than `own` [P] lies in front of the point [P,2] at `depth` [P]."""
    point, face, _, other = pairs_under(points, corners, view)
    nearer = (other < depth[point] * (1 - 1e-3) - 1e-4) & (face != own[point])
    hidden = torch.zeros(len(points), dtype=torch.bool)
    hidden[point[nearer]] = True
    return hidden
