"""Tracks of real clips by the studio's tracker, to train on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .augment import draw_retiming, retimed, swap_camera
from .draw import Draw
from .geometry import FRAMES, HORIZON, NOW, inside
from .pool import Pool
from .scene_batch import CameraPaths, Scenes, camera_paths, mixture
from .track_files import TrackFiles, TrackFolder

LEAST_FUTURE = 8  # frames after "now" without which a clip teaches nothing


class NoTracksError(ValueError):
    """Nothing to train on where real tracks should be."""


class RealTracks:
    """Tracks of real clips by the studio's tracker: <clip>__<now>.npz of a folder or a target."""

    def __init__(
        self,
        tracks: Path | TrackFiles,
        patches: Path | None = None,
        device: torch.device | None = None,
    ) -> None:
        self.source = TrackFolder(tracks) if isinstance(tracks, Path) else tracks
        self.patch_folder = patches
        self.device = device or torch.device("cpu")
        self.names: list[str] = []
        # Read and left out: what follows "now" is too short.
        self.short: set[str] = set()
        self.files: list[tuple[Tensor, ...]] = []
        self.patches: Tensor | None = None

    def require(self) -> None:
        """Raises NoTracksError where no file can be trained on."""
        if self.names:
            return
        if self.short:
            raise NoTracksError(
                f"none of the {len(self.short)} track files has {LEAST_FUTURE} frames after “now”; "
                "track the clips again with --future 81"
            )
        raise NoTracksError("there are no track files; make some with npm run tracks")

    def refresh(self) -> None:
        known = set(self.names)
        for name in (n for n in self.source.names() if n not in known | self.short):
            if file := self._read(name):
                self.names.append(name)
                self.files.append(file)
            else:
                self.short.add(name)
        if not self.files or len(self.names) == len(known):
            return
        tracks, seen, interval, told, *patches = (
            torch.stack(x) for x in zip(*self.files, strict=True)
        )
        self.scenes = Scenes(tracks, seen, interval, told)
        self.patches = patches[0] if patches else None
        self.cameras = camera_paths(tracks, seen)
        self.future = seen[:, NOW + 1 :].any(2).sum(1)
        self.chance = self._chances()

    def _read(self, name: str) -> tuple[Tensor, ...] | None:
        """Tracks, visibility, interval and what is known of visibility, and patches where wanted;
        None where too short."""
        file = self.source.read(name)
        past, future = file["history_tracks_tn2"], file["future_tracks_tn2"]
        if len(future) < LEAST_FUTURE:
            return None
        n = past.shape[1]
        tracks = np.zeros((FRAMES, n, 2), np.float32)
        seen = np.zeros((FRAMES, n), bool)
        h, f = min(len(past), NOW + 1), min(len(future), HORIZON)
        tracks[: NOW + 1 - h] = past[-h]
        tracks[NOW + 1 - h : NOW + 1] = past[-h:]
        seen[NOW + 1 - h : NOW + 1] = file["history_visibility_tn"][-h:] > 0
        tracks[NOW + 1 : NOW + 1 + f] = future[:f]
        tracks[NOW + 1 + f :] = future[f - 1]
        seen[NOW + 1 : NOW + 1 + f] = file["future_visibility_tn"][:f] > 0
        interval = np.float32(1 / float(file["fps"]))
        told = seen | inside(torch.from_numpy(tracks)).numpy()
        told[: NOW + 1 - h] = told[NOW + 1 + f :] = False
        parts = [tracks, seen, np.asarray(interval), told]
        if self.patch_folder:
            parts.append(np.load(self.patch_folder / f"{name}.npy"))
        return tuple(torch.from_numpy(x).to(self.device) for x in parts)

    def _chances(self) -> Tensor:
        """Fast clips, which are rare, more often; all of a clip's files alike."""
        tracks, seen = self.scenes.tracks, self.scenes.seen
        both = (seen[:, 1:] & seen[:, :-1]).float()
        steps = tracks.diff(dim=1).norm(dim=-1)
        speed = (steps * both).sum((1, 2)) / both.sum((1, 2)).clamp(min=1)
        clips = [name.split("__")[0] for name in self.names]
        first = torch.tensor([clips.index(clip) for clip in clips], device=self.device)
        files = torch.bincount(first, minlength=len(clips))[first]
        return (speed[first] + 0.5) ** 0.75 / files

    def draw(self, draw: Draw, count: int) -> tuple[Scenes, Tensor]:
        """Scenes as they were, and the numbers of their files."""
        index = draw.indices(self.chance, count)
        return Scenes(*(x[index] for x in vars(self.scenes).values())), index

    def elsewhere(self, draw: Draw, scenes: Scenes, index: Tensor, pool: Pool) -> Scenes:
        """Half of the scenes under a mixture of their own camera and another clip's, a third under
        a procedural one besides; at other speeds, sometimes backwards."""
        count = len(index)
        own, other = (
            CameraPaths(self.cameras.affine[i], self.cameras.known[i])
            for i in (index, draw.indices(self.chance, count))
        )
        mixed, shaken = draw.chance(0.5, count), draw.chance(0.35, count)
        keep = torch.where(mixed, draw.one_of((0.0, 0.5, 1.0, 1.5), count), 1.0)
        borrow = torch.where(mixed, 0.8 * draw.normal(count), 0.0)
        parts = ((own, keep), (other, borrow), (pool.draw_cameras(draw, count), shaken.float()))
        moved = swap_camera(scenes, own, mixture(parts))
        return retimed(moved, *draw_retiming(draw, self.future[index]))
