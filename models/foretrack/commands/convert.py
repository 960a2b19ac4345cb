"""The published TrajLoom files as a model pack of the studio.

foretrack convert --trajloom DIR [--video-vae FILE] --out PACK
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from pathlib import Path

from ..trajloom.convert import EXPECTED, convert


def add_arguments(parser: argparse.ArgumentParser) -> None:
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


def run(args: argparse.Namespace) -> int:
    start = time.monotonic()
    try:
        manifest = convert(args)
    except EXPECTED as error:
        print(f"Cannot convert: {error}", file=sys.stderr)
        return 1
    size = sum(f["bytes"] for f in manifest["files"])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(
        f"Pack {manifest['id']}: {size / 1e6:.1f} MB in {len(manifest['files'])} files, "
        f"peak memory {peak / 1e9:.2f} GB, {time.monotonic() - start:.0f} s"
    )
    return 0
