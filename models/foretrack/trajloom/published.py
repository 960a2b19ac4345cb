"""The published files: which are where, and a trained run written like them for `convert`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import nn

from .config import TrajLoomConfig
from .pack import LatentStats

ENDINGS = (".pt", ".pth", ".safetensors")
STEMS = {
    "vae": ("trajloom_vae", "vae"),
    "generator": ("trajloom_generator", "generator"),
    "visibility": ("visibility_predictor", "visibility"),
}
CONFIGS = (
    "trajloom_vae_config.json",
    "trajloom_generator_config.json",
    "vis_predictor_config.json",
    "config.json",
)
STATS = "vae_latent_stats.json"
WEIGHTS = {
    "vae": "trajloom_vae.pt",
    "generator": "trajloom_generator.pt",
    "visibility": "visibility_predictor.pt",
}


class MissingFileError(ValueError):
    """A published file is not where it should be."""


def find_file(folder: Path, names: list[str]) -> Path | None:
    places = (folder, folder / "configs", folder / "checkpoints")
    return next((p / n for n in names for p in places if (p / n).is_file()), None)


def find_weights(folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    missing = []
    for part, stems in STEMS.items():
        path = find_file(folder, [stem + end for stem in stems for end in ENDINGS])
        if path is None:
            missing.append(f"{stems[0]}.pt (or .safetensors)")
        else:
            found[part] = path
    if missing:
        raise MissingFileError(f"{folder.name}/ lacks " + ", ".join(missing))
    return found


def read_stats(folder: Path, channels: int) -> LatentStats:
    """`z_all` of vae_latent_stats.json: mean and std per channel, as the generator was trained."""
    path = find_file(folder, [STATS])
    if path is None:
        raise MissingFileError(f"{folder.name}/ lacks {STATS}: the mean and std of the latent")
    tree = json.loads(path.read_text())
    node = tree.get("z_all", tree)
    node = node.get("per_channel", node)
    mean, std = torch.tensor(node["mean"]).float(), torch.tensor(node["std"]).float()
    if mean.shape != (channels,) or std.shape != (channels,):
        raise MissingFileError(
            f"{STATS} holds {list(mean.shape)} means and {list(std.shape)} stds per channel, "
            f"the latent has {channels} channels"
        )
    return LatentStats(mean, std)


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
