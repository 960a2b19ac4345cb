"""How well reliefs guessed from one picture order near and far, by Spearman's rank correlation with
what tracks of the clip tell, beside rows that see little of it:

    foretrack evaluate relief --clips CLIPS --data DATA --checkpoint RUN/relief.pt

DATA is of `foretrack relief-data --split validation`. With `--fold N` only the sources that such a
training left out. Rows: flat ground under the studio's horizon; a ramp without one; the ground with
the subject (what the photo pack holds for moving) raised on its foot; the model. Median over clips,
95 % by bootstrap over sources.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from torch import Tensor

from ..photo.export import load as load_photo
from ..photo.pictures import joined_maps
from ..photo.train import folds
from ..relief import evaluate
from ..relief.checkpoint import load
from ..relief.data import RENDERED, Sights, load_sights


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clips", type=Path, required=True, help="folder with manifest.csv")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, nargs="+", required=True)
    parser.add_argument("--photo", type=Path, help="checkpoint of the photo model, for the subject")
    parser.add_argument("--fold", type=int)
    parser.add_argument("--each", action="store_true", help="a line for every clip")


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    sights = load_sights(args.data, args.clips / "manifest.csv", views=1)
    fold = folds(sights.sources)
    rows = [
        i
        for i, s in enumerate(sights.source.tolist())
        if (args.fold is None or fold[s] == args.fold) and sights.sources[s] != RENDERED
    ]
    clips = [sights.clips[i] for i in rows]
    source_of = {c: sights.sources[int(sights.source[i])] for c, i in zip(clips, rows, strict=True)}
    told = _rows(args, sights)
    print(f"{len(rows)} pictures, {len(set(clips))} clips, {len(set(source_of.values()))} sources")
    each: dict[str, dict[str, float]] = {}
    for name, tell in told.items():
        each[name] = evaluate.by_clip(evaluate.correlations(sights, rows, tell), clips)
        median, low, high = evaluate.bootstrap(each[name], source_of)
        least = min(each[name].values())
        print(f"| {name} | {median:.3f} [{low:.3f}, {high:.3f}] | {least:.2f} |", flush=True)
    for path in args.checkpoint:
        print(f"{path}: {evaluate.coverage(sights, rows, told[str(path)]):.1%} inside 2σ")
    if args.each:
        for clip in source_of:
            print(clip, *(f"{each[name][clip]:.2f}" for name in told))


def _rows(args: argparse.Namespace, sights: Sights) -> dict[str, evaluate.Row]:
    ramp, straight = evaluate.ramp(), evaluate.straight_ramp()
    told: dict[str, evaluate.Row] = {
        "flat ground": lambda row: (ramp, None),
        "ramp without a horizon": lambda row: (straight, None),
    }
    if args.photo:
        told["subject on its foot, flat ground"] = _subject(args.photo, sights, ramp)
        told["subject on its foot, ramp"] = _subject(args.photo, sights, straight)
    for path in args.checkpoint:
        told[str(path)] = evaluate.told_by(load(path)[0], sights)
    return told


def _subject(checkpoint: Path, sights: Sights, level: Tensor) -> evaluate.Row:
    trained, _ = load_photo(checkpoint)
    mean, matrix = trained.projection.mean, trained.projection.matrix

    @torch.inference_mode()
    def tell(row: int) -> tuple[Tensor, None]:
        stride8, stride16, stride32 = (m[row, :1].float() for m in sights.maps)
        halved = torch.nn.functional.avg_pool2d(stride8, 2)
        maps = joined_maps(halved, stride16, stride32).permute(0, 2, 3, 1)
        features = ((maps - mean) @ matrix).flatten(1, 2).transpose(1, 2)
        moving = trained.model.look(features).where_logit[0].sigmoid() > evaluate.SUBJECT
        subject = moving.view(15, 26).repeat_interleave(2, 0).repeat_interleave(2, 1)
        return evaluate.raised(level, subject), None

    return tell
