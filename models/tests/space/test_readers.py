"""Exports in space, read by the packages that they are meant for (the extra `space-test`)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[3]
FRAMES = 31


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder a format, written by the studio's own code from one made-up scene."""
    folder = tmp_path_factory.mktemp("space")
    tsx = ROOT / "node_modules/tsx/dist/cli.mjs"
    subprocess.run(["node", tsx, "src/cli/space-files.ts", folder], cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="session")
def tracks(files: Path) -> dict[str, np.ndarray]:
    """The scene as NumPy reads it: past and future."""
    with np.load(files / "tracks-3d/scene.npz") as arrays:
        return dict(arrays)


def project(tracks: dict[str, np.ndarray], frame: int) -> np.ndarray:
    turn, shift = tracks["extrinsics"][frame, :3, :3], tracks["extrinsics"][frame, :3, 3]
    seen = (tracks["coords"][frame] @ turn.T + shift) @ tracks["intrinsics"][frame].T
    return seen[:, :2] / seen[:, 2:]


def test_numpy_projects_the_tracks_into_the_picture(tracks: dict[str, np.ndarray]) -> None:
    now = int(tracks["now_frame"][0])
    height, width = tracks["video_size"]
    places = project(tracks, now)
    assert tracks["coords"].shape[0] == 2 * FRAMES - 1
    assert (places > -1).all() and (places < [width, height]).all()
    assert tracks["moving"].any() and not tracks["moving"].all()


def test_numpy_reads_the_curves_of_a_field(files: Path, tracks: dict[str, np.ndarray]) -> None:
    with np.load(files / "space-field/scene.npz") as field:
        known = field["state"] > 0
        # A clamped spline ends on its last control point.
        now = field["control_past"][known, -1]
    place = tracks["coords"][int(tracks["now_frame"][0])]
    assert np.abs(place - now).max() < 1e-5


def test_gltf(files: Path, tracks: dict[str, np.ndarray]) -> None:
    pygltflib = pytest.importorskip("pygltflib")
    document = pygltflib.GLTF2().load(str(files / "gltf/scene.glb"))
    blob = document.binary_blob()

    def read(index: int, width: int) -> np.ndarray:
        accessor = document.accessors[index]
        start = document.bufferViews[accessor.bufferView].byteOffset
        return np.frombuffer(blob, np.float32, accessor.count * width, start).reshape(-1, width)

    [moving] = [mesh for mesh in document.meshes if mesh.name == "moving"]
    [primitive] = moving.primitives
    base = read(primitive.attributes.POSITION, 3)
    targets = np.stack([read(target["POSITION"], 3) for target in primitive.targets])
    [channel] = [c for c in document.animations[0].channels if c.target.path == "weights"]
    sampler = document.animations[0].samplers[channel.sampler]
    weights = read(sampler.output, 1).reshape(-1, len(targets))
    # The file begins at "now", the middle of the tracker's.
    truth = tracks["coords"][FRAMES - 1 :, tracks["moving"]]
    assert np.abs(base + np.tensordot(weights, targets, 1) - truth).max() < 2e-5


def test_usd(files: Path, tracks: dict[str, np.ndarray]) -> None:
    usd = pytest.importorskip("pxr.Usd")
    geometry = pytest.importorskip("pxr.UsdGeom")
    stage = usd.Stage.Open(str(files / "usd/scene.usda"))
    moving = geometry.Points(stage.GetPrimAtPath("/Foretrack/moving"))
    truth = tracks["coords"][FRAMES - 1 + 7, tracks["moving"]] * [1, -1, -1]
    assert np.abs(np.array(moving.GetPointsAttr().Get(7)) - truth).max() < 1e-5
    camera = geometry.Camera(stage.GetPrimAtPath("/Foretrack/camera")).GetCamera(7)
    turn, shift = tracks["extrinsics"][FRAMES + 6, :3, :3], tracks["extrinsics"][FRAMES + 6, :3, 3]
    eye = -turn.T @ shift * [1, -1, -1]
    assert np.abs(np.array(camera.frustum.GetPosition()) - eye).max() < 1e-5
    looks = turn.T @ [0, 0, 1] * [1, -1, -1]
    assert np.abs(np.array(camera.frustum.ComputeViewDirection()) - looks).max() < 1e-5
    paths = geometry.BasisCurves(stage.GetPrimAtPath("/Foretrack/paths"))
    counts = paths.GetCurveVertexCountsAttr().Get()
    assert sum(counts) == len(paths.GetPointsAttr().Get())


def test_ply(files: Path, tracks: dict[str, np.ndarray]) -> None:
    plyfile = pytest.importorskip("plyfile")
    vertices = plyfile.PlyData.read(str(files / "ply/scene.ply"))["vertex"].data
    places = np.stack([vertices[axis] for axis in "xyz"], 1)
    assert np.abs(places - tracks["coords"][FRAMES - 1]).max() < 1e-5
    assert (vertices["moving"] == tracks["moving"]).all()
    assert len(list((files / "ply-sequence").iterdir())) == FRAMES


def test_colmap(files: Path, tracks: dict[str, np.ndarray]) -> None:
    pycolmap = pytest.importorskip("pycolmap")
    model = pycolmap.Reconstruction(str(files / "colmap"))
    assert model.num_images() == FRAMES
    still = ~tracks["moving"]
    assert 0.9 * still.sum() <= model.num_points3D() <= still.sum()
    errors = [
        np.linalg.norm(image.project_point(point.xyz) - image.points2D[sight.point2D_idx].xy)
        for point in model.points3D.values()
        for sight in point.track.elements
        for image in [model.images[sight.image_id]]
    ]
    # The tracks are drawn without noise: what is left is what the cameras were found with.
    assert np.median(errors) < 0.1
    # And the cameras are those of the tracker's file.
    first = min(model.images)
    place = project(tracks, 0)[0]
    own = model.images[first].project_point(tracks["coords"][0, 0].astype(float))
    assert np.abs(own - place - 0.5).max() < 1e-2


def test_nerfstudio(files: Path, tracks: dict[str, np.ndarray]) -> None:
    scene = json.loads((files / "nerfstudio/transforms.json").read_text())
    assert len(scene["frames"]) == FRAMES
    assert (files / "nerfstudio" / scene["ply_file_path"]).is_file()
    camera_to_world = np.array(scene["frames"][3]["transform_matrix"]) @ np.diag([1, -1, -1, 1])
    world_to_camera = np.linalg.inv(camera_to_world)
    assert np.abs(world_to_camera - tracks["extrinsics"][3]).max() < 1e-5


def test_rerun(files: Path, tmp_path: Path) -> None:
    chunk = pytest.importorskip("rerun.chunk")
    target = tmp_path / "scene.rrd"
    script = files / "rerun-space/scene.py"
    subprocess.run([sys.executable, str(script), str(target)], check=True)
    moments: dict[str, set[int]] = {}
    for part in chunk.RrdReader(str(target)).stream():
        seen = moments.setdefault(part.entity_path, set())
        if "frame" in part.timeline_names:
            seen |= set(part.to_record_batch().column("frame").to_pylist())
    # Points and camera at every moment, past and future; what stands still once.
    assert len(moments["/world/moving"]) == len(moments["/world/camera"]) == 2 * FRAMES - 1
    assert "/world/still" in moments and "/world/paths" in moments
