"""A trained head in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from .network import ReliefConfig, ReliefHead


def save(head: ReliefHead, path: Path, record: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    state = {"config": head.config.as_dict(), "head": head.state_dict(), "record": record}
    torch.save(state, path)


def load(path: Path) -> tuple[ReliefHead, dict[str, Any]]:
    state = torch.load(path, map_location="cpu", weights_only=True)
    head = ReliefHead(ReliefConfig(**state["config"]))
    head.load_state_dict(state["head"])
    return head.eval(), state["record"]
