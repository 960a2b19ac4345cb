"""Everything from clips to a pack, as the weights that ship were made, in one command.

CLIPS holds `manifest.csv` with the columns file, split and clear_licence. Nine hours on two CPU
cores by estimate, and besides, for the stage `wide`, nine minutes on an H100 or days without a
card. A stage that is done is not done again, an interrupted one goes on.
`--scale 0.01` runs every stage at a hundredth of its size, as a trial.
"""

from __future__ import annotations

import csv
import sys
from functools import partial
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[3]
POOLS = {  # name: seed and shards of 1000 scenes
    "pool": ((1, 16), (2, 14)),
    "large-pool": tuple((seed, 28) for seed in range(101, 111)),
}
PLAIN = "independent_share=0 constraint_share=0 real_spread=1"
LATER = "rate=5e-4 matching_share=0"
LAST = "rate=3e-4 batch=24 points=56 matching_share=0 motion_weight=0.4"
SPREAD = "constraint_share=0.15 independent_share=0.6 real_spread=1.5"
NARROW = (  # name, minutes on one core, settings; each starts from the one before
    ("first", 107, f"seed=2 best_weight=0.5 {PLAIN}"),
    ("second", 44, f"seed=4 {LATER} constraint_share=0.15 real_spread=1"),
    ("third", 42, f"seed=6 {LATER} constraint_share=0.25 independent_share=0.6 real_spread=1.4"),
    ("fourth", 56, f"seed=31 {LAST} {SPREAD} constraint_share=0.2"),
    ("fifth", 26, f"seed=51 {LAST} rate=5e-4 {SPREAD}"),
    ("sixth", 136, f"seed=61 {LAST} rate=4e-4 decay=0.15 batch=40 points=30 around=70 {SPREAD}"),
)
WIDE_STEPS = 8203
WIDE = (
    f"size=wide seed=71 rate=1e-3 decay=0.15 batch=512 points=32 around=68 shards=290 {SPREAD} "
    "real_share=0.35 real_spread=1.6 motion_weight=0.5 matching_share=0 evenness=0.65"
)
TUNE_MINUTES = 38
TUNE = (
    f"size=wide seed=81 rate=2e-4 decay=0.15 batch=24 points=40 around=60 {SPREAD} real_share=0.45 "
    "real_spread=1.6 motion_weight=0.5 matching_share=0 evenness=0.8"
)
HEAD_MINUTES = 37
HEAD = (
    "size=wide seed=91 rate=1e-3 decay=0.05 batch=24 points=32 around=32 futures=2 real_share=0.6 "
    "constraint_share=0.15 independent_share=0.6"
)
CUDA_GRAPHS = "28"  # steps that are recorded, on a card


def training_clips(clips: Path) -> list[Path]:
    rows = csv.DictReader((clips / "manifest.csv").open())
    wanted = [r for r in rows if r["split"] == "train" and r["clear_licence"] == "yes"]
    return [clips / row["file"] for row in wanted]


def tracking(files: list[Path], out: Path, scale: float) -> list[list[str]]:
    """Every clip at its middle, at two other places and at 16 fps."""
    some = [str(path) for path in files[: max(1, round(scale * len(files)))]]
    command = ["npm", "run", "tracks", "--", *some, "--out", str(out)]
    return [command, [*command, "--at", "0.3,0.7"], [*command, "--fps", "16", "--at", "0.51"]]


def stages(clips: Path, work: Path, out: Path, scale: float) -> list[list[str]]:
    """The commands, in order."""

    def python(name: str, *words: str) -> list[str]:
        return [sys.executable, "-m", "foretrack", name, *words]

    tracks = work / "tracks"
    commands = tracking(training_clips(clips), tracks, scale)
    for name, seeds in POOLS.items():
        for seed, shards in seeds:
            few = str(max(1, round(scale * shards)))
            size = ["--scenes", str(max(40, round(scale * 1000)))]
            pool = ["--out", str(work / name), "--shards", few, "--seed", str(seed)]
            commands.append(python("make-pool", *pool, *size))
    start: list[str] = []

    def stage(kind: str, name: str, pool: str, settings: str, *budget: str) -> None:
        nonlocal start
        data = ["--pool", str(work / pool), "--tracks", str(tracks), "--run", str(work / name)]
        if kind == "flow" and not (work / name / "vae.pt").exists():
            commands.append(python("train", "vae", *data))
        commands.append(python("train", kind, *data, *budget, *start, "--set", *settings.split()))
        start = ["--from", str(work / name / "last.pt")]

    flow = partial(stage, "flow")

    for name, minutes, settings in NARROW:
        flow(name, "pool", settings, "--minutes", f"{scale * minutes:g}")
    graphs = ["--cuda-graphs", CUDA_GRAPHS] if torch.cuda.is_available() else []
    flow("wide", "large-pool", WIDE, "--steps", str(max(1, round(scale * WIDE_STEPS))), *graphs)
    flow("tuned", "pool", TUNE, "--minutes", f"{scale * TUNE_MINUTES:g}")
    stage("visibility", "head", "pool", HEAD, "--minutes", f"{scale * HEAD_MINUTES:g}")
    commands.append(python("export", "--checkpoint", start[1], "--out", str(out)))
    return commands
