"""What a moving camera alone explains: parallax is not motion of its own.

Under a camera that moves through a scene at rest, every point stays on its epipolar line. Points
far from theirs move by themselves; points on it may or may not.
"""

from __future__ import annotations

import numpy as np

from .opencv import opencv

ENOUGH = 30  # points for a fundamental matrix
LIMIT_PX = 1.5  # of its fit
CONFIDENCE = 0.99


def epipolar_distance(xy: np.ndarray, moved: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """How far points xy [N,2] px end from their epipolar lines after displacement [N,2] px: [N] px,
    0 where too few are `seen` [N] for a robust fit (fundamental matrix, MAGSAC)."""
    cv2 = opencv()
    none = np.zeros(len(xy), np.float32)
    if seen.sum() < ENOUGH:
        return none
    there = (xy + moved).astype(np.float32)
    pair = xy[seen].astype(np.float32), there[seen]
    try:
        matrix, _ = cv2.findFundamentalMat(*pair, cv2.USAC_MAGSAC, LIMIT_PX, CONFIDENCE, 2000)
    except cv2.error:  # no sample of points determines one, as where nothing moves
        return none
    if matrix is None or matrix.shape != (3, 3):
        return none
    ones = np.ones((len(xy), 1), np.float32)
    a, b = np.concatenate([xy, ones], 1), np.concatenate([there, ones], 1)
    forth, back = a @ matrix.T, b @ matrix
    miss = (b * forth).sum(1)
    square = np.square(forth[:, :2]).sum(1) + np.square(back[:, :2]).sum(1)
    return np.abs(miss) / np.sqrt(np.maximum(square, 1e-12))  # Sampson
