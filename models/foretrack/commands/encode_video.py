"""Video latents of the past of real tracks, made once for training with pictures.

    foretrack encode-video --clips CLIPS --tracks TRACKS --out VIDEO --video-vae Wan2.1_VAE.pth

For each tracks file of `npm run tracks -- CLIPS --history 1 --future 161` the first window's
pictures, and their mirror images, go through the Wan 2.1 encoder. Files that these weights made for
these tracks are kept.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from ..trajloom.checkpoint import CheckpointError
from ..trajloom.config import SIZES
from ..trajloom.encode_video import ClipFolder, encode_folder, load_encoder
from ..trajloom.video_latents import VideoError, VideoLatents
from ..trajloom.windows import WindowsError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--tracks", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    weights = parser.add_mutually_exclusive_group(required=True)
    weights.add_argument("--video-vae", type=Path, help="Wan2.1_VAE.pth")
    weights.add_argument("--random", action="store_true", help="random weights, as a trial")
    parser.add_argument("--size", choices=list(SIZES), default="full", help="of the training")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=1)


def run(args: argparse.Namespace) -> int:
    torch.set_num_threads(args.threads)
    config = SIZES[args.size]
    try:
        encoder, identity = load_encoder(config, args.video_vae)
        latents = VideoLatents(args.out, config, identity)
        device = torch.device(args.device)
        clips = ClipFolder(args.clips)
        failed = encode_folder(config, encoder, clips, args.tracks, latents, device)
    except (CheckpointError, VideoError, WindowsError) as error:
        print(f"Cannot encode: {error}", file=sys.stderr)
        return 1
    return 1 if failed else 0
