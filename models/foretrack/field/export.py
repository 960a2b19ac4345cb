"""A trained track-to-space network as a pack: one ONNX graph of any number of frames and points."""

from __future__ import annotations

import copy
import json
import math
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor, nn

from ..common.geometry import COLUMNS, HEIGHT, HISTORY, HORIZON, ROWS, WIDTH
from ..common.half_weights import halve_weights
from ..common.pack_files import Wave, file_entry
from ..compact.export import OPSET, strip
from .checkpoint import trunk_of
from .curves import CONTROL_POINTS
from .network import FieldNetwork
from .paths import PathNetwork

FRAMES = 41  # that the studio asks about, at most
POINTS = 500
GOLDEN = (12, 40)  # frames, points
# Points along a wave that moves by a pixel a frame: the first frame is the anchor.
STEP = 2 * math.pi * 7 / (2 * GOLDEN[1]) * 1.0001
DIFFERENCE = 1e-4  # between onnxruntime and PyTorch, at most; either is as far from float64
GOLDEN_VALUES = 120  # of an output, about
TOLERANCE = 0.01  # of another machine's arithmetic


class FieldGraph(nn.Module):
    """tracks [T,N,2] videoPx, visibility [T,N] 0 or 1, queries [N,2] videoPx, focal [1] px →
    inverse_depth [N], sigma_log [N], moving [N] probability."""

    def __init__(self, network: FieldNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, tracks: Tensor, visibility: Tensor, queries: Tensor, focal: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        told, _ = self.network(tracks[None], visibility[None], queries[None], focal)
        last = told[-1]
        # Errors are Laplace's: their deviation is √2 of their mean size.
        return last.log_rho[0].exp(), 2**0.5 * last.spread[0], last.moving_logit[0].sigmoid()


class PathGraph(nn.Module):
    """The same, and met_depth [N]: inverse depths that meet the tracks under the cameras told
    besides; of the camera rotation [T,3,3] and translation [T,3], world to camera, all in the unit
    of the inverse depths; and control [N,16,3]: of each point's way since the anchor, in its own
    depths there (paths.py)."""

    def __init__(self, network: PathNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, tracks: Tensor, visibility: Tensor, queries: Tensor, focal: Tensor
    ) -> tuple[Tensor, ...]:
        paths = self.network(tracks[None], visibility[None], queries[None], focal)
        told, poses = paths.told, paths.poses
        return (
            told.log_rho[0].exp(),
            2**0.5 * told.spread[0],
            told.moving_logit[0].sigmoid(),
            paths.log_met[0].exp(),
            poses.rotation[0],
            poses.translation[0],
            paths.control[0],
        )


INPUTS: dict[str, tuple[list[int | str], tuple[float, float, float]]] = {
    "tracks": (["frames", "points", 2], (200, STEP, 260)),
    "visibility": (["frames", "points"], (0, 1, 1)),
    "queries": (["points", 2], (200, STEP, 260)),
    "focal": ([1], (0, 1, 800)),
}
DEPTH_OUTPUTS: dict[str, list[int | str]] = {
    "inverse_depth": ["points"],
    "sigma_log": ["points"],
    "moving": ["points"],
}
PATH_OUTPUTS: dict[str, list[int | str]] = {
    "met_depth": ["points"],
    "rotation": ["frames", 3, 3],
    "translation": ["frames", 3],
    "control": ["points", CONTROL_POINTS, 3],
}


def outputs_of(network: FieldNetwork | PathNetwork) -> dict[str, list[int | str]]:
    return DEPTH_OUTPUTS | (PATH_OUTPUTS if isinstance(network, PathNetwork) else {})


def waves(frames: int, points: int) -> dict[str, Wave]:
    sizes = {"frames": frames, "points": points}
    return {
        name: Wave([d if isinstance(d, int) else sizes[d] for d in dims], *formula)
        for name, (dims, formula) in INPUTS.items()
    }


def export_pack(network: FieldNetwork | PathNetwork, out: Path, record: dict[str, Any]) -> None:
    """Writes the pack into the folder `out`. SystemExit where onnxruntime tells otherwise."""
    out.mkdir(parents=True, exist_ok=True)
    rounded = in_half_steps(network)
    graph = PathGraph(rounded) if isinstance(rounded, PathNetwork) else FieldGraph(rounded)
    module, path = graph.eval(), out / "tell.onnx"
    names = list(outputs_of(network))
    write_graph(module, path, names)
    halve_weights(path)
    (out / "goldens.json").write_text(json.dumps({"tell": golden(module, path, names)}))
    files = [path, out / "goldens.json"]
    manifest = manifest_of(network, [file_entry(f) for f in files], record)
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    print(f"{sum(f.stat().st_size for f in files) / 1e6:.2f} MB in {out.name}", flush=True)


Network = TypeVar("Network", bound=nn.Module)


def in_half_steps(network: Network) -> Network:
    """A copy whose weights are numbers of half precision, as the pack stores them."""
    return copy.deepcopy(network).half().float().eval()


def write_graph(module: nn.Module, path: Path, outputs: list[str]) -> None:
    """The exporter's own optimizer is left out: on the geometry's thousands of small steps it takes
    an hour and gives NaN. onnxruntime folds what is constant, which it need not do again."""
    frames = torch.export.Dim("frames", min=3, max=200)
    points = torch.export.Dim("points", min=8, max=4096)
    program = torch.onnx.export(
        module,
        tuple(wave.tensor() for wave in waves(14, 50).values()),
        input_names=list(INPUTS),
        output_names=outputs,
        dynamic_shapes=({0: frames, 1: points}, {0: frames, 1: points}, {0: points}, None),
        opset_version=OPSET,
        dynamo=True,
        external_data=False,
        optimize=False,
    )
    assert program is not None  # as exported with dynamo
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        program.save(str(whole))
        options = onnxruntime.SessionOptions()
        # Beyond this level come operators that only some builds of onnxruntime have.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.optimized_model_filepath = str(path)
        options.log_severity_level = 3
        onnxruntime.InferenceSession(str(whole), options, providers=["CPUExecutionProvider"])
    graph = onnx.load(str(path))
    used = {node.domain for node in graph.graph.node}
    opsets = [entry for entry in graph.opset_import if entry.domain in used]
    del graph.opset_import[:]
    graph.opset_import.extend(opsets)
    onnx.save(graph, str(path))
    strip(path)


def golden(module: nn.Module, path: Path, names: list[str]) -> dict[str, Any]:
    """Compares onnxruntime with PyTorch; the golden entry of the graph."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    outputs: dict[str, Any] = {}
    feeds = {name: wave.tensor() for name, wave in waves(*GOLDEN).items()}
    with torch.no_grad():
        expected: tuple[Tensor, ...] = module(*feeds.values())
    actual = session.run(names, {n: v.numpy() for n, v in feeds.items()})
    for name, got, wanted in zip(names, actual, expected, strict=True):
        error = difference(name, got, wanted.numpy())
        print(f"tell.{name}: {error:.2e} of {float(np.abs(got).max()):.3g}", flush=True)
        if not error <= DIFFERENCE:
            raise SystemExit(f"tell.{name} differs between PyTorch and onnxruntime")
        stride = max(1, got.size // GOLDEN_VALUES)
        outputs[name] = {
            "dims": list(got.shape),
            "indices": list(range(0, got.size, stride)),
            "values": [float(v) for v in got.ravel()[::stride]],
            "tolerance": TOLERANCE,
        }
    return {"inputs": {n: asdict(w) for n, w in waves(*GOLDEN).items()}, "outputs": outputs}


def difference(name: str, got: np.ndarray, wanted: np.ndarray) -> float:
    """The largest. Depth has no unit: of it, that of the logarithm, as `sigma_log` counts it."""
    apart = np.log(got / wanted) if name in ("inverse_depth", "met_depth") else got - wanted
    return float(np.abs(apart).max())


def manifest_of(
    network: FieldNetwork | PathNetwork, files: list[dict[str, object]], record: dict[str, Any]
) -> dict[str, Any]:
    paths = {"paths": network.config.as_dict()} if isinstance(network, PathNetwork) else {}
    graph = {
        "file": "tell.onnx",
        "inputs": [{"name": name, "shape": dims} for name, (dims, _) in INPUTS.items()],
        "outputs": [{"name": name, "shape": dims} for name, dims in outputs_of(network).items()],
        "gflops": 2,
        "settled": True,
    }
    return {
        "schema": "foretrack-pack",
        "version": 1,
        "id": "field",
        "name": "Foretrack field",
        "kind": "field",
        "licence": "Apache-2.0",
        "grid": {
            "rows": ROWS,
            "columns": COLUMNS,
            "width": WIDTH,
            "height": HEIGHT,
            "anchor": "cell-centre",
        },
        "frames": {"history": HISTORY, "horizon": HORIZON, "rate": "native"},
        "anchorFrame": "last-history",
        "most": {"frames": FRAMES, "points": POINTS},
        "graphs": {"tell": graph},
        "files": files,
        "goldens": "goldens.json",
        "training": {**record, "network": trunk_of(network).config.as_dict(), **paths},
    }
