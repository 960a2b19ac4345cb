"""How rough futures are."""

import json
from pathlib import Path

import torch

from foretrack.compact.texture import add_texture, past_texture

GOLDEN = Path(__file__).parents[2] / "src/engine/models/compact/testdata/texture-golden.json"


def golden() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    file = json.loads(GOLDEN.read_text())
    shape = (-1, file["pointCount"], 2)
    history, texture = (torch.tensor(file[name]).reshape(shape) for name in ("history", "texture"))
    return history, torch.tensor(file["seen"]).reshape(shape[:2]), texture


def test_past_texture_is_that_of_the_studio() -> None:
    history, seen, expected = golden()
    texture = past_texture(history, seen)
    assert texture is not None
    torch.testing.assert_close(texture, expected, atol=1e-3, rtol=0)
    assert past_texture(history[:19], seen[:19]) is None


def test_futures_repeat_moments_of_the_past() -> None:
    _, _, texture = golden()
    futures = torch.zeros(4, 81, texture.shape[1], 2)
    rough = add_texture(futures, texture, torch.Generator().manual_seed(1))
    late = rough[:, 3:].flatten(2)
    off = (late.flatten(0, 1)[:, None] - texture.flatten(1)[None]).abs().amax(-1)
    assert off.amin(1).max() < 1e-5
    assert not torch.equal(rough[0], rough[1])
    assert rough[:, 0].abs().max() <= texture.abs().max() / 3 + 1e-6
