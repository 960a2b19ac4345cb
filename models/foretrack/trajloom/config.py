"""Configurations with the published field names; the defaults are the published full size."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from ..common.geometry import HEIGHT, HISTORY, WIDTH

Part = TypeVar("Part")


class ConfigError(ValueError):
    """A configuration asks for something that this implementation does not have."""


@dataclass(frozen=True)
class VaeConfig:
    encoder_depth: int = 16
    decoder_depth: int = 16
    hidden_size: int = 512
    num_heads: int = 8
    patch_size: int = 32
    in_channels: int = 2
    latent_channels: int = 16
    input_height: int = HEIGHT
    input_width: int = WIDTH
    num_frames_in: int = HISTORY
    num_frames_latent: int = 21
    use_temp_compress: bool = True
    temp_stride: int = 4
    use_offsets: bool = True
    learn_sigma: bool = False
    beta: float = 5e-5
    pos_embed_dim: int = 64

    def __post_init__(self) -> None:
        _require(self, use_temp_compress=True, use_offsets=True, learn_sigma=False, in_channels=2)
        if (self.num_frames_in - 1) // self.temp_stride + 1 != self.num_frames_latent:
            raise ConfigError(
                f"num_frames_latent {self.num_frames_latent} does not follow from "
                f"{self.num_frames_in} frames at temp_stride {self.temp_stride}"
            )

    @property
    def rows(self) -> int:
        return self.input_height // self.patch_size

    @property
    def columns(self) -> int:
        return self.input_width // self.patch_size

    @property
    def points(self) -> int:
        return self.rows * self.columns


@dataclass(frozen=True)
class GeneratorConfig:
    latent_channels: int = 16
    num_frames_latent: int = 21
    input_height: int = HEIGHT
    input_width: int = WIDTH
    patch_size: int = 32
    hidden_size: int = 768
    num_heads: int = 12
    depth: int = 16
    mlp_ratio: float = 4.0
    video_latent_channels: int = 16
    use_video_cond: bool = True
    text_embed_dim: int = 4096
    use_text_cond: bool = True
    num_frames_in: int = HISTORY
    latent_time_stride: int = 4
    use_overlap: bool = False
    temporal_first: bool = True
    spatial_ctx_mode: str = "pooled_last"
    spatial_ctx_pool: int = 1
    spatial_ctx_last_k: int = 1
    spatial_ctx_include_video: bool = True
    video_ctx_mode: str = "concat"
    track_fusion: str = "add_last_plus_vel"
    track_fusion_scale_init: float = 0.1
    track_fusion_use_time_gate: bool = True
    video_fusion: str = "none"
    use_hist_vis_cond: bool = True
    hist_vis_scale_init: float = 1.0

    def __post_init__(self) -> None:
        _require(
            self,
            use_video_cond=True,
            use_text_cond=True,
            use_overlap=False,
            temporal_first=True,
            spatial_ctx_mode="pooled_last",
            spatial_ctx_pool=1,
            spatial_ctx_last_k=1,
            spatial_ctx_include_video=True,
            video_ctx_mode="concat",
            track_fusion="add_last_plus_vel",
            track_fusion_use_time_gate=True,
            video_fusion="none",
            use_hist_vis_cond=True,
        )

    @property
    def points(self) -> int:
        return (self.input_height // self.patch_size) * (self.input_width // self.patch_size)


@dataclass(frozen=True)
class VisibilityConfig:
    latent_channels: int = 16
    hidden: int = 64
    depth: int = 3
    kernel_size: int = 3
    use_hist_last: bool = False
    use_delta_to_hist: bool = False

    def __post_init__(self) -> None:
        _require(self, use_hist_last=False, use_delta_to_hist=False)


# Published constants of the Wan 2.1 video latent, per channel.
WAN_LATENT_MEAN = (
    -0.7571, -0.7089, -0.9113, 0.1075, -0.1745, 0.9653, -0.1517, 1.5508,
    0.4134, -0.0715, 0.5517, -0.3632, -0.1922, -0.9497, 0.2503, -0.2921,
)  # fmt: skip
WAN_LATENT_STD = (
    2.8184, 1.4541, 2.3275, 2.6558, 1.2196, 1.7708, 2.6052, 2.0743,
    3.2687, 2.1526, 2.8652, 1.5579, 1.6382, 1.1253, 2.8251, 1.9160,
)  # fmt: skip


@dataclass(frozen=True)
class WanEncoderConfig:
    dim: int = 96
    z_dim: int = 16
    dim_mult: tuple[int, ...] = (1, 2, 4, 4)
    num_res_blocks: int = 2
    temporal_downsample: tuple[bool, ...] = (False, True, True)
    latent_mean: tuple[float, ...] = WAN_LATENT_MEAN
    latent_std: tuple[float, ...] = WAN_LATENT_STD


@dataclass(frozen=True)
class TrajLoomConfig:
    vae: VaeConfig = field(default_factory=VaeConfig)
    generator: GeneratorConfig = field(default_factory=GeneratorConfig)
    visibility: VisibilityConfig = field(default_factory=VisibilityConfig)
    wan: WanEncoderConfig = field(default_factory=WanEncoderConfig)

    def __post_init__(self) -> None:
        same = {
            "latent_channels": (
                self.vae.latent_channels,
                self.generator.latent_channels,
                self.visibility.latent_channels,
            ),
            "num_frames_latent": (self.vae.num_frames_latent, self.generator.num_frames_latent),
            "num_frames_in": (self.vae.num_frames_in, self.generator.num_frames_in),
            "grid points": (self.vae.points, self.generator.points),
        }
        for name, values in same.items():
            if len(set(values)) > 1:
                raise ConfigError(f"The configurations disagree on {name}: {values}")


def _require(config: object, **expected: object) -> None:
    for name, value in expected.items():
        if getattr(config, name) != value:
            raise ConfigError(
                f"{type(config).__name__}.{name} = {getattr(config, name)!r} is not supported, "
                f"only {value!r} (the published setting)"
            )


_SMALL: dict[str, Any] = {
    "input_height": 64,
    "input_width": 96,
    "num_frames_in": 9,
    "num_frames_latent": 3,
}
SIZES = {
    "full": TrajLoomConfig(),
    # The published grid and frames at a fraction of the width: trains on one small card.
    "compact": TrajLoomConfig(
        vae=VaeConfig(encoder_depth=8, decoder_depth=8, hidden_size=192, num_heads=4),
        generator=GeneratorConfig(hidden_size=256, num_heads=4, depth=8),
    ),
    # For tests: 2×3 cells, 9 frames.
    "tiny": TrajLoomConfig(
        vae=VaeConfig(
            **_SMALL,
            encoder_depth=4,
            decoder_depth=4,
            hidden_size=16,
            num_heads=2,
            latent_channels=4,
            pos_embed_dim=8,
        ),
        generator=GeneratorConfig(
            **_SMALL,
            hidden_size=24,
            num_heads=2,
            depth=4,
            latent_channels=4,
            video_latent_channels=3,
            text_embed_dim=6,
        ),
        visibility=VisibilityConfig(latent_channels=4, hidden=8),
        wan=WanEncoderConfig(
            dim=4, z_dim=3, latent_mean=(0.1, -0.2, 0.3), latent_std=(1.1, 0.9, 2.0)
        ),
    ),
}


def from_dict(cls: type[Part], values: dict[str, Any]) -> Part:
    """The dataclass with the fields that `values` names; unknown keys (training's) are ignored."""
    known = {f.name for f in fields(cls)}  # type: ignore[arg-type]
    return cls(
        **{k: tuple(v) if isinstance(v, list) else v for k, v in values.items() if k in known}
    )


# Where each published file keeps its part, from the file's root; the first that exists counts.
_PLACES = {
    "vae": (("trajloom_vae", "config"), ("trajectory_vae", "config"), ("vae",)),
    "generator": (("generator",),),
    "visibility": (("predictor",), ("visibility",)),
    "wan": (("wan",), ("video_encoder",)),
}
_CLASSES: dict[str, type[Any]] = {
    "vae": VaeConfig,
    "generator": GeneratorConfig,
    "visibility": VisibilityConfig,
    "wan": WanEncoderConfig,
}


def _find(tree: dict[str, Any], place: tuple[str, ...]) -> dict[str, Any] | None:
    node: Any = tree
    for key in place:
        node = node.get(key) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else None


def read_configs(paths: list[Path]) -> TrajLoomConfig:
    """Merges the published files `trajloom_vae_config.json`, `trajloom_generator_config.json` and
    `vis_predictor_config.json` (or one file with `vae`, `generator`, `visibility`); a part that no
    file holds keeps the published full size. Raises ConfigError where two files disagree."""
    found: dict[str, Any] = {}
    for path in paths:
        tree = json.loads(path.read_text())
        for part, places in _PLACES.items():
            values = next((v for p in places if (v := _find(tree, p)) is not None), None)
            if values is None:
                continue
            config = from_dict(_CLASSES[part], values)
            if found.setdefault(part, config) != config:
                raise ConfigError(f"{path.name} contradicts another file on {part}")
    return TrajLoomConfig(**found)
