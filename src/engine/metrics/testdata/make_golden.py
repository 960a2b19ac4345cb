"""Writes golden.json for metrics.test.ts: tracks and their metrics by numpy, written from the
definitions and not from the TypeScript.

python make_golden.py
"""

import json
from pathlib import Path

import numpy as np

ROWS, COLUMNS, T, K = 3, 4, 5, 4
N = ROWS * COLUMNS


def main() -> None:
    rng = np.random.default_rng(3)
    truth = np.round(rng.normal(0, 4, (T, N, 2)).cumsum(0) + 100, 2)
    seen = rng.random((T, N)) > 0.25
    futures = np.round(truth + rng.normal(0, 3, (K, T, N, 2)).cumsum(1), 2)

    def distance(a, b):
        return np.sqrt(((a - b) ** 2).sum(-1))

    ade = [distance(f, truth)[seen].mean() for f in futures]
    last = [(np.flatnonzero(seen[:, n]).max(), n) for n in range(N) if seen[:, n].any()]
    fde = [np.mean([distance(f, truth)[at] for at in last]) for f in futures]
    pairs = [
        distance(futures[k], futures[j])[seen].mean() for k in range(K) for j in range(K) if k != j
    ]
    low, high = np.quantile(futures, [0.25, 0.75], axis=0, method="weibull")
    inside = (truth >= low) & (truth <= high)

    flow = (truth[1:] - truth[:-1]).reshape(T - 1, ROWS, COLUMNS, 2) / 32
    ok = (seen[1:] & seen[:-1]).reshape(T - 1, ROWS, COLUMNS)
    tv, energy = [], []
    for u, m in zip(flow, ok, strict=True):
        dx = np.abs(u[:, 1:] - u[:, :-1]).sum(-1)[m[:, 1:] & m[:, :-1]]
        dy = np.abs(u[1:] - u[:-1]).sum(-1)[m[1:] & m[:-1]]
        tv.append((dx.mean() if dx.size else 0) + (dy.mean() if dy.size else 0))
        cells = []
        for r in range(ROWS - 1):
            for c in range(COLUMNS - 1):
                if m[r, c] and m[r, c + 1] and m[r + 1, c]:
                    ux, vx = u[r, c + 1] - u[r, c]
                    uy, vy = u[r + 1, c] - u[r, c]
                    cells.append((ux + vy) ** 2 + (vx - uy) ** 2)
        energy.append(np.mean(cells) if cells else 0)

    golden = {
        "rows": ROWS,
        "frameCount": T,
        "pointCount": N,
        "truth": truth.ravel().tolist(),
        "visibility": seen.astype(int).ravel().tolist(),
        "futures": [f.ravel().tolist() for f in futures],
        "ade": ade,
        "fde": fde,
        "energyScore": np.mean(ade) - 0.5 * np.mean(pairs),
        "spread": np.mean(pairs),
        "coverage50": inside[seen].mean(),
        "spreadMap": np.sqrt(futures.var(0).sum(-1)).ravel().tolist(),
        "flowSmoothTv": np.mean(tv),
        "divCurlEnergy": np.mean(energy),
        "vepe": distance(futures[:2], truth)[:, seen].mean(),
    }
    (Path(__file__).parent / "golden.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
