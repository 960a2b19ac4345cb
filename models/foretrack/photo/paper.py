"""The network of An Uncertain Future at our size, on our features, as a control.

A conditional variational autoencoder (Walker et al., 2016): the latent's eight numbers, the same
for the whole picture, scale the features channel by channel before a convolutional decoder of
normalised DCT coefficients; two more give the norms of x and of y. Its loss is theirs, with the
norms as logarithms, for they range over a factor of a hundred.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..common.geometry import COLUMNS, HEIGHT, ROWS, WIDTH
from .metrics import cosine_rows

SHAPE, SIZE = 8, 2
COEFFICIENTS = 5
KL_WEIGHT = 0.01
UNIT = (1000 / WIDTH, 1000 / HEIGHT)


def three(inputs: int, outputs: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, padding=1)


class PaperModel(nn.Module):
    def __init__(self, features: int = 96, width: int = 32) -> None:
        super().__init__()
        self.enter = nn.Conv2d(features, width, 1)
        encoder = [
            three(width + 2 * COEFFICIENTS, width),
            nn.ReLU(),
            three(width, width),
            nn.ReLU(),
        ]
        self.encode = nn.Sequential(*encoder)
        self.posterior = nn.Linear(width, 2 * (SHAPE + SIZE))
        self.scale = nn.Linear(SHAPE, width)
        layers: list[nn.Module] = []
        for _ in range(4):
            layers += [three(width, width), nn.ReLU()]
        self.decode = nn.Sequential(*layers, three(width, 2 * COEFFICIENTS))
        self.norms = nn.Sequential(nn.Linear(width + SIZE, width), nn.ReLU(), nn.Linear(width, 2))

    def look(self, features: Tensor) -> Tensor:
        """[B,F,N] -> [B,width,15,26]."""
        return F.relu(
            self.enter(F.dropout1d(features, 0.2, self.training).unflatten(2, (ROWS, COLUMNS)))
        )

    def field(self, h: Tensor, z: Tensor) -> tuple[Tensor, Tensor]:
        """Features of each sample, z [n,10] -> normalised field [n,10,15,26], log norms [n,2]."""
        scaled = h * self.scale(z[:, :SHAPE])[..., None, None]
        shape = self.decode(scaled)
        pooled = torch.cat([h.mean((2, 3)), z[:, SHAPE:]], 1)
        return shape, self.norms(pooled)

    def loss(self, features: Tensor, truth: Tensor, mask: Tensor) -> Tensor:
        """truth [B,T,2,N] px over a second, mask [B,N] of points known all along."""
        field, norm = target(truth, mask)
        h = self.look(features)
        told = self.posterior(self.encode(torch.cat([h, field], 1)).mean((2, 3)))
        mean, log_var = told.chunk(2, 1)
        log_var = log_var.clamp(-8, 4)
        z = mean + (0.5 * log_var).exp() * torch.randn_like(mean)
        shape, logs = self.field(h, z)
        known = mask.unflatten(1, (ROWS, COLUMNS))[:, None]
        count = known.sum((1, 2, 3)).clamp(min=1)
        miss = ((shape - field).square() * known).sum((1, 2, 3)) / count
        sizes = (logs - norm.log()).square().sum(1)
        kl = 0.5 * (mean.square() + log_var.exp() - 1 - log_var).sum(1)
        return (miss + sizes + KL_WEIGHT * kl).mean()

    @torch.no_grad()
    def sample(self, features: Tensor, z: Tensor, frames: Tensor) -> Tensor:
        """features [F,N], z [n,10] -> displacement [n,T,N,2] px at `frames` of the first second."""
        h = self.look(features[None]).expand(len(z), -1, -1, -1)
        shape, logs = self.field(h, z)
        field = shape.flatten(2).unflatten(1, (2, COEFFICIENTS)) * logs.exp()[:, :, None, None]
        time = (frames + 1).float() / 2 - 0.5  # in kept frames
        k = torch.arange(COEFFICIENTS)[:, None]
        rows = (torch.pi / 8 * k * (time + 0.5)).cos() * (2 / 8) ** 0.5
        rows[0] /= 2**0.5
        path = torch.einsum("nakp,kt->ntpa", field, rows)
        return path / torch.tensor(UNIT)


def target(truth: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """truth [B,8,2,N] px at every second frame of a second -> the field [B,10,15,26] whose x and y
    have mean square 1 over known points, and the norms [B,2] in 1000ths of the frame."""
    told = torch.einsum("ct,btan->bacn", cosine_rows(8, COEFFICIENTS), truth)
    told = told * torch.tensor(UNIT)[:, None, None] * mask[:, None, None]
    count = mask.sum(1).clamp(min=1)[:, None]
    norm = (told.square().sum((2, 3)) / count).sqrt().clamp(min=0.3)
    field = (told / norm[..., None, None]).flatten(1, 2)
    return field.unflatten(2, (ROWS, COLUMNS)), norm


def train_paper(
    features: Tensor, truth: Tensor, mask: Tensor, chance: Tensor, steps: int, seed: int = 1
) -> PaperModel:
    """Pictures [P,...] drawn by `chance`; the learning rate falls linearly."""
    torch.manual_seed(seed)
    model = PaperModel(features.shape[1])
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.05)
    for step in range(steps):
        rows = chance.multinomial(16, True)
        loss = model.loss(features[rows].float(), truth[rows].float(), mask[rows].float())
        optimizer.param_groups[0]["lr"] = 1e-3 * (1 - step / steps)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 100 == 0:
            print(f"paper's network, step {step}: {float(loss.detach()):.3f}", flush=True)
    return model.eval()
