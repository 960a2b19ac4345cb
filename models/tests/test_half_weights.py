"""Matrices in half precision: which ones, what a graph then gives, and the way back."""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from foretrack.common.half_weights import float_bytes, halve_weights, large_matrices, widened

SIZE = 64


@pytest.fixture
def path(tmp_path):
    """y = (x·W + b)·S, where S is read by the sum z = x + S as well."""
    random = np.random.default_rng(2)
    constants = {
        name: numpy_helper.from_array(random.normal(size=dims).astype(np.float32), name)
        for name, dims in {"W": (SIZE, SIZE), "b": (SIZE,), "S": (SIZE, SIZE)}.items()
    }
    nodes = [
        helper.make_node("Gemm", ["x", "W", "b"], ["h"]),
        helper.make_node("MatMul", ["h", "S"], ["y"]),
        helper.make_node("Add", ["x", "S"], ["z"]),
    ]
    values = {
        name: helper.make_tensor_value_info(name, TensorProto.FLOAT, [SIZE, SIZE]) for name in "xyz"
    }
    graph = helper.make_graph(
        nodes, "made", [values["x"]], [values["y"], values["z"]], list(constants.values())
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save(model, tmp_path / "made.onnx")
    return tmp_path / "made.onnx"


def run(path):
    x = np.random.default_rng(1).normal(size=(SIZE, SIZE)).astype(np.float32)
    return onnxruntime.InferenceSession(str(path)).run(None, {"x": x})


def test_only_large_matrices_of_products_alone_are_halved_and_all_come_back_in_float32(path):
    before, size, full = widened(onnx.load(path).graph), path.stat().st_size, run(path)
    halve_weights(path, large_matrices)
    graph = onnx.load(path).graph
    types = {i.name: i.data_type for i in graph.initializer}
    assert types == {
        "W.half": TensorProto.FLOAT16,
        "b": TensorProto.FLOAT,
        "S": TensorProto.FLOAT,
    }
    after = widened(graph)
    assert {n: v.dtype for n, v in after.items()} == {n: np.float32 for n in before}
    np.testing.assert_array_equal(after["W"], before["W"].astype(np.float16))
    np.testing.assert_array_equal(after["S"], before["S"])
    assert path.stat().st_size < size - 2 * SIZE * SIZE + 500
    assert float_bytes(path) == sum(v.nbytes for v in before.values())
    for got, wanted in zip(run(path), full, strict=True):
        np.testing.assert_allclose(got, wanted, atol=0.3)
    np.testing.assert_array_equal(run(path)[1], full[1])


def test_halving_again_changes_nothing(path):
    halve_weights(path, large_matrices)
    once = path.read_bytes()
    halve_weights(path, large_matrices)
    assert path.read_bytes() == once
