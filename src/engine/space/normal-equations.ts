import type { Cameras } from "./cameras.ts";
import type { Observations } from "./observations.ts";

/** Unknowns of one camera: turn about x, y, z, then translation. */
export const POSE = 6;

/** What is minimised: Σ r²/(1 + r²/s²) of reprojection distances r, px: bounded, so that movers, which no
 * camera explains, cost the same wherever the rest is. */
export interface Linearised {
  readonly cost: number;
  /** [T,6,6], [T,6]: of the poses; the anchor's are zero. */
  readonly poseHessianT66: Float64Array;
  readonly poseGradientT6: Float64Array;
  /** [N]: of the inverse depths. */
  readonly depthHessianN: Float64Array;
  readonly depthGradientN: Float64Array;
  /** [6T (+1), N]: between poses (last row: log focal) and inverse depths. */
  readonly mixedDN: Float64Array;
  /** Of log focal: its own entry, gradient, and entries with the poses [6T]. */
  readonly focalHessian: number;
  readonly focalGradient: number;
  readonly focalPose: Float64Array;
}

/** Closest that a point may come to a camera, in units of its own depth at the anchor. */
export const NEAREST = 0.02;

/**
 * Gauss-Newton terms of the reprojection of all visible points, robust by weights 1/(1 + r²/s²)²
 * (Geman and McClure). The point n is its pixel at the anchor and one inverse depth: X = R·d + ρ·t.
 */
export function linearise(
  { tracks, anchorFrame }: Observations,
  cameras: Cameras,
  inverseDepthN: Float64Array,
  scalePx: number,
): Linearised {
  const { frameCount, pointCount, tracksTN2, visibilityTN } = tracks;
  const poseHessianT66 = new Float64Array(frameCount * 36);
  const poseGradientT6 = new Float64Array(frameCount * POSE);
  const depthHessianN = new Float64Array(pointCount);
  const depthGradientN = new Float64Array(pointCount);
  const mixedDN = new Float64Array((frameCount * POSE + 1) * pointCount);
  const focalPose = new Float64Array(frameCount * POSE);
  const { rotationT9: R, translationT3: T, focalPxT } = cameras;
  const [cx, cy] = cameras.centre;
  const anchorFocal = focalPxT[anchorFrame];
  const s2 = scalePx * scalePx;
  const jx = new Float64Array(POSE);
  const jy = new Float64Array(POSE);
  const focalRow = frameCount * POSE * pointCount;
  let [cost, focalHessian, focalGradient] = [0, 0, 0];
  for (let t = 0; t < frameCount; t++) {
    if (t === anchorFrame) continue;
    const f = focalPxT[t];
    const r = 9 * t;
    const h = 36 * t;
    const g = POSE * t;
    for (let n = 0; n < pointCount; n++) {
      if (!visibilityTN[t * pointCount + n]) continue;
      const a = 2 * (anchorFrame * pointCount + n);
      const dx = (tracksTN2[a] - cx) / anchorFocal;
      const dy = (tracksTN2[a + 1] - cy) / anchorFocal;
      const rho = inverseDepthN[n];
      const rx = R[r] * dx + R[r + 1] * dy + R[r + 2];
      const ry = R[r + 3] * dx + R[r + 4] * dy + R[r + 5];
      const rz = R[r + 6] * dx + R[r + 7] * dy + R[r + 8];
      const Z = rz + rho * T[3 * t + 2];
      if (Z < NEAREST) {
        cost += s2;
        continue;
      }
      const X = (rx + rho * T[3 * t]) / Z;
      const Y = (ry + rho * T[3 * t + 1]) / Z;
      const o = 2 * (t * pointCount + n);
      const ex = tracksTN2[o] - (f * X + cx);
      const ey = tracksTN2[o + 1] - (f * Y + cy);
      const e2 = ex * ex + ey * ey;
      const inlier = s2 / (s2 + e2);
      cost += e2 * inlier;
      const w = inlier * inlier;
      const p = f / Z;
      // Of (x, y) by X, then by turn (left perturbation: dX = ω × R·d), translation and ρ.
      jx[0] = -p * X * ry;
      jx[1] = p * (rz + X * rx);
      jx[2] = -p * ry;
      jx[3] = p * rho;
      jx[4] = 0;
      jx[5] = -p * X * rho;
      jy[0] = -p * (rz + Y * ry);
      jy[1] = p * Y * rx;
      jy[2] = p * rx;
      jy[3] = 0;
      jy[4] = p * rho;
      jy[5] = -p * Y * rho;
      const dxRho = p * (T[3 * t] - X * T[3 * t + 2]);
      const dyRho = p * (T[3 * t + 1] - Y * T[3 * t + 2]);
      // Of log f: the direction shrinks at the anchor, the projection grows here.
      const qx = -(R[r] * dx + R[r + 1] * dy);
      const qy = -(R[r + 3] * dx + R[r + 4] * dy);
      const qz = -(R[r + 6] * dx + R[r + 7] * dy);
      const fx = f * X + p * (qx - X * qz);
      const fy = f * Y + p * (qy - Y * qz);
      for (let i = 0; i < POSE; i++) {
        const wx = w * jx[i];
        const wy = w * jy[i];
        for (let j = 0; j <= i; j++) poseHessianT66[h + POSE * i + j] += wx * jx[j] + wy * jy[j];
        poseGradientT6[g + i] += wx * ex + wy * ey;
        mixedDN[(g + i) * pointCount + n] = wx * dxRho + wy * dyRho;
        focalPose[g + i] += wx * fx + wy * fy;
      }
      depthHessianN[n] += w * (dxRho * dxRho + dyRho * dyRho);
      depthGradientN[n] += w * (dxRho * ex + dyRho * ey);
      focalHessian += w * (fx * fx + fy * fy);
      focalGradient += w * (fx * ex + fy * ey);
      mixedDN[focalRow + n] += w * (fx * dxRho + fy * dyRho);
    }
  }
  return {
    cost,
    poseHessianT66,
    poseGradientT6,
    depthHessianN,
    depthGradientN,
    mixedDN,
    focalHessian,
    focalGradient,
    focalPose,
  };
}
