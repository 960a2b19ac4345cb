"""Writes a PyTorch graph as ONNX with its weights in data files of limited size."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import onnx_ir as ir
import torch
from torch import Tensor, nn

OPSET = 18
INLINE_BYTES = 1024
ALIGNMENT = 4096  # lets a reader map a tensor's pages


@dataclass
class GraphFacts:
    """What a manifest tells of a graph."""

    file: str
    inputs: list[dict[str, object]]
    outputs: list[dict[str, object]]
    external_data: list[str] = field(default_factory=list)
    gflops: float = 0.0
    weight_bytes: int = 0
    largest_buffer_bytes: int = 0
    activation_bytes: int = 0


def export_graph(
    module: nn.Module,
    inputs: dict[str, Tensor],
    outputs: list[str],
    path: Path,
    data_limit: int,
) -> GraphFacts:
    """Exports `module(*inputs)` to `path` with data files `<stem>.<i>.bin` of at most `data_limit`
    bytes each. Shapes are static. Raises ValueError where one tensor exceeds the limit."""
    quiet = io.StringIO()
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings(), contextlib.redirect_stdout(quiet), torch.no_grad():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            module.eval(),
            tuple(inputs.values()),
            input_names=list(inputs),
            output_names=outputs,
            opset_version=OPSET,
            dynamo=True,
            external_data=True,
        )
    if program is None:
        raise RuntimeError(f"{path.name}: the exporter returned nothing")
    model = program.model
    model.producer_name = "foretrack"
    for node in model.graph.all_nodes():  # the exporter notes source paths of this machine
        node.metadata_props.clear()
        node.doc_string = None
    for value in model.graph.initializers.values():
        value.metadata_props.clear()
    model.graph.metadata_props.clear()
    model.metadata_props.clear()
    facts = GraphFacts(
        path.name,
        [describe(v) for v in model.graph.inputs],
        [describe(v) for v in model.graph.outputs],
    )
    _measure(model.graph, facts)
    facts.external_data = _move_weights(model, path, data_limit)
    ir.save(model, path)
    return facts


def describe(value: ir.Value) -> dict[str, object]:
    return {"name": value.name, "shape": _shape(value)}


def _move_weights(model: ir.Model, path: Path, limit: int) -> list[str]:
    files: list[str] = []
    offset = limit
    stream = None
    for value in model.graph.initializers.values():
        tensor = value.const_value
        if tensor is None or tensor.nbytes < INLINE_BYTES:
            continue
        if tensor.nbytes > limit:
            raise ValueError(f"{value.name} has {tensor.nbytes} bytes, more than one data file")
        offset = -(-offset // ALIGNMENT) * ALIGNMENT
        if stream is None or offset + tensor.nbytes > limit:
            if stream is not None:
                stream.close()
            files.append(f"{path.stem}.{len(files)}.bin")
            stream, offset = (path.parent / files[-1]).open("wb"), 0
        stream.seek(offset)
        stream.write(tensor.tobytes())
        value.const_value = ir.ExternalTensor(
            files[-1],
            offset,
            tensor.nbytes,
            tensor.dtype,
            shape=cast(ir.Shape, tensor.shape),
            name=value.name or "",
            base_dir=path.parent,
        )
        offset += tensor.nbytes
    if stream is not None:
        stream.close()
    return files


def _measure(graph: ir.Graph, facts: GraphFacts) -> None:
    """FLOPs of matrix products, convolutions and attention; bytes alive at the worst moment."""
    nodes = list(graph)
    last_use: dict[ir.Value, int] = {}
    for i, node in enumerate(nodes):
        for value in node.inputs:
            if value is not None:
                last_use[value] = i
    alive = sum(_bytes(v) for v in graph.inputs)
    peak = alive
    flops = 0.0
    for i, node in enumerate(nodes):
        flops += _flops(node)
        alive += sum(_bytes(v) for v in node.outputs)
        peak = max(peak, alive + _scratch(node))
        done = {v for v in node.inputs if v is not None and last_use[v] == i}
        alive -= sum(_bytes(v) for v in done if v.const_value is None)
    weights = [v.const_value.nbytes for v in graph.initializers.values() if v.const_value]
    sizes = [_bytes(v) for node in nodes for v in node.outputs] + weights
    sizes += [_scratch(node) for node in nodes]
    facts.gflops = round(flops / 1e9, 3)
    facts.weight_bytes = sum(weights)
    facts.largest_buffer_bytes = max(sizes)
    facts.activation_bytes = peak


def _shape(value: ir.Value | None) -> list[int]:
    if value is None or value.shape is None:
        return []
    return [int(str(d)) for d in value.shape]


def _count(shape: list[int]) -> int:
    total = 1
    for d in shape:
        total *= d
    return total


def _bytes(value: ir.Value) -> int:
    if value.shape is None or value.dtype is None:
        return 0
    return int(_count(_shape(value)) * value.dtype.itemsize)


def _scratch(node: ir.Node) -> int:
    """Bytes of attention scores, float32: runtimes without a fused kernel keep them in a buffer."""
    if node.op_type != "MultiHeadAttention":
        return 0
    batch, queries, _ = _shape(node.inputs[0])
    return 4 * batch * node.attributes["num_heads"].as_int() * queries * _shape(node.inputs[1])[1]


def _flops(node: ir.Node) -> float:
    out = _count(_shape(node.outputs[0]))
    if node.op_type in ("MatMul", "Gemm"):
        transposed = "transA" in node.attributes and node.attributes["transA"].as_int()
        inner = _shape(node.inputs[0])[-2 if transposed else -1]
        return 2.0 * out * inner
    if node.op_type == "Conv":
        return 2.0 * out * _count(_shape(node.inputs[1])[1:])
    if node.op_type == "ConvTranspose":
        return 2.0 * _count(_shape(node.inputs[0])) * _count(_shape(node.inputs[1])[1:])
    if node.op_type == "MultiHeadAttention":
        return 4.0 * out * _shape(node.inputs[1])[1]
    return 0.0
