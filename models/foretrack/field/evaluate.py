"""How well depth and movers are told of scenes whose truth is known, by parallax, in five rows: one
plane, a ramp, the adjustment alone, the network alone, and both together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..common.space_metrics import rank_correlation
from .cameras import MOVING, STANDING
from .network import FieldNetwork
from .scenes import Request, draw_scene

CLASSES_PX = (0.0, 2.0, 6.5, 20.0, 65.0)
ROWS = ("one plane", "ramp", "adjustment", "network", "both")
CLAIMED_SIGMA = 0.5  # of log depth, from which on the studio calls a point unknown
SEED = 918_273  # of scenes that no training drew

Array = np.ndarray


@dataclass
class Case:
    """tracks [T,N,2], visibility [T,N], truth rho [N] and moving [N] of a scene of one class."""

    name: str
    parallax_px: float
    tracks: Array
    visibility: Array
    anchor: int
    focal_px: float
    rho: Array
    moving: Array
    truth: Truth | None = None


@dataclass
class Truth:
    """rotation [T,3,3] and translation [T,3] from world to camera, in median depths; way [T,N,3] of
    points since the anchor, in their own depths there."""

    rotation: Array
    translation: Array
    way: Array


@dataclass
class Answer:
    """rho, sigma of its logarithm (inf: unknown) and a score of moving, each [N]."""

    rho: Array
    sigma: Array
    moving: Array
    told: bool = True


def draw_cases(count: int, seed: int = SEED, frames: int = 41) -> list[Case]:
    """`count` scenes of every class and camera move; a quarter of the points moves by itself."""
    cases = []
    for px in CLASSES_PX:
        for m, move in enumerate(MOVING if px else STANDING):
            for i in range(count):
                rng = np.random.default_rng((seed, round(10 * px), m, i))
                request = Request(
                    move, px, moving_share=0.25, noise_px=0.3, drift_px=0.0, frames=frames,
                    knows_focal=True,
                )  # fmt: skip
                s = draw_scene(rng, request)
                while px and abs(s.parallax_px - px) > 0.01 * px:  # the camera never set out
                    s = draw_scene(rng, request)
                cases.append(
                    Case(f"{px:g}_{move}_{i}", px, s.tracks, s.visibility, s.anchor, s.focal_px,
                         s.inverse_depth, s.moving,
                         Truth(s.cameras.rotation, s.cameras.translation, s.shift))
                )  # fmt: skip
    return cases


def read_cases(folder: Path) -> list[Case]:
    """Scenes of `src/cli/made-scenes.ts`."""
    cases = []
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as file:
            truth = None
            if "way_tn3" in file:
                turned = file["rotation_t9"].reshape(-1, 3, 3)
                truth = Truth(turned, file["translation_t3"], file["way_tn3"])
            cases.append(
                Case(path.stem, float(path.stem.split("_")[0]), file["tracks_tn2"],
                     file["visibility_tn"] > 0, int(file["anchor"]), float(file["focal_px"]),
                     file["rho_n"].astype(float), file["moving_n"] > 0, truth)
            )  # fmt: skip
    return cases


@torch.inference_mode()
def ask_network(network: FieldNetwork, case: Case) -> Answer:
    queries = case.tracks[case.anchor]
    told, _ = network(
        *(
            torch.from_numpy(np.asarray(a, np.float32))[None]
            for a in (case.tracks, case.visibility, queries)
        ),
        torch.tensor([case.focal_px], dtype=torch.float32),
    )
    last = told[-1]
    rho = last.log_rho[0].exp().numpy()
    return Answer(
        rho / np.median(rho),
        2**0.5 * last.spread[0].numpy(),
        last.moving_logit[0].sigmoid().numpy(),
    )


def write_scene(
    case: Case, guess: Answer, path: Path, beside: dict[str, Array] | None = None
) -> None:
    """What `src/cli/fields.ts` reads; `beside`: what more is told."""
    arrays: dict[str, Any] = {
        "tracks_tn2": case.tracks.astype(np.float32),
        "visibility_tn": case.visibility.astype(np.uint8),
        "anchor": np.float32(case.anchor),
        "focal_px": np.float32(case.focal_px),
        "guess_rho_n": guess.rho.astype(np.float32),
        "guess_sigma_n": guess.sigma.astype(np.float32),
        "guess_moving_n": guess.moving.astype(np.float32),
        **(beside or {}),
    }
    np.savez(path, **arrays)


def read_answer(path: Path, name: str) -> Answer:
    with np.load(path) as file:
        known = file[f"{name}_state_n"] > 0
        sigma = np.where(known, file[f"{name}_sigma_n"], np.inf)
        told = bool(file[f"{name}_told"])
        return Answer(file[f"{name}_rho_n"], sigma, file[f"{name}_residual_n"], told)


def plane(case: Case) -> Answer:
    ones = np.ones(len(case.rho))
    return Answer(ones, np.inf * ones, 0 * ones)


def ramp(case: Case) -> Answer:
    """Nearer from the top of the picture down, as `ramp` of `src/engine/space/start.ts`."""
    y = case.tracks[case.anchor][:, 1]
    rho = 0.3 + 0.7 * (y - y.min()) / max(1, np.median(y) - y.min())
    return Answer(rho, np.inf * np.ones(len(y)), np.zeros(len(y)))


def score(case: Case, answer: Answer) -> dict[str, float]:
    """Of still points: AbsRel after their median ratio is 1, rank correlation, share claimed (sigma
    up to CLAIMED_SIGMA) and share of the claimed ones within 2σ; of all: AUC of moving."""
    still = ~case.moving
    ratio = ratios(case, answer)
    sigma = answer.sigma[still]
    claimed = sigma <= CLAIMED_SIGMA
    inside = np.abs(np.log(ratio[claimed])) < 2 * sigma[claimed]
    return {
        "absrel": float(np.abs(ratio - 1).mean()),
        "rank": rank_correlation(answer.rho[still], case.rho[still]),
        "auc": area_under_curve(answer.moving, case.moving),
        "claimed": float(claimed.mean()),
        "covered": float(inside.mean()) if claimed.any() else float("nan"),
        "told": float(answer.told),
    }


def ratios(case: Case, answer: Answer) -> Array:
    """Of still points: depth told over the true one, their median 1."""
    ratio = case.rho[~case.moving] / answer.rho[~case.moving]
    return ratio / np.median(ratio)


def compare(case: Case, answer: Answer, reference: Answer) -> dict[str, float]:
    """Logarithm of the answer's AbsRel over that of the reference, of all still points and of those
    that both claim; NaN where either tells nothing."""
    miss, other = (np.abs(ratios(case, a) - 1) for a in (answer, reference))
    known = np.maximum(answer.sigma, reference.sigma)[~case.moving] <= CLAIMED_SIGMA
    if not (answer.told and reference.told and known.any()):
        return {"all": float("nan"), "claimed": float("nan")}
    return {
        "all": float(np.log(miss.mean() / other.mean())),
        "claimed": float(np.log(miss[known].mean() / other[known].mean())),
    }


def area_under_curve(scores: Array, label: Array) -> float:
    """That a mover scores above another point; ties count half; NaN where all are alike."""
    if label.all() or not label.any():
        return float("nan")
    apart = scores[label][:, None] - scores[~label][None]
    return float((apart > 0).mean() + 0.5 * (apart == 0).mean())


def median_interval(values: Array, draws: int = 1000) -> tuple[float, float, float]:
    """Median and 95 % of medians of scenes drawn again with replacement."""
    return _interval(np.median, values, draws)


def mean_interval(values: Array, draws: int = 1000) -> tuple[float, float, float]:
    """Mean and 95 % of means of scenes drawn again with replacement."""
    return _interval(np.mean, values, draws)


def _interval(of: Callable[..., Any], values: Array, draws: int) -> tuple[float, float, float]:
    values = values[~np.isnan(values)]
    if not len(values):
        return (float("nan"),) * 3
    rng = np.random.default_rng(1)
    again = of(values[rng.integers(len(values), size=(draws, len(values)))], axis=1)
    low, high = np.quantile(again, [0.025, 0.975])
    return float(of(values)), float(low), float(high)
