"""Sizes of the compact model."""

from dataclasses import asdict, dataclass

from ..common.geometry import HISTORY, HORIZON, NOW


@dataclass(frozen=True)
class CompactConfig:
    """Widths and depths; lengths are working frames.

    `channels` is the latent width of a token: one token is one point (or one row of the camera's
    affine path) over the whole horizon, so time is compressed from 2·horizon numbers to `channels`.
    """

    channels: int = 64
    width: int = 96
    camera_width: int = 256  # of the layers that only the camera's tokens pass
    heads: int = 4
    mlp_ratio: int = 3
    condition_layers: int = 3
    velocity_layers: int = 4
    history: int = HISTORY
    horizon: int = HORIZON
    source_noise: float = 0.42
    video: bool = False  # sees the picture around each point at now; no shipped pack does
    lags: tuple[int, ...] = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, NOW)

    def as_dict(self) -> dict:
        return asdict(self)


COMPACT = CompactConfig()
WIDE = CompactConfig(width=192, camera_width=512, condition_layers=5)
TINY = CompactConfig(
    channels=12, width=24, camera_width=32, heads=2, condition_layers=1, velocity_layers=1
)
SIZES = {"compact": COMPACT, "wide": WIDE, "tiny": TINY}
