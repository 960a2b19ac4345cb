"""Scores of futures of one picture beside controls: on the validation clips, or with `--fold` on
the sources of training clips that such a training left out.

    foretrack evaluate photo --clips CLIPS --pack ../public/packs/photo --compact COMPACT/last \\
        --data DATA
    foretrack evaluate photo --clips CLIPS --checkpoint RUN/photo.pt --compact COMPACT/last \\
        --data DATA --blind BLIND/photo.pt --regressor REGRESSOR/photo.pt

A pack is measured by its own graphs, from the picture on, its blind prior and regressor with it.
Everything lies in the frame of a camera that stands still, at 16 frames a second. Rows: staying
where it is; the compact pack on a photo, which ratios are to (`--compact`, of `foretrack
from-pack`); with `--data`, what followed random training pictures, and with `--paper-steps` the
network of An Uncertain Future at our size; models that see nothing (`--blind`) or give one future
(`--regressor`); the model told of another source's picture; the model.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..photo import forecasters
from ..photo.cases import PhotoCase, eyes, training_cases, validation_cases
from ..photo.evaluate import Row, mean_interval, movers_of, ratio_interval, score, score_where
from ..photo.export import load
from ..photo.forecasters import Forecaster, Model
from ..photo.graphs import one_future
from ..photo.kept import kept, kept_pictures, projection_key
from ..photo.network import places
from ..photo.packed import PhotoPack
from ..photo.parzen import parzen
from ..photo.pictures import Pictures, Projection, load_pictures
from ..photo.shares import Happened, groups_of, said_and_happened
from ..photo.subject import subject_finder
from ..photo.table import by_category, print_reliability, print_table, reliability, sources, summary
from ..photo.train import folds, sizes

COMPACT = "the compact pack on a photo"
FOLLOWED = "what followed random training pictures"
OURS = "**photo**"
NOISY = "regressor and white noise"
SHUFFLED = "photo, told of another picture"
POOL = 200  # futures that know no picture
COMPACT_POOL = 96  # of the compact pack, which takes its time


@dataclass
class Subject:
    """What is measured, how it sees pictures, and what it is measured beside."""

    projection: Projection
    see: Callable[[np.ndarray], Tensor]
    model: Model
    happened: Happened | None
    blind: Model | None
    regressor: Forecaster | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clips", type=Path, required=True, help="folder with manifest.csv")
    subject = parser.add_mutually_exclusive_group(required=True)
    subject.add_argument("--pack", type=Path, help="a photo pack as it ships")
    subject.add_argument("--checkpoint", type=Path)
    parser.add_argument("--compact", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="of foretrack photo-data")
    parser.add_argument("--blind", type=Path)
    parser.add_argument("--regressor", type=Path)
    parser.add_argument("--subject", type=Path, help="network that finds subjects, beside `where`")
    parser.add_argument("--paper-steps", type=int, default=0)
    parser.add_argument("--fold", type=int)
    parser.add_argument("--parallax", action="store_true", help="count it as motion in the truth")
    parser.add_argument("--draws", type=int, default=64)
    parser.add_argument("--every", type=int, default=1, help="only each N-th picture")
    parser.add_argument("--keep", type=Path, help="folder that keeps pictures prepared")
    parser.add_argument("--no-parzen", action="store_true")
    parser.add_argument("--out", type=Path, help="JSON of the numbers")


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    subject = _of_pack(args.pack) if args.pack else _of_checkpoints(args)
    cases, pictures, rows = _cases(args, subject)
    methods = _methods(args, cases, subject, pictures, rows)
    scored = {name: score(cases, method, args.draws) for name, method in methods.items()}
    _score_where(cases, subject.model, scored)
    groups = [groups_of(subject.model, case, index) for index, case in enumerate(cases)]
    for one in groups:
        told_of = said_and_happened(one, subject.happened)
        scored[OURS].modes += told_of
        scored[OURS].add("truth's mode", sum(share for share, happened in told_of if happened))
    if not args.no_parzen:
        for name, method in methods.items():
            if name not in (
                "static",
                COMPACT,
                FOLLOWED,
                NOISY,
            ):  # no shape, or too few to draw from
                scored[name].scores["Parzen"] = parzen(cases, method).tolist()
    told = summary(cases, scored, COMPACT)
    print(f"{len(cases)} pictures of {sources(cases)} sources, {args.draws} futures each")
    print_table(told)
    print_reliability(told[OURS]["reliability"])
    of_samples = [pair for one in groups for pair in said_and_happened(one, None)]
    print("\nas shares of the samples:")
    print_reliability(reliability(of_samples))
    told_by_mask = [case.subject for case in cases if case.subject is not None]
    if told_by_mask:
        found = mean_interval(cases, np.array(score_where(cases, told_by_mask)))
        print("\nwhere by the subject's mask alone: {:.3f} [{:.3f}, {:.3f}]".format(*found))
    followed = np.array([movers_of(case, case.truth[None]) for case in cases])
    print(
        "\ntwo movers in what followed: {:.3f} [{:.3f}, {:.3f}]".format(
            *mean_interval(cases, followed)
        )
    )
    for span in ("1 s", "5 s"):
        ours, other = (scored[name].of(f"energy {span}") for name in (OURS, SHUFFLED))
        print(
            "energy told of another picture, {}: {:.3f} [{:.3f}, {:.3f}]".format(
                span, *ratio_interval(cases, other, ours)
            )
        )
    for span in ("1 s", "5 s"):
        for name, reference in (("static", "static"), ("compact", COMPACT)):
            ratios = by_category(cases, scored[OURS], scored[reference], span)
            text = ", ".join(f"{c} {v:.2f}" for c, v in ratios.items())
            print(f"\nratio to {name} by category, {span}: {text}")
    if args.out:
        args.out.write_text(json.dumps(told, indent=1) + "\n")


def _of_pack(folder: Path) -> Subject:
    pack = PhotoPack(folder)
    one = pack.regressor and forecasters.regressor(pack.regressor, pack.basis_rows)
    return Subject(pack.projection, pack.features, pack.model, pack.happened, pack.blind, one)


def _of_checkpoints(args: argparse.Namespace) -> Subject:
    trained, _ = load(args.checkpoint)
    blind, regressor = (path and load(path)[0].model for path in (args.blind, args.regressor))
    one = regressor and forecasters.regressor(
        lambda features: one_future(regressor, features[None]), regressor.basis_rows
    )
    see = eyes(trained.projection)
    return Subject(trained.projection, see, trained.model, trained.happened, blind, one)


def _cases(
    args: argparse.Namespace, subject: Subject
) -> tuple[list[PhotoCase], Pictures | None, Tensor]:
    """What is scored, and the training pictures with the numbers of those that it may be told."""
    projection = subject.projection
    seen = [*projection_key(projection), bool(args.pack), bool(args.subject)]
    pictures, rows = None, torch.zeros(0, dtype=torch.long)
    if args.data:
        parts = (args.data, args.clips / "manifest.csv", projection)
        pictures = kept_pictures(args.keep, projection, lambda: load_pictures(*parts))
        fold = folds(pictures.sources)
        chosen = [fold[source] != args.fold for source in pictures.source.tolist()]
        rows = torch.nonzero(torch.tensor(chosen))[:, 0]
    if args.fold is None:
        finder = args.subject and subject_finder(args.subject)
        asked = (args.clips, subject.see, finder, args.parallax, args.every)
        key = [args.parallax, args.every, seen]
        file = args.keep and args.keep / "cases.pt"
        made = kept(file, key, lambda: list(validation_cases(*asked)))
        return made, pictures, rows
    if pictures is None:
        raise SystemExit("--fold needs --data")
    left = {s for s, f in enumerate(fold) if f == args.fold}
    return training_cases(pictures, left)[:: args.every], pictures, rows


def _methods(
    args: argparse.Namespace,
    cases: list[PhotoCase],
    subject: Subject,
    pictures: Pictures | None,
    rows: Tensor,
) -> dict[str, Forecaster]:
    compact = kept(
        args.keep and args.keep / "compact.pt",
        [str(args.compact), COMPACT_POOL],
        lambda: forecasters.compact_futures(args.compact, COMPACT_POOL),
    )
    methods: dict[str, Forecaster] = {
        "static": forecasters.static,
        COMPACT: forecasters.pool(compact),
    }
    if pictures:
        futures = forecasters.training_futures(pictures, rows, POOL)
        methods[FOLLOWED] = forecasters.pool(futures)
        if args.paper_steps:
            paper = forecasters.paper(pictures, rows, args.paper_steps)
            methods["An Uncertain Future at our size"] = paper
    if subject.regressor:
        methods["regressor"] = subject.regressor
        if pictures:
            noise = float(sizes(pictures, rows).square().mean().sqrt()) / 2**0.5
            methods[NOISY] = forecasters.noisy(subject.regressor, noise)
    if subject.blind:
        methods["blind prior"] = forecasters.photo(subject.blind)
    methods[SHUFFLED] = forecasters.photo(subject.model, forecasters.others(cases))
    methods[OURS] = forecasters.photo(subject.model)
    return methods


@torch.no_grad()
def _score_where(cases: list[PhotoCase], model: Model, scored: dict[str, Row]) -> None:
    other = forecasters.others(cases)
    told = {
        OURS: [model.look(case.features[None]).where_logit[0] for case in cases],
        SHUFFLED: [model.look(other(case)[None]).where_logit[0] for case in cases],
        "static": [-places()[:2].square().sum(0)] * len(cases),  # the middle moves
    }
    for name, scores in told.items():
        scored[name].scores["where"] = score_where(cases, scores)
