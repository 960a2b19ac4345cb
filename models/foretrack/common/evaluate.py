"""Evaluation on clips never trained on, against baselines and the scenario ensemble.

History: the studio's tracker (`npm run tracks`) at the grid's cell centres. Truth: independent
tracks of the same points. Ratios are averaged within a source first; intervals are bootstrapped
over sources.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..compact.model import CompactForecaster
from ..scenes.procedural import add_tracker_noise, make_scene
from . import fvmd, metrics, scenario
from .geometry import HISTORY, HORIZON, NOW, POINTS, grid_centres, inside

LEAST_ENERGY = 0.05  # px: where nothing moves at all, a fair score may be 0 or less
HELD_OUT_SEED = 900_000  # training seeds stay far below


@dataclass
class Case:
    """One clip at one rate: history [T,N,2] of the tracker, truth [H,N,2] px."""

    clip: str
    source: str
    category: str
    interval: float
    history: Tensor
    seen: Tensor
    truth: Tensor
    mask: Tensor
    patches: Tensor | None = None  # [1,N,3,16,16], for a model that sees
    predicted: Tensor | None = None  # visibility [K,H,N] of the last forecast, where it has one

    def photo(self) -> Case:
        return Case(
            **{**vars(self), "history": self.history[-1:], "seen": self.seen[-1:]},
        )


def _resample(tracks: np.ndarray, seen: np.ndarray, at: np.ndarray):
    """Linear in time; `at` counts frames of `tracks`. Visible where both neighbours are."""
    low = np.clip(np.floor(at + 1e-6).astype(int), 0, max(len(tracks) - 2, 0))
    high = np.minimum(low + 1, len(tracks) - 1)
    part = (at - low)[:, None]
    moved = tracks[low] * (1 - part[..., None]) + tracks[high] * part[..., None]
    return moved.astype(np.float32), (seen[low] | (part > 0.98)) & (seen[high] | (part < 0.02))


def load_cases(
    clips: Path, tracks: Path | None, rate: str, horizon: int = HORIZON, patches: Path | None = None
) -> list[Case]:
    """`rate` is "native" or frames a second. Without `tracks`, the truth's own past is history."""
    cases = []
    for row in csv.DictReader((clips / "manifest.csv").open()):
        stem = Path(row["file"]).stem
        path = clips / "truth" / f"{stem}.npz"
        if row["split"] != "validation" or not path.exists():
            continue
        truth = np.load(path)
        now, fps = int(truth["now_index"]), float(truth["fps"])
        positions = truth["tracks_tn2_x32"][:, POINTS:].astype(np.float32) / 32
        if tracks:  # its queries, the centres of cells of pixels, lie half a pixel off the grid
            positions += grid_centres().astype(np.float32) - positions[now]
        visible = truth["visibility_tn"][:, POINTS:].astype(bool)
        wanted = fps if rate == "native" else float(rate)
        if tracks:
            found = sorted(tracks.glob(f"{stem}__*.npz"))
            if not found:
                continue
            past = np.load(found[0])
            history = past["history_tracks_tn2"].astype(np.float32)
            seen = past["history_visibility_tn"] > 0
        else:
            history, seen = positions[: now + 1], visible[: now + 1]
        step = fps / wanted
        behind = min(NOW, int((len(history) - 1) / step + 1e-6))
        ahead = min(horizon, int((len(positions) - 1 - now) / step + 1e-6))
        if ahead < 8:
            continue
        at = len(history) - 1 + np.arange(-behind, 1) * step
        history, seen = _resample(history, seen, at)
        future, mask = _resample(positions, visible, now + np.arange(1, ahead + 1) * step)
        mask = mask & visible[now]
        if mask.sum() < 200:
            continue
        if not tracks:
            keep = visible[now]
            history, seen, future, mask = (a[:, keep] for a in (history, seen, future, mask))
        cases.append(
            Case(
                stem,
                row["source"],
                row["category"],
                1 / wanted,
                *(torch.from_numpy(np.ascontiguousarray(a)) for a in (history, seen, future, mask)),
                patches and torch.from_numpy(np.load(patches / f"{found[0].stem}.npy"))[None],
            )
        )
    return cases


def procedural_cases(count: int, seed: int = HELD_OUT_SEED) -> list[Case]:
    """Procedural scenes that no training draws."""
    cases = []
    query = grid_centres()
    for index in range(count):
        rng = np.random.default_rng((seed, index))
        scene = add_tracker_noise(make_scene(rng, query), rng)
        tracks, seen = torch.from_numpy(scene.tracks), torch.from_numpy(scene.visibility)
        parts = (tracks[:HISTORY], seen[:HISTORY], tracks[HISTORY:], seen[HISTORY:])
        if parts[3].sum() > 200:
            name = f"scene {seed}.{index}"
            cases.append(Case(name, name, "procedural", scene.interval, *parts))
    return cases


def forecaster(model: CompactForecaster, variant: str, steps: int, independent: bool = False):
    """Method of `rows` that samples the model and notes which points it takes for visible."""

    def run(case: Case, futures: int, generator: torch.Generator) -> Tensor:
        history, seen = padded(case.history, case.seen)
        interval = torch.tensor([case.interval])
        output, seen = model.forecast(
            history,
            seen,
            interval,
            futures,
            steps,
            generator,
            variant,
            independent,
            patches=case.patches,
        )
        case.predicted = seen[0, :, : len(case.truth)] > 0
        return output[0, :, : len(case.truth)]

    return run


def padded(history: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
    """With the batch axis, and HISTORY frames: the first one repeats, unseen, before the clip
    began."""
    missing = HISTORY - len(history)
    tracks = torch.cat([history[:1].expand(missing, -1, -1), history]) if missing else history
    marks = seen.float()
    if missing:
        marks = torch.cat([marks.new_zeros(missing, marks.shape[1]), marks])
    return tracks[None], marks[None]


def ensemble(independent: bool = False):
    def run(case: Case, futures: int, generator: torch.Generator) -> Tensor:
        history, seen = padded(case.history, case.seen)
        drawn = scenario.draw(1, futures, generator, independent)
        parts = scenario.factored(history, seen, drawn, len(case.truth))
        return scenario.compose(history[:, -1], parts.camera, parts.residual)[0]

    return run


def score(case: Case, futures: Tensor) -> dict[str, float]:
    truth, mask = case.truth, case.mask
    k = len(futures)
    values = {
        "energy": metrics.energy_score(futures, truth, mask),
        "set energy": metrics.set_energy_score(futures, truth, mask),
        "minADE": metrics.min_ade(futures, truth, mask),
        "minFDE": metrics.min_fde(futures, truth, mask),
        "CRPS": metrics.crps(futures, truth, mask),
        "diversity": metrics.diversity(futures, mask),
    }
    if k > 1:
        values["cover50"] = metrics.coverage(futures, truth, mask, 0.5)
        values["cover90"] = metrics.coverage(futures, truth, mask, 0.9)
    seen = inside(futures)
    if case.predicted is not None:
        seen = seen & case.predicted
    known = mask.any(0)
    values["visibility"] = (seen == mask)[..., known].float().mean()
    moving = mask & ((truth - case.history[-1]).norm(dim=-1).amax(0) > 8)
    if moving.sum() > 50:
        values["energy moving"] = metrics.energy_score(futures, truth, moving)
    if truth.shape[1] == POINTS:
        own_tv = metrics.flow_smooth_tv(truth, mask)
        own_curl = metrics.div_curl_energy(truth, mask)
        tv = torch.stack([metrics.flow_smooth_tv(f, mask) for f in futures]).mean()
        curl = torch.stack([metrics.div_curl_energy(f, mask) for f in futures]).mean()
        values |= {"TV": tv, "TV truth": own_tv, "curl": curl, "curl truth": own_curl}
    return {name: float(value) for name, value in values.items()}


def rows(cases: list[Case], method, futures: int, repeats: int, seed: int) -> list[dict]:
    """Scores a case, and under `windows` the FVMD features of its first future and of the truth."""
    out = []
    for index, case in enumerate(cases):
        case.predicted = None
        generator = torch.Generator().manual_seed(seed * 7919 + index)
        draws = []
        for _ in range(repeats):
            drawn = method(case, futures, generator)
            draws.append(score(case, drawn))
        row = {n: float(np.mean([d[n] for d in draws])) for n in draws[0]}
        if case.truth.shape[1] == POINTS and len(case.truth) >= fvmd.WINDOW:
            row["windows"] = tuple(fvmd.features(t, case.mask) for t in (drawn[0], case.truth))
        out.append(row)
    return out


def summary(cases: list[Case], scored: list[dict], reference: list[dict]) -> dict:
    """Means in px, and ratios to the reference with a 90 % bootstrap interval over sources."""
    windows = [s["windows"] for s in scored if "windows" in s]
    names = [n for n in scored[0] if n != "windows"]
    result = {n: float(np.mean([s[n] for s in scored if n in s])) for n in names}
    for short, name in (("TV", "TV"), ("curl", "curl")):
        if name in names:
            truth = sum(s[f"{name} truth"] for s in scored)
            result[f"{short} ratio"] = sum(s[name] for s in scored) / truth
    if windows:
        result["FVMD"] = fvmd.fvmd(*(torch.cat(w) for w in zip(*windows, strict=True)))
    by_source, by_category = defaultdict(list), defaultdict(list)
    for case, own, other in zip(cases, scored, reference, strict=True):
        pair = (max(own["energy"], LEAST_ENERGY), max(other["energy"], LEAST_ENERGY))
        by_source[case.source].append(pair)
        by_category[case.category].append(pair)
    pairs = [np.array(v) for v in by_source.values()]
    result["energy ratio"] = sum(p[:, 0].sum() for p in pairs) / sum(p[:, 1].sum() for p in pairs)
    result["set energy ratio"] = sum(s["set energy"] for s in scored) / sum(
        s["set energy"] for s in reference
    )
    logs = np.array([np.log(p[:, 0] / p[:, 1]).mean() for p in pairs])
    result["energy ratio by source"] = float(np.exp(logs.mean()))
    rng = np.random.default_rng(0)
    draws = [rng.choice(len(pairs), len(pairs)) for _ in range(2000)]
    totals = [
        sum(pairs[i][:, 0].sum() for i in d) / sum(pairs[i][:, 1].sum() for i in d) for d in draws
    ]
    result["energy ratio 90%"] = [float(q) for q in np.quantile(totals, [0.05, 0.95])]
    result["by source 90%"] = [
        float(q) for q in np.exp(np.quantile([logs[d].mean() for d in draws], [0.05, 0.95]))
    ]
    result["by category"] = {
        c: sum(p[0] for p in v) / sum(p[1] for p in v) for c, v in sorted(by_category.items())
    }
    result["clips"] = len(cases)
    result["sources"] = len(pairs)
    return result


def validation_line(model: CompactForecaster, variant: str, cases: list[Case]) -> str:
    """Where training stands, in one line: eight independent futures a clip, four steps."""
    reference = rows(cases, ensemble(independent=True), 8, 1, 1)
    scored = rows(cases, forecaster(model, variant, 4, independent=True), 8, 1, 1)
    r = summary(cases, scored, reference)
    return (
        f"validation on {len(cases)} clips: energy {r['energy']:.2f} px, ratio "
        f"{r['energy ratio']:.3f}, by source {r['energy ratio by source']:.3f}, "
        f"minADE {r['minADE']:.2f} px, 90 % interval covers {100 * r['cover90']:.0f} %"
    )


COLUMNS = (
    ("energy", "energy"),
    ("energy ratio", "ratio"),
    ("energy ratio by source", "by source"),
    ("set energy ratio", "set"),
    ("minADE", "minADE"),
    ("minFDE", "minFDE"),
    ("CRPS", "CRPS"),
    ("cover50", "50 %"),
    ("cover90", "90 %"),
    ("diversity", "diversity"),
    ("TV ratio", "TV"),
    ("curl ratio", "DivCurl"),
    ("FVMD", "FVMD"),
    ("energy moving", "moving"),
    ("visibility", "visible"),
)


def print_table(results: dict[str, dict]) -> None:
    print("| forecast | " + " | ".join(label for _, label in COLUMNS) + " |")
    print("|---" * (len(COLUMNS) + 1) + "|")
    for name, r in results.items():
        cells = [f"{r[key]:.3g}" if key in r else "" for key, _ in COLUMNS]
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)
