"""A photo pack as it ships, asked graph by graph: what is scored is what a visitor gets.

`look` is cut where the tower's features come together, so that a picture is seen once, and heads
may be told of another one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor

from .network import Look, PhotoConfig
from .pictures import Projection
from .shares import Happened

PROJECTION = "project"  # the layer that features come from


class NoPhotoPackError(ValueError):
    """The folder holds no photo pack, or one whose graphs cannot be cut."""


class PackedModel:
    """`look` and `coefficients` of a `PhotoModel`, by the pack's graphs."""

    def __init__(
        self, config: PhotoConfig, basis_rows: Tensor, heads: Graph, fields: Graph
    ) -> None:
        self.config, self.basis_rows = config, basis_rows
        self._heads, self._fields = heads, fields

    def look(self, features: Tensor) -> Look:
        """Features [1,F,N] of one picture."""
        names = ("moving", "basis", "regions", "context")
        moving, basis, regions, context = self._heads(names, features)
        return Look(moving.logit(1e-6)[None], basis[None], regions[None], context[None])

    def coefficients(self, z: Tensor, basis: Tensor, context: Tensor) -> Tensor:
        """z [n,Z], basis [1,K,2,N], context [1,D] -> [n,C,2,N] px."""
        return self._fields(("coefficients",), z, basis[0], context[0])[0]


class PackedBlind:
    """The blind prior of a pack: sees nothing, so its look holds nothing."""

    def __init__(self, config: PhotoConfig, basis_rows: Tensor, graph: Graph) -> None:
        self.config, self.basis_rows, self._graph = config, basis_rows, graph

    def look(self, features: Tensor) -> Look:
        nothing = torch.zeros(1, 0)
        return Look(nothing, nothing, nothing, nothing)

    def coefficients(self, z: Tensor, basis: Tensor, context: Tensor) -> Tensor:
        return self._graph(("coefficients",), z)[0]


class Graph:
    """An ONNX graph on the CPU: names of outputs and its inputs in order -> tensors."""

    def __init__(self, model: onnx.ModelProto) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        providers = ["CPUExecutionProvider"]
        data = model.SerializeToString()
        self._session = onnxruntime.InferenceSession(data, options, providers=providers)
        self._inputs = [one.name for one in self._session.get_inputs()]

    def __call__(self, outputs: tuple[str, ...], *inputs: Tensor) -> list[Tensor]:
        feeds = {n: x.float().numpy() for n, x in zip(self._inputs, inputs, strict=True)}
        return [torch.from_numpy(out) for out in self._session.run(list(outputs), feeds)]


class PhotoPack:
    """A pack's folder. The blind prior and the regressor are None where it holds none."""

    def __init__(self, folder: Path) -> None:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
        if manifest.get("kind") != "photo":
            raise NoPhotoPackError(f"{folder.name} is no photo pack.")
        config = PhotoConfig(**manifest["training"]["network"])
        self.basis_rows = torch.tensor(manifest["timeBasis"]["rows"])
        graphs = {
            role: onnx.load(str(folder / told["file"])) for role, told in manifest["graphs"].items()
        }
        look = graphs["look"]
        outputs = [one.name for one in look.graph.output if not one.name.startswith("refine")]
        joint = _features_of(look)
        cut = onnx.utils.Extractor(onnx.shape_inference.infer_shapes(look))
        self._eyes, self._joint = Graph(cut.extract_model(["picture"], [joint])), joint
        self._heads = Graph(cut.extract_model([joint], outputs))
        self.projection = _projection(look)
        self.model = PackedModel(config, self.basis_rows, self._heads, Graph(graphs["fields"]))
        self.blind = (
            PackedBlind(config, self.basis_rows, Graph(graphs["blind"]))
            if "blind" in graphs
            else None
        )
        self.regressor: Callable[[Tensor], Tensor] | None = (
            self._one_future if "regressor" in outputs else None
        )
        self.happened = Happened(**manifest["happened"]) if "happened" in manifest else None

    def features(self, picture: np.ndarray) -> Tensor:
        """Picture [240,416,3] uint8 RGB -> [F,N]."""
        planes = torch.from_numpy(picture.astype(np.float32)).permute(2, 0, 1)[None]
        return self._eyes((self._joint,), planes)[0][0]

    def _one_future(self, features: Tensor) -> Tensor:
        """Features [F,N] -> coefficients [C,2,N] px."""
        return self._heads(("regressor",), features[None])[0]


def _features_of(look: onnx.ModelProto) -> str:
    """The tensor [1,F,N] of features: the projection, flattened over the grid."""
    nodes = look.graph.node
    maps = [n.output[0] for n in nodes if f"{PROJECTION}.weight" in n.input and n.op_type == "Conv"]
    flat = [n.output[0] for n in nodes if n.op_type == "Reshape" and n.input[0] in maps]
    if len(flat) != 1:
        raise NoPhotoPackError("The pack's features cannot be told from its graph.")
    return str(flat[0])


def _projection(look: onnx.ModelProto) -> Projection:
    """What makes features of maps. Of its mean only the product with the matrix counts."""
    values = {i.name: onnx.numpy_helper.to_array(i) for i in look.graph.initializer}
    weight, bias = (
        torch.tensor(values[f"{PROJECTION}.{name}.half"]).double() for name in ("weight", "bias")
    )
    matrix = weight.flatten(1).T
    return Projection((-bias @ torch.linalg.pinv(matrix)).float(), matrix.float())
