"""Weights stored in half precision.

A Cast behind each keeps arithmetic in float32, so that any runtime reads the file. The studio
widens them as it loads them and runs no Cast (`src/workers/inference/onnx-weights.ts`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
from onnx import GraphProto, TensorProto, helper, numpy_helper

SMALLEST_HALVED = 64  # numbers of a weight that is stored in half precision
LARGE = 4096  # numbers of a matrix of which nothing but a network is made
HALF, CAST = ".half", ".cast"
PRODUCTS = ("MatMul", "Gemm")

Choice = Callable[[GraphProto], set[str]]


def all_large(graph: GraphProto) -> set[str]:
    """Every constant that is not small."""
    return {i.name for i in graph.initializer}


def large_matrices(graph: GraphProto) -> set[str]:
    """Those that products read, and nothing else does: no bases, positions, scales or biases."""
    readers: dict[str, list[str]] = {}
    for node in graph.node:
        for k, name in enumerate(node.input):
            readers.setdefault(name, []).append(node.op_type if k < 2 else "bias")
    return {
        i.name
        for i in graph.initializer
        if len(i.dims) == 2
        and math.prod(i.dims) >= LARGE
        and all(r in PRODUCTS for r in readers.get(i.name, ["nothing"]))
    }


def halve_weights(path: Path, choice: Choice = all_large) -> None:
    """Stores the chosen float32 weights as float16 with a Cast behind each."""
    model = onnx.load(str(path))
    graph = model.graph
    chosen = choice(graph)
    casts = []
    for weight in list(graph.initializer):
        if weight.name not in chosen or weight.data_type != TensorProto.FLOAT:
            continue
        values = numpy_helper.to_array(weight)
        if values.size < SMALLEST_HALVED:
            continue
        graph.initializer.remove(weight)
        small = numpy_helper.from_array(values.astype(np.float16), weight.name + HALF)
        graph.initializer.append(small)
        name = weight.name
        casts.append(
            helper.make_node("Cast", [name + HALF], [name], name + CAST, to=TensorProto.FLOAT)
        )
    for node in reversed(casts):
        graph.node.insert(0, node)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def widened(graph: GraphProto) -> dict[str, np.ndarray]:
    """Every constant by the name that the graph's arithmetic reads, halved ones in float32."""
    values = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    return {
        name.removesuffix(HALF): v.astype(np.float32) if name.endswith(HALF) else v
        for name, v in values.items()
    }


def float_bytes(path: Path) -> int:
    """Bytes of all constants of a graph as a runtime holds them, halved ones in float32."""
    return sum(v.nbytes for v in widened(onnx.load(str(path)).graph).values())
