"""Inputs and outputs of the graphs of a compact pack, and what they cost."""

from __future__ import annotations

from ..common.geometry import HORIZON, POINTS
from .config import CompactConfig
from .encoder import context_width


def graph_specs(config: CompactConfig) -> dict[str, dict]:
    """Inputs with their golden formula (amplitude, frequency, offset) and output names."""
    m, channels, width = POINTS + 3, config.channels, context_width(config)
    tracks, marks = [HORIZON, POINTS, 2], [HORIZON, POINTS]
    latent, context = ["k", m, channels], [1, m + 1, width]
    return {
        "condition": {
            "inputs": {
                "history_tracks": (tracks, (150, 1.7, 300)),
                "history_visibility": (marks, (0, 1, 1)),
                "frame_interval": ([1], (0, 1, 0.0625)),
                "hint_tracks": (tracks, (0, 1, 0)),
                "hint_mask": (marks, (0, 1, 0)),
            },
            "outputs": {"context": context, "motion_scale": [1]},
        },
        "source": {
            "inputs": {
                "scenario_tracks": (["k", *tracks], (150, 1.7, 300)),
                "scenario_camera": (["k", HORIZON, 6], (0.02, 0.7, 0.5)),
                "noise": (latent, (1, 0.37, 0)),
                "motion_scale": ([1], (0, 1, 25)),
            },
            "outputs": {"latent": latent},
        },
        "velocity": {
            "inputs": {
                "latent": (latent, (1, 0.37, 0)),
                "context": (context, (1, 0.23, 0)),
                "flow_time": ([1], (0, 1, 0.5)),
                "step": ([1], (0, 1, 0.25)),
            },
            "outputs": {"velocity": latent, "next_latent": latent},
        },
        "decode": {
            "inputs": {
                "latent": (latent, (1, 0.37, 0)),
                "motion_scale": ([1], (0, 1, 25)),
                "context": (context, (1, 0.23, 0)),
            },
            "outputs": {
                "future_tracks": ["k", *tracks],
                "future_visibility": ["k", *marks],
                "camera_path": ["k", HORIZON, 6],
            },
        },
    }


def gflops(role: str, config) -> float:
    """Multiply-adds of one evaluation for one future, times two, in 10^9."""
    w, m, layers = config.width, POINTS + 3, 0
    if role == "velocity":
        layers = config.velocity_layers
    elif role == "condition":
        layers = config.condition_layers
    block = m * w * w * (4 + 2 * config.mlp_ratio) + 2 * m * m * w
    ends = m * config.channels * w * 2 if role == "velocity" else m * HORIZON * config.channels
    return round(2 * (layers * block + ends) / 1e9, 3)
