"""Training of the photo model.

    foretrack train photo heads  --clips CLIPS --data DATA --run RUN --steps 2500
    foretrack train photo refine --data DATA/fine --run RUN
    foretrack train photo camera --clips CLIPS --data DATA --run RUN
    foretrack train photo shares --clips CLIPS --data DATA --run RUN --folds FOLD0 FOLD1 FOLD2 FOLD3

`heads` trains what a picture's future is drawn from, by fair energy scores, and resumes from
RUN/last; `--fold N` leaves a quarter of the sources out, for choices. `refine` trains the way to
finer cells and writes RUN/photo.pt, which `foretrack export photo` takes. `camera` fits what the
camera may do. `shares` puts the shares
of modes to the test, by runs that each left a fold of the sources out, and writes what came to pass
into RUN/photo.pt. Preparing the pictures takes minutes: `--keep` keeps them for the next stage, and
for `foretrack evaluate photo`.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import torch

from ..common import settings as shared
from ..photo.camera import fit_camera
from ..photo.cases import training_cases
from ..photo.export import Trained, load, new_refinements, save
from ..photo.kept import kept_pictures
from ..photo.modes import Groups
from ..photo.pictures import Pictures, Projection, fit_projection, load_pictures
from ..photo.settings import Settings, config_of
from ..photo.shares import fit_happened, groups_of
from ..photo.train import folds, train_photo
from ..photo.train_refine import FinePictures, measure, train_refine

ROUNDS = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("stage", choices=["heads", "refine", "camera", "shares"])
    parser.add_argument("--clips", type=Path, help="folder with manifest.csv, for heads")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--fold", type=int, help="0 to 3: sources that are left out")
    parser.add_argument("--folds", type=Path, nargs="+", help="runs of --fold 0, 1 …, for shares")
    parser.add_argument("--keep", type=Path, help="folder that keeps pictures prepared")
    shared.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    torch.set_num_threads(1)
    try:
        config = shared.run_config(Settings, args)
    except shared.SettingsError as error:
        print(f"Cannot train: {error}", file=sys.stderr)
        return 1
    if args.stage == "refine":
        _refine(args)
        return 0
    if args.stage == "shares":
        return _shares(args)
    if not args.clips:
        print(f"Cannot train: {args.stage} needs --clips, for the sources", file=sys.stderr)
        return 1
    if args.stage == "camera":
        return _camera(args)
    shared.write_config(args.run / "photo.toml", config)
    paths = sorted(args.data.glob("*.npz"))
    projection = fit_projection(paths, config_of(config.settings).features)
    pictures = _pictures(args, projection)
    fold = folds(pictures.sources)
    chosen = torch.tensor([fold[source] != args.fold for source in pictures.source.tolist()])
    model = train_photo(
        pictures, torch.nonzero(chosen)[:, 0], args.run, config.budget, config.settings
    )
    _save(args.run, Trained(projection, model, new_refinements()), config)
    return 0


def _shares(args: argparse.Namespace) -> int:
    if not args.clips or not args.folds:
        print("Cannot train: shares need --clips and the runs of --folds", file=sys.stderr)
        return 1
    trained, record = load(args.run / "photo.pt")
    found: list[Groups] = []
    sources: list[str] = []
    for number, run in enumerate(args.folds):
        apart = load(run / "photo.pt")[0]
        pictures = _pictures(args, apart.projection)
        fold = folds(pictures.sources)
        left = {source for source, own in enumerate(fold) if own == number}
        for case in training_cases(pictures, left):
            found.append(groups_of(apart.model, case, len(found)))
            sources.append(case.source)
    happened = fit_happened(found, sources)
    print(f"{len(found)} pictures of {len(set(sources))} sources: {happened}", flush=True)
    save(replace(trained, happened=happened), args.run / "photo.pt", record)
    return 0


def _camera(args: argparse.Namespace) -> int:
    trained, record = load(args.run / "photo.pt")
    pictures = _pictures(args, trained.projection)
    everything = torch.arange(len(pictures.source))
    camera = fit_camera(trained.model, pictures, everything)
    print(f"{len(everything)} pictures, cameras rest in {float(camera.rests[-1]):.3f}", flush=True)
    save(replace(trained, camera=camera), args.run / "photo.pt", record)
    return 0


def _pictures(args: argparse.Namespace, projection: Projection) -> Pictures:
    """The pictures of --data as `projection` sees them; of --keep where it holds those."""
    parts = (args.data, args.clips / "manifest.csv", projection)
    return kept_pictures(args.keep, projection, lambda: load_pictures(*parts))


def _refine(args: argparse.Namespace) -> None:
    trained, record = load(args.run / "photo.pt")
    data = FinePictures(sorted(args.data.glob("*.npz")))
    refine = new_refinements()
    all_of_them = list(range(len(data.items)))
    held_out = all_of_them[::5]
    train_refine(data, [i for i in all_of_them if i not in held_out], refine, ROUNDS)
    print(measure(data, held_out, refine), flush=True)
    save(replace(trained, refine=refine), args.run / "photo.pt", record)


def _save(run: Path, trained: Trained, config: shared.RunConfig[Settings]) -> None:
    record = {"settings": vars(config.settings), "steps": config.budget.steps}
    save(trained, run / "photo.pt", record)
    print(f"{run / 'photo.pt'}", flush=True)
