"""Writes tiny-photo/: a pack of the photo contract (src/domain/pack/photo.ts) for tests, a few kB.

It has learnt nothing: what is red in the picture moves, left or right by the sign of z0, by less the
smaller z3 is; everything else stands still. Deterministic.

python make_tiny_photo.py
"""

import hashlib
import json
import math
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

OUT = Path(__file__).parent / "tiny-photo"
ROWS, COLUMNS, T, L, K, C, D, F = 15, 26, 81, 4, 2, 2, 1, 2
N = ROWS * COLUMNS
WIDTH, HEIGHT = 416, 240
FAR_PX = 900.0

SPECS = {
    "look": {
        "inputs": {"picture": ([1, 3, HEIGHT, WIDTH], (127, 0.37, 128))},
        "outputs": {
            "moving": [N],
            "extent": [N],
            "regions": [1, N],
            "basis": [K, 2, N],
            "context": [D],
            "features": [F, N],
            "refine2": [9, 4 * N],
            "refine4": [9, 16 * N],
        },
    },
    "fields": {
        "inputs": {
            "z": (["n", L], (1, 0.7, 0)),
            "basis": ([K, 2, N], (1, 0.23, 0)),
            "context": ([D], (0, 1, 1)),
        },
        "outputs": {"coefficients": ["n", C, 2, N], "camera_path": ["n", T, 6]},
    },
}


class Graph:
    """Nodes and constants of one graph."""

    def __init__(self) -> None:
        self.nodes: list = []
        self.constants: list = []

    def const(self, values, dtype=np.float32) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(values, dtype), name))
        return name

    def op(self, kind: str, *inputs: str, out: str = "", **attributes) -> str:
        name = out or f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def shape(self, *sizes: int) -> str:
        return self.const(sizes, np.int64)


def look(g: Graph) -> None:
    # Red above green, a mean over each cell of 16 x 16.
    red = g.op("Slice", "picture", g.shape(0), g.shape(1), g.shape(1))
    green = g.op("Slice", "picture", g.shape(1), g.shape(2), g.shape(1))
    more = g.op("Relu", g.op("Sub", red, green))
    cells = g.op("AveragePool", more, kernel_shape=[16, 16], strides=[16, 16])
    level = g.op("Clip", g.op("Div", cells, g.const(100.0)), g.const(0.0), g.const(1.0))
    moving = g.op("Reshape", level, g.shape(N), out="moving")
    g.op("Mul", moving, g.const(60.0), out="extent")
    g.op(
        "Add",
        g.op("Mul", g.op("Reshape", moving, g.shape(1, N)), g.const(0.0)),
        g.const(1.0),
        out="regions",
    )
    row = g.op("Reshape", moving, g.shape(1, 1, N))
    still = g.op("Mul", row, g.const(0.0))
    along = g.op("Concat", row, still, axis=1)
    across = g.op("Concat", still, row, axis=1)
    g.op("Concat", along, across, out="basis", axis=0)
    g.op("Reshape", g.op("ReduceMean", moving, g.shape(0)), g.shape(D), out="context")
    flat = g.op("Reshape", moving, g.shape(1, N))
    rest = g.op("Sub", g.const(1.0), flat)
    both = g.op("Concat", flat, rest, axis=0)
    length = g.op("ReduceL2", both, g.shape(0), keepdims=1)
    g.op("Div", both, length, out="features")
    # A fine cell takes what the cell has that it lies in.
    own = g.const(np.eye(9)[:, 4:5])
    for factor in (2, 4):
        g.op("Expand", own, g.shape(9, N * factor**2), out=f"refine{factor}")


def fields(g: Graph) -> None:
    def part(first: int) -> str:
        return g.op("Slice", "z", g.shape(first), g.shape(first + 1), g.shape(1))

    way = g.op("Tanh", g.op("Mul", part(0), g.const(4.0)))
    rise = g.op("Mul", part(1), g.const(0.05))
    size = g.op(
        "Mul", g.op("Sigmoid", g.op("Mul", part(3), g.const(3.0))), g.const(FAR_PX)
    )
    amounts = g.op("Mul", g.op("Concat", way, rise, axis=1), size)
    flat = g.op("Reshape", "basis", g.shape(K, 2 * N))
    moved = g.op("Reshape", g.op("MatMul", amounts, flat), g.shape(-1, 1, 2, N))
    g.op("Concat", moved, g.op("Mul", moved, g.const(0.0)), out="coefficients", axis=1)
    # The context takes part, so that no runtime drops the input.
    none = g.op("Mul", g.op("ReduceSum", "context"), g.const(0.0))
    first = g.op("Reshape", part(0), g.shape(-1, 1, 1))
    path = g.const(np.tile([1, 0, 0, 0, 1, 0], (1, T, 1)))
    g.op(
        "Add",
        path,
        g.op("Add", g.op("Mul", first, g.const(0.0)), none),
        out="camera_path",
    )


def value(name: str, dims: list):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, dims)


def build(name: str, fill) -> onnx.ModelProto:
    g = Graph()
    fill(g)
    spec = SPECS[name]
    graph = helper.make_graph(
        g.nodes,
        name,
        [value(n, dims) for n, (dims, _) in spec["inputs"].items()],
        [value(n, dims) for n, dims in spec["outputs"].items()],
        g.constants,
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9
    )
    onnx.checker.check_model(model)
    return model


def golden(name: str, model: onnx.ModelProto) -> dict:
    inputs, feeds = {}, {}
    for n, (dims, (amplitude, frequency, offset)) in SPECS[name]["inputs"].items():
        sizes = [2 if size == "n" else size for size in dims]
        i = np.arange(math.prod(sizes), dtype=np.float64)
        feeds[n] = (
            (offset + amplitude * np.sin(frequency * i))
            .astype(np.float32)
            .reshape(sizes)
        )
        waves = {"amplitude": amplitude, "frequency": frequency, "offset": offset}
        inputs[n] = {"dims": sizes, **waves}
    outputs = list(SPECS[name]["outputs"])
    results = onnxruntime.InferenceSession(model.SerializeToString()).run(
        outputs, feeds
    )
    told = {}
    for n, result in zip(outputs, results, strict=True):
        flat = result.ravel()
        indices = np.unique(np.linspace(0, flat.size - 1, 12).astype(int))
        tolerance = 1e-4 * max(1.0, float(np.abs(flat).max()))
        told[n] = {
            "dims": list(result.shape),
            "indices": indices.tolist(),
            "values": flat[indices].tolist(),
            "tolerance": tolerance,
        }
    return {"inputs": inputs, "outputs": told}


def time_rows() -> list:
    """Going steadily away, and to and fro; orthonormal."""
    ramp = np.arange(1, T + 1) / np.linalg.norm(np.arange(1, T + 1))
    wave = np.sin(2 * np.pi * np.arange(1, T + 1) / T)
    wave -= (wave @ ramp) * ramp
    return [ramp.tolist(), (wave / np.linalg.norm(wave)).tolist()]


def main() -> None:
    OUT.mkdir(exist_ok=True)
    models = {"look": build("look", look), "fields": build("fields", fields)}
    files = {
        f"{name}.onnx": model.SerializeToString() for name, model in models.items()
    }
    goldens = {name: golden(name, model) for name, model in models.items()}
    files["goldens.json"] = (json.dumps(goldens) + "\n").encode()
    for name, data in files.items():
        (OUT / name).write_bytes(data)
    graphs = {
        name: {
            "file": f"{name}.onnx",
            "inputs": [
                {"name": n, "shape": dims} for n, (dims, _) in spec["inputs"].items()
            ],
            "outputs": [
                {"name": n, "shape": dims} for n, dims in spec["outputs"].items()
            ],
        }
        for name, spec in SPECS.items()
    }
    grid = {
        "rows": ROWS,
        "columns": COLUMNS,
        "width": 832,
        "height": 480,
        "anchor": "cell-centre",
    }
    parts = [
        {"name": "shape", "from": 0, "length": 3},
        {"name": "size", "from": 3, "length": 1},
    ]
    manifest = {
        "schema": "foretrack-pack",
        "version": 1,
        "id": "tiny-photo",
        "name": "Tiny photo",
        "kind": "photo",
        "licence": "Apache-2.0",
        "grid": grid,
        "frames": {"history": 1, "horizon": T, "rate": 16},
        "anchorFrame": "last-history",
        "picture": {"width": WIDTH, "height": HEIGHT, "channels": "rgb", "range": 255},
        "latent": {"size": L, "prior": "normal", "parts": parts},
        "timeBasis": {"kind": "made", "count": C, "frames": T, "rows": time_rows()},
        "refine": [{"output": f"refine{f}", "factor": f} for f in (2, 4)],
        "graphs": graphs,
        "files": [
            {
                "path": name,
                "bytes": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
            }
            for name, data in files.items()
        ],
        "goldens": "goldens.json",
    }
    (OUT / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


if __name__ == "__main__":
    main()
