import { factorCholesky } from "../completion/cholesky.ts";
import { type Estimate, medianOf } from "./adjustment.ts";
import type { Cameras } from "./cameras.ts";
import { linearise, POSE } from "./normal-equations.ts";
import type { Observations } from "./observations.ts";
import { spreadOverParts } from "./parts.ts";
import { pointResidual } from "./residuals.ts";
import { reduceToCameras } from "./schur.ts";
import type { Turning } from "./turning.ts";

/** What is known of each point beside its inverse depth. */
export interface Certainty {
  /** [N] standard deviation of log inverse depth, the common scale left out. */
  readonly sigmaLogN: Float64Array;
  /** [N] root mean square residual of the still scene, px. */
  readonly residualPxN: Float64Array;
  /** [N] what a camera that only turns and zooms leaves and this one explains, over the noise. */
  readonly evidenceN: Float64Array;
  /** Typical noise of one point along one direction, all frames of its track taken together, px. */
  readonly noisePx: number;
}

const MAD = 1.4826;
const LEAST_NOISE_PX = 0.05;
/** What the linear spread misses, so that 2σ covers 90 to 98 % on made-up scenes: alone, and beside that of the parts. */
const BEYOND_LINEAR = 1.2;
const BESIDE_PARTS = 0.85;

/**
 * Noise is what tracks keep across the lines along which depth would shift them, weighted over time as
 * depth is: drift that lasts counts in full. Inverse depth inherits it by its own information and by
 * that of the cameras that it was found with (the marginal of the adjustment's normal equations). Cameras found without
 * parts of the picture (`parts`) tell what no noise does: how far they hang on what moves by itself.
 */
export function judgeCertainty(
  observations: Observations,
  { cameras, inverseDepthN }: Estimate,
  turning: Turning,
  parts: readonly Cameras[] = [],
): Certainty {
  const { pointCount } = observations.tracks;
  const points = Array.from({ length: pointCount }, (_, n) =>
    pointResidual(observations, cameras, n, inverseDepthN[n]),
  );
  const residualPxN = Float64Array.from(points, ({ squaredPx2, frames }) =>
    frames ? Math.sqrt(squaredPx2 / frames) : Infinity,
  );
  const usable = points.filter(({ frames, information }) => frames > 2 && information > 1e-9);
  const coherent = usable.map(
    ({ across, information }) => Math.abs(across) / Math.sqrt(information),
  );
  const noisePx = Math.max(LEAST_NOISE_PX, MAD * medianOf(coherent.length ? coherent : [1]));
  const typicalPx = Math.max(LEAST_NOISE_PX, medianOf(residualPxN));
  const shared = cameraVariance(observations, cameras, inverseDepthN, 3 * typicalPx + 0.5);
  const apartN = parts.length ? spreadOverParts(observations, { inverseDepthN }, parts) : null;
  const beyond = apartN ? BESIDE_PARTS : BEYOND_LINEAR;
  const sigmaLogN = Float64Array.from(points, ({ information }, n) => {
    const rough = Math.max(1, residualPxN[n] / typicalPx);
    const own = 1 / Math.max(1e-9, information);
    const sigma = beyond * noisePx * rough * Math.sqrt(own + shared[n]);
    return Math.hypot(sigma / Math.max(0.05, Math.abs(inverseDepthN[n])), apartN?.[n] ?? 0);
  });
  const evidenceN = Float64Array.from(points, ({ squaredPx2 }, n) => {
    const still = pointResidual(observations, turning.cameras, n, 0);
    return Math.sqrt(Math.max(0, still.squaredPx2 - squaredPx2)) / noisePx;
  });
  return { sigmaLogN, residualPxN, evidenceN, noisePx };
}

/** [N] variance of inverse depth by that of the cameras, in units of the noise's. */
function cameraVariance(
  observations: Observations,
  cameras: Estimate["cameras"],
  inverseDepthN: Float64Array,
  scalePx: number,
): Float64Array {
  const { pointCount, frameCount } = observations.tracks;
  const { anchorFrame } = observations;
  const system = linearise(observations, cameras, inverseDepthN, scalePx);
  const { matrix, rows, depthPivotN } = reduceToCameras(system, {
    damping: 0,
    focalPrior: null,
    anchorFrame,
  });
  const size = rows.length;
  // The common scale is free: a change along the translations themselves counts as none.
  const gauge = rows.map((row) =>
    row % POSE > 2 ? cameras.translationT3[3 * Math.floor(row / POSE) + (row % POSE) - 3] : 0,
  );
  const length2 = gauge.reduce((sum, g) => sum + g * g, 0) || 1;
  let trace = 0;
  for (let i = 0; i < size; i++) trace += matrix[i * size + i];
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) matrix[i * size + j] += (trace * gauge[i] * gauge[j]) / length2;
    matrix[i * size + i] += (1e-9 * trace) / Math.max(1, size * frameCount);
  }
  const variance = new Float64Array(pointCount);
  try {
    factorCholesky(matrix, size);
  } catch {
    return variance.fill(Infinity);
  }
  const column = new Float64Array(size);
  for (let n = 0; n < pointCount; n++) {
    let sum = 0;
    for (let i = 0; i < size; i++) {
      let value = system.mixedDN[rows[i] * pointCount + n];
      for (let k = 0; k < i; k++) value -= matrix[i * size + k] * column[k];
      column[i] = value / matrix[i * size + i];
      sum += column[i] * column[i];
    }
    variance[n] = sum / (depthPivotN[n] * depthPivotN[n]);
  }
  return variance;
}
