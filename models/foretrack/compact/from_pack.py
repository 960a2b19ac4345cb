"""The weights of a compact pack as a checkpoint, to train or measure on from what ships.

An export keeps every number, those of large matrices in half precision, but under other names:
layers without a common condition are products with a transposed constant, and the queries of
attention carry the factor of the scores.
"""

from __future__ import annotations

import json
from pathlib import Path

import onnx
import torch
from torch import Tensor

from ..common.half_weights import widened
from ..common.pack_files import ForeignPackError
from .config import CompactConfig
from .model import CompactForecaster

GRAPHS = ("condition", "velocity", "decode")
RENAMED = {  # of `one_scene.OneSceneBlock`
    "out.weight": "attention.out.weight",
    "out.bias": "attention.out.bias",
    "qkv_weight": "attention.qkv.weight",
    "qkv_bias": "attention.qkv.bias",
    "mlp_in.weight": "mlp.0.weight",
    "mlp_in.bias": "mlp.0.bias",
    "mlp_out.weight": "mlp.2.weight",
    "mlp_out.bias": "mlp.2.bias",
}


def weights_of(pack: Path) -> tuple[dict[str, Tensor], CompactConfig]:
    """State dict of `CompactForecaster` and its sizes."""
    manifest = json.loads((pack / "manifest.json").read_text())
    if manifest.get("kind") != "compact":
        raise ForeignPackError(f"{pack.name} is no pack of the compact model.")
    network = manifest.get("training", {}).get("network")
    if network is None:
        raise ForeignPackError(f"{pack.name} does not tell its sizes (training.network).")
    config = CompactConfig(**{**network, "lags": tuple(network["lags"])})
    found: dict[str, Tensor] = {}
    for role in GRAPHS:
        found |= _constants(onnx.load(str(pack / manifest["graphs"][role]["file"])).graph)
    expected = CompactForecaster(config).state_dict()
    weights: dict[str, Tensor] = {}
    for name, like in expected.items():
        value = _named(found, name, config)
        if value is None or value.shape != like.shape:
            raise ForeignPackError(f"{pack.name} holds no {name} of the size that is expected.")
        weights[name] = value
    return weights, config


def _constants(graph: onnx.GraphProto) -> dict[str, Tensor]:
    """Named constants, and as X.weight the transposed ones whose product X.bias is added to. The
    one that no bias follows is `velocity.own_in`."""
    values = {name: torch.tensor(value) for name, value in widened(graph).items()}
    found = {n.removeprefix("model."): v for n, v in values.items() if n.startswith("model.")}
    readers = {name: node for node in graph.node for name in node.input}
    for node in graph.node:
        constants = (x for x in node.input if x.startswith("val_") and x in values)
        weight = next((x for x in constants if values[x].dim() == 2), None)
        if node.op_type != "MatMul" or weight is None:
            continue
        then = readers[node.output[0]]
        bias = next((x for x in then.input if then.op_type == "Add" and x in values), None)
        name = bias.removesuffix(".bias").removeprefix("model.") if bias else "velocity.own_in"
        found[f"{name}.weight"] = values[weight].T.contiguous()
    return found


def _named(found: dict[str, Tensor], name: str, config: CompactConfig) -> Tensor | None:
    """The constant that an export makes of a parameter, turned back into it."""
    if name == "vae.basis" or ".blocks." not in name:
        return found.get(name)
    for exported, own in RENAMED.items():
        if name.endswith(f".{own}"):
            value = found.get(name.removesuffix(own) + exported)
            if value is not None and exported.startswith("qkv"):
                value = value.clone()
                value[: config.width] *= (config.width // config.heads) ** 0.5
            return value
    return found.get(name)
