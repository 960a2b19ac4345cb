"""Trained models out of checkpoints."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..common import checkpoints
from .config import SIZES
from .model import CompactForecaster
from .widen import fitted


def load_model(checkpoint: Path) -> tuple[CompactForecaster, str]:
    """The averaged weights of a run, and its variant (`model.draw_source`)."""
    state = checkpoints.read(checkpoint)
    settings = state["settings"]
    config = replace(SIZES[settings["size"]], video=settings.get("video", False))
    model = CompactForecaster(config)
    model.load_state_dict(fitted(state["ema"], config))
    return model.eval(), settings.get("variant", "shipped")
