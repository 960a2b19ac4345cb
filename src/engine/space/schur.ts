import { factorCholesky, solveCholesky } from "../completion/cholesky.ts";
import { type Linearised, POSE } from "./normal-equations.ts";

export interface StepOptions {
  /** Levenberg's and Marquardt's: added to each diagonal entry, relative to itself. */
  readonly damping: number;
  /** Weight of the prior that keeps log focal at `logFocalError` = 0; null = the focal is known. */
  readonly focalPrior: { readonly weight: number; readonly logFocalError: number } | null;
  readonly anchorFrame: number;
}

export interface Step {
  /** [T,6] turn and translation; zero at the anchor. */
  readonly poseT6: Float64Array;
  readonly depthN: Float64Array;
  readonly logFocal: number;
}

/** Smallest pivot of an inverse depth, relative to the largest: a point that nothing determines stays. */
const FLOOR = 1e-9;

/** The reduced camera system S = A − W·H⁻¹·Wᵀ of the free poses (and log focal), lower triangle. */
export function reduceToCameras(
  system: Linearised,
  { damping, focalPrior, anchorFrame }: StepOptions,
): { readonly matrix: Float64Array; readonly rows: number[]; readonly depthPivotN: Float64Array } {
  const { poseHessianT66: A, depthHessianN, mixedDN, focalPose } = system;
  const pointCount = depthHessianN.length;
  const poseRows = A.length / POSE;
  const rows = Array.from({ length: poseRows }, (_, i) => i).filter(
    (i) => Math.floor(i / POSE) !== anchorFrame,
  );
  if (focalPrior) rows.push(poseRows);
  const size = rows.length;
  const floor = FLOOR * depthHessianN.reduce((most, h) => Math.max(most, h), 1e-12);
  const depthPivotN = depthHessianN.map((h) => h * (1 + damping) + floor);
  const scaledDN = new Float64Array(size * pointCount);
  rows.forEach((row, i) => {
    for (let n = 0; n < pointCount; n++) {
      scaledDN[i * pointCount + n] = mixedDN[row * pointCount + n] / Math.sqrt(depthPivotN[n]);
    }
  });
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = rows[i];
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      const [a, b] = [i * pointCount, j * pointCount];
      for (let n = 0; n < pointCount; n++) sum += scaledDN[a + n] * scaledDN[b + n];
      matrix[i * size + j] = -sum;
      if (row === poseRows) continue;
      const sameCamera = Math.floor(row / POSE) === Math.floor(rows[j] / POSE);
      if (sameCamera) matrix[i * size + j] += A[POSE * row + (rows[j] % POSE)];
    }
    if (row < poseRows) matrix[i * size + i] += damping * A[POSE * row + (row % POSE)] + 1e-9;
  }
  if (focalPrior) {
    const last = size - 1;
    for (let j = 0; j < last; j++) matrix[last * size + j] += focalPose[rows[j]];
    matrix[last * size + last] += system.focalHessian * (1 + damping) + focalPrior.weight;
  }
  return { matrix, rows, depthPivotN };
}

/** One damped Gauss-Newton step; null where the system is singular. */
export function solveStep(system: Linearised, options: StepOptions): Step | null {
  const { matrix, rows, depthPivotN } = reduceToCameras(system, options);
  const { mixedDN, depthGradientN, poseGradientT6 } = system;
  const pointCount = depthGradientN.length;
  const poseRows = poseGradientT6.length;
  const { focalPrior } = options;
  const right = Float64Array.from(rows, (row) => {
    let value =
      row < poseRows
        ? poseGradientT6[row]
        : system.focalGradient - (focalPrior ? focalPrior.weight * focalPrior.logFocalError : 0);
    const o = row * pointCount;
    for (let n = 0; n < pointCount; n++) {
      value -= (mixedDN[o + n] * depthGradientN[n]) / depthPivotN[n];
    }
    return value;
  });
  try {
    factorCholesky(matrix, rows.length);
  } catch {
    return null;
  }
  solveCholesky(matrix, rows.length, right);
  const poseT6 = new Float64Array(poseRows);
  const depthN = depthGradientN.slice();
  let logFocal = 0;
  rows.forEach((row, i) => {
    if (row < poseRows) poseT6[row] = right[i];
    else logFocal = right[i];
    const o = row * pointCount;
    for (let n = 0; n < pointCount; n++) depthN[n] -= mixedDN[o + n] * right[i];
  });
  for (let n = 0; n < pointCount; n++) depthN[n] /= depthPivotN[n];
  return { poseT6, depthN, logFocal };
}
