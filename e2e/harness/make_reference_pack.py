"""Converts the reference weights of TrajLoom and of the video encoder into one pack, with the
reference numbers as JSON beside it: io.json, name -> dims and values.

python e2e/harness/make_reference_pack.py REFERENCE OUT
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "models"))

from safetensors.torch import load_file  # noqa: E402

from foretrack.trajloom.checkpoint import load_part  # noqa: E402
from foretrack.trajloom.config import WanEncoderConfig, from_dict, read_configs  # noqa: E402
from foretrack.trajloom.graphs import VideoGraph  # noqa: E402
from foretrack.trajloom.onnx_file import export_graph  # noqa: E402
from foretrack.trajloom.pack import (DATA_LIMIT, LatentStats, PackOptions, make_manifest, write_pack)  # noqa: E402


def main() -> None:
    reference, out = Path(sys.argv[1]), Path(sys.argv[2])
    tiny, video = reference / "trajloom_tiny", reference / "wan_video_encoder_tiny"
    numbers = load_file(tiny / "io.safetensors")
    config = read_configs([tiny / "config.json"])
    stats = LatentStats(numbers["latent_stats_mean"], numbers["latent_stats_std"])
    options = PackOptions(check=False, identifier="reference")

    def load(part: str):
        return load_part(config, part, tiny / f"{part}.safetensors")

    manifest = write_pack(config, load, stats, False, out, options, say=lambda _: None)

    wan = from_dict(WanEncoderConfig, json.loads((video / "config.json").read_text()))
    encoder = load_part(
        replace(config, wan=wan), "video_encoder", video / "video_encoder.safetensors"
    )
    pictures = load_file(video / "io.safetensors")
    facts = export_graph(
        VideoGraph(encoder).eval(),
        {"video": pictures["video_bcthw"]},
        ["video_latent"],
        out / "video.onnx",
        DATA_LIMIT,
    )
    listed = make_manifest(config, stats, {"video": facts}, False, out, options)
    manifest["graphs"]["video"] = listed["graphs"]["video"]
    manifest["files"] += listed["files"]
    (out / "manifest.json").write_text(json.dumps(manifest))

    numbers["video"] = pictures["video_bcthw"]
    # As the graph gives it: [1,L,N,C].
    numbers["encoded_video"] = pictures["latent_bcthw"].flatten(3).permute(0, 2, 3, 1)
    io = {
        name: {"dims": list(value.shape), "values": value.flatten().tolist()}
        for name, value in numbers.items()
    }
    (out / "io.json").write_text(json.dumps(io))


if __name__ == "__main__":
    main()
