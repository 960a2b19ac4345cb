"""An exported graph in the form that onnxruntime in a browser opens and runs fastest.

Every number stays what it was. In WebAssembly the kernel of `Cast` is one function of half a
megabyte: compiling it takes a second of processor and 200 MB, for the sake of a few truth values.
And a product with a column is done two numbers at a time where the other side is two wide.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import GraphProto, TensorProto, helper, numpy_helper

WIDENED = ("Mul", "Add", "Sub", "Div")
WIDEST = 4  # of the other side, beyond which a column costs no more than its like


def make_lean(graph: GraphProto) -> None:
    """Rewrites the graph in place."""
    types = {v.name: v.type.tensor_type for v in [*graph.value_info, *graph.input, *graph.output]}
    choose_numbers(graph, types)
    widen_columns(graph, types)


def choose_numbers(graph: GraphProto, types: dict[str, onnx.TypeProto.Tensor]) -> None:
    """Truth values become 1 and 0 by a choice instead of a conversion."""
    one, zero = "lean.one", "lean.zero"
    made = False
    for node in graph.node:
        if node.op_type != "Cast" or node.input[0] not in types:
            continue
        to = next(a.i for a in node.attribute if a.name == "to")
        if types[node.input[0]].elem_type != TensorProto.BOOL or to != TensorProto.FLOAT:
            continue
        node.CopyFrom(helper.make_node("Where", [node.input[0], one, zero], node.output, node.name))
        made = True
    known = {i.name for i in graph.initializer}
    for name, value in ((one, 1.0), (zero, 0.0)):
        if made and name not in known:
            graph.initializer.append(numpy_helper.from_array(np.array(value, np.float32), name))


def widen_columns(graph: GraphProto, types: dict[str, onnx.TypeProto.Tensor]) -> None:
    """Constants [...,T,1] that meet [...,T,2] are written out as wide."""
    constants = {i.name: i for i in graph.initializer}
    replaced: set[str] = set()
    for node in graph.node:
        if node.op_type not in WIDENED or node.output[0] not in types:
            continue
        shape = [d.dim_value for d in types[node.output[0]].shape.dim]
        for k, name in enumerate(node.input):
            if name not in constants or not _is_column(constants[name], shape):
                continue
            node.input[k] = wide = f"{name}.x{shape[-1]}"
            if wide not in constants:
                values = np.repeat(numpy_helper.to_array(constants[name]), shape[-1], -1)
                constants[wide] = numpy_helper.from_array(values, wide)
                graph.initializer.append(constants[wide])
                replaced.add(name)
    read = {name for node in graph.node for name in node.input}
    kept = [i for i in graph.initializer if i.name in read or i.name not in replaced]
    del graph.initializer[:]
    graph.initializer.extend(kept)


def _is_column(constant: TensorProto, shape: list[int]) -> bool:
    dims = list(constant.dims)
    return len(dims) > 1 and dims[-1] == 1 and dims[-2] > 1 and 1 < shape[-1] <= WIDEST
