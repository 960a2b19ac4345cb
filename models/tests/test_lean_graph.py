"""Graphs in the form that runs fastest give the same numbers."""

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from foretrack.common.lean_graph import make_lean


def a_graph() -> onnx.ModelProto:
    """x [1,4,3,2] > 0 as numbers, times x, times a column [3,1]."""
    column = numpy_helper.from_array(np.float32([[0.5], [2], [-3]]), "column")
    zero = numpy_helper.from_array(np.float32(0), "nothing")
    nodes = [
        helper.make_node("Greater", ["x", "nothing"], ["above"]),
        helper.make_node("Cast", ["above"], ["mark"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["x", "mark"], ["kept"]),
        helper.make_node("Mul", ["kept", "column"], ["scaled"]),
        helper.make_node("Add", ["column", "scaled"], ["y"]),
    ]
    shape = [1, 4, 3, 2]
    graph = helper.make_graph(
        nodes,
        "made",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)],
        [column, zero],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    return onnx.shape_inference.infer_shapes(model)


def run(model: onnx.ModelProto, x: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return session.run(None, {"x": x})[0]


def test_truth_values_are_chosen_and_columns_written_out_without_a_changed_bit():
    model, lean = a_graph(), a_graph()
    make_lean(lean.graph)
    onnx.checker.check_model(lean)
    x = np.random.default_rng(1).normal(size=(1, 4, 3, 2)).astype(np.float32)
    np.testing.assert_array_equal(run(lean, x), run(model, x))
    assert [n.op_type for n in lean.graph.node] == ["Greater", "Where", "Mul", "Mul", "Add"]
    shapes = {i.name: list(i.dims) for i in lean.graph.initializer}
    assert "column" not in shapes
    assert [shapes[n] for n in lean.graph.node[3].input if n in shapes] == [[3, 2]]


def test_a_graph_that_is_lean_already_or_has_such_names_gets_none_twice():
    model, lean = a_graph(), a_graph()
    for graph in (model.graph, lean.graph):
        graph.initializer[1].name = "one"
        graph.node[0].input[1] = "one"
        # A second conversion, as a graph has that is joined of two.
        graph.node.add().CopyFrom(graph.node[1])
        graph.node[-1].output[0], graph.node[-1].name = "again", "again"
    make_lean(lean.graph)
    make_lean(lean.graph)
    lean.graph.node[-1].CopyFrom(model.graph.node[-1])
    make_lean(lean.graph)
    names = [i.name for i in lean.graph.initializer]
    assert len(names) == len(set(names))
    onnx.checker.check_model(lean)
    x = np.random.default_rng(1).normal(size=(1, 4, 3, 2)).astype(np.float32)
    np.testing.assert_array_equal(run(lean, x), run(model, x))


def test_conversions_of_other_kinds_stay():
    model = a_graph()
    model.graph.node[1].attribute[0].i = TensorProto.DOUBLE
    make_lean(model.graph)
    assert model.graph.node[1].op_type == "Cast"
