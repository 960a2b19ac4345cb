from __future__ import annotations

from pathlib import Path

import pytest
import torch
import trajloom_tiny as tiny

from foretrack.trajloom.checkpoint import CheckpointError, load_part, unwrap
from foretrack.trajloom.config import ConfigError, GeneratorConfig, TrajLoomConfig, VaeConfig
from foretrack.trajloom.graphs import DecodeGraph, EncodeGraph, VisibilityGraph, corner_queries
from foretrack.trajloom.sampler import shifted_times, solve, source_latent
from foretrack.trajloom.vae import TrajLoomVae, rasterise, read_corners


@pytest.fixture(scope="module")
def vae() -> TrajLoomVae:
    return tiny.network("vae")


def test_collapsed_embedding_and_final_layer_equal_the_dense_ones(vae: TrajLoomVae) -> None:
    c = tiny.CONFIG.vae
    mean, std = torch.tensor([0.2, -0.1, 0.0, 0.4]), torch.tensor([1.0, 1.5, 0.7, 2.0])
    tracks = tiny.tracks()
    dense = vae.encode_dense(rasterise(tracks[None], c))
    latent, scale = EncodeGraph(vae, mean, std)(tracks)
    assert torch.allclose(latent, (dense.mean - mean) / std, atol=1e-5)
    assert torch.allclose(scale, dense.scale, atol=1e-5)
    expected = read_corners(vae.decode_dense(dense.mean), c)[0]
    got = DecodeGraph(vae, mean, std)((dense.mean - mean) / std)
    assert expected.std() > 1
    assert (got - expected).abs().max() < 1e-4


def test_rasterised_tracks_are_read_back_at_the_corners(vae: TrajLoomVae) -> None:
    field = rasterise(tiny.tracks()[None], tiny.CONFIG.vae)
    assert torch.equal(read_corners(field, tiny.CONFIG.vae)[0].round(decimals=3),
                       tiny.tracks().round(decimals=3))  # fmt: skip


def test_video_encoder_is_causal_and_chunks_change_nothing() -> None:
    net = tiny.network("video_encoder")
    rng = torch.Generator().manual_seed(5)
    video = torch.rand(1, 3, 17, 16, 24, generator=rng) * 2 - 1
    whole = net(video)
    assert whole.shape == (1, 3, 5, 2, 3)
    for chunk in (4, 8, 16):
        assert torch.allclose(net(video, chunk), whole, atol=1e-5)
    changed = video.clone()
    changed[:, :, 9:] = 0
    assert torch.allclose(net(changed)[:, :, :3], whole[:, :, :3], atol=1e-5)
    assert not torch.allclose(net(changed)[:, :, 3:], whole[:, :, 3:], atol=1e-3)


def test_velocity_ignores_absent_conditions() -> None:
    flow = tiny.network("generator")
    rng = torch.Generator().manual_seed(1)
    z, past = torch.randn(2, 1, 3, 6, 4, generator=rng)
    t = torch.tensor([0.4])
    text = torch.randn(1, 6, generator=rng)
    plain = flow(z, t, past)
    assert torch.equal(flow(z, t, past, text=text, text_scale=0.0), plain)
    assert torch.equal(flow(z, t, past, torch.zeros(1, 3, 6), torch.zeros(1, 3, 6, 3)), plain)
    for condition in ({"text": text}, {"history_visibility": torch.ones(1, 3, 6)},
                      {"video": torch.ones(1, 3, 6, 3)}):  # fmt: skip
        assert not torch.allclose(flow(z, t, past, **condition), plain, atol=1e-4)


def test_a_batch_equals_its_members() -> None:
    flow = tiny.network("generator")
    rng = torch.Generator().manual_seed(2)
    z, past = torch.randn(2, 2, 3, 6, 4, generator=rng)
    times = torch.tensor([0.2, 0.9])
    both = flow(z, times, past)
    for i in range(2):
        single = flow(z[i : i + 1], times[i : i + 1], past[i : i + 1])
        assert torch.allclose(both[i : i + 1], single, atol=1e-5)


def test_points_outside_the_frame_are_invisible() -> None:
    head = tiny.network("visibility")
    graph = VisibilityGraph(head, tiny.CONFIG.vae)
    future = corner_queries(tiny.CONFIG.vae).expand(9, -1, -1).clone()
    future[4, 2] = torch.tensor([95.5, 10.0])
    future[5, 3] = torch.tensor([10.0, -0.6])
    _, shown = graph(torch.randn(1, 3, 6, 4), future)
    assert shown[4, 2] == 0 and shown[5, 3] == 0
    assert (shown > 0).sum() == 9 * 6 - 2


def test_solvers_on_a_field_with_a_known_solution() -> None:
    # dz/dt = z: z(1) = e·z(0).
    source = torch.ones(1, 2, 3, 4, dtype=torch.float64)
    errors = {
        solver: float((solve(lambda z, t: z, source, 32, solver) - torch.e).abs().max())
        for solver in ("euler", "heun", "ab2")
    }
    assert errors["euler"] < 0.05
    assert errors["heun"] < 1e-3 and errors["ab2"] < 4e-3
    shifted = float((solve(lambda z, t: z, source, 32, "ab2", shift=3.0) - torch.e).abs().max())
    assert shifted < 2e-2
    times = shifted_times(10, 3.0)
    assert times[0] == 0 and times[-1] == 1 and times[5] < 0.3


def test_source_latent_both_ways() -> None:
    past, noise = torch.randn(2, 1, 3, 6, 4)
    released = source_latent(past, noise)
    assert torch.allclose(released[:, 0], past[:, -1] + 0.1 * noise[:, 0])
    assert torch.equal(released[:, 1:], noise[:, 1:])
    paper = source_latent(past, noise, repeat=True)
    assert torch.allclose(paper, past[:, -1:] + 0.1 * noise)


def test_wrappers_and_prefixes_are_unwrapped() -> None:
    weight = torch.zeros(2)
    for content in (
        {"a.w": weight},
        {"model": {"module.a.w": weight}},
        {"step": 3, "ema": {"state_dict": {"a.w": weight}}},
        {"generator": {"_orig_mod.a.w": weight}, "optimizer": {}},
    ):
        assert list(unwrap(content)) == ["a.w"]
    with pytest.raises(CheckpointError):
        unwrap([weight])


def test_a_wrong_checkpoint_names_the_first_differences(tmp_path: Path) -> None:
    state = tiny.network("visibility").state_dict()
    state["in_proj.weight"] = torch.zeros(8, 5)
    state["surplus"] = torch.zeros(3)
    del state["out.bias"]
    torch.save(state, tmp_path / "head.pt")
    with pytest.raises(CheckpointError) as caught:
        load_part(tiny.CONFIG, "visibility", tmp_path / "head.pt")
    message = str(caught.value)
    assert "missing out.bias [1]" in message
    assert "unexpected surplus [3]" in message
    assert "in_proj.weight is [8, 5], expected [8, 4]" in message


def test_a_pickle_that_would_run_code_is_refused(tmp_path: Path) -> None:
    torch.save({"model": tiny.network("visibility")}, tmp_path / "code.pt")
    with pytest.raises(CheckpointError, match="cannot be read"):
        load_part(tiny.CONFIG, "visibility", tmp_path / "code.pt")


def test_unsupported_and_contradicting_configs_are_refused() -> None:
    with pytest.raises(ConfigError, match="video_ctx_mode"):
        GeneratorConfig(video_ctx_mode="sum")
    with pytest.raises(ConfigError, match="latent_channels"):
        TrajLoomConfig(vae=VaeConfig(latent_channels=8))
