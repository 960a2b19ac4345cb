"""Against the reference numbers, where they are present beside the project."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from foretrack.trajloom.checkpoint import differences, expected_shapes, load_part
from foretrack.trajloom.config import TrajLoomConfig, WanEncoderConfig, from_dict, read_configs
from foretrack.trajloom.generator import TrajLoomFlow
from foretrack.trajloom.graphs import DecodeGraph, EncodeGraph
from foretrack.trajloom.sampler import solve
from foretrack.trajloom.vae import rasterise, read_corners

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference"
TINY = REFERENCE / "trajloom_tiny"
pytestmark = pytest.mark.skipif(not REFERENCE.is_dir(), reason="no reference numbers here")


def relative(got: torch.Tensor, expected: torch.Tensor) -> float:
    return float((got - expected).abs().max() / expected.abs().max())


@pytest.fixture(scope="module")
def io() -> dict[str, torch.Tensor]:
    return load_file(TINY / "io.safetensors")


@pytest.fixture(scope="module")
def config() -> TrajLoomConfig:
    return read_configs([TINY / "config.json"])


@pytest.fixture(scope="module")
def flow(config: TrajLoomConfig) -> TrajLoomFlow:
    return load_part(config, "generator", TINY / "generator.safetensors")


@pytest.mark.parametrize("part", ["vae", "generator", "visibility"])
def test_published_keys_and_shapes_follow_from_the_default_config(part: str) -> None:
    official = json.loads((REFERENCE / "official_parameter_shapes.json").read_text())[part]
    found = {k: tuple(v) for k, v in official.items()}
    assert differences(expected_shapes(TrajLoomConfig(), part), found) == []


def test_published_video_encoder_keys_and_shapes() -> None:
    path = REFERENCE / "wan_video_encoder_parameter_shapes.json"
    found = {k: tuple(v) for k, v in json.loads(path.read_text()).items()}
    assert differences(expected_shapes(TrajLoomConfig(), "video_encoder"), found) == []


def test_vae(config: TrajLoomConfig, io: dict[str, torch.Tensor]) -> None:
    vae = load_part(config, "vae", TINY / "vae.safetensors")
    tracks = io["history_tracks_tn2_px"]
    dense = vae.encode_dense(rasterise(tracks[None], config.vae))
    assert relative(dense.mean, io["history_latent_mean"]) < 1e-5
    assert relative(dense.scale, io["history_latent_scale"]) < 1e-5
    encode = EncodeGraph(vae, io["latent_stats_mean"], io["latent_stats_std"])
    latent, scale = encode(tracks)
    assert relative(latent, io["history_latent_scaled"]) < 1e-5
    assert relative(scale, io["history_latent_scale"]) < 1e-5
    decode = DecodeGraph(vae, io["latent_stats_mean"], io["latent_stats_std"])
    rebuilt = decode(io["history_latent_scaled"])
    assert (rebuilt - io["reconstruction_tn2_px"]).abs().max() < 1e-3
    corners = read_corners(vae.decode_dense(io["history_latent_mean"]), config.vae)[0]
    assert (corners - io["reconstruction_tn2_px"]).abs().max() < 1e-3


def test_velocity_with_all_and_with_no_conditions(
    flow: TrajLoomFlow, io: dict[str, torch.Tensor]
) -> None:
    past = io["history_latent_scaled"]
    everything = flow(
        io["z_t"],
        io["flow_time"],
        past,
        io["history_visibility_latent"],
        io["video_latent"],
        io["text_embedding"],
    )
    assert relative(everything, io["velocity_all_conditions"]) < 1e-5
    nothing = flow(io["z_t"], io["flow_time"], past)
    assert relative(nothing, io["velocity_no_conditions"]) < 1e-5


def test_sample_future_and_visibility(
    config: TrajLoomConfig, flow: TrajLoomFlow, io: dict[str, torch.Tensor]
) -> None:
    sample = solve(
        lambda z, t: flow(z, t, io["history_latent_scaled"], video=io["video_latent"]),
        io["source_latent"],
        steps=8,
    )
    expected = io["sampled_latent_8_euler_steps_video_only"]
    assert relative(sample, expected) < 1e-4
    vae = load_part(config, "vae", TINY / "vae.safetensors")
    decode = DecodeGraph(vae, io["latent_stats_mean"], io["latent_stats_std"])
    assert (decode(expected) - io["future_tracks_tn2_px"]).abs().max() < 1e-3
    head = load_part(config, "visibility", TINY / "visibility.safetensors")
    assert relative(head(expected), io["visibility_logits_on_sample"]) < 1e-5


def test_video_encoder() -> None:
    folder = REFERENCE / "wan_video_encoder_tiny"
    wan = from_dict(WanEncoderConfig, json.loads((folder / "config.json").read_text()))
    numbers = load_file(folder / "io.safetensors")
    config = TrajLoomConfig(wan=wan)
    net = load_part(config, "video_encoder", folder / "video_encoder.safetensors")
    assert relative(net(numbers["video_bcthw"]), numbers["latent_bcthw"]) < 1e-5
    assert relative(net(numbers["video_bcthw"], chunk=8), numbers["latent_bcthw"]) < 1e-5
