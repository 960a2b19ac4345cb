"""The `foretrack` command. A subcommand is a module of `commands` and a line here."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

COMMANDS = {
    "batch": "tracks, futures and exports of thousands of clips, on one machine or a cluster",
    "recipe": "every step from clips to a pack of the compact model",
    "make-pool": "procedural scenes to train the compact model on",
    "validation-tracks": "histories of the validation clips, to evaluate from",
    "patches": "pictures around the points, for the variant that sees",
    "train": "train the compact model: vae, flow, visibility",
    "train-trajloom": "train the published architecture: vae, flow, policy, distil, visibility",
    "encode-video": "video latents of the histories, to train the published architecture with",
    "average": "the mean of the weights of several runs",
    "evaluate": "scores of checkpoints beside baselines, on clips never trained on",
    "motion-statistics": "how cameras and bodies move in real clips and in procedural scenes",
    "oracle": "how far procedural scenes can be forecast at all",
    "reconstruction": "what the latent of the compact model loses",
    "visibility": "how well visibility is forecast, by length of the history",
    "steering": "how far constraints steer a forecast",
    "pictures": "pictures of forecasts",
    "photo-data": "pictures and what followed them, to train the photo model on",
    "train photo": "train the photo model: heads, refine",
    "evaluate photo": "scores of futures of one picture, beside controls",
    "export photo": "a trained photo model as a pack",
    "train field": "train the track-to-space network",
    "train paths": "train camera and curves of the track-to-space network",
    "evaluate field": "scores of the track-to-space network, by parallax",
    "evaluate paths": "scores of cameras and movers' ways from tracks, by parallax",
    "evaluate space": "scores of cameras and relief from tracks: made scenes and real clips",
    "export field": "a trained track-to-space network as a pack",
    "relief-data": "pictures and how near each part of them is, to train the relief model on",
    "train relief": "train the relief model",
    "evaluate relief": "scores of reliefs guessed from one picture",
    "export": "a checkpoint of the compact model as a pack",
    "halve": "a compact pack in float32 with its matrices in half precision",
    "from-pack": "a compact or field pack as a checkpoint",
    "convert": "published TrajLoom files as a pack",
    "render-scenes": "rendered scenes with exact tracks",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the subcommand that the first word or two name, by default of the command line. Returns
    the exit code; a subcommand's module is imported only when it is asked for."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    name = next((n for n in (" ".join(words[:2]), *words[:1]) if n in COMMANDS), None)
    if name is None:
        return _explain(words)
    module = importlib.import_module(f".commands.{module_of(name)}", __package__)
    parser = argparse.ArgumentParser(
        prog=f"foretrack {name}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    return module.run(parser.parse_args(words[len(name.split()) :])) or 0


def module_of(name: str) -> str:
    """The module of `commands` that a subcommand is."""
    return name.replace("-", "_").replace(" ", "_")


def _explain(words: list[str]) -> int:
    asked = not words or words[0] in ("-h", "--help")
    width = max(map(len, COMMANDS))
    lines = [f"  {name.ljust(width)}  {help}" for name, help in COMMANDS.items()]
    unknown = [] if asked else [f"foretrack: there is no subcommand {words[0]!r}\n"]
    usage = ["usage: foretrack SUBCOMMAND ...", "", *lines, "", "foretrack SUBCOMMAND --help"]
    print("\n".join([*unknown, *usage]), file=sys.stdout if asked else sys.stderr)
    return 0 if asked else 2
