"""Writes tiny-pack/: a pack of the compact contract (src/domain/pack/manifest.ts) for tests, a few kB.

It has learnt nothing: the latent holds a point's displacement halfway and at the horizon, the flow
is linear, the decoder draws a parabola through both. Deterministic.

python make_tiny_pack.py
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

OUT = Path(__file__).parent / "tiny-pack"
T, N, M, C, D = 81, 390, 393, 4, 4
COLUMNS, CELL = 26, 32

tracks, marks, latent, context = [T, N, 2], [T, N], ["k", M, C], [1, M + 1, D]
SPECS = {
    "condition": {
        "inputs": {
            "history_tracks": (tracks, (150, 1.7, 300)),
            "history_visibility": (marks, (0, 1, 1)),
            "frame_interval": ([1], (0, 1, 0.0625)),
            "hint_tracks": (tracks, (3, 0.9, 0)),
            "hint_mask": (marks, (0, 1, 0)),
        },
        "outputs": {"context": context, "motion_scale": [1]},
    },
    "source": {
        "inputs": {
            "scenario_tracks": (["k", *tracks], (150, 1.7, 300)),
            "scenario_camera": (["k", T, 6], (0.02, 0.7, 0.5)),
            "noise": (latent, (1, 0.37, 0)),
            "motion_scale": ([1], (0, 1, 25)),
        },
        "outputs": {"latent": latent},
    },
    "velocity": {
        "inputs": {
            "latent": (latent, (1, 0.37, 0)),
            "context": (context, (1, 0.23, 0)),
            "flow_time": ([1], (0, 1, 0.5)),
            "step": ([1], (0, 1, 0.25)),
        },
        "outputs": {"velocity": latent, "next_latent": latent},
    },
    "decode": {
        "inputs": {
            "latent": (latent, (1, 0.37, 0)),
            "motion_scale": ([1], (0, 1, 25)),
            "context": (context, (1, 0.23, 0)),
        },
        "outputs": {
            "future_tracks": ["k", *tracks],
            "future_visibility": ["k", *marks],
            "camera_path": ["k", T, 6],
        },
    },
}


class Graph:
    """Nodes and constants of one graph."""

    def __init__(self) -> None:
        self.nodes: list = []
        self.constants: list = []

    def const(self, values, dtype=np.float32) -> str:
        name = f"c{len(self.constants)}"
        array = np.asarray(values, dtype)
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def op(self, kind: str, *inputs: str, out: str = "", **attributes) -> str:
        out = out or f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [out], **attributes))
        return out

    def cut(self, x: str, axis: int, start: int, end: int) -> str:
        ints = (self.const([v], np.int64) for v in (start, end, axis))
        return self.op("Slice", x, *ints)

    def reshape(self, x: str, *shape: int, out: str = "") -> str:
        return self.op("Reshape", x, self.const(shape, np.int64), out=out)


def condition() -> Graph:
    g = Graph()
    seen = g.op("Unsqueeze", "history_visibility", g.const([2], np.int64))
    moved = g.op("Sub", "history_tracks", g.cut("history_tracks", 0, T - 1, T))
    past = g.op("ReduceMean", g.op("Mul", moved, seen), g.const([0], np.int64), keepdims=0)
    pinned = g.op("Unsqueeze", "hint_mask", g.const([2], np.int64))
    hint = g.op(
        "ReduceMean", g.op("Mul", "hint_tracks", pinned), g.const([0], np.int64), keepdims=0
    )
    both = g.op("Mul", g.op("Concat", past, hint, axis=1), "frame_interval")
    padded = g.op("Pad", both, g.const([0, 0, M + 1 - N, 0], np.int64))
    g.reshape(padded, 1, M + 1, D, out="context")
    g.op("Add", g.op("Mul", "frame_interval", g.const([0])), g.const([20]), out="motion_scale")
    return g


def grid() -> np.ndarray:
    n = np.arange(N)
    return np.stack([n % COLUMNS * CELL + CELL / 2, n // COLUMNS * CELL + CELL / 2], -1)


def source() -> Graph:
    g = Graph()
    moved = g.op("Sub", "scenario_tracks", g.const(grid()))
    middle, last = (g.reshape(g.cut(moved, 1, h, h + 1), -1, N, 2) for h in (T // 2, T - 1))
    points = g.op("Div", g.op("Concat", last, middle, axis=2), "motion_scale")
    camera = g.reshape(g.cut("scenario_camera", 1, T - 1, T), -1, 3, 2)
    camera = g.op("Sub", camera, g.const([[1, 0], [0, 0], [1, 0]]))
    camera = g.op("Concat", camera, g.op("Mul", camera, g.const([0])), axis=2)
    tokens = g.op("Concat", points, camera, axis=1)
    g.op("Add", tokens, g.op("Mul", "noise", g.const([0.05])), out="latent")
    return g


def velocity() -> Graph:
    g = Graph()
    weights = np.random.default_rng(1).normal(0, 0.1, (C, C))
    mixed = g.op("Mul", g.op("MatMul", "latent", g.const(weights)), "flow_time")
    g.op("Add", mixed, g.cut("context", 1, 0, M), out="velocity")
    g.op("Add", "latent", g.op("Mul", "velocity", "step"), out="next_latent")
    return g


def decode() -> Graph:
    g = Graph()
    s = np.arange(1, T + 1) / T
    half = (T // 2 + 1) / T
    # The parabola through 0 at s = 0, `last` at s = 1 and `middle` at s = half.
    through_last = s * (s - half) / (1 - half)
    through_middle = s * (s - 1) / (half * (half - 1))
    points = g.op("Mul", g.cut("latent", 1, 0, N), "motion_scale")
    camera = g.reshape(g.cut(g.cut("latent", 1, N, M), 2, 0, 2), -1, 1, 6)
    shift = np.array([1, 0, 0, 0, 1, 0])
    path = g.op("Mul", camera, g.const(s[None, :, None]))
    g.op("Add", path, g.const(shift), out="camera_path")
    last, middle = (g.reshape(g.cut(points, 2, k, k + 2), -1, 1, N, 2) for k in (0, 2))
    ways = (g.const(w[None, :, None, None]) for w in (through_last, through_middle))
    moved = g.op("Add", *(g.op("Mul", x, w) for x, w in zip((last, middle), ways, strict=True)))
    still = g.op("Add", moved, g.const(grid()))
    maps = [g.reshape(g.cut("camera_path", 2, k, k + 1), -1, T, 1, 1) for k in range(6)]
    x, y = g.cut(still, 3, 0, 1), g.cut(still, 3, 1, 2)
    sides = []
    for a, b, c in (maps[:3], maps[3:]):
        sides.append(g.op("Add", g.op("Add", g.op("Mul", x, a), g.op("Mul", y, b)), c))
    g.op("Concat", *sides, axis=3, out="future_tracks")
    # Every seventh point is hidden in the second half.
    hidden = g.const(np.arange(N) % 7 == 3)
    late = g.op("Mul", hidden, g.const((np.arange(T) > T // 2)[:, None]))
    nothing = g.op("Mul", g.op("Squeeze", x, g.const([3], np.int64)), g.const([0]))
    logits = g.op("Sub", g.const([2]), g.op("Mul", late, g.const([4])))
    g.op("Sigmoid", g.op("Add", nothing, logits), out="future_visibility")
    return g


def sine(dims, amplitude, frequency, offset) -> np.ndarray:
    dims = [1 if d == "k" else d for d in dims]
    index = np.arange(int(np.prod(dims)), dtype=np.float64)
    return (offset + amplitude * np.sin(frequency * index)).astype(np.float32).reshape(dims)


def write(role: str, g: Graph) -> dict:
    spec = SPECS[role]
    typed = {
        side: [
            helper.make_tensor_value_info(
                name, TensorProto.FLOAT, dims[0] if side == "inputs" else dims
            )
            for name, dims in spec[side].items()
        ]
        for side in ("inputs", "outputs")
    }
    graph = helper.make_graph(g.nodes, role, typed["inputs"], typed["outputs"], g.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model, full_check=True)
    path = OUT / f"{role}.onnx"
    path.write_bytes(model.SerializeToString())
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    used = {i.name for i in session.get_inputs()}
    assert used == set(spec["inputs"]), used
    feeds = {n: sine(d, *f) for n, (d, f) in spec["inputs"].items()}
    golden = {}
    for name, value in zip(spec["outputs"], session.run(list(spec["outputs"]), feeds), strict=True):
        flat = value.ravel()
        indices = np.unique(np.linspace(0, len(flat) - 1, 16).astype(int))
        golden[name] = {
            "dims": list(value.shape),
            "indices": indices.tolist(),
            "values": [float(v) for v in flat[indices]],
            "tolerance": 1e-3 * max(1.0, float(np.abs(value).max())),
        }
    inputs = {
        name: {
            "dims": [1 if d == "k" else d for d in dims],
            "amplitude": a,
            "frequency": f,
            "offset": o,
        }
        for name, (dims, (a, f, o)) in spec["inputs"].items()
    }
    return {"inputs": inputs, "outputs": golden}


def main() -> None:
    OUT.mkdir(exist_ok=True)
    builders = {"condition": condition, "source": source, "velocity": velocity, "decode": decode}
    goldens = {role: write(role, build()) for role, build in builders.items()}
    (OUT / "goldens.json").write_text(json.dumps(goldens) + "\n")
    files = [OUT / f"{role}.onnx" for role in builders] + [OUT / "goldens.json"]
    manifest = {
        "schema": "foretrack-pack",
        "version": 1,
        "id": "tiny",
        "name": "Tiny test pack",
        "kind": "compact",
        "licence": "Apache-2.0",
        "grid": {"rows": 15, "columns": 26, "width": 832, "height": 480, "anchor": "cell-centre"},
        "frames": {"history": T, "horizon": T},
        "anchorFrame": "last-history",
        "flow": {"source": "scenario", "timeDirection": "0-source-1-data"},
        "latent": {"shape": latent},
        "defaultSampler": {"solver": "euler", "steps": 2},
        "graphs": {
            role: {
                "file": f"{role}.onnx",
                "inputs": [{"name": n, "shape": d} for n, (d, _) in spec["inputs"].items()],
                "outputs": [{"name": n, "shape": d} for n, d in spec["outputs"].items()],
            }
            for role, spec in SPECS.items()
        },
        "files": [
            {
                "path": f.name,
                "bytes": f.stat().st_size,
                "sha256": hashlib.sha256(f.read_bytes()).hexdigest(),
            }
            for f in files
        ],
        "goldens": "goldens.json",
    }
    (OUT / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


if __name__ == "__main__":
    main()
