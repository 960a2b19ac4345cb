import type { Size } from "../../domain/clip.ts";
import type { Constraints } from "../../domain/constraints.ts";
import type { Future } from "../../domain/forecast.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { composeScenario, factoredScenario, spanMotion } from "../scenario/scenario.ts";
import type { Kriging, Weighing } from "./gain.ts";
import { keptByHistory } from "./kept.ts";

/** Over so many frames plain motion takes the velocity that goes on. */
const SPAN = 4;
/** What is left of that velocity a frame later: plain motion is a mixture of these, the first one before any pin tells. */
const DECAYS = [0.95, 0, 1] as const;
/** The mixture counts as told by so many pins before there is one. */
const MIXED_PINS = 1;
/** A future counts as borne out by so many pins before there is one. */
const TRUSTED_PINS = 8;
/** A future keeps this much of its departure from plain motion, however little bears it out. */
const LEAST = 0.3;
/** Where the two are no farther apart than this, px, the future is left alone. */
const NOISE_PX = 1;
/** Frames in which what pins tell of a future falls to 1/e once nothing is held any more. */
const TOLD_FRAMES = 32;

/** The futures that need no model: everything goes on as it moved of late, ever slower, not at all, or as fast. */
export const plainFutures = keptByHistory(plainOf);

function plainOf(history: Tracks, size: Size, frameCount: number): readonly Future[] {
  const motion = spanMotion(history, SPAN, size);
  return DECAYS.map((decay) => {
    const params = { span: SPAN, cameraShare: 0, decay };
    const scenario = factoredScenario(history, params, motion, frameCount);
    const { cameraPathT6 } = scenario;
    return { seed: 0, tracks: composeScenario(scenario, size), cameraPathT6 };
  });
}

/**
 * How plain motion is mixed of its kinds, [J] ≥ 0 that add up to 1: each pin is foretold from the others
 * by every kind, and the mixture that comes nearest (least squares) is taken as far as there are pins to
 * tell. `plainJPT`: A⁻¹·r of the residuals [P][2T] px of each kind.
 */
export function mixtureOf(
  { weightTN, frameCount, pointCount }: Constraints,
  { points }: Kriging,
  { inverseDiagonalP }: Weighing,
  plainJPT: readonly (readonly Float64Array[])[],
): Float64Array {
  const kinds = plainJPT.length;
  const productsJJ = new Float64Array(kinds * kinds);
  const lacksJ = new Float64Array(kinds);
  for (const [p, point] of points.entries()) {
    for (let t = 0; t < frameCount; t++) {
      if (!(weightTN[t * pointCount + point] > 0)) continue;
      for (let j = 1; j < kinds; j++) productsJJ[j * kinds + j] += NOISE_PX ** 2;
      for (let i = 2 * t; i < 2 * t + 2; i++) {
        for (let j = 0; j < kinds; j++) lacksJ[j] = plainJPT[j][p][i] / inverseDiagonalP[p];
        for (let jk = 0; jk < kinds * kinds; jk++)
          productsJJ[jk] += lacksJ[Math.floor(jk / kinds)] * lacksJ[jk % kinds];
      }
    }
  }
  const nearestJ = leastOnSimplex(productsJJ, kinds);
  const told = points.length / (points.length + MIXED_PINS);
  return nearestJ.map((share, j) => told * share + (j === 0 ? 1 - told : 0));
}

/** Rounds after which shares of three kinds no longer change. */
const ROUNDS = 50;

/** The w ≥ 0 of sum 1 with the least wᵀ·M·w, M [n,n] positive semidefinite: by turns between two of them. */
function leastOnSimplex(matrix: Float64Array, n: number): Float64Array {
  const shares = new Float64Array(n);
  shares[0] = 1;
  const slope = (a: number) => shares.reduce((sum, w, j) => sum + matrix[a * n + j] * w, 0);
  for (let round = 0; round < ROUNDS; round++) {
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < a; b++) {
        const bend = matrix[a * n + a] + matrix[b * n + b] - 2 * matrix[a * n + b];
        if (!(bend > 0)) continue;
        const wanted = (slope(b) - slope(a)) / bend;
        const moved = Math.min(Math.max(wanted, -shares[a]), shares[b]);
        shares[a] += moved;
        shares[b] -= moved;
      }
    }
  }
  return shares;
}

/**
 * How much of a future's departure from plain motion its pins bear out, 0.3 to 1: each pin is foretold
 * from the others, by the future and by plain motion, and of the two weighed against each other the
 * future's share is the one that comes nearest (least squares; with a single pin both are taken as they
 * are). Foretold from the others a pin lacks (A⁻¹·r)ₚ / (A⁻¹)ₚₚ, the leave-one-out residual of kriging.
 * `weighedPT`, `plainPT`: A⁻¹·r of the residuals [P][2T] px of either.
 */
export function shareBorneOut(
  { weightTN, frameCount, pointCount }: Constraints,
  { points }: Kriging,
  { inverseDiagonalP }: Weighing,
  weighedPT: readonly Float64Array[],
  plainPT: readonly Float64Array[],
): number {
  let [shared, squared] = [0, 0];
  for (const [p, point] of points.entries()) {
    for (let t = 0; t < frameCount; t++) {
      if (!(weightTN[t * pointCount + point] > 0)) continue;
      shared += NOISE_PX ** 2;
      squared += NOISE_PX ** 2;
      for (let i = 2 * t; i < 2 * t + 2; i++) {
        const lacks = plainPT[p][i] / inverseDiagonalP[p];
        const departs = (plainPT[p][i] - weighedPT[p][i]) / inverseDiagonalP[p];
        shared += lacks * departs;
        squared += departs * departs;
      }
    }
  }
  const told = points.length / (points.length + TRUSTED_PINS);
  return Math.min(1, Math.max(LEAST, 1 + told * (shared / squared - 1)));
}

/** How much of it holds in each frame: all until `release`, the last frame in which any point is held. */
export function toldT(frameCount: number, release: number): Float64Array {
  return Float64Array.from({ length: frameCount }, (_, t) =>
    Math.exp(-Math.max(0, t - release) / TOLD_FRAMES),
  );
}
