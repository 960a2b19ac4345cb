"""A trained network in a file, with the heads of camera and curves where it has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from .network import FieldConfig, FieldNetwork
from .paths import PathConfig, PathNetwork


def save(network: FieldNetwork | PathNetwork, path: Path, record: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    paths = network.config.as_dict() if isinstance(network, PathNetwork) else None
    state = {
        "config": trunk_of(network).config.as_dict(),
        **({"paths": paths} if paths else {}),
        "network": network.state_dict(),
        "record": record,
    }
    torch.save(state, path)


def load_any(path: Path) -> tuple[FieldNetwork | PathNetwork, dict[str, Any]]:
    state = torch.load(path, map_location="cpu", weights_only=True)
    network: FieldNetwork | PathNetwork = FieldNetwork(FieldConfig(**state["config"]))
    if "paths" in state:
        assert isinstance(network, FieldNetwork)
        network = PathNetwork(network, PathConfig(**state["paths"]))
    network.load_state_dict(state["network"])
    return network.eval(), state["record"]


def load(path: Path) -> tuple[FieldNetwork, dict[str, Any]]:
    """What tells of depth alone."""
    network, record = load_any(path)
    return trunk_of(network), record


def trunk_of(network: FieldNetwork | PathNetwork) -> FieldNetwork:
    return network.trunk if isinstance(network, PathNetwork) else network
