from __future__ import annotations

import torch

from foretrack.trajloom.losses import (
    flow_matching_loss,
    kl_divergence,
    on_policy_loss,
    sample_flow_times,
    vae_loss,
)
from foretrack.trajloom.vae import Posterior


def test_vae_terms_are_zero_at_the_truth_and_blind_to_hidden_points() -> None:
    rng = torch.Generator().manual_seed(0)
    target = torch.randn(2, 9, 6, 2, generator=rng)
    visible = torch.ones(2, 9, 6)
    standard = Posterior(torch.zeros(2, 3, 6, 4), torch.ones(2, 3, 6, 4))
    assert float(vae_loss(target, target, visible, standard, 2, 3)["total"]) == 0
    wrong = target.clone()
    wrong[:, :, 4] += 5
    assert float(vae_loss(wrong, target, visible, standard, 2, 3)["total"]) > 0
    visible[:, :, 4] = 0
    assert float(vae_loss(wrong, target, visible, standard, 2, 3)["total"]) == 0


def test_each_term_sees_its_own_error() -> None:
    target = torch.zeros(1, 9, 6, 2)
    visible = torch.ones(1, 9, 6)
    standard = Posterior(torch.zeros(1, 3, 6, 4), torch.ones(1, 3, 6, 4))
    shifted = vae_loss(target + 0.5, target, visible, standard, 2, 3)
    assert shifted["huber"] > 0 and shifted["velocity"] == 0 and shifted["neighbour"] == 0
    jitter = target.clone()
    jitter[:, ::2] += 0.5
    assert vae_loss(jitter, target, visible, standard, 2, 3)["velocity"] > 0
    torn = target.clone()
    torn[:, :, 0] += 0.5
    terms = vae_loss(torn, target, visible, standard, 2, 3)
    assert terms["velocity"] == 0 and terms["neighbour"] > 0


def test_kl_of_known_normals() -> None:
    # KL(N(1,2²) || N(0,1)) = (1 + 4 − 1 − ln 4)/2.
    posterior = Posterior(torch.ones(5), 2 * torch.ones(5))
    expected = 0.5 * (4 - torch.log(torch.tensor(4.0)))
    assert torch.allclose(kl_divergence(posterior), expected)


def test_kl_of_a_vanishing_scale_stays_finite_and_pushes_back() -> None:
    for raw in (-110.0, -60.0, -45.0):
        x = torch.full((3,), raw, requires_grad=True)
        kl = kl_divergence(Posterior(torch.zeros(3), torch.nn.functional.softplus(x)))
        kl.backward()
        assert torch.isfinite(kl) and torch.isfinite(x.grad).all()
        assert raw < -100 or (x.grad < 0).all()


def test_flow_losses_vanish_for_the_true_field_and_weigh_visibility() -> None:
    rng = torch.Generator().manual_seed(4)
    source, data, noise = torch.randn(3, 2, 3, 6, 4, generator=rng)
    visible = torch.ones(2, 3, 6)
    times = torch.tensor([0.3, 0.8])

    def straight(z: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        return data - source

    assert flow_matching_loss(straight, source, data, visible, times, noise) == 0
    assert float(on_policy_loss(straight, source, data, visible, steps=4)) < 1e-9

    def wrong_at_first_point(z: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        error = torch.zeros_like(z)
        error[:, :, 0] = 1
        return data - source + error

    seen = flow_matching_loss(wrong_at_first_point, source, data, visible, times, noise)
    visible[:, :, 0] = 0
    hidden = flow_matching_loss(wrong_at_first_point, source, data, visible, times, noise)
    assert 0.005 < hidden / seen < 0.02


def test_on_policy_corrects_towards_the_data_from_where_the_model_went() -> None:
    source, data = torch.zeros(1, 1, 1, 1), torch.ones(1, 1, 1, 1)
    field = torch.nn.Linear(2, 1)

    def flow(z: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        return field(torch.cat([z, t.view(-1, 1, 1, 1).expand_as(z)], -1))

    optimizer = torch.optim.Adam(field.parameters(), 0.05)
    torch.manual_seed(0)
    for _ in range(300):
        optimizer.zero_grad()
        on_policy_loss(flow, source, data, torch.ones(1, 1, 1), steps=4).backward()
        optimizer.step()
    z = source
    with torch.no_grad():
        for k in range(4):
            z = z + flow(z, torch.tensor([k / 4])) / 4
    assert abs(float(z) - 1) < 0.05


def test_a_fifth_of_the_flow_times_is_small() -> None:
    times = sample_flow_times(20000, torch.Generator().manual_seed(1))
    share = float((times < 0.1).float().mean())
    assert 0.26 < share < 0.30  # 0.2 + 0.8·0.1
