"""A trained photo model as a pack: two ONNX graphs, their weights in half precision."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn

from ..common.geometry import COLUMNS, HEIGHT, HORIZON, POINTS, ROWS, WIDTH
from ..common.half_weights import halve_weights
from ..common.pack_files import Wave, file_entry
from ..compact.export import OPSET, strip
from .camera import CameraPaths
from .graphs import BlindGraph, FieldsGraph, LookGraph
from .network import PhotoConfig, PhotoModel
from .pictures import Projection
from .refine import Refine
from .shares import Happened
from .tower import CHANNELS, PICTURE_HEIGHT, PICTURE_WIDTH, load_tower, notice

REFINEMENTS = ((2, CHANNELS[1]), (4, CHANNELS[0]))  # factor, channels of the tower there


@dataclass
class Trained:
    """Everything that a photo pack is made of, the tower apart."""

    projection: Projection
    model: PhotoModel
    refine: list[Refine]
    happened: Happened | None = None  # as shares of modes are put to the test
    camera: CameraPaths | None = None  # without it the network's own


@dataclass
class Rivals:
    """What the model is measured against, trained on the same pictures."""

    blind: PhotoModel  # is shown no picture
    regressor: PhotoModel  # gives one future


def new_refinements() -> list[Refine]:
    return [Refine(channels, factor).eval() for factor, channels in REFINEMENTS]


def save(trained: Trained, path: Path, record: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    state = {
        "config": trained.model.config.as_dict(),
        "model": trained.model.state_dict(),
        "refine": [one.state_dict() for one in trained.refine],
        "projection": asdict(trained.projection),
        "record": record,
        **({"happened": asdict(trained.happened)} if trained.happened else {}),
        **({"camera": trained.camera.state_dict()} if trained.camera else {}),
    }
    torch.save(state, path)


def load(path: Path) -> tuple[Trained, dict[str, Any]]:
    state = torch.load(path, map_location="cpu", weights_only=True)
    model = PhotoModel(PhotoConfig(**state["config"]))
    model.load_state_dict(state["model"])
    refine = new_refinements()
    for one, weights in zip(refine, state["refine"], strict=True):
        one.load_state_dict(weights)
    happened = Happened(**state["happened"]) if "happened" in state else None
    camera = None
    if "camera" in state:
        camera = CameraPaths(model.config)
        camera.load_state_dict(state["camera"])
    trained = Trained(Projection(**state["projection"]), model.eval(), refine, happened, camera)
    return trained, state["record"]


def specs(config: PhotoConfig, context: int, rivals: bool) -> dict[str, dict[str, Any]]:
    """Inputs with their golden formula (amplitude, frequency, offset) and output shapes."""
    field = [config.times, 2, POINTS]
    blind = {
        "inputs": {"z": (["n", config.latent], (1, 0.37, 0))},
        "outputs": {"coefficients": ["n", *field]},
    }
    fields = config.regions * config.fields
    basis = [fields, 2, POINTS]
    fine = {f"refine{f}": [9, POINTS * f * f] for f, _ in REFINEMENTS}
    return {
        "look": {
            "inputs": {"picture": ([1, 3, PICTURE_HEIGHT, PICTURE_WIDTH], (100, 0.0713, 127))},
            "outputs": {
                "moving": [POINTS],
                "extent": [POINTS],
                "regions": [config.regions, POINTS],
                "basis": basis,
                "context": [context],
                "features": [config.likeness, POINTS],
                **fine,
                **({"regressor": field} if rivals else {}),
            },
        },
        "fields": {
            "inputs": {
                # Far enough from the middle that no camera rests.
                "z": (["n", config.latent], (1, 0.37, 1.5)),
                "basis": (basis, (1, 0.23, 0)),
                "context": ([context], (0.5, 0.31, 0)),
            },
            "outputs": {
                "coefficients": ["n", *field],
                "camera_path": ["n", HORIZON, 6],
            },
        },
        **({"blind": blind} if rivals else {}),
    }


def export_pack(
    trained: Trained,
    out: Path,
    record: dict[str, Any],
    tower: nn.Module | None = None,
    rivals: Rivals | None = None,
) -> None:
    """Writes the pack into the folder `out`. Rivals see through the projection of `trained`."""
    out.mkdir(parents=True, exist_ok=True)
    model = trained.model.eval()
    regressor = rivals.regressor.eval() if rivals else None
    tower_of_pack = tower or load_tower()
    look = LookGraph(tower_of_pack, trained.projection, model, trained.refine, regressor).eval()
    with torch.no_grad():
        context = look(torch.full((1, 3, PICTURE_HEIGHT, PICTURE_WIDTH), 127.0))[4]
    fields = FieldsGraph(model, trained.camera).eval()
    modules: dict[str, nn.Module] = {"look": look, "fields": fields}
    if rivals:
        modules["blind"] = BlindGraph(rivals.blind.eval()).eval()
    graphs: dict[str, Any] = {}
    goldens: dict[str, Any] = {}
    for role, spec in specs(model.config, len(context), rivals is not None).items():
        path = out / f"{role}.onnx"
        write_graph(modules[role], spec, path)
        halve_weights(path)
        goldens[role] = golden(modules[role], spec, path)
        graphs[role] = {
            "file": path.name,
            "inputs": [{"name": n, "shape": d} for n, (d, _) in spec["inputs"].items()],
            "outputs": [{"name": n, "shape": d} for n, d in spec["outputs"].items()],
            "gflops": {"look": 1.7, "fields": 0.001, "blind": 0.001}[role],
        }
    (out / "goldens.json").write_text(json.dumps(goldens))
    files = [out / g["file"] for g in graphs.values()] + [out / "goldens.json"]
    if tower is None:
        (out / "notices.json").write_text(json.dumps([notice()], indent=1) + "\n")
    manifest = manifest_of(trained, graphs, [file_entry(f) for f in files], record)
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    print(f"{sum(f.stat().st_size for f in files) / 1e6:.2f} MB in {out.name}", flush=True)


def manifest_of(
    trained: Trained,
    graphs: dict[str, Any],
    files: list[dict[str, object]],
    record: dict[str, Any],
) -> dict[str, Any]:
    c, happened = trained.model.config, trained.happened
    regions = [{"from": r * c.shape, "length": c.shape} for r in range(c.regions)]
    return {
        "schema": "foretrack-pack",
        "version": 1,
        "id": "photo",
        "name": "Foretrack photo",
        "kind": "photo",
        "licence": "Apache-2.0",
        "grid": {
            "rows": ROWS,
            "columns": COLUMNS,
            "width": WIDTH,
            "height": HEIGHT,
            "anchor": "cell-centre",
        },
        "frames": {"history": 1, "horizon": HORIZON, "rate": 16},
        "anchorFrame": "last-history",
        "picture": {
            "width": PICTURE_WIDTH,
            "height": PICTURE_HEIGHT,
            "channels": "rgb",
            "range": 255,
        },
        "latent": {
            "size": c.latent,
            "prior": "normal",
            "parts": [
                {"name": "shape", "from": 0, "length": c.size_from, "regions": regions},
                {"name": "size", "from": c.size_from, "length": c.size},
                {"name": "camera", "from": c.camera_from, "length": c.camera},
            ],
        },
        "timeBasis": {
            "kind": "brownian",
            "count": c.times,
            "frames": HORIZON,
            "rows": [[round(v, 7) for v in row] for row in trained.model.basis_rows.tolist()],
        },
        "refine": [{"output": f"refine{f}", "factor": f} for f, _ in REFINEMENTS],
        **({"happened": asdict(happened)} if happened else {}),
        "graphs": graphs,
        "files": files,
        "goldens": "goldens.json",
        "training": {**record, "network": c.as_dict()},
    }


def example(spec: dict[str, Any], futures: int) -> dict[str, Wave]:
    return {
        name: Wave([futures if d == "n" else d for d in dims], *formula)
        for name, (dims, formula) in spec["inputs"].items()
    }


def write_graph(module: nn.Module, spec: dict[str, Any], path: Path) -> None:
    batch = torch.export.Dim("n", min=1, max=4096)
    shapes = [{0: batch} if dims[0] == "n" else None for dims, _ in spec["inputs"].values()]
    program = torch.onnx.export(
        module,
        tuple(wave.tensor() for wave in example(spec, 2).values()),
        input_names=list(spec["inputs"]),
        output_names=list(spec["outputs"]),
        dynamic_shapes=shapes if any(shapes) else None,
        opset_version=OPSET,
        dynamo=True,
        external_data=False,
    )
    assert program is not None  # as exported with dynamo
    program.save(str(path))
    strip(path)


def golden(module: nn.Module, spec: dict[str, Any], path: Path) -> dict[str, Any]:
    """Compares onnxruntime with PyTorch; the golden entry of the graph. Raises SystemExit."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    outputs: dict[str, Any] = {}
    for futures in (1, 3):
        feeds = {name: wave.tensor() for name, wave in example(spec, futures).items()}
        with torch.no_grad():
            expected: tuple[Tensor, ...] = module(*feeds.values())
        actual = session.run(list(spec["outputs"]), {n: v.numpy() for n, v in feeds.items()})
        for name, got, wanted in zip(spec["outputs"], actual, expected, strict=True):
            error = float(np.abs(got - wanted.numpy()).max())
            size = max(float(wanted.abs().max()), 0.1)
            print(f"{path.stem}.{name} n={futures}: {error:.2e} of {size:.3g}", flush=True)
            if error > 2e-2 * size:
                raise SystemExit(f"{path.stem}.{name} differs between PyTorch and onnxruntime")
            if futures == 1:
                flat = got.ravel()
                at = np.unique(np.linspace(0, len(flat) - 1, 64).astype(int))
                outputs[name] = {
                    "dims": list(got.shape),
                    "indices": at.tolist(),
                    "values": [float(v) for v in flat[at]],
                    "tolerance": 1e-3 * max(size, 1),
                }
    inputs = {name: asdict(wave) for name, wave in example(spec, 1).items()}
    return {"inputs": inputs, "outputs": outputs}
