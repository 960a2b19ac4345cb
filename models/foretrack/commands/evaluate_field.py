"""Scores of the track-to-space network beside one plane, a ramp and the adjustment, by parallax.

    foretrack evaluate field --checkpoint RUN/field.pt --count 6 --out DIR

The network is as its pack holds it. Scenes are made with seeds that no training drew; with `--made`
they are those of `npx tsx src/cli/made-scenes.ts --out MADE`, which another generator draws. The
adjustment runs in Node, in the repository that `--studio` names. A row's AbsRel and rank count a
scene that it calls unknown as one plane; "where told" leaves such scenes out. Below each table:
AbsRel of both over that of the adjustment, scene by scene where both tell, geometric mean, of all
still points and of those that both claim.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from pathlib import Path

import numpy as np
import torch

from ..field import evaluate as ev
from ..field.checkpoint import load
from ..field.export import in_half_steps

REPOSITORY = Path(__file__).resolve().parents[3]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--count", type=int, default=6, help="scenes of a class and camera move")
    parser.add_argument("--seed", type=int, default=ev.SEED)
    parser.add_argument("--made", type=Path, help="folder of src/cli/made-scenes.ts")
    parser.add_argument("--guess-focal", action="store_true", help="the adjustment has to guess it")
    parser.add_argument("--studio", type=Path, default=REPOSITORY)
    parser.add_argument("--out", type=Path, required=True)


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    network = in_half_steps(load(args.checkpoint)[0])
    cases = ev.read_cases(args.made) if args.made else ev.draw_cases(args.count, args.seed)
    guesses = [ev.ask_network(network, case) for case in cases]
    told = ask_studio(args, cases, guesses)
    scores: dict[str, list[dict[str, float]]] = {row: [] for row in ev.ROWS}
    pairs: list[dict[str, float]] = []
    for case, guess in zip(cases, guesses, strict=True):
        path = told / f"{case.name}.npz"
        answers = (
            ev.plane(case),
            ev.ramp(case),
            ev.read_answer(path, "alone"),
            guess,
            ev.read_answer(path, "started"),
        )
        for row, answer in zip(ev.ROWS, answers, strict=True):
            scores[row].append({"px": case.parallax_px, **ev.score(case, answer)})
        pairs.append(ev.compare(case, answers[4], answers[2]))
    (args.out / "scores.json").write_text(json.dumps(scores, indent=1) + "\n")
    print_table(scores, pairs)


def ask_studio(
    args: argparse.Namespace,
    cases: list[ev.Case],
    guesses: list[ev.Answer],
    beside: list[dict[str, np.ndarray]] | None = None,
) -> Path:
    """Folder with what the adjustment tells of the cases, alone and started by the guesses."""
    scenes, told = args.out / "scenes", args.out / "told"
    scenes.mkdir(parents=True, exist_ok=True)
    for i, (case, guess) in enumerate(zip(cases, guesses, strict=True)):
        more = beside[i] if beside else None
        ev.write_scene(case, guess, scenes / f"{case.name}.npz", more)
    command = ["npx", "tsx", "src/cli/fields.ts", str(scenes.resolve())]
    command += ["--out", str(told.resolve())]
    command += ["--guess-focal"] if args.guess_focal else []
    subprocess.run(command, cwd=args.studio, check=True, stdout=subprocess.DEVNULL)
    return told


def print_table(
    scores: dict[str, list[dict[str, float]]], pairs: list[dict[str, float]] | None = None
) -> None:
    for px in ev.CLASSES_PX:
        print(f"\n{px:g} px")
        print("| row | told | AbsRel | where told | rank | moving AUC | claimed | inside 2σ |")
        print("|---|--:|--:|--:|--:|--:|--:|--:|")
        for row, all_ in scores.items():
            own = [s for s in all_ if s["px"] == px]
            if not own:
                continue

            def of(name: str, own: list[dict[str, float]] = own) -> str:
                median, low, high = ev.median_interval(np.array([s[name] for s in own]))
                return f"{median:.3f} [{low:.3f}, {high:.3f}]"

            told = [s for s in own if s["told"]]
            where = of("absrel", told) if told else "–"
            covered = np.nanmean([s["covered"] for s in own])
            claimed = np.mean([s["claimed"] for s in own])
            print(
                f"| {row} | {len(told)} of {len(own)} | {of('absrel')} | {where} | {of('rank')} "
                f"| {of('auc')} | {claimed:.0%} | {covered:.0%} |"
            )
        if pairs:
            px_of = [s["px"] for s in scores[ev.ROWS[0]]]
            print_pairs([p for p, own in zip(pairs, px_of, strict=True) if own == px])


def print_pairs(pairs: list[dict[str, float]]) -> None:
    for name, points in (("all", "all still points"), ("claimed", "points that both claim")):
        logs = np.array([pair[name] for pair in pairs])
        if np.isnan(logs).all():
            continue
        mean, low, high = np.exp(ev.mean_interval(logs))
        nearer, told = (logs < 0).sum(), (~np.isnan(logs)).sum()
        print(
            f"both over adjustment, {points}: × {mean:.3f} [{low:.3f}, {high:.3f}], "
            f"nearer in {nearer} of {told}"
        )
