"""Exports a trained compact model as a model pack: four ONNX graphs, goldens, manifest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor, nn

from ..common.constraints import Constraints
from ..common.geometry import (
    CENTRE,
    COLUMNS,
    HALF_WIDTH,
    HEIGHT,
    HISTORY,
    HORIZON,
    POINTS,
    ROWS,
    WIDTH,
    grid_centres,
)
from .config import CompactConfig
from .encoder import context_width
from .history import look_back
from .model import CompactForecaster, Condition, tracks_of
from .one_scene import for_one_scene
from .trained import load_model

OPSET = 18


class ConditionGraph(nn.Module):
    """History and constraints -> context [1,394,D] (393 tokens, then the summary and zeros), motion
    scale [1]."""

    def __init__(self, model: CompactForecaster) -> None:
        super().__init__()
        self.model = model

    def forward(self, history_tracks, history_visibility, frame_interval, hint_tracks, hint_mask):
        past = look_back(history_tracks[None], history_visibility[None])
        moved = hint_tracks - history_tracks[-1:]
        constraints = Constraints(moved[None], hint_mask[None])
        condition = self.model.condition(past, frame_interval, constraints)
        tokens, summary = condition.tokens, condition.summary
        summary = nn.functional.pad(summary, (0, tokens.shape[-1] - summary.shape[-1]))
        return torch.cat([tokens, summary[:, None]], 1), condition.scale


class SourceGraph(nn.Module):
    def __init__(self, model: CompactForecaster) -> None:
        super().__init__()
        self.model = model
        self.register_buffer("xy", torch.tensor(grid_centres(), dtype=torch.float32))

    def forward(self, scenario_tracks, scenario_camera, noise, motion_scale):
        residual = scenario_tracks - self.xy
        camera = camera_from_affine(scenario_camera)
        return self.model.source(camera, residual, motion_scale, noise)


class VelocityGraph(nn.Module):
    def __init__(self, model: CompactForecaster) -> None:
        super().__init__()
        self.model = model

    def forward(self, latent, context, flow_time, step):
        tokens, summary = context[:, :-1], context[:, -1, : self.model.config.width]
        velocity = self.model.velocity(latent, tokens, summary, flow_time)
        return velocity, latent + step * velocity


class DecodeGraph(nn.Module):
    def __init__(self, model: CompactForecaster) -> None:
        super().__init__()
        self.model = model
        self.register_buffer("xy", torch.tensor(grid_centres(), dtype=torch.float32))

    def forward(self, latent, motion_scale, context):
        camera, residual = self.model.decode(latent, motion_scale)
        tracks = tracks_of(self.xy[None], camera, residual)
        tokens = context[:, :-1].expand(latent.shape[0], -1, -1)
        condition = Condition(tokens, context[:, -1], motion_scale, self.xy[None])
        seen = self.model.visible(latent, condition).sigmoid()
        return tracks, seen, affine_from_camera(camera)


def affine_from_camera(camera: Tensor) -> Tensor:
    """Displacement on (x', y', 1) [...,3,2] -> (a,b,c,d,e,f) of x' = a x + b y + c, px."""
    x, y = camera[..., 0, :] / HALF_WIDTH, camera[..., 1, :] / HALF_WIDTH
    shift = camera[..., 2, :] - x * CENTRE[0] - y * CENTRE[1]
    rows = [1 + x[..., 0], y[..., 0], shift[..., 0], x[..., 1], 1 + y[..., 1], shift[..., 1]]
    return torch.stack(rows, -1)


def camera_from_affine(affine: Tensor) -> Tensor:
    """Inverse of `affine_from_camera`."""
    a, b, c, d, e, f = affine.unbind(-1)
    x = torch.stack([a - 1, d], -1)
    y = torch.stack([b, e - 1], -1)
    shift = torch.stack([c, f], -1) + x * CENTRE[0] + y * CENTRE[1]
    return torch.stack([x * HALF_WIDTH, y * HALF_WIDTH, shift], -2)


def sine(dims: list[int], amplitude: float, frequency: float, offset: float) -> np.ndarray:
    index = np.arange(int(np.prod(dims)), dtype=np.float64)
    return (offset + amplitude * np.sin(frequency * index)).astype(np.float32).reshape(dims)


def graph_specs(config: CompactConfig) -> dict[str, dict]:
    """Inputs with their golden formula (amplitude, frequency, offset) and output names."""
    m, channels, width = POINTS + 3, config.channels, context_width(config)
    tracks, marks = [HORIZON, POINTS, 2], [HORIZON, POINTS]
    latent, context = ["k", m, channels], [1, m + 1, width]
    return {
        "condition": {
            "inputs": {
                "history_tracks": (tracks, (150, 1.7, 300)),
                "history_visibility": (marks, (0, 1, 1)),
                "frame_interval": ([1], (0, 1, 0.0625)),
                "hint_tracks": (tracks, (0, 1, 0)),
                "hint_mask": (marks, (0, 1, 0)),
            },
            "outputs": {"context": context, "motion_scale": [1]},
        },
        "source": {
            "inputs": {
                "scenario_tracks": (["k", *tracks], (150, 1.7, 300)),
                "scenario_camera": (["k", HORIZON, 6], (0.02, 0.7, 0.5)),
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
                "camera_path": ["k", HORIZON, 6],
            },
        },
    }


def export_graph(module: nn.Module, role: str, spec: dict, path: Path) -> dict:
    """Writes one graph, compares onnxruntime with PyTorch, returns its golden entry."""
    module.eval()

    def example(futures: int) -> dict[str, np.ndarray]:
        return {
            name: sine([futures if d == "k" else d for d in dims], *formula)
            for name, (dims, formula) in spec["inputs"].items()
        }

    batch = torch.export.Dim("k", min=1, max=64)
    shapes = {
        name: {0: batch} if dims[0] == "k" else None for name, (dims, _) in spec["inputs"].items()
    }
    program = torch.onnx.export(
        module,
        tuple(torch.from_numpy(v) for v in example(2).values()),
        input_names=list(spec["inputs"]),
        output_names=list(spec["outputs"]),
        dynamic_shapes=list(shapes.values()),
        opset_version=OPSET,
        dynamo=True,
        external_data=False,
    )
    program.save(str(path))
    strip(path)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    golden = {}
    for futures in (1, 3):
        feeds = example(futures)
        with torch.no_grad():
            expected = module(*(torch.from_numpy(v) for v in feeds.values()))
        expected = expected if isinstance(expected, tuple) else (expected,)
        actual = session.run(list(spec["outputs"]), feeds)
        for name, a, e in zip(spec["outputs"], actual, expected, strict=True):
            error = float(np.abs(a - e.numpy()).max())
            size = float(e.abs().max())
            print(f"{role}.{name} k={futures}: max error {error:.2e} of {size:.3g}", flush=True)
            if error > 1e-4 * max(size, 1):
                raise SystemExit(f"{role}.{name} differs between PyTorch and onnxruntime")
            if futures == 1:
                flat = e.numpy().ravel()
                indices = np.unique(np.linspace(0, len(flat) - 1, 64).astype(int))
                golden[name] = {
                    "dims": list(e.shape),
                    "indices": indices.tolist(),
                    "values": [float(v) for v in flat[indices]],
                    "tolerance": 1e-3 * max(size, 1),
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


def strip(path: Path) -> None:
    """Leaves what runs: the exporter notes the source line of every node."""
    graph_model = onnx.load(str(path))
    graph = graph_model.graph
    values = [*graph.value_info, *graph.input, *graph.output, *graph.initializer]
    for part in [graph_model, graph, *graph.node, *values]:
        del part.metadata_props[:]
        part.doc_string = ""
    onnx.checker.check_model(graph_model)
    onnx.save(graph_model, str(path))


def gflops(role: str, config) -> float:
    """Multiply-adds of one evaluation for one future, times two, in 10^9."""
    w, m, layers = config.width, POINTS + 3, 0
    if role == "velocity":
        layers = config.velocity_layers
    elif role == "condition":
        layers = config.condition_layers
    block = m * w * w * (4 + 2 * config.mlp_ratio) + 2 * m * m * w
    ends = m * config.channels * w * 2 if role == "velocity" else m * HORIZON * config.channels
    return round(2 * (layers * block + ends) / 1e9, 3)


def export_pack(checkpoint: Path, out: Path, training: dict, steps: int) -> None:
    model, _ = load_model(checkpoint)
    config = model.config
    model = for_one_scene(model)
    out.mkdir(parents=True, exist_ok=True)
    modules = {
        "condition": ConditionGraph(model),
        "source": SourceGraph(model),
        "velocity": VelocityGraph(model),
        "decode": DecodeGraph(model),
    }
    goldens, graphs = {}, {}
    for role, spec in graph_specs(config).items():
        file = f"{role}.onnx"
        goldens[role] = export_graph(modules[role], role, spec, out / file)
        graphs[role] = {
            "file": file,
            "inputs": [{"name": n, "shape": d} for n, (d, _) in spec["inputs"].items()],
            "outputs": [{"name": n, "shape": d} for n, d in spec["outputs"].items()],
            "gflops": gflops(role, config),
        }
    (out / "goldens.json").write_text(json.dumps(goldens))
    files = [out / g["file"] for g in graphs.values()] + [out / "goldens.json"]
    manifest = {
        "schema": "foretrack-pack",
        "version": 1,
        "id": "compact",
        "name": "Foretrack compact",
        "kind": "compact",
        "licence": "Apache-2.0",
        "grid": {
            "rows": ROWS,
            "columns": COLUMNS,
            "width": WIDTH,
            "height": HEIGHT,
            "anchor": "cell-centre",
        },
        "frames": {"history": HISTORY, "horizon": HORIZON},
        "anchorFrame": "last-history",
        "flow": {"source": "scenario", "timeDirection": "0-source-1-data"},
        "latent": {
            "shape": ["k", POINTS + 3, config.channels],
            "mean": [round(v, 6) for v in model.vae.mean.tolist()],
            "std": [round(v, 6) for v in model.vae.std.tolist()],
        },
        "defaultSampler": {"solver": "euler", "steps": steps},
        "graphs": graphs,
        "files": [
            {
                "path": f.name,
                "bytes": f.stat().st_size,
                "sha256": hashlib.sha256(f.read_bytes()).hexdigest(),
            }
            for f in files
        ],
        "goldens": "goldens.json",
        "training": {**training, "network": config.as_dict()},
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    print(f"{sum(f.stat().st_size for f in files) / 1e6:.2f} MB in {out.name}", flush=True)
