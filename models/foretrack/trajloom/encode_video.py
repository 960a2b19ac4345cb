"""Video latents of the past of real tracks, made once for training with pictures.

For each tracks file of `npm run tracks -- CLIPS --history 1 --future 161` the first window's
pictures, and their mirror images, go through the Wan 2.1 encoder (`video_latents.py` has the
format). Files that these weights made for these tracks are kept.
"""

from __future__ import annotations

import hashlib
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .checkpoint import load_part
from .clip_frames import ClipError, WindowStart, read_window
from .config import TrajLoomConfig
from .convert import random_parts
from .graphs import VideoGraph
from .video_latents import VideoError, VideoLatents, window_start
from .wan import WanVideoEncoder
from .windows import FirstFrameTracks, WindowsError

CLIP_ENDINGS = (".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi", ".gif")


def encode(graph: VideoGraph, video: Tensor) -> np.ndarray:
    """Pictures [3,T,H/4,W/4] in [-1,1] -> latents [2,L,N,V]: as they are, mirrored."""
    with torch.inference_mode():
        return graph(torch.stack([video, video.flip(-1)])).float().cpu().numpy()


class ClipFolder:
    """Clips by the name that their tracks begin with: <clip>__<now>.npz."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.by_stem: dict[str, list[Path]] = {}
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in CLIP_ENDINGS:
                self.by_stem.setdefault(path.stem, []).append(path)

    def clip_of(self, tracks: Path) -> Path:
        stem = tracks.stem.rsplit("__", 1)[0]
        found = self.by_stem.get(stem, [])
        if len(found) != 1:
            count = len(found) or "no"
            raise ClipError(f"{self.folder.name}/ has {count} clips {stem}.*: one is needed")
        return found[0]


def encode_folder(
    config: TrajLoomConfig,
    encoder: WanVideoEncoder,
    clips: ClipFolder,
    tracks: Path,
    latents: VideoLatents,
    device: torch.device,
) -> int:
    """Writes what is missing; returns how many clips failed."""
    source = FirstFrameTracks(tracks, config.vae)
    source.refresh()
    if not source.scenes:
        raise WindowsError(f"{tracks.name}/ has no tracks that are long enough for this size")
    latents.folder.mkdir(parents=True, exist_ok=True)
    graph = VideoGraph(encoder).to(device).eval()
    failed = 0
    for path in source.scenes:
        start = window_start(np.load(path))
        if _made(latents, path.name, start):
            print(f"{path.name}: kept")
            continue
        began = time.monotonic()
        try:
            video = torch.from_numpy(read_window(clips.clip_of(path), start, config.vae))
        except ClipError as error:
            print(f"{path.name}: {error}", file=sys.stderr)
            failed += 1
            continue
        latents.write(path.name, start, encode(graph, video.to(device)))
        print(f"{path.name}: {time.monotonic() - began:.1f} s", flush=True)
    return failed


def _made(latents: VideoLatents, name: str, start: WindowStart) -> bool:
    try:
        latents.read(name, start)
    except VideoError:
        return False
    return True


def load_encoder(config: TrajLoomConfig, file: Path | None) -> tuple[WanVideoEncoder, str]:
    """The encoder and a name of its weights; without a file random ones."""
    if file is None:
        return random_parts(config)("video_encoder"), "random"
    encoder = load_part(config, "video_encoder", file)
    with file.open("rb") as stream:
        return encoder, hashlib.file_digest(stream, "sha256").hexdigest()
