"""Strict loading of the published files: every key and shape must match, or the message says why.

The expected shapes follow from the configuration: the network is built on the meta device, which
allocates nothing.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor

from .config import TrajLoomConfig
from .generator import TrajLoomFlow, VisibilityHead
from .vae import TrajLoomVae
from .wan import WanVideoEncoder

WRAPPERS = ("model", "generator", "predictor", "state_dict", "ema", "model_state_dict")
SHOWN_DIFFERENCES = 6


class CheckpointError(ValueError):
    """A file is no checkpoint of the expected network."""


def build(config: TrajLoomConfig, part: str) -> Any:
    """The network of part `vae`, `generator`, `visibility` or `video_encoder`, random."""
    if part == "vae":
        return TrajLoomVae(config.vae)
    if part == "generator":
        return TrajLoomFlow(config.generator)
    if part == "visibility":
        v = config.visibility
        return VisibilityHead(v.latent_channels, v.hidden, v.depth, v.kernel_size)
    if part == "video_encoder":
        return WanVideoEncoder(config.wan)
    raise ValueError(f"Unknown part {part!r}")


def expected_shapes(config: TrajLoomConfig, part: str) -> dict[str, tuple[int, ...]]:
    with torch.device("meta"):
        state = build(config, part).state_dict()
    return {name: tuple(tensor.shape) for name, tensor in state.items()}


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Tensors of a `.safetensors`, `.pt` or `.pth` file, wrappers and prefixes taken off.

    Pickles are opened with `weights_only=True`: no code of the file runs."""
    if path.suffix == ".safetensors":
        return unwrap(load_file(path))
    try:
        mmap = zipfile.is_zipfile(path)  # the old format cannot be mapped
        content = torch.load(path, map_location="cpu", weights_only=True, mmap=mmap)
    except Exception as error:  # torch raises many kinds for damaged or unsafe files
        raise CheckpointError(
            f"{path.name} cannot be read as a PyTorch checkpoint: {error}"
        ) from error
    return unwrap(content)


def unwrap(content: object) -> dict[str, Tensor]:
    """The dictionary of tensors inside checkpoint wrappers, without `module.` prefixes."""
    while isinstance(content, dict):
        if content and all(isinstance(v, Tensor) for v in content.values()):
            break
        inner = next((content[k] for k in WRAPPERS if isinstance(content.get(k), dict)), None)
        if inner is None:
            break
        content = inner
    if not isinstance(content, dict):
        raise CheckpointError("The file holds no dictionary of tensors")
    tensors = {str(k): v for k, v in content.items() if isinstance(v, Tensor)}
    for prefix in ("module.", "_orig_mod.", "model.", "generator.", "predictor."):
        if tensors and all(k.startswith(prefix) for k in tensors):
            tensors = {k[len(prefix) :]: v for k, v in tensors.items()}
    return tensors


def differences(
    expected: dict[str, tuple[int, ...]], found: dict[str, tuple[int, ...]]
) -> list[str]:
    lines = [f"missing {k} {list(expected[k])}" for k in expected if k not in found]
    lines += [f"unexpected {k} {list(found[k])}" for k in found if k not in expected]
    lines += [
        f"{k} is {list(found[k])}, expected {list(expected[k])}"
        for k in expected
        if k in found and found[k] != expected[k]
    ]
    return lines


def load_part(config: TrajLoomConfig, part: str, path: Path) -> Any:
    """The network with the file's weights, float32, in evaluation mode.

    Of a Wan VAE file the decoder's keys are left out. Raises CheckpointError naming the first
    differences."""
    tensors = read_tensors(path)
    if part == "video_encoder":
        tensors = {k: v for k, v in tensors.items() if k.startswith(("encoder.", "conv1."))}
    lines = differences(
        expected_shapes(config, part), {k: tuple(v.shape) for k, v in tensors.items()}
    )
    if lines:
        more = len(lines) - SHOWN_DIFFERENCES
        raise CheckpointError(
            f"{path.name} does not hold the {part} of this configuration "
            f"({len(lines)} differences): "
            + "; ".join(lines[:SHOWN_DIFFERENCES])
            + (f"; and {more} more" if more > 0 else "")
        )
    with torch.device("meta"):
        network = build(config, part)
    network.load_state_dict({k: v.float() for k, v in tensors.items()}, strict=True, assign=True)
    return network.eval().requires_grad_(False)
