import { type Constraints, constrainedPoints } from "../../domain/constraints.ts";
import { factorCholesky, solveCholesky } from "./cholesky.ts";
import type { Likeness } from "./likeness.ts";
import type { Spreads } from "./spreads.ts";

/** Variance of what a pin's residual shares with nothing: a part of its own spread's, and px. */
const NUGGET = 0.05;
const NUGGET_PX = 15;

/** The points that constraints hold, and how alike everything is to them: made once for all futures. */
export interface Kriging {
  /** Held points, ascending: P of them. */
  readonly points: readonly number[];
  /** Whether each is to be met exactly: [P], 0 or 1. */
  readonly exactP: Uint8Array;
  /** Likeness of every point to each held one: [N,P], row-major. */
  readonly cameraNP: Float64Array;
  readonly objectNP: Float64Array;
  /** [P] px²: variance that a soft constraint allows. */
  readonly softP: Float64Array;
}

/**
 * Simple kriging of what held points lack. A constraint of `sigmaTN` σ px, or 8/w px where only its
 * weight w < 1 tells that it is soft, has the noise variance σ² of the loosest of its frames, beside
 * the nugget.
 */
export function planKriging(constraints: Constraints, likeness: Likeness): Kriging {
  const points = constrainedPoints(constraints);
  const noisePx = points.map((point) => looseness(constraints, point));
  const toHeld = (of: (n: number, held: number) => number) =>
    Float64Array.from({ length: likeness.pointCount * points.length }, (_, i) =>
      of(Math.floor(i / points.length), points[i % points.length]),
    );
  return {
    points,
    exactP: Uint8Array.from(noisePx, (px) => (px === 0 ? 1 : 0)),
    cameraNP: toHeld(likeness.camera),
    objectNP: toHeld(likeness.object),
    softP: Float64Array.from(noisePx, (px) => px * px),
  };
}

/**
 * Covariance [N,P] of all points' residuals with those of the held ones, px²: by a future's spreads, and
 * by what it does `alike`.
 */
export function covariances(
  { points, cameraNP, objectNP }: Kriging,
  { cameraN, objectN }: Spreads,
  alike: (n: number, held: number) => number,
): Float64Array {
  return Float64Array.from(cameraNP, (camera, i) => {
    const n = Math.floor(i / points.length);
    const held = points[i % points.length];
    const shared = cameraN[n] * cameraN[held] * camera + objectN[n] * objectN[held] * objectNP[i];
    return shared * alike(n, held);
  });
}

/**
 * (C_HH + D)⁻¹·r in place: `residualPT` [P][2T] px. Afterwards Σₚ C[n,p]·residualPT[p] is what point n
 * shares of them. C [N,P] is scaled up in place where the residuals are larger than it tells: who asks
 * for much knows more than the future did.
 */
export function weighResiduals(
  { points, softP }: Kriging,
  covarianceNP: Float64Array,
  residualPT: readonly Float64Array[],
): void {
  const size = points.length;
  const own = (p: number) => covarianceNP[points[p] * size + p];
  let [asked, told] = [0, 0];
  for (const [p, residual] of residualPT.entries()) {
    asked += (2 * residual.reduce((sum, v) => sum + v * v, 0)) / residual.length;
    told += own(p);
  }
  const scale = Math.max(1, asked / told);
  for (let i = 0; scale > 1 && i < covarianceNP.length; i++) covarianceNP[i] *= scale;
  const factor = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) factor[a * size + b] = covarianceNP[points[a] * size + b];
    factor[a * size + a] += NUGGET * own(a) + NUGGET_PX ** 2 + softP[a];
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
