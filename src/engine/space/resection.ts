import { factorCholesky, solveCholesky } from "../completion/cholesky.ts";
import { type Cameras, turnCamera } from "./cameras.ts";
import { NEAREST } from "./normal-equations.ts";
import type { Observations } from "./observations.ts";

/** What of a camera is looked for; everything else stays as it is. */
export type FreeCamera = "pose" | "turn" | "turn-and-zoom";

const COLUMNS: Readonly<Record<FreeCamera, readonly number[]>> = {
  pose: [0, 1, 2, 3, 4, 5],
  turn: [0, 1, 2],
  "turn-and-zoom": [0, 1, 2, 6],
};

export interface ResectionOptions {
  readonly free: FreeCamera;
  /** Scale of the robust loss a step, px: falling. */
  readonly scalesPx: readonly number[];
  /** [N] points that may be used; all where left out. */
  readonly usedN?: Uint8Array | undefined;
}

/**
 * Finds the camera of frame t from points whose inverse depths are known, starting from the one that
 * `cameras` holds and writing there: robust Gauss-Newton on reprojection distances. Inverse depths of
 * 0 leave turns and zoom only. Returns the mean robust cost a visible point, px².
 */
export function resectFrame(
  { tracks, anchorFrame }: Observations,
  cameras: Cameras,
  inverseDepthN: ArrayLike<number>,
  t: number,
  { free, scalesPx, usedN }: ResectionOptions,
): number {
  const { pointCount, tracksTN2, visibilityTN } = tracks;
  const columns = COLUMNS[free];
  const size = columns.length;
  const [cx, cy] = cameras.centre;
  const { rotationT9: R, translationT3: T, focalPxT } = cameras;
  const anchorFocal = focalPxT[anchorFrame];
  const jx = new Float64Array(7);
  const jy = new Float64Array(7);
  const r = 9 * t;
  let cost = 0;
  let count = 0;
  for (const scalePx of scalesPx) {
    const matrix = new Float64Array(size * size);
    const right = new Float64Array(size);
    const s2 = scalePx * scalePx;
    const f = focalPxT[t];
    cost = 0;
    count = 0;
    for (let n = 0; n < pointCount; n++) {
      if (!visibilityTN[t * pointCount + n] || usedN?.[n] === 0) continue;
      const a = 2 * (anchorFrame * pointCount + n);
      const dx = (tracksTN2[a] - cx) / anchorFocal;
      const dy = (tracksTN2[a + 1] - cy) / anchorFocal;
      const rho = inverseDepthN[n];
      const rx = R[r] * dx + R[r + 1] * dy + R[r + 2];
      const ry = R[r + 3] * dx + R[r + 4] * dy + R[r + 5];
      const rz = R[r + 6] * dx + R[r + 7] * dy + R[r + 8];
      const Z = rz + rho * T[3 * t + 2];
      if (Z < NEAREST) continue;
      const X = (rx + rho * T[3 * t]) / Z;
      const Y = (ry + rho * T[3 * t + 1]) / Z;
      const o = 2 * (t * pointCount + n);
      const ex = tracksTN2[o] - (f * X + cx);
      const ey = tracksTN2[o + 1] - (f * Y + cy);
      const e2 = ex * ex + ey * ey;
      const inlier = s2 / (s2 + e2);
      cost += e2 * inlier;
      count++;
      const w = inlier * inlier;
      const p = f / Z;
      jx[0] = -p * X * ry;
      jx[1] = p * (rz + X * rx);
      jx[2] = -p * ry;
      jx[3] = p * rho;
      jx[5] = -p * X * rho;
      jx[6] = f * X;
      jy[0] = -p * (rz + Y * ry);
      jy[1] = p * Y * rx;
      jy[2] = p * rx;
      jy[4] = p * rho;
      jy[5] = -p * Y * rho;
      jy[6] = f * Y;
      for (let i = 0; i < size; i++) {
        const wx = w * jx[columns[i]];
        const wy = w * jy[columns[i]];
        for (let j = 0; j <= i; j++)
          matrix[i * size + j] += wx * jx[columns[j]] + wy * jy[columns[j]];
        right[i] += wx * ex + wy * ey;
      }
    }
    for (let i = 0; i < size; i++) matrix[i * size + i] = matrix[i * size + i] * 1.0001 + 1e-6;
    try {
      factorCholesky(matrix, size);
    } catch {
      break;
    }
    solveCholesky(matrix, size, right);
    const change = new Float64Array(7);
    columns.forEach((column, i) => {
      change[column] = Math.max(-0.3, Math.min(0.3, right[i]));
    });
    turnCamera(cameras, t, change[0], change[1], change[2]);
    for (let c = 0; c < 3; c++) T[3 * t + c] += change[3 + c];
    focalPxT[t] *= Math.exp(change[6]);
  }
  return cost / Math.max(1, count);
}

/** Frames in the order of their distance to the anchor, on either side. */
export function outwardFrames(frameCount: number, anchorFrame: number): number[] {
  const frames = Array.from({ length: frameCount }, (_, t) => t);
  return frames
    .filter((t) => t !== anchorFrame)
    .sort((a, b) => Math.abs(a - anchorFrame) - Math.abs(b - anchorFrame));
}

/**
 * Finds all cameras but the anchor's, each starting from its neighbour's towards the anchor.
 * Returns the mean robust cost a point and frame, px².
 */
export function resectAll(
  observations: Observations,
  cameras: Cameras,
  inverseDepthN: ArrayLike<number>,
  options: ResectionOptions,
): number {
  const { anchorFrame } = observations;
  const order = outwardFrames(cameras.frameCount, anchorFrame);
  let sum = 0;
  for (const t of order) {
    const near = t < anchorFrame ? t + 1 : t - 1;
    cameras.rotationT9.copyWithin(9 * t, 9 * near, 9 * near + 9);
    cameras.translationT3.copyWithin(3 * t, 3 * near, 3 * near + 3);
    cameras.focalPxT[t] = cameras.focalPxT[near];
    sum += resectFrame(observations, cameras, inverseDepthN, t, options);
  }
  return sum / Math.max(1, order.length);
}
