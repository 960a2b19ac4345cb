from dataclasses import replace

import pytest
import torch

from foretrack.compact.config import TINY
from foretrack.compact.encoder import own_features
from foretrack.compact.history import look_back
from foretrack.compact.model import CompactForecaster
from foretrack.compact.widen import fitted


@pytest.mark.parametrize(
    "sizes",
    [
        {},
        {"width": 2 * TINY.width},
        {"width": 3 * TINY.width},
        {"width": 2 * TINY.width, "camera_width": 70, "condition_layers": 3, "velocity_layers": 2},
    ],
)
def test_a_larger_model_begins_as_the_small_one(sizes: dict[str, int]) -> None:
    torch.manual_seed(0)
    narrow = CompactForecaster(TINY)
    for parameter in narrow.parameters():  # nothing may hide behind a zero
        torch.nn.init.normal_(parameter, 0, 0.2)
    wide = CompactForecaster(replace(TINY, **sizes))
    wide.load_state_dict(fitted(narrow.state_dict(), wide.config))
    tracks, seen = torch.randn(2, 81, 20, 2).cumsum(1) + 300, torch.ones(2, 81, 20)
    interval, latent = torch.tensor([0.04, 0.1]), torch.randn(2, 23, TINY.channels)
    outputs = []
    for model in (narrow, wide):
        condition = model.condition(look_back(tracks, seen), interval)
        time = torch.tensor([0.2, 0.7])
        velocity = model.velocity(latent, condition.tokens, condition.summary, time)
        outputs.append((velocity, model.visible(latent, condition)))
    for same, other in zip(*outputs, strict=True):
        torch.testing.assert_close(other, same, rtol=1e-4, atol=1e-4)


def test_copies_of_a_channel_learn_apart() -> None:
    narrow = CompactForecaster(TINY)
    wide = CompactForecaster(replace(TINY, width=2 * TINY.width))
    wide.load_state_dict(fitted(narrow.state_dict(), wide.config))
    weight = wide.velocity.blocks[0].attention.qkv.weight
    half = TINY.width // TINY.heads
    assert not torch.allclose(weight[:, :half], weight[:, half : 2 * half])


def test_a_width_that_is_no_multiple_is_refused() -> None:
    with pytest.raises(ValueError, match="no multiple of 24"):
        fitted(CompactForecaster(TINY).state_dict(), replace(TINY, width=32))


def test_weights_from_before_own_units_compute_what_they_did() -> None:
    torch.manual_seed(0)
    model = CompactForecaster(TINY)
    torch.nn.init.normal_(model.velocity.out.weight)
    added = own_features(TINY)
    old = {}
    for name, value in model.state_dict().items():
        if name in ("encoder.point_in.weight", "encoder.camera_in.weight"):
            value[:, -added:] = 0
            value = value[:, :-added].clone()
        parts = "velocity.gain", "velocity.own_in", "velocity.follow", "velocity.camera."
        if not name.startswith((*parts, "encoder.camera.")):
            old[name] = value
    tracks, seen = torch.randn(1, 81, 20, 2).cumsum(1) + 300, torch.ones(1, 81, 20)
    forecast = (tracks, seen, torch.tensor([0.04]), 2, 2)
    before, _ = model.forecast(*forecast, generator=torch.Generator().manual_seed(0))
    other = CompactForecaster(TINY)
    other.load_state_dict(fitted(old, TINY))
    after, _ = other.forecast(*forecast, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(after, before)
