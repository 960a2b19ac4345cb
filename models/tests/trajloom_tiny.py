"""A small instance of the published architecture with seeded random weights, for tests."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

from foretrack.trajloom.checkpoint import build
from foretrack.trajloom.config import SIZES
from foretrack.trajloom.graphs import corner_queries

CONFIG = SIZES["tiny"]
PUBLISHED_NAMES = {
    "vae": "trajloom_vae.pt",
    "generator": "trajloom_generator.pt",
    "visibility": "visibility_predictor.safetensors",
    "video_encoder": "Wan2.1_VAE.pth",
}


def network(part: str) -> nn.Module:
    """Random weights with open gates, so that every block counts in a comparison."""
    torch.manual_seed(11)
    net = build(CONFIG, part).eval().requires_grad_(False)
    for name, tensor in net.named_parameters():
        if tensor.ndim > 1 and "w" not in name.split(".")[-1][:1]:
            tensor.normal_(0, 0.3)
        if "adaLN" in name:
            tensor.normal_(0, 0.15)
    return net


def tracks(seed: int = 3) -> torch.Tensor:
    """[9,6,2] videoPx: the first frame on the corners of a 2×3 grid, then a random walk."""
    rng = torch.Generator().manual_seed(seed)
    walk = 3 * torch.randn(8, CONFIG.vae.points, 2, generator=rng).cumsum(0)
    return corner_queries(CONFIG.vae) + torch.cat([torch.zeros(1, CONFIG.vae.points, 2), walk])


def write_published(folder: Path) -> Path:
    """A folder like the published one: wrapped .pt files, configs and latent statistics."""
    folder.mkdir(parents=True, exist_ok=True)
    states = {part: network(part).state_dict() for part in PUBLISHED_NAMES}
    wrapped = {f"module.{k}": v for k, v in states["vae"].items()}
    torch.save({"epoch": 3, "model": wrapped}, folder / PUBLISHED_NAMES["vae"])
    torch.save({"generator": states["generator"], "step": 9}, folder / PUBLISHED_NAMES["generator"])
    save_file(states["visibility"], folder / PUBLISHED_NAMES["visibility"])
    decoder = {"decoder.conv1.weight": torch.zeros(2), "conv2.bias": torch.zeros(2)}
    torch.save(states["video_encoder"] | decoder, folder / PUBLISHED_NAMES["video_encoder"])
    configs = {
        "trajloom_vae_config.json": {"trajloom_vae": {"config": asdict(CONFIG.vae)}},
        "trajloom_generator_config.json": {
            "generator": asdict(CONFIG.generator),
            "trajloom_vae": {"config": asdict(CONFIG.vae)},
            "wan": asdict(CONFIG.wan),
        },
        "vis_predictor_config.json": {"predictor": asdict(CONFIG.visibility)},
        "vae_latent_stats.json": {
            "z_all": {"per_channel": {"mean": [0.2, -0.1, 0.0, 0.4], "std": [1.0, 1.5, 0.7, 2.0]}}
        },
    }
    for name, tree in configs.items():
        (folder / name).write_text(json.dumps(tree))
    return folder
