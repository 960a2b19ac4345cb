"""Writes photo-golden.json: futures of one picture and their scores by numpy, written from the
definitions and from neither implementation. `photo-metrics.test.ts` and `models/tests` read it.

python make_photo_golden.py

All distances are px. `truth` [T,N,2] and each of `futures` [T,N,2] are displacements since the
picture, `visibility` [T,N], `xy` [N,2], `pairs` [M,2] points of the variogram, `frames` its frames.
"""

import itertools
import json
import math
from pathlib import Path

import numpy as np

T, N, K = 6, 12, 7


def main() -> None:
    rng = np.random.default_rng(11)
    truth = np.round(rng.normal(0, 3, (T, N, 2)).cumsum(0), 2)
    seen = rng.random((T, N)) > 0.2
    futures = np.round(0.6 * truth + rng.normal(0, 4, (K, T, N, 2)).cumsum(1), 2)
    xy = np.stack([16 + 32 * (np.arange(N) % 4), 16 + 32 * (np.arange(N) // 4)], -1)
    pairs = np.array([(0, 1), (0, 11), (3, 8), (5, 6), (2, 9)])
    frames = [1, 3, 5]

    def rms(a, b):
        return math.sqrt((((a - b) ** 2).sum(-1))[seen].mean())

    to_truth = [rms(f, truth) for f in futures]
    between = [rms(a, b) for a, b in itertools.permutations(futures, 2)]
    counts = [1, 2, 5, 7]
    least = [np.mean([min(c) for c in itertools.combinations(to_truth, n)]) for n in counts]

    parts, weights = [], []
    for t, (a, b) in itertools.product(frames, pairs):
        if seen[t, a] and seen[t, b]:
            true = math.sqrt(np.linalg.norm(truth[t, a] - truth[t, b]))
            drawn = np.mean([math.sqrt(np.linalg.norm(f[t, a] - f[t, b])) for f in futures])
            weights.append(1 / np.linalg.norm(xy[a] - xy[b]))
            parts.append((true - drawn) ** 2)

    width = 5.0
    square = np.array([(((f - truth) ** 2).sum(-1))[seen].sum() for f in futures])
    d = 2 * int(seen.sum())
    log = -square / (2 * width**2) - d / 2 * math.log(2 * math.pi * width**2)
    nll = -(log.max() + math.log(np.exp(log - log.max()).mean()))

    inside = (truth >= futures.min(0)) & (truth <= futures.max(0))
    far = np.linalg.norm(truth, axis=-1).max(0)
    moving = far > 8
    score = np.round(rng.random(N), 1)
    wins = [(p > q) + 0.5 * (p == q) for p in score[moving] for q in score[~moving]]

    def axis(moves):
        flat = moves[np.arange(len(moves))]
        values, vectors = np.linalg.eigh(flat.T @ flat)
        return vectors[:, values.argmax()]

    cosines = []
    for n in np.flatnonzero(moving):
        at = seen[:, n]
        drawn = np.concatenate([f[at, n] for f in futures])
        cosines.append(abs(axis(truth[at, n]) @ axis(drawn)))

    golden = {
        "frameCount": T,
        "pointCount": N,
        "truth": truth.ravel().tolist(),
        "visibility": seen.astype(int).ravel().tolist(),
        "futures": [f.ravel().tolist() for f in futures],
        "xy": xy.ravel().tolist(),
        "pairs": pairs.ravel().tolist(),
        "frames": frames,
        "distances": to_truth,
        "energyScore": np.mean(to_truth) - 0.5 * np.mean(between),
        "leastDistance": {"counts": counts, "values": [float(v) for v in least]},
        "variogramScore": float(np.average(parts, weights=weights)),
        "parzen": {"width": width, "dimensions": d, "nll": nll},
        "coverage": float(inside[seen].mean()),
        "moving": moving.astype(int).tolist(),
        "movingScore": score.tolist(),
        "auroc": float(np.mean(wins)),
        "axisAgreement": float(np.mean(cosines)),
    }
    (Path(__file__).parent / "photo-golden.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
