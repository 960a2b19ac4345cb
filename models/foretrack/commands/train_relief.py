"""Training of the relief model, on the files of `foretrack relief-data`.

    foretrack train relief --clips CLIPS --data DATA --run RUN --steps 1200

Resumes from RUN/last and writes RUN/relief.pt, which `foretrack evaluate relief` takes. `--fold N`
leaves a quarter of the sources out, for choices.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from ..common import settings as shared
from ..photo.train import folds
from ..relief.checkpoint import save
from ..relief.data import RENDERED, load_sights
from ..relief.train import Settings, train_relief


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clips", type=Path, required=True, help="folder with manifest.csv")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--fold", type=int, help="0 to 3: sources that are left out")
    shared.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    torch.set_num_threads(1)
    try:
        config = shared.run_config(Settings, args)
    except shared.SettingsError as error:
        print(f"Cannot train: {error}", file=sys.stderr)
        return 1
    shared.write_config(args.run / "relief.toml", config)
    sights = load_sights(args.data, args.clips / "manifest.csv")
    fold = folds(sights.sources)
    kept = [sights.sources[s] == RENDERED or fold[s] != args.fold for s in sights.source.tolist()]
    chosen = torch.nonzero(torch.tensor(kept))[:, 0]
    head = train_relief(sights, chosen, args.run, config.budget, config.settings)
    record = {"settings": vars(config.settings), "steps": config.budget.steps}
    save(head, args.run / "relief.pt", record)
    print(f"{args.run / 'relief.pt'}", flush=True)
    return 0
