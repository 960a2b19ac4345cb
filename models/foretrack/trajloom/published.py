"""Writes a trained run under the published names, so that `convert` makes a pack of its folder."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import nn

from .config import TrajLoomConfig
from .convert import CONFIGS, STATS
from .pack import LatentStats

WEIGHTS = {
    "vae": "trajloom_vae.pt",
    "generator": "trajloom_generator.pt",
    "visibility": "visibility_predictor.pt",
}


def write_configs(folder: Path, config: TrajLoomConfig) -> None:
    vae, generator, visibility, _ = CONFIGS
    trees: dict[str, dict[str, Any]] = {
        vae: {"trajloom_vae": {"config": asdict(config.vae)}},
        generator: {"generator": asdict(config.generator), "wan": asdict(config.wan)},
        visibility: {"predictor": asdict(config.visibility)},
    }
    for name, tree in trees.items():
        (folder / name).write_text(json.dumps(tree, indent=1) + "\n")


def write_weights(folder: Path, part: str, network: nn.Module) -> None:
    """Float32 on the CPU; takes the place of an older file in one step."""
    state = {name: tensor.cpu() for name, tensor in network.state_dict().items()}
    partial = folder / f"{WEIGHTS[part]}.partial"
    torch.save({"model": state}, partial)
    partial.replace(folder / WEIGHTS[part])


def write_statistics(folder: Path, stats: LatentStats) -> None:
    values = {"mean": stats.mean.tolist(), "std": stats.std.tolist()}
    (folder / STATS).write_text(json.dumps({"z_all": {"per_channel": values}}, indent=1) + "\n")
