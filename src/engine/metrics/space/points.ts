import { applySimilarity, fitSimilarity } from "../../space/similarity.ts";
import { medianOf } from "./median.ts";

/** How predicted points are brought to the truth's: by the best similarity, or by the median norm. */
export type PointAlignment = "similarity" | "median-norm";

export interface WorldTracking {
  /** Share of points within 0.1, 0.3, 0.5 and 1 m, mean of the four. */
  readonly apd: number;
  /** Mean distance. */
  readonly epe: number;
}

const WITHIN_METRES = [0.1, 0.3, 0.5, 1];

/** World tracking of points [N,3] of all frames, visible or not; the similarity is the closed form. */
export function worldTracking(
  truthN3: ArrayLike<number>,
  predictedN3: ArrayLike<number>,
  alignment: PointAlignment = "similarity",
): WorldTracking {
  const aligned =
    alignment === "similarity"
      ? applySimilarity(fitSimilarity(predictedN3, truthN3), predictedN3)
      : scaled(predictedN3, medianOf(norms(truthN3)) / medianOf(norms(predictedN3)));
  const far = distances(truthN3, aligned);
  const share = (metres: number) => far.filter((d) => d < metres).length / far.length;
  return {
    apd: WITHIN_METRES.reduce((sum, metres) => sum + share(metres), 0) / WITHIN_METRES.length,
    epe: meanOf(far),
  };
}

/** EPE of dynamic point maps (DPM, V-DPM): both sets divided by their mean norm in the first camera. */
export function pointMapEpe(truthN3: ArrayLike<number>, predictedN3: ArrayLike<number>): number {
  const unit = (points: ArrayLike<number>) => scaled(points, 1 / meanOf(norms(points)));
  return meanOf(distances(unit(truthN3), unit(predictedN3)));
}

export function distances(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: a.length / 3 }, (_, n) =>
    Math.hypot(a[3 * n] - b[3 * n], a[3 * n + 1] - b[3 * n + 1], a[3 * n + 2] - b[3 * n + 2]),
  );
}

export function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function norms(points: ArrayLike<number>): Float64Array {
  return distances(points, new Float64Array(points.length));
}

function scaled(points: ArrayLike<number>, factor: number): Float64Array {
  return Float64Array.from(points, (value) => factor * value);
}
