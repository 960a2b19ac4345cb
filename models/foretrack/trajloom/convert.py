"""Turns the published TrajLoom files into a model pack of the studio.

python -m foretrack.trajloom.convert --trajloom DIR [--video-vae FILE] --out PACK
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn

from .checkpoint import CheckpointError, build, load_part
from .config import ConfigError, TrajLoomConfig, read_configs
from .pack import LatentStats, PackCheckError, PackOptions, write_pack

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


def random_parts(config: TrajLoomConfig, seed: int = 0) -> Callable[[str], nn.Module]:
    """Loads random weights: shows what a conversion costs without the published files."""

    def load(part: str) -> nn.Module:
        torch.manual_seed(seed)
        network = build(config, part).eval().requires_grad_(False)
        for name, tensor in network.named_parameters():
            if "adaLN" in name or "gate_m" in name:  # open gates, so that a check sees every block
                tensor.data.normal_(0, 0.02)
        return network

    return load


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="convert", description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--trajloom", type=Path, help="folder with the published files")
    source.add_argument(
        "--random", action="store_true", help="random weights of the published size, as a trial"
    )
    parser.add_argument("--video-vae", type=Path, help="Wan2.1_VAE.pth; without it no video input")
    parser.add_argument("--out", type=Path, required=True, help="folder, or file ending in .zip")
    parser.add_argument("--precision", choices=["fp32", "fp16"], default="fp32")
    parser.add_argument(
        "--no-check", action="store_true", help="skip the comparison with onnxruntime"
    )
    parser.add_argument(
        "--no-video-check", action="store_true", help="skip it for the video encoder (the slowest)"
    )
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args(arguments)


def convert(arguments: list[str]) -> dict[str, object]:
    """Runs the command; returns the manifest. Raises one of the package's errors with a message
    for the user."""
    args = parse(arguments)
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

        def load(part: str) -> nn.Module:
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


def main() -> int:
    start = time.monotonic()
    try:
        manifest = convert(sys.argv[1:])
    except (MissingFileError, CheckpointError, ConfigError, PackCheckError) as error:
        print(f"Cannot convert: {error}", file=sys.stderr)
        return 1
    size = sum(f["bytes"] for f in manifest["files"])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(
        f"Pack {manifest['id']}: {size / 1e6:.1f} MB in {len(manifest['files'])} files, "
        f"peak memory {peak / 1e9:.2f} GB, {time.monotonic() - start:.0f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
