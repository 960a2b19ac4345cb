"""How well cameras and the ways of movers are told of scenes whose truth is known, by parallax."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ..common.geometry import CENTRE
from .curves import basis
from .evaluate import Case, Truth
from .network import look
from .paths import PathNetwork, ways

ROWS = ("camera that turns", "adjustment", "one pass", "both")
GONE = 0.2  # of the longest way, from where on its direction counts

Array = np.ndarray


@dataclass
class PathAnswer:
    """rotation [T,3,3], translation [T,3] in any unit, way [T,N,3] in own depths."""

    rotation: Array
    translation: Array
    way: Array
    told: bool = True
    control: Array | None = None  # [N,16,3] of the way
    met: Array | None = None  # [N] inverse depths in the unit of the translation


def inputs(case: Case) -> tuple[torch.Tensor, ...]:
    queries = case.tracks[case.anchor]
    return (
        *(
            torch.from_numpy(np.asarray(a, np.float32))[None]
            for a in (case.tracks, case.visibility, queries)
        ),
        torch.tensor([case.focal_px], dtype=torch.float32),
    )


@torch.inference_mode()
def one_pass(network: PathNetwork, case: Case) -> PathAnswer:
    paths = network(*inputs(case))
    poses = paths.poses
    # In median depths, as what is asked of depth alone (evaluate.py).
    unit = float(paths.told.log_rho[0].exp().median())
    return PathAnswer(
        poses.rotation[0].numpy(),
        unit * poses.translation[0].numpy(),
        ways(paths)[0].numpy(),
        control=paths.control[0].numpy(),
        met=paths.log_met[0].exp().numpy() / unit,
    )


def told_beside(answer: PathAnswer) -> dict[str, Array]:
    """What `src/cli/fields.ts` reads beside the depths of a guess."""
    assert answer.control is not None and answer.met is not None
    return {
        "guess_met_n": answer.met.astype(np.float32),
        "guess_rotation_t9": answer.rotation.reshape(-1, 9).astype(np.float32),
        "guess_translation_t3": answer.translation.astype(np.float32),
        "guess_control_nk3": answer.control.astype(np.float32),
    }


@torch.inference_mode()
def turning(case: Case) -> PathAnswer:
    """A camera that stays where it is, and points that do."""
    poses = look(*inputs(case)).turned
    still = np.zeros((*case.tracks.shape[:2], 3))
    return PathAnswer(poses.rotation[0].numpy(), np.zeros((len(still), 3)), still, told=False)


def read_path(file: Path, name: str, case: Case) -> PathAnswer:
    """What `src/cli/fields.ts` wrote; a camera that turns where it told nothing."""
    with np.load(file) as told:
        if f"{name}_rotation_t9" not in told:
            return turning(case)
        control = told[f"{name}_control_nk3"]
        world = np.einsum("tk,nkc->tnc", basis(len(case.tracks)).numpy(), control)
        offset = (case.tracks[case.anchor] - CENTRE) / case.focal_px
        direction = np.concatenate([offset, np.ones((len(offset), 1))], -1)
        depth = world[case.anchor, :, 2].clip(1e-3)
        return PathAnswer(
            told[f"{name}_rotation_t9"].reshape(-1, 3, 3),
            told[f"{name}_translation_t3"],
            world / depth[:, None] - direction,
        )


def score(case: Case, truth: Truth, answer: PathAnswer) -> dict[str, float]:
    """Degrees by which the camera is turned otherwise, mean over frames; degrees between the true
    and the told direction from the anchor's place, mean over the frames that are far from it; rms
    distance of its places after scaling over the rms of the true ones; px, at their own depth, by
    which movers are off their way, mean over all frames, and by which points that stand still are
    said to have gone."""
    turned = answer.rotation @ truth.rotation.transpose(0, 2, 1)
    cosine = (np.trace(turned, axis1=1, axis2=2) - 1) / 2
    true, told = (places(a.rotation, a.translation) for a in (truth, answer))
    length, own = np.linalg.norm(true, axis=-1), np.linalg.norm(told, axis=-1)
    far = length > GONE * max(length.max(), 1e-9)
    heading = apart = float("nan")
    if length.max() > 1e-6:
        dots = (true * told).sum(-1)[far] / (length * np.maximum(own, 1e-12))[far]
        heading = float(np.degrees(np.arccos(dots.clip(-1, 1))).mean())
        scale = (true * told).sum() / max(np.square(told).sum(), 1e-12)
        apart = float(np.sqrt(np.square(scale * told - true).sum() / np.square(true).sum()))
    off = np.linalg.norm(answer.way - truth.way, axis=-1) * case.focal_px
    gone = np.linalg.norm(truth.way, axis=-1) * case.focal_px
    return {
        "degrees": float(np.degrees(np.arccos(cosine.clip(-1, 1))).mean()),
        "heading": heading,
        "places": apart,
        "movers_px": float(off[:, case.moving].mean()),
        "gone_px": float(gone[:, case.moving].mean()),
        "still_px": float(off[:, ~case.moving].mean()),
        "told": float(answer.told),
    }


def places(rotation: Array, translation: Array) -> Array:
    """[T,3] where the camera stands."""
    return -np.einsum("tji,tj->ti", rotation, translation)
