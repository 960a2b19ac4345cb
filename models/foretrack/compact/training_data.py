"""Batches by the settings of a run."""

from __future__ import annotations

from pathlib import Path

import torch

from ..common.batch import Batch, make_batch
from ..common.pool import Pool
from ..common.real_tracks import RealTracks
from ..common.track_files import TrackFiles
from .settings import Settings


class Data:
    """Batches on the device where they are trained on. Raises NoScenesError and NoTracksError where
    `pool` or `tracks` hold nothing to train on."""

    def __init__(
        self,
        pool: Path,
        tracks: Path | TrackFiles | None,
        settings: Settings,
        patches: Path | None = None,
        device: torch.device | None = None,
    ) -> None:
        self.pool, self.settings = Pool(pool, settings.shards, device), settings
        self.real = RealTracks(tracks, patches, device) if tracks else None
        self.refresh()
        self.pool.require()
        if self.real:
            self.real.require()

    def refresh(self) -> None:
        self.pool.refresh()
        if self.real:
            self.real.refresh()

    def batch(self, step: int, size: int | None = None) -> Batch:
        s = self.settings
        seed = s.seed * 1_000_003 + step
        size = size or s.batch
        return make_batch(self.pool, self.real, size, s.points, s.real_share, seed, s.around)
