"""A folder like the published one becomes a pack whose graphs say what PyTorch says."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch
import trajloom_tiny as tiny

from foretrack.cli import main
from foretrack.common.pack_files import Wave
from foretrack.trajloom import layers
from foretrack.trajloom.convert import zip_folder
from foretrack.trajloom.graphs import EncodeGraph, halve
from foretrack.trajloom.onnx_file import export_graph
from foretrack.trajloom.pack import LatentStats, plan_graphs
from foretrack.trajloom.published import MissingFileError, find_weights
from foretrack.trajloom.sampler import solve


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.write_published(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="module")
def pack(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("pack")
    video = published / tiny.PUBLISHED_NAMES["video_encoder"]
    words = ["--trajloom", published, "--video-vae", video, "--out", out]
    assert main(["convert", *map(str, words)]) == 0
    return out


def session(pack: Path, role: str) -> ort.InferenceSession:
    return ort.InferenceSession(pack / f"{role}.onnx")


def test_manifest_names_every_file_with_its_hash(pack: Path) -> None:
    manifest = json.loads((pack / "manifest.json").read_text())
    assert manifest["kind"] == "trajloom"
    assert manifest["anchorFrame"] == "first-history"
    assert manifest["grid"]["anchor"] == "cell-corner"
    assert manifest["flow"]["source"] == "anchored-noise"
    assert set(manifest["graphs"]) == {"encode", "decode", "velocity", "visibility", "video"}
    named = {f["path"] for f in manifest["files"]}
    assert named == {p.name for p in pack.iterdir()} - {"manifest.json"}
    for entry in manifest["files"]:
        content = (pack / entry["path"]).read_bytes()
        assert len(content) == entry["bytes"]
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    for graph in manifest["graphs"].values():
        assert {graph["file"], *graph["externalData"]} <= named
        assert graph["gflops"] >= 0 and graph["largestBufferBytes"] > 0


def test_graphs_reproduce_their_goldens(pack: Path) -> None:
    goldens = json.loads((pack / "goldens.json").read_text())
    assert set(goldens) == {"encode", "decode", "velocity", "visibility", "video"}
    for role, golden in goldens.items():
        inputs = {name: Wave(**wave).tensor().numpy() for name, wave in golden["inputs"].items()}
        names = list(golden["outputs"])
        for name, got in zip(names, session(pack, role).run(names, inputs), strict=True):
            expected = golden["outputs"][name]
            assert list(got.shape) == expected["dims"]
            error = np.abs(got.flatten()[expected["indices"]] - expected["values"]).max()
            assert error <= expected["tolerance"], (role, name)
            assert np.std(expected["values"]) > 0, (role, name)


def test_sampling_through_the_graphs_equals_pytorch(pack: Path) -> None:
    flow = tiny.network("generator")
    rng = torch.Generator().manual_seed(8)
    source, past = torch.randn(2, 1, 3, 6, 4, generator=rng)
    expected = solve(lambda z, t: flow(z, t, past), source, steps=8)
    graph = session(pack, "velocity")
    still = {
        "history_latent": past.numpy(),
        "history_visibility": torch.zeros(1, 3, 6).numpy(),
        "video_latent": torch.zeros(1, 3, 6, 3).numpy(),
        "text_embedding": torch.ones(1, 6).numpy(),
        "text_scale": torch.zeros(1).numpy(),
        "step": torch.tensor([1 / 8]).numpy(),
    }
    latent = source.numpy()
    for k in range(8):
        time = torch.tensor([max(k / 8, 1e-5)]).numpy()
        latent = graph.run(["next_latent"], {"latent": latent, "flow_time": time, **still})[0]
    error = (torch.from_numpy(latent) - expected).abs().max() / expected.abs().max()
    assert error < 1e-4


def test_graphs_tell_nothing_of_the_machine_and_stay_within_the_runtime(pack: Path) -> None:
    for path in pack.glob("*.onnx"):
        model = onnx.load(path, load_external_data=False)
        versions = {o.domain: o.version for o in model.opset_import}
        assert versions[""] == 18 and model.ir_version <= 13
        assert not re.search(rb"/(usr|home|root|work|tmp)/|\.py", path.read_bytes())


def test_half_precision_weights_stay_close(tmp_path: Path) -> None:
    stats = torch.zeros(4), torch.ones(4)
    expected, _ = EncodeGraph(tiny.network("vae"), *stats)(tiny.tracks())
    half = halve(EncodeGraph(tiny.network("vae"), *stats))
    path = tmp_path / "encode.onnx"
    facts = export_graph(half, {"history_tracks": tiny.tracks()}, ["latent", "scale"], path, 40_000)
    assert len(facts.external_data) > 1
    assert all((tmp_path / name).stat().st_size <= 40_000 for name in facts.external_data)
    inputs = {"history_tracks": tiny.tracks().numpy()}
    got = torch.from_numpy(ort.InferenceSession(path).run(["latent"], inputs)[0])
    assert float((got - expected).abs().max() / expected.abs().max()) < 1e-2


def test_chunks_of_rows_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stats = LatentStats(torch.zeros(4), torch.ones(4))
    plans = plan_graphs(tiny.CONFIG, tiny.network, stats, video=False)
    attentions = {"encode": 4, "decode": 4, "velocity": 8}
    for plan in plans:
        if plan.role not in attentions:
            continue
        module = plan.build().eval()
        inputs = {name: wave.tensor() for name, wave in plan.inputs.items()}
        result = module(*inputs.values())
        expected = [result] if isinstance(result, torch.Tensor) else result
        path = tmp_path / f"{plan.role}.onnx"
        sizes = []
        for limit in (2**27, 1000):
            monkeypatch.setattr(layers, "CHUNK_BYTES", limit)
            facts = export_graph(module, inputs, plan.outputs, path, 2**28)
            sizes.append(facts.activation_bytes)
            nodes = onnx.load(path, load_external_data=False).graph.node
            count = sum(node.op_type == "MultiHeadAttention" for node in nodes)
            assert (count > attentions[plan.role]) == (limit == 1000)
            feeds = {name: value.numpy() for name, value in inputs.items()}
            results = ort.InferenceSession(path).run(None, feeds)
            for got, want in zip(results, expected, strict=True):
                assert np.abs(got - want.numpy()).max() < 1e-4 * want.abs().max()
        # Of so small a velocity field it is the conditioning that takes most.
        assert sizes[1] < sizes[0] or plan.role == "velocity"


def test_a_zip_holds_the_same_files(pack: Path, tmp_path: Path) -> None:
    target = tmp_path / "pack.zip"
    zip_folder(pack, target)
    with zipfile.ZipFile(target) as archive:
        assert set(archive.namelist()) == {p.name for p in pack.iterdir()}
        assert archive.read("manifest.json") == (pack / "manifest.json").read_bytes()


def test_missing_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "trajloom_vae.pt").touch()
    with pytest.raises(MissingFileError, match=r"trajloom_generator\.pt.*visibility_predictor\.pt"):
        find_weights(tmp_path)
