"""The weights of a field pack as a network again, to train on from what ships.

An export keeps every number (in half precision), but a layer's weight is there as the transposed
constant of the product that its bias is added to.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch

from ..common.half_weights import widened
from ..common.pack_files import ForeignPackError
from .network import FieldConfig, FieldNetwork
from .paths import PathConfig, PathNetwork

PREFIX = "network."


def network_of(pack: Path) -> tuple[FieldNetwork | PathNetwork, dict[str, Any]]:
    """The network, with the heads of camera and curves where it has them, and what the manifest
    tells of its training. Raises ForeignPackError."""
    manifest = json.loads((pack / "manifest.json").read_text())
    if manifest.get("kind") != "field":
        raise ForeignPackError(f"{pack.name} is no pack of the track-to-space network.")
    training = manifest["training"]
    trunk = FieldNetwork(FieldConfig(**training["network"]))
    heads = training.get("paths")
    network = PathNetwork(trunk, PathConfig(**heads)) if heads else trunk
    found = _constants(onnx.load(str(pack / manifest["graphs"]["tell"]["file"])).graph)
    weights = {}
    for name, like in network.state_dict().items():
        value = found.get(name)
        if value is None or value.shape != tuple(like.shape):
            raise ForeignPackError(f"{pack.name} holds no {name} of the size that is expected.")
        weights[name] = torch.tensor(value)
    network.load_state_dict(weights)
    return network.eval(), training


def _constants(graph: onnx.GraphProto) -> dict[str, np.ndarray]:
    values = widened(graph)
    readers = {name: node for node in graph.node for name in node.input}
    found = {n.removeprefix(PREFIX): v for n, v in values.items() if n.startswith(PREFIX)}
    for node in graph.node:
        if node.op_type != "MatMul" or node.input[1] not in values:
            continue
        then = readers[node.output[0]]
        bias = next((x for x in then.input if x.startswith(PREFIX) and x in values), None)
        if bias:
            name = bias.removeprefix(PREFIX).removesuffix("bias") + "weight"
            found[name] = values[node.input[1]].T.copy()
    return found
