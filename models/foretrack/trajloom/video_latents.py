"""Video latents beside real tracks: one file a tracks file, of the same name.

`video_lnv` and `mirrored_lnv` float16 [L,N,V]: the standardised latent of the window's past on the
latent grid, of the pictures as they are and mirrored left to right; `fps` and `now_frame` as in the
tracks; `encoder`, which names the weights that made it.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from .clip_frames import WindowStart
from .config import TrajLoomConfig

REMEDY = "run foretrack encode-video for these tracks and this size"


class VideoError(ValueError):
    """A folder's video latents do not belong to the tracks or to the configuration."""


def window_start(tracks: Mapping[str, np.ndarray]) -> WindowStart:
    """Where the first window of a tracks file begins."""
    secs, fps = float(tracks["now_secs"]), float(tracks["fps"])
    return WindowStart(int(tracks["now_frame"]), secs, fps)


class VideoLatents:
    """`encoder`: the weights that all files must come from; by default those of the first read."""

    def __init__(self, folder: Path, config: TrajLoomConfig, encoder: str | None = None) -> None:
        self.folder, self.encoder = folder, encoder
        channels = config.generator.video_latent_channels
        self.shape = (config.vae.num_frames_latent, config.vae.points, channels)

    def has(self, name: str) -> bool:
        return (self.folder / name).is_file()

    def write(self, name: str, start: WindowStart, latents: np.ndarray) -> None:
        """latents [2,L,N,V]: as they are, mirrored."""
        if not np.isfinite(latents).all():
            raise VideoError(
                f"{name}: the encoder gave values that are no numbers, check its weights"
            )
        pair = latents.astype(np.float16)
        partial = self.folder / f"{name}.partial"
        with partial.open("wb") as stream:
            np.savez(
                stream,
                video_lnv=pair[0],
                mirrored_lnv=pair[1],
                fps=start.fps,
                now_frame=start.index,
                encoder=str(self.encoder),
            )
        partial.replace(self.folder / name)

    def read(self, name: str, start: WindowStart) -> np.ndarray:
        """[2,L,N,V] float16: as they are, mirrored. Raises VideoError where the file is missing or
        was made for other tracks, another size or with other weights than the files before."""
        label = f"{self.folder.name}/{name}"
        if not self.has(name):
            raise VideoError(f"{self.folder.name}/ lacks {name}: {REMEDY}, or remove those tracks")
        try:
            file = np.load(self.folder / name)
            pair = np.stack([file["video_lnv"], file["mirrored_lnv"]])
            place = (int(file["now_frame"]), float(file["fps"]))
            encoder = str(file["encoder"])
        except (KeyError, ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise VideoError(f"{label} holds no video latents: {REMEDY}") from error
        if pair.shape[1:] != self.shape:
            raise VideoError(
                f"{label} has {_product(pair.shape[1:])} frames, cells and channels, this size "
                f"takes {_product(self.shape)}: {REMEDY}"
            )
        if place != (start.index, start.fps):
            raise VideoError(f"{label} was made for other tracks of this clip: {REMEDY}")
        self.encoder = self.encoder or encoder
        if encoder != self.encoder:
            raise VideoError(f"{label} comes from other encoder weights than the rest: {REMEDY}")
        return pair


def _product(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape))
