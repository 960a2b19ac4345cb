"""The photo model's pack: its graphs give the numbers of the network, and are measured as it is."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
import torch.nn.functional as F
from photo_tiny import FEATURES, TinyTower, new_trained

from foretrack.commands import export_photo
from foretrack.common.geometry import grid_centres
from foretrack.common.pack_files import Wave
from foretrack.common.scenario import affine_features
from foretrack.photo.camera import TOLD as TOLD_OF_CAMERA
from foretrack.photo.camera import CameraPaths, Paths
from foretrack.photo.export import Rivals, Trained, export_pack, load, save
from foretrack.photo.graphs import maps_of, one_future
from foretrack.photo.network import PhotoConfig, PhotoModel
from foretrack.photo.packed import NoPhotoPackError, PhotoPack
from foretrack.photo.pictures import joined_maps
from foretrack.photo.settings import Settings, config_of
from foretrack.photo.shares import Happened
from foretrack.photo.size import growth
from foretrack.photo.tower import PICTURE_HEIGHT, PICTURE_WIDTH


@pytest.fixture(scope="module")
def trained() -> Trained:
    return new_trained()


def test_a_pack_draws_cameras_as_they_were_fitted(tmp_path: Path, trained: Trained):
    torch.manual_seed(4)
    rows, frames = trained.model.basis_rows, torch.arange(1, 81, 2)
    px = torch.randn(200, 1, 2, 3) * growth(frames)[:, None, None]
    size = px[:, 7].flatten(1).norm(dim=1)
    cameras = CameraPaths(trained.model.config)
    told, ones, sources = torch.randn(200, TOLD_OF_CAMERA), torch.ones(200), torch.arange(200)
    cameras.fit(Paths(px, size, told, ones, sources), rows, frames)
    save(replace(trained, camera=cameras), tmp_path / "photo.pt", {})
    again = load(tmp_path / "photo.pt")[0]
    export_pack(again, tmp_path / "pack", {}, TinyTower().eval())
    goldens = json.loads((tmp_path / "pack/goldens.json").read_text())
    session = onnxruntime.InferenceSession(str(tmp_path / "pack/fields.onnx"))
    feeds = {n: Wave(**i).tensor().numpy() for n, i in goldens["fields"]["inputs"].items()}
    z = torch.randn(300, trained.model.config.latent)
    (got,) = session.run(["camera_path"], {**feeds, "z": z.numpy()})
    context = torch.from_numpy(feeds["context"])[-TOLD_OF_CAMERA:]
    wanted = maps_of(cameras(z[:, -4:], context.expand(300, -1), rows))
    at = torch.from_numpy(grid_centres()).float()
    affine = cameras(z[:1, -4:], context[None], rows)[0, 80].unflatten(0, (3, 2))
    turn, shift = wanted[0, 80].unflatten(0, (2, 3)).split([2, 1], 1)
    assert torch.allclose(at @ turn.T + shift.T, at + affine_features(at) @ affine, atol=1e-2)
    assert np.abs(got - wanted.numpy()).max() < 0.01 * wanted.abs().max()


def test_a_pack_gives_the_same_numbers_in_onnxruntime(tmp_path: Path, trained: Trained):
    torch.manual_seed(0)
    save(trained, tmp_path / "photo.pt", {"settings": vars(Settings())})
    again, record = load(tmp_path / "photo.pt")
    export_pack(again, tmp_path / "pack", record, TinyTower().eval())
    manifest = json.loads((tmp_path / "pack/manifest.json").read_text())
    goldens = json.loads((tmp_path / "pack/goldens.json").read_text())
    assert sum(file["bytes"] for file in manifest["files"]) < 20e6
    assert manifest["latent"]["size"] == config_of(Settings()).latent
    session = onnxruntime.InferenceSession(str(tmp_path / "pack/fields.onnx"))
    feeds = {n: Wave(**i).tensor().numpy() for n, i in goldens["fields"]["inputs"].items()}
    feeds["z"] = np.random.default_rng(1).normal(size=(5, feeds["z"].shape[1])).astype(np.float32)
    got, camera = session.run(["coefficients", "camera_path"], feeds)
    tensors = {n: torch.from_numpy(v) for n, v in feeds.items()}
    with torch.no_grad():
        wanted = again.model.coefficients(
            tensors["z"], tensors["basis"][None], tensors["context"][None]
        )
    assert np.abs(got - wanted.numpy()).max() < 0.01 * wanted.abs().max()
    assert camera.shape == (5, 81, 6)


def test_one_rival_without_the_other_is_no_pack(tmp_path: Path, trained: Trained):
    save(trained, tmp_path / "photo.pt", {})
    args = argparse.Namespace(
        checkpoint=tmp_path / "photo.pt",
        out=tmp_path / "pack",
        record=None,
        blind=tmp_path / "photo.pt",
        regressor=None,
    )
    with pytest.raises(SystemExit, match="both or neither"):
        export_photo.run(args)
    assert not (tmp_path / "pack").exists()


def test_a_pack_brings_what_it_is_measured_beside_and_is_measured_by_its_own_graphs(
    tmp_path: Path, trained: Trained
):
    torch.manual_seed(3)
    blind = PhotoModel(PhotoConfig(features=FEATURES, sees=False)).eval()
    regressor = PhotoModel(PhotoConfig(features=FEATURES)).eval()
    told = replace(trained, happened=Happened((-0.5, 2.0), 0.1, 7))
    tower = TinyTower().eval()
    record = {"network": trained.model.config.as_dict()}
    export_pack(told, tmp_path / "photo", record, tower, Rivals(blind, regressor))
    pack = PhotoPack(tmp_path / "photo")

    draw = np.random.default_rng(1)
    picture = draw.integers(0, 256, (PICTURE_HEIGHT, PICTURE_WIDTH, 3)).astype(np.uint8)
    features = pack.features(picture)
    z = torch.randn(4, trained.model.config.latent)
    # Whatever a picture shows, the blind prior says the same of it.
    with torch.no_grad():
        planes = torch.from_numpy(picture).permute(2, 0, 1)[None].float()
        _, stride8, stride16, stride32 = tower(planes)
        maps = joined_maps(F.avg_pool2d(stride8, 2), stride16, stride32)[0].flatten(1).T
        for projection in (trained.projection, pack.projection):
            seen = ((maps - projection.mean) @ projection.matrix).T
            assert torch.allclose(features, seen, atol=2e-2 * float(seen.abs().max()))
        look, own = trained.model.look(features[None]), pack.model.look(features[None])
        assert torch.allclose(own.where_logit, look.where_logit, atol=1e-2)
        wanted = {
            "model": trained.model.coefficients(z, look.basis, look.context),
            "blind": blind.coefficients(z, *_told(blind, torch.randn_like(features))),
            "regressor": one_future(regressor, features[None]),
        }
    assert pack.blind and pack.regressor
    got = {
        "model": pack.model.coefficients(z, own.basis, own.context),
        "blind": pack.blind.coefficients(z, own.basis, own.context),
        "regressor": pack.regressor(features),
    }
    for name, field in wanted.items():
        assert (got[name] - field).abs().max() < 0.02 * field.abs().max(), name
    assert torch.allclose(pack.basis_rows, trained.model.basis_rows, atol=1e-6)
    assert pack.happened and pack.happened.other == 0.1


def _told(model: PhotoModel, features: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    look = model.look(features[None])
    return look.basis, look.context


def test_a_pack_of_another_kind_is_refused(tmp_path: Path):
    (tmp_path / "manifest.json").write_text(json.dumps({"kind": "compact"}))
    with pytest.raises(NoPhotoPackError):
        PhotoPack(tmp_path)
