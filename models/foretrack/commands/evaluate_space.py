"""Space from tracks in one go: made scenes by parallax (one plane, ramp, adjustment, network,
both), and real clips by what no truth is needed for.

    foretrack evaluate space --checkpoint RUN/field.pt --tracks TRACKS --out DIR

TRACKS are files of `npm run tracks`. Of every clip whose tracks tell a relief: error of held-out
tracks in held-out frames over that of a homography a frame (to beat: 0.7), and how far two halves
of the points are apart (0.1 at the median), by the adjustment alone and with the network that
ships; medians, 95 % by bootstrap over clips. Of the same clips, by the checkpoint alone: error of
the frames before the last third, which it was told from, and how far two halves of the frames are
apart (field/held_out.py). Without `--tracks` made scenes only; the other options are those of
`evaluate field`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from ..common.track_files import TrackFolder
from ..field.checkpoint import load
from ..field.evaluate import median_interval
from ..field.export import in_half_steps
from ..field.held_out import judge
from ..field.network import FieldNetwork
from ..field.real_tracks import Past, read_pasts
from . import evaluate_field

HOMOGRAPHY_RATIO = 0.7
HALVES = 0.1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    evaluate_field.add_arguments(parser)
    parser.add_argument("--tracks", type=Path, help="folder or file of `npm run tracks`")


def run(args: argparse.Namespace) -> None:
    evaluate_field.run(args)
    if not args.tracks:
        return
    told = {
        "adjustment": report(args, "alone", ["--alone"]),
        "both": report(args, "both", []),
    }
    print_clips(told)
    known = {Path(name).stem for name, clip in told["adjustment"].items() if "ratio" in clip}
    folder = args.tracks if args.tracks.is_dir() else args.tracks.parent
    pasts = [p for p in read_pasts(TrackFolder(folder)) if p.name in known]
    network = judge_alone(in_half_steps(load(args.checkpoint)[0]), pasts)
    (args.out / "clips-network.json").write_text(json.dumps(network, indent=1) + "\n")
    print("\nthe checkpoint alone: older frames held out, halves of the frames")
    print_clips({"network": network})


def judge_alone(network: FieldNetwork, pasts: list[Past]) -> dict[str, dict[str, float | None]]:
    told: dict[str, dict[str, float | None]] = {}
    for past in pasts:
        judged = judge(network, past)
        halves = judged.halves if np.isfinite(judged.halves) else None
        told[past.name] = {"ratio": judged.error_px / judged.homography_px, "halves": halves}
    return told


def report(args: argparse.Namespace, name: str, options: list[str]) -> dict[str, Any]:
    """What `src/cli/relief-report.ts` says of each clip."""
    path = args.out / f"clips-{name}.json"
    command = ["npx", "tsx", "src/cli/relief-report.ts", str(args.tracks.resolve())]
    command += [*options, "--json", str(path.resolve())]
    subprocess.run(command, cwd=args.studio, check=True, stdout=subprocess.DEVNULL)
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def print_clips(told: dict[str, dict[str, Any]]) -> None:
    print("\nreal clips")
    ratio = f"held out / homography | ≤ {HOMOGRAPHY_RATIO}"
    print(f"| row | relief | {ratio} | halves | worst | ≤ {HALVES} |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for row, clips in told.items():
        known = [clip for clip in clips.values() if "ratio" in clip]
        ratios = np.array([clip["ratio"] for clip in known], float)
        halves = np.array([clip["halves"] for clip in known if clip["halves"] is not None], float)
        if not len(ratios):
            print(f"| {row} | 0 of {len(clips)} | | | | | |")
            continue
        worst = f"{halves.max():.3f}" if len(halves) else "–"
        print(
            f"| {row} | {len(known)} of {len(clips)} | {of(ratios)} | "
            f"{(ratios <= HOMOGRAPHY_RATIO).sum()} | {of(halves)} | {worst} | "
            f"{(halves <= HALVES).sum()} |"
        )


def of(values: np.ndarray) -> str:
    median, low, high = median_interval(values)
    return f"{median:.3f} [{low:.3f}, {high:.3f}]"
