"""Turns the published TrajLoom files into a model pack of the studio."""

from __future__ import annotations

import argparse
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from .checkpoint import CheckpointError, build, load_part
from .config import ConfigError, TrajLoomConfig, read_configs
from .pack import LatentStats, PackCheckError, PackOptions, write_pack
from .published import CONFIGS, MissingFileError, find_file, find_weights, read_stats

EXPECTED = (MissingFileError, CheckpointError, ConfigError, PackCheckError)


def random_parts(config: TrajLoomConfig, seed: int = 0) -> Callable[[str], Any]:
    """Loads random weights: shows what a conversion costs without the published files."""

    def load(part: str) -> Any:
        torch.manual_seed(seed)
        network = build(config, part).eval().requires_grad_(False)
        for name, tensor in network.named_parameters():
            if "adaLN" in name or "gate_m" in name:  # open gates, so that a check sees every block
                tensor.data.normal_(0, 0.02)
        return network

    return load


def convert(args: argparse.Namespace) -> dict[str, Any]:
    """Runs `foretrack convert`; returns the manifest. Raises one of EXPECTED with a message for the
    user."""
    torch.set_num_threads(args.threads)
    if args.random:
        config = TrajLoomConfig()
        load = random_parts(config)
        channels = config.vae.latent_channels
        stats = LatentStats(torch.zeros(channels), torch.ones(channels))
        video = True
    else:
        found = [find_file(args.trajloom, [name]) for name in CONFIGS]
        config = read_configs([path for path in found if path])
        stats = read_stats(args.trajloom, config.vae.latent_channels)
        files = find_weights(args.trajloom)
        video = args.video_vae is not None
        if video:
            files["video_encoder"] = args.video_vae

        def load(part: str) -> Any:
            return load_part(config, part, files[part])

    options = PackOptions(
        precision=args.precision,
        check=not args.no_check,
        check_video=not args.no_video_check,
        identifier="trajloom-random" if args.random else "trajloom",
        threads=args.threads,
    )
    zipped = args.out.suffix == ".zip"
    folder = Path(tempfile.mkdtemp(dir=args.out.parent)) if zipped else args.out
    try:
        manifest = write_pack(config, load, stats, video, folder, options)
        if zipped:
            zip_folder(folder, args.out)
    finally:
        if zipped:
            shutil.rmtree(folder)
    return manifest


def zip_folder(folder: Path, out: Path) -> None:
    """Stored, not deflated: weights do not shrink, and the studio reads them in place."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
