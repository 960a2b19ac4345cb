"""The working frame, its grid and its time: every size that the data and the compact model have.

Positions are videoPx of the working frame: x right, y down, 0 = the centre of the first pixel. The
studio's own sizes (`src/domain/studio-defaults.ts`) are these.
"""

from __future__ import annotations

from typing import Any

import numpy as np

WIDTH, HEIGHT = 832, 480  # px
SIZE = (WIDTH, HEIGHT)
HALF_WIDTH = WIDTH // 2
CENTRE = ((WIDTH - 1) / 2, (HEIGHT - 1) / 2)
CELL = 32  # px, a side of a grid cell
ROWS, COLUMNS = HEIGHT // CELL, WIDTH // CELL
POINTS = ROWS * COLUMNS

HISTORY = 81  # frames up to now, the last of them
HORIZON = 81  # frames after now
NOW = HISTORY - 1
FRAMES = HISTORY + HORIZON

FAR = 2500  # px: hidden points may be anywhere, but not without bound


def grid_centres() -> np.ndarray:
    """[N,2] videoPx: the point of each cell that the studio tracks, row by row. Half a cell from
    the cell's corner 32·(column, row), and so half a pixel right and below of its middle."""
    return grid_corners() + CELL / 2


def grid_corners() -> np.ndarray:
    """[N,2] videoPx: the first pixel of each cell, row by row."""
    x, y = np.meshgrid(np.arange(COLUMNS) * float(CELL), np.arange(ROWS) * float(CELL))
    return np.stack([x, y], -1).reshape(-1, 2)


def inside(xy: Any, size: tuple[float, float] = SIZE) -> Any:
    """Whether positions [...,2] px, a tensor or an array, lie in a frame of `size`: in the area of
    its pixels, −0.5 ≤ x < width − 0.5 and −0.5 ≤ y < height − 0.5. As
    `src/domain/inside-frame.ts`."""
    x, y = xy[..., 0], xy[..., 1]
    width, height = size
    return (x >= -0.5) & (x < width - 0.5) & (y >= -0.5) & (y < height - 0.5)
