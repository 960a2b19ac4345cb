"""Pictures of forecasts: past, what really happened, and some futures, as tracks alone.

One row a clip: the truth, then two futures, then all eight over each other.
"""

from __future__ import annotations

import numpy as np
import torch

from ..common.cases import Case
from ..common.geometry import COLUMNS, HEIGHT, POINTS, ROWS, WIDTH, inside

SCALE = 0.5
GAP = 8
BACKGROUND, HISTORY, TRUTH, NOW = (16, 18, 22), (96, 130, 170), (240, 240, 240), (250, 250, 250)
FUTURES = (
    (235, 172, 20),
    (60, 190, 140),
    (190, 130, 240),
    (240, 110, 90),
    (90, 170, 250),
    (220, 220, 90),
    (250, 140, 200),
    (130, 220, 230),
)


def panel(paths: list[tuple[np.ndarray, tuple]], now: np.ndarray) -> np.ndarray:
    """Polylines [T,N,2] videoPx with their colours over a dark frame of half size."""
    width, height = int(WIDTH * SCALE), int(HEIGHT * SCALE)
    image = np.full((height, width, 3), BACKGROUND, np.uint8)
    for tracks, colour in paths:
        for point in range(tracks.shape[1]):
            for a, b in zip(tracks[:-1, point], tracks[1:, point], strict=True):
                _line(image, a * SCALE, b * SCALE, colour)
    for dot in now * SCALE:
        _line(image, dot - 0.6, dot + 0.6, NOW)
    return image


def _line(image: np.ndarray, a: np.ndarray, b: np.ndarray, colour: tuple) -> None:
    if not np.isfinite([*a, *b]).all() or np.abs(b - a).max() > 400:
        return
    steps = int(np.ceil(np.abs(b - a).max())) + 1
    dots = (a + (b - a) * np.linspace(0, 1, steps)[:, None]).round().astype(int)
    x, y = dots[inside(dots, (image.shape[1], image.shape[0]))].T
    image[y, x] = colour


def row(case: Case, futures: torch.Tensor, stride: int = 2) -> np.ndarray:
    """Truth, future 1, future 2, all futures, side by side; every `stride`-th row and column."""
    cells = np.arange(POINTS).reshape(ROWS, COLUMNS)
    chosen = cells[1::stride, 1::stride].ravel()
    now = case.history[-1, chosen].numpy()
    past = [(case.history[:, chosen].numpy()[-24:], HISTORY)]
    seen = case.mask[:, chosen].numpy()[..., None]
    real = np.where(seen, case.truth[:, chosen].numpy(), np.nan)
    real = np.concatenate([now[None], real])
    ahead = [np.concatenate([now[None], f[:, chosen].numpy()]) for f in futures]
    panels = [
        panel([*past, (real, TRUTH)], now),
        *[panel([*past, (ahead[k], FUTURES[k])], now) for k in range(2)],
        panel([(a, FUTURES[k % 8]) for k, a in enumerate(ahead)], now),
    ]
    gap = np.zeros((panels[0].shape[0], GAP, 3), np.uint8)
    return np.concatenate([part for p in panels for part in (p, gap)][:-1], 1)
