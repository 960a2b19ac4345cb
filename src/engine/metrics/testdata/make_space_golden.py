"""Writes space-golden.json for the tests of src/engine/metrics/space and models/tests: points in space
and their scores, point by point from the definitions and not from either implementation.

python make_space_golden.py
"""

import json
import math
from pathlib import Path

import numpy as np

T, N, F = 5, 12, 7
FOCAL = (210.0, 230.0)


def main() -> None:
    rng = np.random.default_rng(8)
    start = rng.uniform([-1, -1, 2], [1, 1, 5], (N, 3))
    start[6:9] = start[3:6] + 0.02  # within 5 cm of others
    truth = np.round(start + rng.normal(0, 0.01, (T, N, 3)).cumsum(0), 4)
    seen = rng.random((T, N)) > 0.2
    predicted = np.round(0.7 * truth + rng.normal(0, 0.02, (T, N, 3)), 4)
    told = seen ^ (rng.random((T, N)) < 0.15)
    query = rng.integers(0, T, N)
    turned = 0.3 * truth @ turn(0.4).T + [0.2, -1, 3] + rng.normal(0, 0.05, (T, N, 3))
    turned = np.round(turned, 4)
    centres = np.round(rng.normal(0, 0.3, (F, 3)).cumsum(0), 4)
    walked = np.round(2 * centres @ turn(-0.7).T + 1 + rng.normal(0, 0.05, (F, 3)), 4)
    a, b = truth.reshape(-1, 3), turned.reshape(-1, 3)
    depth = truth[0, :, 2] / np.median(truth[0, :, 2])
    guess = np.round(depth * np.exp(rng.normal(0, 0.2, N)), 4)
    scalings = ("median", "per-trajectory", "local-neighbourhood", "none")
    golden = {
        "frameCount": T,
        "pointCount": N,
        "focalPx": FOCAL,
        "truth": truth.ravel().tolist(),
        "visibility": seen.astype(int).ravel().tolist(),
        "predicted": predicted.ravel().tolist(),
        "told": told.astype(int).ravel().tolist(),
        "query": query.tolist(),
        "tapvid3d": {s: tapvid3d(truth, seen, predicted, told, query, s) for s in scalings},
        "turned": turned.ravel().tolist(),
        "worldTracking": world(a, moved(b, a)),
        "worldTrackingMedianNorm": world(a, b * np.median(norm(a)) / np.median(norm(b))),
        "pointMapEpe": float(np.mean(norm(a / np.mean(norm(a)) - b / np.mean(norm(b))))),
        "stillJitter": jitter(truth) / 3.5,
        "curveDisagreement": float(np.mean(norm(a - b))) / 3.5,
        "depth": depth.tolist(),
        "guess": guess.tolist(),
        "depthScore": depth_score(depth, guess),
        "centres": centres.ravel().tolist(),
        "walked": walked.ravel().tolist(),
        "trajectoryError": rms(norm(moved(walked, centres) - centres)),
        "stepError": rms(norm(np.diff(moved(walked, centres) - centres, axis=0))),
        "rankCorrelation": spearman(np.round(depth, 1), np.round(guess, 1)),
    }
    path = Path(__file__).parent / "space-golden.json"
    path.write_text(json.dumps(golden) + "\n")


def tapvid3d(truth, seen, predicted, told, query, scaling):
    """(apd, aj, oa); sets of (point, frame, scale, weight) first, then counts one by one."""
    sets = []
    both = [(t, n) for t in range(T) for n in range(N) if seen[t, n] and told[t, n]]
    for n in range(N):
        for t in range(T):
            if scaling == "none":
                sets.append((t, n, 1.0, 1.0))
            if scaling == "median":
                scale = np.median([norm(truth[p]) for p in both])
                sets.append((t, n, scale / np.median([norm(predicted[p]) for p in both]), 1.0))
        own = truth[query[n], n, 2] / predicted[query[n], n, 2]
        if scaling == "per-trajectory":
            sets += [(t, n, own, 1.0) for t in range(T)]
        if scaling == "local-neighbourhood":
            near = [
                (t, m)
                for t in range(T)
                for m in range(N)
                if norm(truth[t, m] - truth[t, n]) < 0.05
            ]
            weight = sum(seen[:, n]) / max(1, sum(seen[p] for p in near))
            sets += [(t, m, own, weight) for t, m in near]
    right = sum(w for t, n, _, w in sets if seen[t, n] == told[t, n])
    visible = sum(w for t, n, _, w in sets if seen[t, n])
    within, jaccard = [], []
    for pixels in (1, 2, 4, 8, 16):
        hit = met = false = 0.0
        for t, n, scale, w in sets:
            reach = pixels * truth[t, n, 2] / math.sqrt(FOCAL[0] * FOCAL[1])
            close = norm(scale * predicted[t, n] - truth[t, n]) < reach
            if seen[t, n] and close:
                hit += w
                met += w if told[t, n] else 0
            if told[t, n] and (not seen[t, n] or not close):
                false += w
        within.append(hit / visible)
        jaccard.append(met / (visible + false))
    return {
        "apd": float(np.mean(within)),
        "aj": float(np.mean(jaccard)),
        "oa": float(right / sum(w for *_, w in sets)),
    }


def moved(source, target):
    """The source under the best similarity: Umeyama's closed form."""
    s, d = source - source.mean(0), target - target.mean(0)
    u, k, v = np.linalg.svd(d.T @ s)
    e = np.diag([1, 1, np.linalg.det(u) * np.linalg.det(v)])
    scale = np.trace(np.diag(k) @ e) / (s**2).sum()
    return scale * s @ (u @ e @ v).T + target.mean(0)


def world(truth, points):
    far = norm(points - truth)
    shares = [np.mean(far < metres) for metres in (0.1, 0.3, 0.5, 1)]
    return {"apd": float(np.mean(shares)), "epe": float(np.mean(far))}


def jitter(points):
    return float(np.mean([math.sqrt(sum(np.var(points[:, n], axis=0))) for n in range(N)]))


def depth_score(truth, guess):
    guess = guess * np.median(truth) / np.median(guess)
    good = [max(g / d, d / g) < 1.25 for g, d in zip(guess, truth, strict=True)]
    return {"absRel": float(np.mean(abs(guess - truth) / truth)), "delta125": float(np.mean(good))}


def spearman(a, b):
    def ranks(v):
        return np.array([np.mean(np.flatnonzero(np.sort(v) == x)) for x in v])

    return float(np.corrcoef(ranks(a), ranks(b))[0, 1])


def turn(angle):
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def norm(points):
    return np.sqrt((np.asarray(points) ** 2).sum(-1))


def rms(values):
    return float(np.sqrt(np.mean(values**2)))


main()
