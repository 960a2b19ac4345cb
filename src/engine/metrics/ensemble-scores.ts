import type { Tracks } from "../../domain/tracks.ts";
import { ade, meanDistance } from "./displacement.ts";

const EPSILON = 1e-9;

/**
 * Scores of K futures as a distribution. The distance of two trajectories sets is the mean
 * Euclidean distance over the positions that the truth knows, px.
 */

/**
 * Energy score (Gneiting and Raftery, 2007) in its fair form, whose expectation does not depend on
 * K (Ferro, 2014): mean_k d(x_k, y) − ½ mean_{k≠l} d(x_k, x_l). Of one future it is its ADE.
 */
export function energyScore(futures: readonly Tracks[], truth: Tracks): number {
  const skill = futures.reduce((sum, future) => sum + ade(future, truth), 0) / futures.length;
  return skill - 0.5 * spread(futures, truth.visibilityTN);
}

/** Mean distance of two different futures over positions whose mask is not 0; 0 for one future. */
export function spread(futures: readonly Tracks[], maskTN: Uint8Array): number {
  let sum = 0;
  let pairs = 0;
  for (let k = 0; k < futures.length; k++) {
    for (let l = k + 1; l < futures.length; l++) {
      sum += meanDistance(futures[k], futures[l], maskTN);
      pairs++;
    }
  }
  return pairs === 0 ? 0 : sum / pairs;
}

/**
 * Share of known true coordinates (x and y apart) inside the futures' central interval of `level`:
 * `level` where the futures are drawn as the truth is, whatever their number. Quantiles at (K+1)q of
 * the sorted futures (Weibull, 1939; type 6 of Hyndman and Fan, 1996). RangeError with fewer futures
 * than 2 / (1 − level) − 1.
 */
export function coverage(futures: readonly Tracks[], truth: Tracks, level: number): number {
  const size = Math.min(truth.frameCount, ...futures.map((f) => f.frameCount)) * truth.pointCount;
  const least = 2 / (1 - level) - 1;
  if (futures.length < least - EPSILON)
    throw new RangeError(`An interval of ${level} needs ${Math.ceil(least - EPSILON)} futures.`);
  const values = new Float64Array(futures.length);
  let inside = 0;
  let count = 0;
  for (let i = 0; i < 2 * size; i++) {
    if (!truth.visibilityTN[i >> 1]) continue;
    futures.forEach((future, k) => {
      values[k] = future.tracksTN2[i];
    });
    values.sort();
    const y = truth.tracksTN2[i];
    if (y >= quantile(values, (1 - level) / 2) && y <= quantile(values, (1 + level) / 2)) inside++;
    count++;
  }
  return inside / count;
}

function quantile(sorted: Float64Array, q: number): number {
  const at = Math.min(Math.max(q * (sorted.length + 1) - 1, 0), sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}

/**
 * [T,N] px: how far the futures lie apart at each position, the root mean square distance from
 * their mean. What the spread heat map shows.
 */
export function spreadMapTN(futures: readonly Tracks[]): Float32Array {
  const size = Math.min(...futures.map((future) => future.visibilityTN.length));
  const map = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    let variance = 0;
    for (let axis = 2 * i; axis < 2 * i + 2; axis++) {
      const mean = futures.reduce((sum, f) => sum + f.tracksTN2[axis], 0) / futures.length;
      const squares = futures.reduce((sum, f) => sum + (f.tracksTN2[axis] - mean) ** 2, 0);
      variance += squares / futures.length;
    }
    map[i] = Math.sqrt(variance);
  }
  return map;
}
