import { type Constraints, constrainedPoints } from "../../domain/constraints.ts";
import { factorCholesky, solveCholesky } from "./cholesky.ts";
import type { Likeness } from "./likeness.ts";

/** Variance, in units of the likeness, of what an exact pin's residual does not share with anything. */
const NUGGET = 0.02;
/** Spread of a future that unit likeness stands for, px: what a soft constraint is weighed against. */
const PRIOR_PX = 32;

/** How the residuals of held points spread to all points: made once a set of held points. */
export interface KrigingGain {
  /** Held points, ascending: P of them. */
  readonly points: readonly number[];
  /** Whether each is to be met exactly: [P], 0 or 1. */
  readonly exactP: Uint8Array;
  /** Correction of every point for a unit residual of each held one: [N,P], row-major. */
  readonly gainNP: Float64Array;
}

/**
 * k(x,H)·(K_HH + D)⁻¹ of simple kriging. A constraint of `sigmaTN` σ px, or 8/w px where only its
 * weight w < 1 tells that it is soft, has the noise variance (σ / 32 px)² of the loosest of its frames,
 * beside the nugget.
 */
export function krigingGain(constraints: Constraints, likeness: Likeness): KrigingGain {
  const points = constrainedPoints(constraints);
  const size = points.length;
  const { pointCount } = likeness;
  const noisePx = points.map((point) => looseness(constraints, point));
  const factor = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      factor[a * size + b] = factor[b * size + a] = likeness.of(points[a], points[b]);
    }
    factor[a * size + a] += NUGGET + (noisePx[a] / PRIOR_PX) ** 2;
  }
  factorCholesky(factor, size);
  const gainNP = new Float64Array(pointCount * size);
  for (let n = 0; n < pointCount; n++) {
    const row = gainNP.subarray(n * size, (n + 1) * size);
    for (let a = 0; a < size; a++) row[a] = likeness.of(n, points[a]);
    solveCholesky(factor, size, row);
  }
  return { points, exactP: Uint8Array.from(noisePx, (px) => (px === 0 ? 1 : 0)), gainNP };
}

/** Deviation of a constraint of weight w < 1 that tells no sigma, px, times w. */
const SOFT_PX = 8;

/** Deviation in px that the point's constraints allow; 0 where every one is exact. */
function looseness({ weightTN, sigmaTN, pointCount }: Constraints, point: number): number {
  let loosest = 0;
  for (let i = point; i < weightTN.length; i += pointCount) {
    const weight = weightTN[i];
    if (!(weight > 0)) continue;
    loosest = Math.max(loosest, sigmaTN?.[i] || (weight < 1 ? SOFT_PX / weight : 0));
  }
  return loosest;
}
