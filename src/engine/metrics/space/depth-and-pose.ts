import { applySimilarity, fitSimilarity } from "../../space/similarity.ts";
import { medianOf } from "./median.ts";
import { distances, meanOf } from "./points.ts";

export interface DepthScore {
  /** Mean |d/d' − 1| of predicted depth d and true depth d'. */
  readonly absRel: number;
  /** Share with max(d/d', d'/d) < 1.25. */
  readonly delta125: number;
}

/** Depths [N] of one frame, the prediction scaled so that the medians agree. */
export function depthScore(truthN: ArrayLike<number>, predictedN: ArrayLike<number>): DepthScore {
  const scale = medianOf(truthN) / medianOf(predictedN);
  const ratios = Float64Array.from(truthN, (depth, n) => (scale * predictedN[n]) / depth);
  return {
    absRel: meanOf(ratios.map((ratio) => Math.abs(ratio - 1))),
    delta125: meanOf(ratios.map((ratio) => (Math.max(ratio, 1 / ratio) < 1.25 ? 1 : 0))),
  };
}

/** Absolute trajectory error: root mean square distance of camera centres [F,3] after the best similarity. */
export function trajectoryError(
  truthF3: ArrayLike<number>,
  predictedF3: ArrayLike<number>,
): number {
  const aligned = applySimilarity(fitSimilarity(predictedF3, truthF3), predictedF3);
  return Math.sqrt(meanOf(distances(truthF3, aligned).map((d) => d * d)));
}

/** Relative pose error: the same of the steps from each centre to the next, after the same similarity. */
export function stepError(truthF3: ArrayLike<number>, predictedF3: ArrayLike<number>): number {
  const aligned = applySimilarity(fitSimilarity(predictedF3, truthF3), predictedF3);
  const steps = (centres: ArrayLike<number>) =>
    Float64Array.from({ length: centres.length - 3 }, (_, i) => centres[i + 3] - centres[i]);
  return Math.sqrt(meanOf(distances(steps(truthF3), steps(aligned)).map((d) => d * d)));
}
