"""The exported form of the compact model gives what the trained one gives."""

import pytest
import torch

from foretrack.compact.config import TINY
from foretrack.compact.encoder import context_width
from foretrack.compact.model import CompactForecaster
from foretrack.compact.one_scene import for_one_scene


@pytest.fixture
def model():
    torch.manual_seed(0)
    model = CompactForecaster(TINY)
    with torch.no_grad():  # what starts at zero would hide a difference
        for parameter in model.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    return model


@pytest.mark.parametrize("futures", [1, 3])
def test_velocity_of_several_futures_is_that_of_the_trained_form(model, futures):
    latent = 3 * torch.randn(futures, 27, TINY.channels)
    tokens = torch.randn(1, 27, context_width(TINY))
    condition = torch.randn(1, TINY.width)
    time = torch.tensor([0.3])
    every = (latent, *(x.expand(futures, *x.shape[1:]) for x in (tokens, condition, time)))
    with torch.no_grad():
        expected = model.velocity(*every)
        actual = for_one_scene(model).velocity(latent, tokens, condition, time)
    assert actual.shape == expected.shape
    assert torch.allclose(actual, expected, rtol=1e-4, atol=1e-4)


def test_the_trained_model_stays_as_it_is(model):
    before = {name: value.clone() for name, value in model.state_dict().items()}
    for_one_scene(model)
    after = model.state_dict()
    assert list(after) == list(before)
    assert all(torch.equal(after[name], before[name]) for name in before)
