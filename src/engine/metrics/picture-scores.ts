import type { Tracks } from "../../domain/tracks.ts";

/**
 * Scores of futures of one picture, as `models/foretrack/photo/metrics.py` has them: both are held to
 * `testdata/photo-golden.json`. The distance of two futures is the root mean square of their points'
 * distances, px, over the positions that the truth sees. Only frames that all hold are compared.
 */

/** √mean squared distance over the positions whose mask is not 0; NaN where there are none. */
export function rmsDistance(a: Tracks, b: Tracks, maskTN: Uint8Array): number {
  const { sum, count } = squares(a, b, maskTN);
  return Math.sqrt(sum / count);
}

function squares(a: Tracks, b: Tracks, maskTN: Uint8Array) {
  const size = Math.min(a.visibilityTN.length, b.visibilityTN.length, maskTN.length);
  let [sum, count] = [0, 0];
  for (let i = 0; i < size; i++) {
    if (!maskTN[i]) continue;
    const dx = a.tracksTN2[2 * i] - b.tracksTN2[2 * i];
    const dy = a.tracksTN2[2 * i + 1] - b.tracksTN2[2 * i + 1];
    sum += dx * dx + dy * dy;
    count++;
  }
  return { sum, count };
}

/** Fair energy score (Gneiting and Raftery, 2007; Ferro, 2014) with that distance, px; lower is better. */
export function rmsEnergyScore(futures: readonly Tracks[], truth: Tracks): number {
  const mask = truth.visibilityTN;
  const skill = futures.reduce((sum, future) => sum + rmsDistance(future, truth, mask), 0);
  let between = 0;
  for (let k = 1; k < futures.length; k++) {
    for (let l = 0; l < k; l++) between += 2 * rmsDistance(futures[k], futures[l], mask);
  }
  const pairs = futures.length * (futures.length - 1);
  return skill / futures.length - (pairs > 0 ? (0.5 * between) / pairs : 0);
}

/**
 * Expected least of n distances drawn without replacement from all K, in closed form: with them in
 * order, Σ d_(i)·C(K−i, n−1)/C(K, n). `n` from 1 to K.
 */
export function leastDistance(distances: readonly number[], n: number): number {
  const ordered = Float64Array.from(distances).sort();
  const count = ordered.length;
  // C(K−i, n−1)/C(K, n), each from the one before: no binomial overflows.
  let share = n / count;
  let sum = 0;
  for (let i = 1; i <= count - n + 1; i++) {
    sum += share * ordered[i - 1];
    share *= (count - i - n + 1) / (count - i);
  }
  return sum;
}

export interface VariogramPairs {
  /** [M,2] points. */
  readonly pairsM2: ArrayLike<number>;
  readonly frames: readonly number[];
  /** [N,2] videoPx at "now". */
  readonly xyN2: ArrayLike<number>;
}

/**
 * Variogram score of order ½ (Scheuerer and Hamill, 2015): whether parts move together. Over pairs and
 * frames the mean, weighed by 1/distance at "now", of the squared difference between √|displacement of
 * a − of b| of the truth and its mean over the futures.
 */
export function variogramScore(
  futures: readonly Tracks[],
  truth: Tracks,
  { pairsM2, frames, xyN2 }: VariogramPairs,
): number {
  const { pointCount } = truth;
  let [total, weights] = [0, 0];
  for (const t of frames) {
    for (let m = 0; m < pairsM2.length; m += 2) {
      const [a, b] = [pairsM2[m], pairsM2[m + 1]];
      const [i, j] = [t * pointCount + a, t * pointCount + b];
      if (!truth.visibilityTN[i] || !truth.visibilityTN[j]) continue;
      const [x, y] = [xyN2[2 * a] - xyN2[2 * b], xyN2[2 * a + 1] - xyN2[2 * b + 1]];
      const apart = ({ tracksTN2 }: Tracks) =>
        Math.sqrt(
          Math.hypot(
            tracksTN2[2 * i] - tracksTN2[2 * j] - x,
            tracksTN2[2 * i + 1] - tracksTN2[2 * j + 1] - y,
          ),
        );
      const drawn = futures.reduce((sum, future) => sum + apart(future), 0) / futures.length;
      const weight = 1 / Math.hypot(x, y);
      total += weight * (apart(truth) - drawn) ** 2;
      weights += weight;
    }
  }
  return total / weights;
}

/** Chance that a point of `positive` has the higher score than another one; ties count half. */
export function auroc(scores: ArrayLike<number>, positive: readonly boolean[]): number {
  let [wins, pairs] = [0, 0];
  for (const [i, isPositive] of positive.entries()) {
    if (!isPositive) continue;
    for (const [j, other] of positive.entries()) {
      if (other) continue;
      wins += scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0;
      pairs++;
    }
  }
  return wins / pairs;
}
