"""Training losses on a device that is not there: shapes and places of tensors without numbers.

Fake tensors follow every operation and refuse one that mixes devices, so a loss that leaves a
tensor on the CPU is found without a graphics card.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorDeviceMismatchError, FakeTensorMode

from foretrack.common.batch import Batch
from foretrack.common.machine import Machine
from foretrack.compact.config import TINY
from foretrack.compact.model import CompactForecaster
from foretrack.compact.objectives import matching_loss, policy_loss
from foretrack.compact.settings import Settings
from foretrack.trajloom import objectives
from foretrack.trajloom.checkpoint import build
from foretrack.trajloom.config import SIZES
from foretrack.trajloom.pack import LatentStats
from foretrack.trajloom.windows import Windows

CUDA = torch.device("cuda", 0)


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fake tensors have no values: drawn numbers that steer Python become constants."""
    with CUDA, FakeTensorMode():
        torch.zeros(())  # device contexts look up the functions that they change only once
    randint = torch.randint

    def drawn(*args: Any, **named: Any) -> Any:
        return 1 if () in args else randint(*args, **named)

    monkeypatch.setattr(torch, "randint", drawn)
    monkeypatch.setattr(Tensor, "__float__", lambda _: 0.0)
    monkeypatch.setattr(Tensor, "__int__", lambda _: 2)
    monkeypatch.setattr(nn.Module, "to", lambda module, _: module)  # they are made in place
    with FakeTensorMode():
        yield


def compact_loss(loss: Callable[..., Any]) -> Tensor:
    with CUDA:
        model = CompactForecaster(TINY)
    history, future = (torch.empty(4, 81, 24, 2, device=CUDA) for _ in range(2))
    seen = torch.empty(4, 81, 24, device=CUDA)
    interval, real = torch.empty(4, device=CUDA), torch.empty(4, dtype=torch.bool, device=CUDA)
    batch = Batch(history, seen, future, seen.bool(), seen.bool(), interval, real)
    settings = Settings(size="tiny", futures=3, constraint_share=1.0)
    with Machine(CUDA).context():
        value = loss(model, batch, settings)
    return value["loss"] if isinstance(value, dict) else value


@pytest.mark.parametrize("loss", [matching_loss, policy_loss])
def test_compact_losses_stay_on_the_device(pretend: None, loss: Callable[..., Any]) -> None:
    assert compact_loss(loss).device == CUDA


def test_a_tensor_on_the_cpu_would_be_found(pretend: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Machine, "context", lambda _: torch.device("cpu"))
    with pytest.raises(FakeTensorDeviceMismatchError):
        compact_loss(matching_loss)


def test_trajloom_losses_stay_on_the_device_at_full_size(pretend: None) -> None:
    config = SIZES["full"]
    with CUDA:
        vae, flow, teacher = (build(config, p) for p in ("vae", "generator", "generator"))
        head = build(config, "visibility")
    shape = (2, config.vae.num_frames_in, config.vae.points)
    tracks, seen = torch.empty(*shape, 2, device=CUDA), torch.empty(shape, device=CUDA)
    latent = (config.vae.num_frames_latent, config.vae.points)
    video = torch.empty(2, *latent, config.generator.video_latent_channels, device=CUDA)
    batch = Windows(tracks, seen, tracks, seen, video)
    channels = torch.ones(config.vae.latent_channels)
    space = objectives.LatentSpace(vae, LatentStats(channels, channels), CUDA)
    drawn = objectives.Conditioning(source="both")
    with Machine(CUDA).context():
        values = [objectives.reconstruction_objective(vae, batch)["loss"]]
        latents = space.encode(batch)
        values.append(objectives.matching_objective(flow, latents, drawn))
        values.append(objectives.policy_objective(flow, latents.first(1), drawn, 1))
        values.append(objectives.distillation_objective(flow, teacher, latents, drawn, 1))
        values.append(objectives.visibility_objective(head, latents))
    assert [value.device for value in values] == [CUDA] * 5
