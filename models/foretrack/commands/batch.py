"""Tracks, futures and exports of thousands of clips, on one machine or a cluster.

    foretrack batch CLIPS/*.mp4 --out TARGET
    foretrack batch s3://bucket/clips --out s3://bucket/tracks --make tracks,futures --now 25%,75%
    foretrack batch manifest.csv --out TARGET --address auto --shards 500

Sources are clips, folders, globs and manifests (CSV or Parquet with the columns path and, where a
clip wants its own, now, fps, crop, edits, source, split), local or s3://, gs://, az://,
http(s)://. What is done already, by content, is not done again: the same command goes on where a
run ended. The format of TARGET and how to work on a cluster: models/BATCH.md. `foretrack.dataset`
reads a target.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import Annotated

from ..batch.node_engine import ROOT, Launch
from ..batch.settings import BatchError, Recipe, parse_fps, parse_nows
from ..common.ranges import Count, CountOrNone, Positive, Range, Weight, number
from ..dataset import ENDINGS

# As many as `serve` takes.
FUTURES = Annotated[int, Range(1, 64)]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
    parser.add_argument(
        "--out", required=True, metavar="TARGET", help="a folder or an object store"
    )
    made = parser.add_argument_group("what is made")
    made.add_argument(
        "--make",
        default="tracks,futures",
        help="of tracks, trajloom (observed tracks in its layout), relief, futures, export:NAME",
    )
    made.add_argument(
        "--now",
        action="append",
        metavar="PLACES",
        help="seconds (1.5), shares (30%%), frames (#40), every:SECS or middle; a list",
    )
    made.add_argument("--fps", help="working frames a second, or native (default: the pack's)")
    made.add_argument(
        "--fit",
        choices=["cover", "letterbox"],
        default="cover",
        help="how clips of another shape fill the working frame (default: cover)",
    )
    made.add_argument(
        "--futures", type=number(FUTURES), default=8, help='of each "now" (default: 8)'
    )
    made.add_argument(
        "--seed", type=number(CountOrNone), default=1, help="of the first future; others count up"
    )
    made.add_argument("--solver", help="as of npm run forecast (default: the pack's)")
    made.add_argument("--steps", type=number(Count), help="of the solver (default: the pack's)")
    made.add_argument(
        "--time-shift",
        type=number(Positive),
        help="above 1: shorter steps near the source (default: 1)",
    )
    made.add_argument("--source", choices=["released", "paper"], help="TrajLoom packs")
    made.add_argument("--pack", default="compact", help="id or path, the same on every machine")
    made.add_argument("--text", metavar="FILE.npy", help="TrajLoom packs: a text embedding")
    made.add_argument("--shots", action="store_true", help="each shot is a clip of its own")
    made.add_argument(
        "--export",
        action="append",
        default=[],
        metavar="FLAG=VALUE",
        help="a flag of npm run export, for every export:NAME",
    )
    made.add_argument(
        "--shards", type=number(Count), metavar="N", help="WebDataset tars of N samples each"
    )
    work = parser.add_argument_group("how it is worked on")
    work.add_argument("--address", help="of a running Ray cluster; auto finds it")
    work.add_argument("--workers", type=number(Count), help="at most (default: all cores)")
    work.add_argument("--threads", type=number(Count), default=1, help="and cores of one worker")
    work.add_argument(
        "--gpus", type=number(Weight), default=0, help="share of a GPU for each worker"
    )
    work.add_argument("--provider", choices=["wasm", "cpu", "cuda"], help="of the model's graphs")
    work.add_argument(
        "--watchdog",
        type=number(Positive),
        default=300,
        metavar="SECS",
        help="a worker with a clip that is silent for so long is replaced (default: 300)",
    )
    work.add_argument("--retry-refused", action="store_true", help="clips that were refused before")
    work.add_argument(
        "--reread",
        action="store_true",
        help="read every clip again, also where its size and time are those of its row",
    )
    work.add_argument("--dashboard", action="store_true", help="Ray's, for a local run")
    work.add_argument("--root", default=str(ROOT), help="the repository's folder on every machine")


def run(args: argparse.Namespace) -> int:
    try:
        recipe = _recipe(args)
        from ..batch.main import run_batch

        return run_batch(args, recipe, _launch(args))
    except ImportError as error:
        print(
            f"Cannot run: {error}. Install pip install -e '.[batch]' in models/.", file=sys.stderr
        )
    except (BatchError, RuntimeError, OSError) as error:
        print(f"Cannot run: {error}", file=sys.stderr)
    return 1


def _recipe(args: argparse.Namespace) -> Recipe:
    flags = [flag.partition("=") for flag in args.export]
    if wrong := [name for name, sign, _ in flags if not sign]:
        raise BatchError(f"--export {wrong[0]} has no value: write {wrong[0]}=VALUE")
    makes = tuple(dict.fromkeys(word.strip() for word in args.make.split(",")))
    for name in makes:
        if name not in ENDINGS and not name.startswith("export:"):
            known = f"{', '.join(ENDINGS)} or export:NAME"
            raise BatchError(f"--make {name} is not known: give {known}")
    return Recipe(
        make=makes,
        now=parse_nows(args.now or ["middle"]),
        fps=None if args.fps is None else parse_fps(args.fps),
        fit=args.fit,
        futures=args.futures,
        seed=args.seed,
        solver=args.solver,
        steps=args.steps,
        time_shift=args.time_shift,
        source=args.source,
        shots=args.shots,
        export={name: value for name, _, value in flags},
    )


def _launch(args: argparse.Namespace) -> Launch:
    provider = args.provider or ("cuda" if args.gpus else "wasm")
    text = args.text and os.path.abspath(args.text)
    # The engine runs in the repository's folder: a path counts from where the user is.
    is_path = os.sep in args.pack or args.pack.endswith(".zip")
    pack = os.path.abspath(args.pack) if is_path else args.pack
    return Launch(pack, args.threads, provider, text, args.root, args.watchdog)
