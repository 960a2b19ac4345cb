"""Procedural tileable textures and their mipmaps in one flat array."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .timing import Rng, chance, log_uniform

Array = np.ndarray
SIZE = 256
LEVELS = 7


def spectral_noise(rng: Rng, slope: float, low: float = 0.0) -> Array:
    """Tileable noise [S,S] of unit variance with amplitude ∝ frequency^-slope above `low`."""
    fy, fx = np.meshgrid(np.fft.fftfreq(SIZE), np.fft.fftfreq(SIZE), indexing="ij")
    radius = np.hypot(fx, fy) * SIZE
    gain = np.where(radius > low, np.maximum(radius, 1) ** -slope, 0)
    gain[0, 0] = 0
    noise = np.fft.ifft2(np.fft.fft2(rng.normal(size=(SIZE, SIZE))) * gain).real
    return noise / (noise.std() + 1e-9)


def _pattern(rng: Rng) -> Array:
    """[S,S] in about [-1,1]."""
    y, x = np.meshgrid(np.arange(SIZE) / SIZE, np.arange(SIZE) / SIZE, indexing="ij")
    kind = rng.choice(["noise", "blobs", "checks", "bricks", "stripes", "dots", "cells"])
    count = int(rng.integers(2, 9))
    if kind == "noise":
        return 0.7 * spectral_noise(rng, rng.uniform(0.8, 1.7))
    if kind == "blobs":
        return np.tanh(3 * spectral_noise(rng, rng.uniform(1.5, 2.5)) + rng.normal(0, 0.5))
    if kind == "checks":
        return np.sign(np.sin(2 * np.pi * count * x) * np.sin(2 * np.pi * count * y))
    if kind == "bricks":
        row = np.floor(y * 2 * count)
        shifted = (x * count + 0.5 * (row % 2)) % 1
        joint = (shifted < 0.06) | ((y * 2 * count) % 1 < 0.12)
        tone = rng.normal(0, 0.4, (2 * count, count + 1))
        column = np.floor(x * count + 0.5 * (row % 2)).astype(int) % count
        return np.where(joint, -1.0, tone[row.astype(int) % (2 * count), column] + 0.3)
    if kind == "stripes":
        bent = x * count + rng.uniform(0, 0.15) * spectral_noise(rng, 2.0)
        return np.sin(2 * np.pi * bent + rng.integers(0, 3) * 2 * np.pi * y)
    points = rng.random((count * count + 4, 2))
    away = np.abs(np.stack([x, y], -1)[:, :, None] - points)
    away = np.minimum(away, 1 - away)
    distance = np.sort(np.hypot(away[..., 0], away[..., 1]), -1)
    if kind == "dots":
        return np.where(distance[..., 0] < rng.uniform(0.3, 0.7) / (2 * count), 1.0, -0.6)
    return np.tanh(12 * count * (distance[..., 1] - distance[..., 0]) / 4) * 2 - 1


def texture(rng: Rng, contrast: float) -> Array:
    """Tileable picture [S,S,3] in [0,1]; `contrast` 0 to 1."""
    # Mostly grey with a cast, as surfaces are outdoors and in rooms; a few vivid ones.
    vivid = log_uniform(rng, 0.3, 3.0)
    base = rng.uniform(0.2, 0.75) + 0.07 * vivid * rng.normal(size=3)
    tint = 0.07 * vivid * rng.normal(size=3) + rng.choice([-1, 1]) * 0.25
    picture = base + contrast * tint * _pattern(rng)[..., None]
    if chance(rng, 0.5):
        other = rng.normal(0, 0.15) + 0.06 * vivid * rng.normal(size=3)
        picture = picture + 0.6 * contrast * other * _pattern(rng)[..., None]
    grain = spectral_noise(rng, rng.uniform(0.4, 1.0), low=4)[..., None]
    return np.clip(picture + contrast * log_uniform(rng, 0.02, 0.12) * grain, 0, 1)


def sky(rng: Rng) -> Array:
    """Soft clouds over a tint [S,S,3]."""
    clouds = 0.5 + 0.5 * np.tanh(1.2 * spectral_noise(rng, 2.0) + rng.normal(0, 0.6))
    blue = rng.uniform([0.35, 0.5, 0.65], [0.7, 0.8, 0.95])
    white = rng.uniform(0.75, 0.98)
    return blue + (white - blue) * clouds[..., None] * rng.uniform(0.1, 1.0)


@dataclass
class Atlas:
    """texels [X,3] float32 of all textures and levels; texture k level l starts at
    level_start[l] + k·side², side = SIZE >> l."""

    texels: Array
    level_start: Array


def make_atlas(pictures: list[Array]) -> Atlas:
    level = np.stack(pictures).astype(np.float32)
    texels, starts, total = [], [], 0
    for _ in range(LEVELS):
        starts.append(total)
        texels.append(level.reshape(-1, 3))
        total += len(texels[-1])
        count, side = level.shape[0], level.shape[1] // 2
        level = level.reshape(count, side, 2, side, 2, 3).mean((2, 4))
    return Atlas(np.concatenate(texels), np.array(starts))
