"""Writes a TrajLoom pack: ONNX graphs, weights, goldens and manifest. The manifest's meaning is
documented with its schema in `src/domain/pack/manifest.ts`."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
import torch
from torch import Tensor, nn

from ..common.pack_files import Wave, file_entry
from .config import ConfigError, TrajLoomConfig
from .graphs import DecodeGraph, EncodeGraph, VelocityGraph, VideoGraph, VisibilityGraph, halve
from .onnx_file import GraphFacts, export_graph
from .sampler import ANCHOR_NOISE

DATA_LIMIT = 256_000_000
GOLDENS = "goldens.json"
GOLDEN_SAMPLES = 96
TOLERANCE = {"fp32": 1e-3, "fp16": 5e-2}


class PackCheckError(RuntimeError):
    """onnxruntime does not reproduce PyTorch."""


@dataclass
class LatentStats:
    """Per-channel mean and standard deviation of the history's and the future's latent."""

    mean: Tensor
    std: Tensor


@dataclass
class PackOptions:
    precision: str = "fp32"
    check: bool = True
    check_video: bool = True
    data_limit: int = DATA_LIMIT
    identifier: str = "trajloom"
    threads: int = 1


@dataclass
class GraphPlan:
    role: str
    build: Callable[[], nn.Module]
    inputs: dict[str, Wave]
    outputs: list[str]


def plan_graphs(
    config: TrajLoomConfig, load: Callable[[str], Any], stats: LatentStats, video: bool
) -> Iterator[GraphPlan]:
    """The pack's graphs, one at a time, with example inputs. `load(part)` is called late, so that
    no two networks are in memory together."""
    vae, flow = config.vae, config.generator
    latent = [1, vae.num_frames_latent, vae.points, vae.latent_channels]
    tracks = Wave([vae.num_frames_in, vae.points, 2], 0.3 * vae.input_height, 0.61)
    # Inside the frame in x and y: visibility must not hang on a rounding at its edge.
    tracks.offset = 0.5 * vae.input_height

    yield GraphPlan(
        "encode",
        lambda: EncodeGraph(load("vae"), stats.mean, stats.std),
        {"history_tracks": tracks},
        ["latent", "latent_scale"],
    )
    yield GraphPlan(
        "decode",
        lambda: DecodeGraph(load("vae"), stats.mean, stats.std),
        {"latent": Wave(latent, 1.5, 0.73)},
        ["future_tracks"],
    )
    yield GraphPlan(
        "velocity",
        lambda: VelocityGraph(load("generator")),
        {
            "latent": Wave(latent, 1.5, 0.73),
            "flow_time": Wave([1], 0, 0, 0.37),
            "step": Wave([1], 0, 0, 0.125),
            "history_latent": Wave(latent, 1.5, 0.41),
            "history_visibility": Wave(latent[:3], 0.5, 1.7, 0.5),
            "video_latent": Wave([*latent[:3], flow.video_latent_channels], 1.2, 0.53),
            "text_embedding": Wave([1, flow.text_embed_dim], 0.5, 0.9),
            "text_scale": Wave([1], 0, 0, 1),
        },
        ["velocity", "next_latent"],
    )
    yield GraphPlan(
        "visibility",
        lambda: VisibilityGraph(load("visibility"), vae),
        {"latent": Wave(latent, 1.5, 0.73), "future_tracks": tracks},
        ["visibility_logits", "future_visibility"],
    )
    if video:
        if config.wan.z_dim != flow.video_latent_channels:
            raise ConfigError(
                f"the video encoder gives {config.wan.z_dim} channels, "
                f"the generator takes {flow.video_latent_channels}"
            )
        # A quarter of the frame: one latent of the encoder (1/8 of that) lies on each grid cell.
        size = [vae.input_height // 4, vae.input_width // 4]
        yield GraphPlan(
            "video",
            lambda: VideoGraph(load("video_encoder")),
            {"video": Wave([1, 3, vae.num_frames_in, *size], 0.9, 0.021)},
            ["video_latent"],
        )


def write_pack(
    config: TrajLoomConfig,
    load: Callable[[str], Any],
    stats: LatentStats,
    video: bool,
    out: Path,
    options: PackOptions,
    say: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Writes the pack into the folder `out` and returns its manifest.

    Raises PackCheckError where onnxruntime and PyTorch disagree."""
    out.mkdir(parents=True, exist_ok=True)
    graphs: dict[str, GraphFacts] = {}
    goldens: dict[str, Any] = {}
    for plan in plan_graphs(config, load, stats, video):
        say(f"{plan.role}: exporting")
        module = plan.build().eval()
        inputs = {name: wave.tensor() for name, wave in plan.inputs.items()}
        checked = options.check and (plan.role != "video" or options.check_video)
        reference: list[Tensor] = []
        if checked:
            with torch.inference_mode():
                result = module(*inputs.values())
            reference = [result] if isinstance(result, Tensor) else list(result)
        if options.precision == "fp16":
            halve(module)
        path = out / f"{plan.role}.onnx"
        facts = export_graph(module, inputs, plan.outputs, path, options.data_limit)
        graphs[plan.role] = facts
        del module
        gc.collect()
        if checked:
            error = _check(plan, inputs, path, reference, options)
            say(
                f"{plan.role}: onnxruntime within {error:.1e} of PyTorch (relative), "
                f"{facts.weight_bytes / 1e6:.1f} MB of weights, {facts.gflops:.1f} GFLOP"
            )
            goldens[plan.role] = _golden(plan, reference, options)
    if goldens:
        (out / GOLDENS).write_text(json.dumps(goldens) + "\n")
    manifest = make_manifest(config, stats, graphs, bool(goldens), out, options)
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    return manifest


def _check(
    plan: GraphPlan,
    inputs: dict[str, Tensor],
    path: Path,
    reference: list[Tensor],
    options: PackOptions,
) -> float:
    settings = ort.SessionOptions()
    settings.intra_op_num_threads = options.threads
    settings.enable_cpu_mem_arena = False
    session = ort.InferenceSession(path, settings, providers=["CPUExecutionProvider"])
    results = session.run(None, {k: v.numpy() for k, v in inputs.items()})
    worst = 0.0
    for name, expected, got in zip(plan.outputs, reference, results, strict=True):
        scale = max(float(expected.abs().max()), 1e-6)
        error = float(np.abs(expected.numpy() - got).max()) / scale
        if not error <= TOLERANCE[options.precision]:
            raise PackCheckError(
                f"{plan.role}.{name}: onnxruntime is {error:.1e} off PyTorch (relative), "
                f"allowed {TOLERANCE[options.precision]:.0e}"
            )
        worst = max(worst, error)
    return worst


def _golden(plan: GraphPlan, reference: list[Tensor], options: PackOptions) -> dict[str, Any]:
    """The role's entry in the golden file: a sample of the outputs, spread over all of each."""
    outputs = {}
    for name, value in zip(plan.outputs, reference, strict=True):
        flat = value.float().flatten()
        count = min(GOLDEN_SAMPLES, flat.numel())
        indices = [i * (flat.numel() - 1) // max(count - 1, 1) for i in range(count)]
        outputs[name] = {
            "dims": list(value.shape),
            "indices": indices,
            "values": [float(flat[i]) for i in indices],
            "tolerance": TOLERANCE[options.precision] * max(float(flat.abs().max()), 1e-6),
        }
    return {"inputs": {name: asdict(w) for name, w in plan.inputs.items()}, "outputs": outputs}


def make_manifest(
    config: TrajLoomConfig,
    stats: LatentStats,
    graphs: dict[str, GraphFacts],
    goldens: bool,
    out: Path,
    options: PackOptions,
) -> dict[str, Any]:
    vae = config.vae
    names = [n for g in graphs.values() for n in [g.file, *g.external_data]]
    if goldens:
        names.append(GOLDENS)
    manifest: dict[str, Any] = {
        "schema": "foretrack-pack",
        "version": 1,
        "id": f"{options.identifier}-{options.precision}",
        "name": f"TrajLoom, converted ({options.precision})",
        "kind": "trajloom",
        "licence": "Apache-2.0",
        "grid": {
            "rows": vae.rows,
            "columns": vae.columns,
            "width": vae.input_width,
            "height": vae.input_height,
            "anchor": "cell-corner",
        },
        "frames": {
            "history": vae.num_frames_in,
            "horizon": vae.num_frames_in,
            "rate": "native",
        },
        "anchorFrame": "first-history",
        "flow": {
            "source": "anchored-noise",
            "timeDirection": "0-source-1-data",
            "anchorNoise": ANCHOR_NOISE,
            "repeatBoundary": False,
        },
        "latent": {
            "shape": [1, vae.num_frames_latent, vae.points, vae.latent_channels],
            "mean": stats.mean.tolist(),
            "std": stats.std.tolist(),
        },
        "precision": options.precision,
        "defaultSampler": {"solver": "euler", "steps": 100},
        "graphs": {
            role: {
                "file": g.file,
                "externalData": g.external_data,
                "inputs": g.inputs,
                "outputs": g.outputs,
                "gflops": g.gflops,
                "weightBytes": g.weight_bytes,
                "largestBufferBytes": g.largest_buffer_bytes,
                "activationBytes": g.activation_bytes,
            }
            for role, g in graphs.items()
        },
        "files": [file_entry(out / name) for name in names],
    }
    if goldens:
        manifest["goldens"] = GOLDENS
    return manifest
