import { type Cameras, copyCameras, turnCamera } from "./cameras.ts";
import { linearise, NEAREST, POSE } from "./normal-equations.ts";
import type { Observations } from "./observations.ts";
import { solveStep } from "./schur.ts";

/** Cameras and inverse depths of points, up to one common scale of depth. */
export interface Estimate {
  readonly cameras: Cameras;
  /** [N]; median of those that count 1. Below 0 where noise puts a point behind infinity. */
  readonly inverseDepthN: Float64Array;
  /** Robust cost at the last scale (normal-equations.ts), px². */
  readonly cost: number;
}

export interface AdjustOptions {
  /** Scale of the robust loss a step, px: falling. */
  readonly scalesPx: readonly number[];
  /** Keeps log focal near its start with this deviation; null holds it. */
  readonly focalDeviation: number | null;
  /** Called between steps; throws to stop. */
  readonly onStep?: ((step: number, steps: number) => void) | undefined;
}

/** Scales from wide to narrow that a start without any knowledge needs. */
export function fallingScales(from: number, to: number, steps: number, factor = 0.75): number[] {
  return Array.from({ length: steps }, (_, i) => Math.max(to, from * factor ** i));
}

/** What one deviation of the focal length's prior is worth, px²: a few tracks' lasting drift. */
const FOCAL_NOISE_PX2 = 25;
/** Longest change of an inverse depth in one step: the system is linear only nearby. */
const LONGEST_DEPTH_STEP = 0.7;

/**
 * Bundle adjustment anchored at one frame: a point is its pixel there and one inverse depth, so that
 * N + 6(T−1) numbers explain 2NT. Levenberg-Marquardt on a robust loss of falling scale, inverse
 * depths eliminated. Steps that make it worse at their own scale are taken back.
 */
export function adjust(
  observations: Observations,
  start: Pick<Estimate, "cameras" | "inverseDepthN">,
  { scalesPx, focalDeviation, onStep }: AdjustOptions,
): Estimate {
  const { anchorFrame } = observations;
  const startFocal = start.cameras.focalPxT[anchorFrame];
  let cameras = start.cameras;
  let inverseDepthN = start.inverseDepthN;
  let damping = 1e-3;
  let system = linearise(observations, cameras, inverseDepthN, scalesPx[0] ?? 1);
  scalesPx.forEach((scalePx, i) => {
    onStep?.(i, scalesPx.length);
    if (i > 0 && scalePx !== scalesPx[i - 1]) {
      system = linearise(observations, cameras, inverseDepthN, scalePx);
    }
    const logFocalError = Math.log(cameras.focalPxT[anchorFrame] / startFocal);
    const weight = focalDeviation ? FOCAL_NOISE_PX2 / focalDeviation ** 2 : 0;
    const penalty = (logFocal: number) => weight * logFocal * logFocal;
    const focalPrior = focalDeviation ? { weight, logFocalError } : null;
    const step = solveStep(system, { damping, focalPrior, anchorFrame });
    if (!step) {
      damping = Math.min(10, damping * 10);
      return;
    }
    const nextCameras = copyCameras(cameras);
    const growth = Math.exp(clamp(step.logFocal, 0.15));
    for (let t = 0; t < cameras.frameCount; t++) {
      const o = POSE * t;
      turnCamera(nextCameras, t, step.poseT6[o], step.poseT6[o + 1], step.poseT6[o + 2]);
      for (let c = 0; c < 3; c++) nextCameras.translationT3[3 * t + c] += step.poseT6[o + 3 + c];
      nextCameras.focalPxT[t] *= growth;
    }
    const nextDepth = inverseDepthN.map(
      (rho, n) => rho + clamp(step.depthN[n], LONGEST_DEPTH_STEP * Math.max(0.3, Math.abs(rho))),
    );
    const next = linearise(observations, nextCameras, nextDepth, scalePx);
    if (
      next.cost + penalty(logFocalError + Math.log(growth)) >
      system.cost + penalty(logFocalError)
    ) {
      damping = Math.min(10, damping * 8);
      return;
    }
    damping = Math.max(1e-7, damping / 4);
    system = next;
    cameras = nextCameras;
    inverseDepthN = nextDepth;
    if (rescale(cameras, inverseDepthN)) {
      system = linearise(observations, cameras, inverseDepthN, scalePx);
    }
  });
  rescale(cameras, inverseDepthN);
  return { cameras, inverseDepthN, cost: system.cost };
}

/** Makes the median inverse depth 1; true where that changed it by more than a third. */
function rescale(cameras: Cameras, inverseDepthN: Float64Array): boolean {
  const median = medianOf(inverseDepthN);
  if (!(median > NEAREST) || Math.abs(Math.log(median)) < 0.3) return false;
  for (let n = 0; n < inverseDepthN.length; n++) inverseDepthN[n] /= median;
  for (let i = 0; i < cameras.translationT3.length; i++) cameras.translationT3[i] *= median;
  return true;
}

export function medianOf(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1];
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}
