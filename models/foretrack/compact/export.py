"""A trained compact model as a model pack: four ONNX graphs, goldens, manifest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

from ..common import checkpoints
from ..common.geometry import COLUMNS, HEIGHT, HISTORY, HORIZON, POINTS, ROWS, WIDTH
from ..common.half_weights import float_bytes, halve_weights, large_matrices
from ..common.lean_graph import make_lean
from ..common.pack_files import Wave, file_entry
from .graph_specs import gflops, graph_specs
from .graphs import ConditionGraph, DecodeGraph, SourceGraph, VelocityGraph
from .one_scene import for_one_scene
from .trained import load_model

OPSET = 18
# The others are small, and of numbers that positions are made of.
HALVED = ("condition", "velocity")


def export_graph(module: nn.Module, role: str, spec: dict, path: Path) -> dict:
    """Writes one graph, equal to PyTorch before it is halved; returns its golden entry."""
    module.eval()

    def example(futures: int) -> dict[str, Wave]:
        return {
            name: Wave([futures if d == "k" else d for d in dims], *formula)
            for name, (dims, formula) in spec["inputs"].items()
        }

    batch = torch.export.Dim("k", min=1, max=64)
    shapes = {
        name: {0: batch} if dims[0] == "k" else None for name, (dims, _) in spec["inputs"].items()
    }
    program = torch.onnx.export(
        module,
        tuple(wave.tensor() for wave in example(2).values()),
        input_names=list(spec["inputs"]),
        output_names=list(spec["outputs"]),
        dynamic_shapes=list(shapes.values()),
        opset_version=OPSET,
        dynamo=True,
        external_data=False,
    )
    assert program is not None  # as exported with dynamo
    program.save(str(path))
    strip(path)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    for futures in (1, 3):
        feeds = {name: wave.tensor() for name, wave in example(futures).items()}
        with torch.no_grad():
            expected = module(*feeds.values())
        expected = expected if isinstance(expected, tuple) else (expected,)
        actual = session.run(list(spec["outputs"]), {n: v.numpy() for n, v in feeds.items()})
        for name, a, e in zip(spec["outputs"], actual, expected, strict=True):
            error = float(np.abs(a - e.numpy()).max())
            size = float(e.abs().max())
            print(f"{role}.{name} k={futures}: max error {error:.2e} of {size:.3g}", flush=True)
            if error > 1e-4 * max(size, 1):
                raise SystemExit(f"{role}.{name} differs between PyTorch and onnxruntime")
    if role in HALVED:
        halve_weights(path, large_matrices)
    return golden_of(path, example(1))


def golden_of(path: Path, inputs: dict[str, Wave]) -> dict:
    """What native onnxruntime makes of a graph as it is stored."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    results = session.run(names, {n: wave.tensor().numpy() for n, wave in inputs.items()})
    outputs = {}
    for name, result in zip(names, results, strict=True):
        flat = result.ravel()
        indices = np.unique(np.linspace(0, len(flat) - 1, 64).astype(int))
        outputs[name] = {
            "dims": list(result.shape),
            "indices": indices.tolist(),
            "values": [float(v) for v in flat[indices]],
            "tolerance": 1e-3 * max(float(np.abs(flat).max()), 1),
        }
    return {"inputs": {name: asdict(wave) for name, wave in inputs.items()}, "outputs": outputs}


def halve_pack(pack: Path) -> None:
    """A pack that lies there in float32, stored in half precision; all else stays as it is."""
    manifest = json.loads((pack / "manifest.json").read_text())
    goldens = json.loads((pack / "goldens.json").read_text())
    for role in HALVED:
        path = pack / manifest["graphs"][role]["file"]
        halve_weights(path, large_matrices)
        waves = {n: Wave(**wave) for n, wave in goldens[role]["inputs"].items()}
        goldens[role] = golden_of(path, waves)
    (pack / "goldens.json").write_text(json.dumps(goldens))
    for graph in manifest["graphs"].values():
        graph["weightBytes"] = float_bytes(pack / graph["file"])
    manifest["files"] = [file_entry(pack / file["path"]) for file in manifest["files"]]
    (pack / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


def strip(path: Path) -> None:
    """Leaves what runs, in its fastest form: the exporter notes the source line of every node."""
    graph_model = onnx.load(str(path))
    graph = graph_model.graph
    values = [*graph.value_info, *graph.input, *graph.output, *graph.initializer]
    for part in [graph_model, graph, *graph.node, *values]:
        del part.metadata_props[:]
        part.doc_string = ""
    make_lean(graph)
    onnx.checker.check_model(graph_model)
    onnx.save(graph_model, str(path))


def export_pack(
    checkpoint: Path, out: Path, training: dict, steps: int, roles: Sequence[str] = ()
) -> None:
    """Writes the pack; where `roles` are given, these of its graphs alone, and the others of the
    pack that is there stay as they are to the byte."""
    model, _ = load_model(checkpoint)
    run = checkpoints.read(checkpoint).get("config")
    config = model.config
    model = for_one_scene(model)
    out.mkdir(parents=True, exist_ok=True)
    modules = {
        "condition": ConditionGraph(model),
        "source": SourceGraph(model),
        "velocity": VelocityGraph(model),
        "decode": DecodeGraph(model),
    }
    goldens: dict[str, Any] = {}
    graphs: dict[str, Any] = {}
    for role, spec in graph_specs(config).items():
        file = f"{role}.onnx"
        if roles and role not in roles:
            goldens[role] = json.loads((out / "goldens.json").read_text())[role]
            graphs[role] = json.loads((out / "manifest.json").read_text())["graphs"][role]
            continue
        goldens[role] = export_graph(modules[role], role, spec, out / file)
        graphs[role] = {
            "file": file,
            "inputs": [{"name": n, "shape": d} for n, (d, _) in spec["inputs"].items()],
            "outputs": [{"name": n, "shape": d} for n, d in spec["outputs"].items()],
            "gflops": gflops(role, config),
            "weightBytes": float_bytes(out / file),
            # onnxruntime's own rewriting takes a third of the time in which the page opens the
            # graphs, and they run no faster for it.
            "settled": True,
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
        "files": [file_entry(f) for f in files],
        "goldens": "goldens.json",
        "training": {**training, **({"config": run} if run else {}), "network": config.as_dict()},
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    print(f"{sum(f.stat().st_size for f in files) / 1e6:.2f} MB in {out.name}", flush=True)
