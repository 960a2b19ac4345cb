"""Rendered clips with exact truth.

    foretrack render-scenes --count N --seed S --out DIR

Per scene `scene-SEED.mp4` and `scene-SEED.npz`: tracks [F,N,2] float32 px of the working frame,
visibility [F,N] uint8, depth [F,N] float32 metres, body [N], query [N,2], now (frame index),
interval (secs between frames), calm; `scene-SEED.json`: camera, kinds, labels of bodies.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch

from ..common.geometry import FRAMES, HALF_WIDTH, NOW, WIDTH
from ..scenes.compose import make_scene
from ..scenes.picture import Renderer
from ..scenes.render import overlay, write_picture, write_truth, write_video
from ..scenes.truth import follow


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0, help="of the first scene")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--width", type=int, choices=[HALF_WIDTH, WIDTH], default=WIDTH)
    parser.add_argument("--samples", type=int, default=2, help="per pixel and axis")
    parser.add_argument(
        "--alignment", choices=["cell-centre", "cell-corner"], default="cell-centre"
    )
    parser.add_argument("--crf", type=int, default=16)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--truth-only", action="store_true", help="no frames")
    parser.add_argument("--pictures", action="store_true", help="a strip of frames with tracks")


def run(args: argparse.Namespace) -> None:
    args.out.mkdir(parents=True, exist_ok=True)
    for seed in range(args.seed, args.seed + args.count):
        start = time.monotonic()
        scene = make_scene(seed)
        truth = follow(scene, args.alignment)
        stem = args.out / f"scene-{seed:06d}"
        write_truth(scene, truth, args.alignment, stem.with_suffix(".npz"))
        if not args.truth_only:
            renderer = Renderer(scene, args.width, args.device, args.samples)
            frames = [frame.cpu().numpy() for frame in renderer.frames()]
            write_video(frames, stem.with_suffix(".mp4"), 1 / scene.clock.interval, args.crf)
            if args.pictures:
                moments = [0, NOW, NOW + 30, FRAMES - 1]
                strip = [frames[NOW], *[overlay(frames, truth, m) for m in moments]]
                write_picture(np.concatenate(strip, 1), stem.with_suffix(".png"))
        print(
            f"{stem.name}: {scene.camera.kind}, {'+'.join(scene.kinds) or 'no movers'}"
            f"{', near-static' if scene.calm else ''}, {len(scene.stage.faces)} triangles, "
            f"{truth.visibility.mean():.0%} visible, {time.monotonic() - start:.1f} s",
            flush=True,
        )
