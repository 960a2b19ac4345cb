"""The pack that the compact model's export leaves: its numbers, and the way back from it."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from foretrack.common import checkpoints, geometry, half_weights
from foretrack.common.pack_files import ForeignPackError, Wave
from foretrack.compact import export
from foretrack.compact.config import SIZES, TINY
from foretrack.compact.export import export_pack
from foretrack.compact.from_pack import weights_of
from foretrack.compact.history import look_back
from foretrack.compact.trained import load_model

HALVED = {"rtol": 2**-11, "atol": 1e-6}  # how far a weight goes in half precision
SHIPPED = Path(__file__).resolve().parents[2] / "public/packs/compact"


def test_pack_gives_the_same_numbers_in_onnxruntime(tiny_pack):
    manifest = json.loads((tiny_pack / "manifest.json").read_text())
    goldens = json.loads((tiny_pack / "goldens.json").read_text())
    assert set(manifest["graphs"]) == {"condition", "source", "velocity", "decode"}
    for role, golden in goldens.items():
        session = onnxruntime.InferenceSession(str(tiny_pack / manifest["graphs"][role]["file"]))
        feeds = {n: Wave(**i).tensor().numpy() for n, i in golden["inputs"].items()}
        outputs = session.run(list(golden["outputs"]), feeds)
        for expected, actual in zip(golden["outputs"].values(), outputs, strict=True):
            error = np.abs(actual.ravel()[expected["indices"]] - expected["values"]).max()
            assert error <= expected["tolerance"]


@pytest.mark.parametrize("known", [1, 30])
def test_exported_condition_reads_pasts_that_are_short_or_still(tiny_run, tiny_pack, known):
    session = onnxruntime.InferenceSession(str(tiny_pack / "condition.onnx"))
    tracks = torch.tensor(geometry.grid_centres(), dtype=torch.float32).expand(81, -1, -1).clone()
    tracks[:, ::2, 0] += 2 * (torch.arange(81) - 80).clamp(min=-known + 1)[:, None]
    seen = (torch.arange(81) > 80 - known).float()[:, None].expand(81, 390)
    none = np.zeros((81, 390), np.float32)
    feeds = (tracks.numpy(), seen.numpy(), np.full(1, 0.04, np.float32), tracks.numpy(), none)
    names = (i.name for i in session.get_inputs())
    context, _ = session.run(None, dict(zip(names, feeds, strict=True)))
    model, _ = load_model(tiny_run / "last.pt")
    past = look_back(tracks[None], seen[None])
    with torch.no_grad():
        expected = model.condition(past, torch.tensor([0.04])).tokens.numpy()
    np.testing.assert_allclose(context[:, :-1], expected, rtol=1e-2, atol=1e-2)


def test_a_pack_gives_back_the_weights_that_made_it(tiny_run, tiny_pack):
    weights, config = weights_of(tiny_pack)
    made = checkpoints.read(tiny_run / "last.pt")["ema"]
    assert config == TINY and set(weights) == set(made)
    for name, value in made.items():
        torch.testing.assert_close(weights[name], value, **HALVED, msg=name)


def test_a_new_head_changes_one_graph_alone(tiny_run, tiny_pack, tmp_path):
    pack = shutil.copytree(tiny_pack, tmp_path / "pack")
    state = checkpoints.read(tiny_run / "last.pt")
    state["ema"]["visibility.2.bias"] += 1
    torch.save({"ema": state["ema"], "settings": state["settings"]}, tmp_path / "head.pt")
    export_pack(tmp_path / "head.pt", pack, {"command": "test"}, steps=2, roles=["decode"])
    manifest = json.loads((pack / "manifest.json").read_text())
    before = json.loads((tiny_pack / "manifest.json").read_text())
    assert manifest["graphs"] == before["graphs"]
    for told, was in zip(manifest["files"], before["files"], strict=True):
        assert told["sha256"] == hashlib.sha256((pack / told["path"]).read_bytes()).hexdigest()
        assert (told == was) == (told["path"] not in ("decode.onnx", "goldens.json"))
    torch.testing.assert_close(weights_of(pack)[0], state["ema"], **HALVED)


def test_a_pack_in_full_precision_is_halved_like_an_export(tiny_run, tmp_path, monkeypatch):
    monkeypatch.setattr(half_weights, "LARGE", 256)  # the tiny model has few large ones
    whole, halved = tmp_path / "whole", tmp_path / "halved"
    export_pack(tiny_run / "last.pt", halved, {"command": "test"}, steps=2)
    with monkeypatch.context() as patch:
        patch.setattr(export, "HALVED", ())
        export_pack(tiny_run / "last.pt", whole, {"command": "test"}, steps=2)
    for role in export.HALVED:
        sizes = [(pack / f"{role}.onnx").stat().st_size for pack in (whole, halved)]
        assert sizes[0] > 1.1 * sizes[1]
    export.halve_pack(whole)
    for path in halved.iterdir():
        assert (whole / path.name).read_bytes() == path.read_bytes(), path.name
    made = checkpoints.read(tiny_run / "last.pt")["ema"]
    torch.testing.assert_close(weights_of(whole)[0], made, **HALVED)


def test_what_ships_can_be_trained_further():
    weights, config = weights_of(SHIPPED)
    assert config in SIZES.values()
    assert all(torch.isfinite(value).all() for value in weights.values())


def test_a_pack_that_does_not_tell_its_sizes_is_refused(tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps({"kind": "compact", "training": {}}))
    with pytest.raises(ForeignPackError, match="training.network"):
        weights_of(tmp_path)


def test_a_pack_of_another_model_is_refused(tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps({"kind": "trajloom"}))
    with pytest.raises(ForeignPackError, match="no pack of the compact model"):
        weights_of(tmp_path)
