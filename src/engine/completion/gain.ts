import { type Constraints, constrainedPoints } from "../../domain/constraints.ts";
import { factorCholesky, solveCholesky } from "./cholesky.ts";
import type { Likeness } from "./likeness.ts";

/** Variance, in units of the likeness, of what an exact pin's residual does not share with anything. */
const NUGGET = 0.06;
/** Spread of a future that unit likeness stands for, px: what a soft constraint is weighed against. */
const PRIOR_PX = 32;

/** The points that constraints hold, and how alike everything is to them: made once for all futures. */
export interface Kriging {
  /** Held points, ascending: P of them. */
  readonly points: readonly number[];
  /** Whether each is to be met exactly: [P], 0 or 1. */
  readonly exactP: Uint8Array;
  /** Likeness of every point to each held one: [N,P], row-major. */
  readonly likenessNP: Float64Array;
  /** [P] Variance that a soft constraint allows, in units of the likeness. */
  readonly softP: Float64Array;
}

/**
 * Simple kriging of what held points lack. A constraint of `sigmaTN` σ px, or 8/w px where only its
 * weight w < 1 tells that it is soft, has the noise variance (σ / 32 px)² of the loosest of its frames,
 * beside the nugget.
 */
export function planKriging(constraints: Constraints, likeness: Likeness): Kriging {
  const points = constrainedPoints(constraints);
  const { pointCount } = likeness;
  const noisePx = points.map((point) => looseness(constraints, point));
  const likenessNP = new Float64Array(pointCount * points.length);
  for (let n = 0; n < pointCount; n++) {
    for (const [p, point] of points.entries()) {
      likenessNP[n * points.length + p] = likeness.of(n, point);
    }
  }
  return {
    points,
    exactP: Uint8Array.from(noisePx, (px) => (px === 0 ? 1 : 0)),
    likenessNP,
    softP: Float64Array.from(noisePx, (px) => (px / PRIOR_PX) ** 2),
  };
}

/**
 * (K_HH + D)⁻¹ of the residuals, in place: `residualPT` [P][2T]. K = σᵢσⱼ·k(i,j) with the future's
 * own deviations [N]; the nugget grows with them, what a soft constraint allows does not.
 */
export function weighResiduals(
  { points, likenessNP, softP }: Kriging,
  deviationN: Float64Array,
  residualPT: readonly Float64Array[],
): void {
  const size = points.length;
  const factor = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    const own = deviationN[points[a]];
    for (let b = 0; b < size; b++) {
      const k = likenessNP[points[a] * size + b];
      factor[a * size + b] = own * deviationN[points[b]] * k;
    }
    factor[a * size + a] += own * own * NUGGET + softP[a];
  }
  factorCholesky(factor, size);
  const columns = residualPT[0]?.length ?? 0;
  const column = new Float64Array(size);
  for (let t = 0; t < columns; t++) {
    for (let p = 0; p < size; p++) column[p] = residualPT[p][t];
    solveCholesky(factor, size, column);
    for (let p = 0; p < size; p++) residualPT[p][t] = column[p];
  }
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
