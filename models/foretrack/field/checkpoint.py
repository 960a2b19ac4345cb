"""A trained network in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from .network import FieldConfig, FieldNetwork


def save(network: FieldNetwork, path: Path, record: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    state = {
        "config": network.config.as_dict(),
        "network": network.state_dict(),
        "record": record,
    }
    torch.save(state, path)


def load(path: Path) -> tuple[FieldNetwork, dict[str, Any]]:
    state = torch.load(path, map_location="cpu", weights_only=True)
    network = FieldNetwork(FieldConfig(**state["config"]))
    network.load_state_dict(state["network"])
    return network.eval(), state["record"]
