"""Writes tiny-trajloom/: the published architecture, very small, random, on the full 15×26 grid.

expected.json holds what PyTorch makes of a drifting past: the history latent, an 8-step Euler
sample from a source made by a formula, its decoded tracks and its visibility. Deterministic.

From models/: python ../src/workers/inference/testdata/make_tiny_trajloom.py
"""

import json
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "models"))

from foretrack.common.pack_files import Wave  # noqa: E402
from foretrack.trajloom.checkpoint import build  # noqa: E402
from foretrack.trajloom.config import GeneratorConfig, TrajLoomConfig, VaeConfig, VisibilityConfig  # noqa: E402
from foretrack.trajloom.graphs import DecodeGraph, EncodeGraph, VisibilityGraph, corner_queries  # noqa: E402
from foretrack.trajloom.pack import LatentStats, PackOptions, write_pack  # noqa: E402
from foretrack.trajloom.sampler import solve  # noqa: E402

OUT = Path(__file__).parent / "tiny-trajloom"
CONFIG = TrajLoomConfig(
    vae=VaeConfig(
        encoder_depth=4,
        decoder_depth=4,
        hidden_size=8,
        num_heads=2,
        latent_channels=4,
        pos_embed_dim=8,
    ),
    generator=GeneratorConfig(
        hidden_size=8,
        num_heads=2,
        depth=2,
        latent_channels=4,
        video_latent_channels=4,
        text_embed_dim=6,
    ),
    visibility=VisibilityConfig(latent_channels=4, hidden=4),
)
STATS = LatentStats(torch.tensor([0.2, -0.1, 0.0, 0.4]), torch.tensor([1.0, 1.5, 0.7, 2.0]))


def load(part: str) -> torch.nn.Module:
    torch.manual_seed(11)
    network = build(CONFIG, part).eval().requires_grad_(False)
    for name, tensor in network.named_parameters():
        if "adaLN" in name:
            tensor.normal_(0, 0.15)
    return network


def sampled(value: torch.Tensor, count: int = 200) -> dict[str, object]:
    flat = value.flatten()
    indices = [i * (len(flat) - 1) // (count - 1) for i in range(count)]
    return {"indices": indices, "values": [float(flat[i]) for i in indices]}


def main() -> None:
    torch.set_num_threads(1)
    OUT.mkdir(exist_ok=True)
    write_pack(CONFIG, load, STATS, False, OUT, PackOptions(identifier="tiny-trajloom"))
    drift = torch.arange(81.0)[:, None, None] * torch.tensor([0.75, -0.25])
    vae, flow = load("vae"), load("generator")
    with torch.inference_mode():
        past, _ = EncodeGraph(vae, STATS.mean, STATS.std)(corner_queries(CONFIG.vae) + drift)
        source = Wave(list(past.shape), 1.0, 0.37).tensor()
        sample = solve(lambda z, t: flow(z, t, past), source, 8)
        tracks = DecodeGraph(vae, STATS.mean, STATS.std)(sample)
        _, visibility = VisibilityGraph(load("visibility"), CONFIG.vae)(sample, tracks)
    expected = {
        "history_latent": sampled(past),
        "sample": sampled(sample),
        "future_tracks": sampled(tracks),
        "future_visibility": sampled(visibility),
    }
    (OUT / "expected.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    main()
