"""The compact model as a method of the evaluation."""

from __future__ import annotations

import torch

from ..common.baselines import ensemble
from ..common.cases import Case, Forecast, Method, padded
from ..common.evaluate import rows
from ..common.stage import Validation
from ..common.summary import summary
from .model import CompactForecaster
from .standing import hold_standing, standing_points
from .texture import add_texture, past_texture


def forecaster(
    model: CompactForecaster, variant: str, steps: int, independent: bool = False
) -> Method:
    """Samples the model; what stood is held and futures are as rough as the past."""

    def run(case: Case, futures: int, generator: torch.Generator) -> Forecast:
        history, seen = padded(case.history, case.seen)
        interval = torch.tensor([case.interval])
        tracks, visible = model.forecast(
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
        horizon = len(case.truth)
        standing = standing_points(case.history, case.seen)
        if standing is not None:
            tracks = hold_standing(tracks[0], case.history[-1], standing)[None]
        texture = past_texture(case.history, case.seen)
        if texture is not None:
            tracks = add_texture(tracks[0], texture, generator)[None]
        return Forecast(tracks[0, :, :horizon], visible[0, :, :horizon] > 0)

    return run


def validation(model: CompactForecaster, variant: str, cases: list[Case]) -> Validation:
    """Where training stands: eight independent futures a clip, four steps."""
    reference = rows(cases, ensemble(independent=True), 8, 1, 1)
    scored = rows(cases, forecaster(model, variant, 4, independent=True), 8, 1, 1)
    r = summary(cases, scored, reference)
    text = (
        f"validation on {len(cases)} clips: energy {r['energy']:.2f} px, ratio "
        f"{r['energy ratio']:.3f}, by source {r['energy ratio by source']:.3f}, "
        f"minADE {r['minADE']:.2f} px"
    )
    names = ("energy", "energy ratio", "energy ratio by source", "minADE")
    return Validation(text, {name: float(r[name]) for name in names})
