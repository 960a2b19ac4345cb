"""What a run is trained on and what it is validated by."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .config import TrajLoomConfig
from .video_latents import VideoError, VideoLatents
from .windows import WindowsError, WindowSource

VALIDATION_SEED = 1_000_003  # scenes that no batch holds


@dataclass(frozen=True)
class RealFolders:
    """Real data: `tracks` to train on, `validate` to validate by (by default procedural scenes do),
    `video` with the latents of both."""

    tracks: Path | None = None
    video: Path | None = None
    validate: Path | None = None

    def __post_init__(self) -> None:
        if self.video and not self.tracks:
            raise VideoError("--video needs --tracks: procedural scenes have no pictures")

    def training(
        self, config: TrajLoomConfig, size: int, seed: int, real_share: float
    ) -> WindowSource:
        latents = VideoLatents(self.video, config) if self.video else None
        return WindowSource(config.vae, size, seed, self.tracks, real_share, latents)

    def held_out(self, config: TrajLoomConfig, size: int) -> WindowSource:
        if not self.validate:
            return WindowSource(config.vae, size, VALIDATION_SEED, None, 0)
        latents = VideoLatents(self.video, config) if self.video else None
        source = WindowSource(config.vae, size, VALIDATION_SEED, self.validate, 1.0, latents)
        if not source.real or not source.real.scenes:
            folder = self.validate.name
            raise WindowsError(f"{folder}/ has no tracks that are long enough for this size")
        return source
