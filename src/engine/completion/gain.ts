import { type Constraints, constrainedPoints } from "../../domain/constraints.ts";
import { factorCholesky, inverseDiagonal, solveCholesky } from "./cholesky.ts";
import { apartness, doubtOf } from "./doubt.ts";
import type { Likeness } from "./likeness.ts";
import type { Spreads } from "./spreads.ts";

/** Variance of what a pin's residual shares with nothing: a part of its own spread's, and px. */
const NUGGET = 0.02;
const NUGGET_PX = 15;

/** How sharply a pan that is asked for is told from bodies that go their ways. */
const PAN_SHARPNESS = 3;

/** The points that constraints hold, and how alike everything is to them: made once for all futures. */
export interface Kriging {
  /** Held points, ascending: P of them. */
  readonly points: readonly number[];
  /** Whether each is to be met exactly: [P], 0 or 1. */
  readonly exactP: Uint8Array;
  /** Likeness of every point to each held one: [N,P], row-major. */
  readonly cameraNP: Float64Array;
  readonly objectNP: Float64Array;
  /** 0 to 1: how little the held points tell of the camera, nearly 1 where all are on one body. */
  readonly doubt: number;
  /** [N,P] 0 to `doubt`: how far each point may go otherwise than the body of a held one (doubt.ts). */
  readonly apartNP: Float64Array;
  /** [P] 0 to 1: whether each was on the move of late. */
  readonly movedP: Float64Array;
  /** The last frame in which any point is held. */
  readonly release: number;
  /** [P] px²: variance that a soft constraint allows. */
  readonly softP: Float64Array;
}

/**
 * Simple kriging of what held points lack. A constraint of `sigmaTN` σ px, or 8/w px where only its
 * weight w < 1 tells that it is soft, has the noise variance σ² of the loosest of its frames, beside
 * the nugget. Where all are held on one body, the camera is taken to share only what went together in the
 * past. In a scene at rest it shares little far from what is held, but for a shift that all that is held
 * has in common: a pan. `xyN2`: [N,2] videoPx at "now".
 */
export function planKriging(
  constraints: Constraints,
  likeness: Likeness,
  xyN2: ArrayLike<number>,
): Kriging {
  const points = constrainedPoints(constraints);
  const noisePx = points.map((point) => looseness(constraints, point));
  const toHeld = (of: (n: number, held: number) => number) =>
    Float64Array.from({ length: likeness.pointCount * points.length }, (_, i) =>
      of(Math.floor(i / points.length), points[i % points.length]),
    );
  const { together, rest } = likeness;
  const doubt = together ? doubtOf(points, xyN2) : 0;
  const past = together ?? (() => 1);
  const local = rest
    ? 1 - ((1 - doubt) * commonShare(constraints, points, xyN2)) ** PAN_SHARPNESS
    : 0;
  const stays = (n: number, p: number) => (rest ? 1 - local * (1 - rest.kept(n, p)) : 1);
  return {
    points,
    exactP: Uint8Array.from(noisePx, (px) => (px === 0 ? 1 : 0)),
    cameraNP: toHeld(
      (n, p) => likeness.camera(n, p) * stays(n, p) * (1 - doubt * (1 - past(n, p))),
    ),
    objectNP: toHeld(likeness.object),
    doubt,
    apartNP: toHeld(apartness(doubt, xyN2, past)),
    movedP: Float64Array.from(points, (point) => likeness.speeds?.movesN[point] ?? 0),
    release: Math.floor(constraints.weightTN.findLastIndex((w) => w > 0) / constraints.pointCount),
    softP: Float64Array.from(noisePx, (px) => px * px),
  };
}

/** Covariances [N,P] of all points' residuals with those of the held ones, px²: what the camera makes, and what bodies do. */
export interface Covariances {
  readonly cameraNP: Float64Array;
  readonly objectNP: Float64Array;
}

/** By a future's spreads, and by what it does `alike`. */
export function covariances(
  { points, cameraNP, objectNP }: Kriging,
  { cameraN, objectN }: Spreads,
  alike: (n: number, held: number) => number,
): Covariances {
  const camera = new Float64Array(cameraNP.length);
  const object = new Float64Array(objectNP.length);
  for (let i = 0; i < camera.length; i++) {
    const n = Math.floor(i / points.length);
    const held = points[i % points.length];
    const shared = alike(n, held);
    camera[i] = cameraN[n] * cameraN[held] * cameraNP[i] * shared;
    object[i] = objectN[n] * objectN[held] * objectNP[i] * shared;
  }
  return { cameraNP: camera, objectNP: object };
}

/** A⁻¹, A = C_HH + D: the held points' covariances and what of them is shared with nothing. */
export interface Weighing {
  /** r ↦ A⁻¹·r of any number of values a point: [P][…]. */
  of(residualPT: readonly Float64Array[]): Float64Array[];
  /** [P] (A⁻¹)ₚₚ. */
  readonly inverseDiagonalP: Float64Array;
}

/**
 * What residuals [P][2T] px weigh, C = camera + object: Σₚ C[n,p]·(A⁻¹·r)[p] is what point n shares of them. Both covariances are scaled up in place where `residualPT` is larger than they tell: who asks
 * for much knows more than the future did.
 */
export function weighing(
  { points, softP }: Kriging,
  { cameraNP, objectNP }: Covariances,
  residualPT: readonly Float64Array[],
): Weighing {
  const size = points.length;
  const at = (n: number, p: number) => cameraNP[n * size + p] + objectNP[n * size + p];
  let [asked, told] = [0, 0];
  for (const [p, residual] of residualPT.entries()) {
    asked += (2 * residual.reduce((sum, v) => sum + v * v, 0)) / residual.length;
    told += at(points[p], p);
  }
  const scale = Math.max(1, asked / told);
  for (let i = 0; scale > 1 && i < cameraNP.length; i++) {
    cameraNP[i] *= scale;
    objectNP[i] *= scale;
  }
  const factor = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) factor[a * size + b] = at(points[a], b);
    factor[a * size + a] += NUGGET * at(points[a], a) + NUGGET_PX ** 2 + softP[a];
  }
  factorCholesky(factor, size);
  const of = (residuals: readonly Float64Array[]) => {
    const weighed = residuals.map((residual) => residual.slice());
    const column = new Float64Array(size);
    for (let t = 0; t < (weighed[0]?.length ?? 0); t++) {
      for (let p = 0; p < size; p++) column[p] = weighed[p][t];
      solveCholesky(factor, size, column);
      for (let p = 0; p < size; p++) weighed[p][t] = column[p];
    }
    return weighed;
  };
  return { of, inverseDiagonalP: inverseDiagonal(factor, size) };
}

/** How much of where held points are asked to go, in the last frame of each, is one shift of all: 0 to 1. */
function commonShare(
  { positionsTN2, weightTN, pointCount, frameCount }: Constraints,
  points: readonly number[],
  xyN2: ArrayLike<number>,
): number {
  let [sumX, sumY, squares] = [0, 0, 0];
  for (const point of points) {
    let t = frameCount - 1;
    while (t > 0 && !(weightTN[t * pointCount + point] > 0)) t--;
    const o = 2 * (t * pointCount + point);
    const dx = positionsTN2[o] - xyN2[2 * point];
    const dy = positionsTN2[o + 1] - xyN2[2 * point + 1];
    sumX += dx;
    sumY += dy;
    squares += dx * dx + dy * dy;
  }
  return squares > 0 ? (sumX * sumX + sumY * sumY) / (points.length * squares) : 1;
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
