"""What forecasts are evaluated on: clips and procedural scenes that no training sees."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ..scenes.procedural.scene import Scene, make_scene
from ..scenes.procedural.tracker_noise import add_tracker_noise
from .geometry import HISTORY, HORIZON, NOW, POINTS, grid_centres

HELD_OUT_SEED = 900_000  # training seeds stay far below
LEAST_FRAMES = 8  # of truth
LEAST_KNOWN = 200  # frames of points with a known truth


@dataclass
class Case:
    """One clip at one rate: history [T,N,2] px of the tracker and what it saw [T,N], truth [H,N,2]
    px and where it is known [H,N]; the frame interval in secs. `patches` [1,N,3,16,16] uint8 for a
    model that sees."""

    clip: str
    source: str
    category: str
    interval: float
    history: Tensor
    seen: Tensor
    truth: Tensor
    mask: Tensor
    patches: Tensor | None = None

    def photo(self) -> Case:
        """The last frame alone as history."""
        return replace(self, history=self.history[-1:], seen=self.seen[-1:])


class Forecast(NamedTuple):
    """Futures of a case: tracks [K,H,N,2] px, and which points are visible [K,H,N] where the
    forecaster says so; leaving the frame is decided by position."""

    tracks: Tensor
    visible: Tensor | None = None


# (case, number of futures, random numbers) -> futures
Method = Callable[[Case, int, torch.Generator], Forecast]


def truths(clips: Path, split: str, folder: Path | None) -> Iterator[tuple[dict[str, str], Path]]:
    """Rows of `CLIPS/manifest.csv` of one split, and the file in `folder` (by default
    `CLIPS/truth`) that tells what followed; rows without such a file are left out."""
    for row in csv.DictReader((clips / "manifest.csv").open()):
        truth = (folder or clips / "truth") / f"{Path(row['file']).stem}.npz"
        if row["split"] == split and truth.exists():
            yield row, truth


def add_split(parser: argparse.ArgumentParser) -> None:
    """The arguments that `truths` needs beside the clips."""
    parser.add_argument("--split", default="validation", help="of the manifest")
    parser.add_argument("--truth", type=Path, help="folder of truths; default: CLIPS/truth")


def load_cases(
    clips: Path,
    tracks: Path | None,
    rate: str,
    horizon: int = HORIZON,
    patches: Path | None = None,
    split: str = "validation",
    folder: Path | None = None,
) -> list[Case]:
    """`rate` is "native" or frames a second. Without `tracks`, the truth's own past is history.
    `split` and `folder` as of `truths`."""
    found = (
        _load(truth, row, tracks, rate, horizon, patches)
        for row, truth in truths(clips, split, folder)
    )
    return [case for case in found if case]


def _load(
    path: Path,
    row: dict[str, str],
    tracks: Path | None,
    rate: str,
    horizon: int,
    patches: Path | None,
) -> Case | None:
    """The case of a truth file; None where there are no tracks or too little is known."""
    truth = np.load(path)
    now, fps = int(truth["now_index"]), float(truth["fps"])
    positions = truth["tracks_tn2_x32"][:, -POINTS:].astype(np.float32) / 32
    if tracks:  # its queries, the centres of cells of pixels, lie half a pixel off the grid
        positions += grid_centres().astype(np.float32) - positions[now]
    visible = truth["visibility_tn"][:, -POINTS:].astype(bool)
    wanted = fps if rate == "native" else float(rate)
    history, seen = positions[: now + 1], visible[: now + 1]
    patch = None
    if tracks:
        found = sorted(tracks.glob(f"{path.stem}__*.npz"))
        if not found:
            return None
        tracked = np.load(found[0])
        history = tracked["history_tracks_tn2"].astype(np.float32)
        seen = tracked["history_visibility_tn"] > 0
        if patches:
            patch = torch.from_numpy(np.load(patches / f"{found[0].stem}.npy"))[None]
    step = fps / wanted
    behind = min(NOW, int((len(history) - 1) / step + 1e-6))
    ahead = min(horizon, int((len(positions) - 1 - now) / step + 1e-6))
    if ahead < LEAST_FRAMES:
        return None
    at = len(history) - 1 + np.arange(-behind, 1) * step
    history, seen = resample(history, seen, at)
    future, mask = resample(positions, visible, now + np.arange(1, ahead + 1) * step)
    mask = mask & visible[now]
    if mask.sum() < LEAST_KNOWN:
        return None
    if not tracks:
        keep = visible[now]
        history, seen, future, mask = (a[:, keep] for a in (history, seen, future, mask))
    return Case(
        clip=path.stem,
        source=row["source"],
        category=row["category"],
        interval=1 / wanted,
        history=_tensor(history),
        seen=_tensor(seen),
        truth=_tensor(future),
        mask=_tensor(mask),
        patches=patch,
    )


def _tensor(values: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(values))


def resample(tracks: np.ndarray, seen: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Linear in time; `at` counts frames of `tracks`. Visible where both neighbours are."""
    low = np.clip(np.floor(at + 1e-6).astype(int), 0, max(len(tracks) - 2, 0))
    high = np.minimum(low + 1, len(tracks) - 1)
    part = (at - low)[:, None]
    moved = tracks[low] * (1 - part[..., None]) + tracks[high] * part[..., None]
    return moved.astype(np.float32), (seen[low] | (part > 0.98)) & (seen[high] | (part < 0.02))


def procedural_cases(
    count: int,
    seed: int = HELD_OUT_SEED,
    make: Callable[[np.random.Generator, np.ndarray], Scene] = make_scene,
) -> list[Case]:
    """Procedural scenes that no training draws."""
    cases = []
    query = grid_centres()
    for index in range(count):
        rng = np.random.default_rng((seed, index))
        scene = add_tracker_noise(make(rng, query), rng)
        tracks, seen = torch.from_numpy(scene.tracks), torch.from_numpy(scene.visibility)
        parts = (tracks[:HISTORY], seen[:HISTORY], tracks[HISTORY:], seen[HISTORY:])
        if parts[3].sum() > LEAST_KNOWN:
            name = f"scene {seed}.{index}"
            cases.append(Case(name, name, "procedural", scene.interval, *parts))
    return cases


def padded(history: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
    """With the batch axis, and HISTORY frames: the first one repeats, unseen, before the clip
    began."""
    missing = HISTORY - len(history)
    tracks = torch.cat([history[:1].expand(missing, -1, -1), history]) if missing else history
    marks = seen.float()
    if missing:
        marks = torch.cat([marks.new_zeros(missing, marks.shape[1]), marks])
    return tracks[None], marks[None]
