"""What a tracker makes of exact tracks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...common.geometry import FRAMES, NOW
from .motion import Rng, log_uniform
from .scene import Scene


def add_tracker_noise(scene: Scene, rng: Rng) -> Scene:
    """Tracker-like errors in the history only: jitter, drift, losses, false jumps."""
    tracks, visibility = scene.tracks.copy(), scene.visibility.copy()
    n = tracks.shape[1]
    jitter = rng.normal(size=(NOW, n, 2)) * log_uniform(rng, 0.03, 0.4)
    drift = np.cumsum(rng.normal(size=(NOW, n, 2)), 0)[::-1] * log_uniform(rng, 0.005, 0.15)
    tracks[:NOW] += jitter + drift * (rng.random((1, n, 1)) < 0.5)
    lost = rng.random(n) < rng.uniform(0, 0.25)
    when = rng.integers(0, NOW, n)
    frame = np.arange(FRAMES)[:, None]
    visibility[(frame < when) & lost] = False
    return replace(scene, tracks=tracks.astype(np.float32), visibility=visibility)
