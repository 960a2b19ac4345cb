import { distances, meanOf } from "./points.ts";

/**
 * Trace Anything names two measures of a field whose formulas it does not publish. Ours: jitter of still
 * points (for its SDD), mean over points [T,N,3] of √(Σ_xyz variance over time); over the median depth.
 */
export function stillJitter(
  xyzTN3: ArrayLike<number>,
  pointCount: number,
  medianDepth: number,
): number {
  const frameCount = xyzTN3.length / (3 * pointCount);
  const jitter = Float64Array.from({ length: pointCount }, (_, n) => {
    let variance = 0;
    for (let c = 0; c < 3; c++) {
      const own = Float64Array.from(
        { length: frameCount },
        (_, t) => xyzTN3[3 * (t * pointCount + n) + c],
      );
      const mean = meanOf(own);
      variance += meanOf(own.map((value) => (value - mean) ** 2));
    }
    return Math.sqrt(variance);
  });
  return meanOf(jitter) / medianDepth;
}

/**
 * And for its CA, ours too: mean distance of the curves that matched pixels of two frames tell, both
 * sampled at the same times [T,M,3]; over the median depth.
 */
export function curveDisagreement(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  medianDepth: number,
): number {
  return meanOf(distances(a, b)) / medianDepth;
}
