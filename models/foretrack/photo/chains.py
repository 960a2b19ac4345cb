"""Tracks of the grid from every moment of a clip: chains of dense optical flow.

DIS flow (Kroeger et al., 2016) over spans of 1, 3 and 10 working frames, computed once a clip and
shared by all moments; at each frame and point the span with the least accumulated
forward-backward error wins (the idea of MFT, Neoral et al., 2024). Positions are px of the
416x240 picture, 0 = the centre of the first pixel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .opencv import opencv

SPANS = (1, 3, 10)
LIMIT_PX = 1.0  # of forward-backward error
HIDDEN_COST = 4.0  # of a span that begins where the point was hidden
STEP_COST = 0.05  # a link, so that few long links beat many short ones
TEXTURE = 4e-5  # least eigenvalue of the structure tensor


@dataclass
class Chains:
    """Tracks from S moments: positions [S,H+1,N,2] px, visible [S,H+1,N] (nothing is known after
    the clip's end), textured [S,N]."""

    positions: np.ndarray
    visible: np.ndarray
    textured: np.ndarray


def chain(
    gray: Sequence[np.ndarray], starts: Sequence[int], query: np.ndarray, horizon: int
) -> Chains:
    """Follows `query` [N,2] px from each frame of `starts` over `horizon` frames of `gray`."""
    cv2 = opencv()
    cv2.setNumThreads(1)
    flow = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    size = (horizon + 1, len(query))
    positions = np.zeros((len(starts), *size, 2), np.float32)
    visible = np.zeros((len(starts), *size), bool)
    cost = np.zeros((len(starts), *size), np.float32)
    positions[:, 0], visible[:, 0] = query, True
    textured = np.stack([_texture(cv2, gray[start], query) for start in starts])
    first = np.asarray(starts)
    for t in range(1, len(gray)):
        age = t - first
        running = np.nonzero((age > 0) & (age <= horizon))[0]
        if not len(running):
            continue
        best = np.full((len(running), len(query)), np.inf, np.float32)
        error = best.copy()
        place = positions[running, age[running] - 1].copy()
        for span in SPANS:
            if t < span or not (age[running] >= span).any():
                continue
            there = flow.calc(gray[t - span], gray[t], None)
            back = flow.calc(gray[t], gray[t - span], None)
            for row, start in enumerate(running):
                before = age[start] - span
                if before < 0:
                    continue
                origin = positions[start, before]
                moved = origin + sample(cv2, there, origin)
                miss = np.linalg.norm(moved + sample(cv2, back, moved) - origin, axis=1)
                hidden = np.where(visible[start, before], 0, HIDDEN_COST)
                total = cost[start, before] + miss + hidden + STEP_COST
                take = total < best[row]
                best[row, take], error[row, take] = total[take], miss[take]
                place[row, take] = moved[take]
        rows = (running, age[running])
        positions[rows], cost[rows] = place, best
        visible[rows] = (error < LIMIT_PX) & _inside(place, gray[t].shape)
    return Chains(positions, visible, textured)


def sample(cv2: Any, flow: np.ndarray, at: np.ndarray) -> np.ndarray:
    """A flow field [h,w,2] at positions [N,2], bilinear, edges repeated."""
    x, y = at[None, :, 0], at[None, :, 1]
    return cv2.remap(flow, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[0]


def _inside(at: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    height, width = shape
    x, y = at[..., 0], at[..., 1]
    return (x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1)


def _texture(cv2: Any, gray: np.ndarray, query: np.ndarray) -> np.ndarray:
    least = cv2.dilate(cv2.cornerMinEigenVal(gray, blockSize=9, ksize=3), np.ones((5, 5)))
    at = np.clip(query.round().astype(int), 0, [gray.shape[1] - 1, gray.shape[0] - 1])
    return least[at[:, 1], at[:, 0]] > TEXTURE
