"""Writes rendered clips with exact truth.

    python -m foretrack.scenes.render --count N --seed S --out DIR [--width 832|416]

Per scene `scene-SEED.mp4` and `scene-SEED.npz`: tracks [162,390,2] float32 px of the 832×480 frame,
visibility [162,390] uint8, depth [162,390] float32 metres, body [390], query [390,2], now (frame
index 80), interval (secs between frames), calm; `scene-SEED.json`: camera, kinds, labels of bodies.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from pathlib import Path

import numpy as np
import torch

from .compose import Scene, make_scene
from .picture import Renderer
from .timing import FRAMES, NOW
from .truth import WIDTH, Truth, follow, query_grid


def write_video(frames: list[np.ndarray], path: Path, rate: float, quality: int) -> None:
    """H.264 through ffmpeg; frames [H,W,3] uint8."""
    height, width = frames[0].shape[:2]
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", f"{rate:.6f}"]
    colour = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
    convert = ["-vf", "scale=out_color_matrix=bt709:out_range=tv", "-pix_fmt", "yuv420p"]
    command = ["ffmpeg", "-v", "error", "-y", *source, "-i", "-", *convert, "-c:v", "libx264"]
    command += ["-crf", str(quality), "-preset", "veryfast", "-threads", "1", *colour, str(path)]
    subprocess.run(command, input=b"".join(f.tobytes() for f in frames), check=True)


def write_truth(scene: Scene, truth: Truth, anchor: str, path: Path) -> None:
    np.savez_compressed(
        path,
        tracks=truth.tracks,
        visibility=truth.visibility.astype(np.uint8),
        depth=truth.depth,
        body=truth.body.astype(np.int32),
        query=query_grid(anchor).astype(np.float32),
        now=np.int32(NOW),
        interval=np.float32(scene.clock.interval),
        calm=np.uint8(scene.calm),
        seed=np.int64(scene.seed),
    )
    words = {"camera": scene.camera.kind, "kinds": scene.kinds, "labels": scene.stage.labels}
    path.with_suffix(".json").write_text(json.dumps(words))


def overlay(frames: list[np.ndarray], truth: Truth, at: int, trail: int = 24) -> np.ndarray:
    """Frame `at` with the last `trail` positions of every second visible point, by hue."""
    picture = (0.65 * frames[at].astype(np.float32) + 40).clip(0, 255)
    height, width = picture.shape[:2]
    scale = width / WIDTH
    for n in np.flatnonzero(truth.visibility[at]):
        hue = (n % 26) / 26 * 2 * np.pi
        colour = 128 + 127 * np.cos(hue + np.array([0, 2.1, 4.2]))
        path = truth.tracks[max(at - trail, 0) : at + 1, n] * scale
        steps = np.linspace(0, 1, 12)[:, None]
        dense = [a + (b - a) * steps for a, b in zip(path[:-1], path[1:], strict=True)]
        dots = np.concatenate([*dense, path[-1] + np.array([[0, 0], [1, 0], [0, 1], [1, 1]])])
        x, y = dots.round().astype(int).T
        inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        picture[y[inside], x[inside]] = colour
    return picture.astype(np.uint8)


def write_picture(picture: np.ndarray, path: Path) -> None:
    height, width = picture.shape[:2]
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24"]
    command += ["-s", f"{width}x{height}", "-i", "-", "-frames:v", "1", str(path)]
    subprocess.run(command, input=picture.tobytes(), check=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="render", description=__doc__)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0, help="of the first scene")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--width", type=int, choices=[416, 832], default=832)
    parser.add_argument("--samples", type=int, default=2, help="per pixel and axis")
    parser.add_argument("--anchor", choices=["cell-centre", "cell-corner"], default="cell-centre")
    parser.add_argument("--crf", type=int, default=16)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--truth-only", action="store_true", help="no frames")
    parser.add_argument("--pictures", action="store_true", help="a strip of frames with tracks")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for seed in range(args.seed, args.seed + args.count):
        start = time.monotonic()
        scene = make_scene(seed)
        truth = follow(scene, args.anchor)
        stem = args.out / f"scene-{seed:06d}"
        write_truth(scene, truth, args.anchor, stem.with_suffix(".npz"))
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


if __name__ == "__main__":
    main()
