import type { Cameras } from "./cameras.ts";
import { NEAREST } from "./normal-equations.ts";
import type { Observations } from "./observations.ts";

/** What cameras leave of one point: observed minus projected, px, where it is visible. */
export interface PointResidual {
  /** Frames that count: visible and not the anchor. */
  readonly frames: number;
  /** Σ of squared distances over those, px². */
  readonly squaredPx2: number;
  /** Σ |j|², j = how the projection shifts per unit of inverse depth, px². */
  readonly information: number;
  /** Σ j·e, and Σ |j|·e⊥ of the part across j: noise that inverse depth cannot take up. */
  readonly along: number;
  readonly across: number;
}

/** Distances longer than this count as this: a lost point says no more than that it is lost. */
const LONGEST_PX = 30;

/** Residual of point n under `cameras` at an inverse depth. */
export function pointResidual(
  { tracks, anchorFrame }: Observations,
  cameras: Cameras,
  n: number,
  inverseDepth: number,
): PointResidual {
  const { frameCount, pointCount, tracksTN2, visibilityTN } = tracks;
  const { rotationT9: R, translationT3: T, focalPxT } = cameras;
  const [cx, cy] = cameras.centre;
  const a = 2 * (anchorFrame * pointCount + n);
  const dx = (tracksTN2[a] - cx) / focalPxT[anchorFrame];
  const dy = (tracksTN2[a + 1] - cy) / focalPxT[anchorFrame];
  let [frames, squaredPx2, information, along, across] = [0, 0, 0, 0, 0];
  for (let t = 0; t < frameCount; t++) {
    if (t === anchorFrame || !visibilityTN[t * pointCount + n]) continue;
    const r = 9 * t;
    const Z = R[r + 6] * dx + R[r + 7] * dy + R[r + 8] + inverseDepth * T[3 * t + 2];
    frames++;
    if (Z < NEAREST) {
      squaredPx2 += LONGEST_PX * LONGEST_PX;
      continue;
    }
    const X = (R[r] * dx + R[r + 1] * dy + R[r + 2] + inverseDepth * T[3 * t]) / Z;
    const Y = (R[r + 3] * dx + R[r + 4] * dy + R[r + 5] + inverseDepth * T[3 * t + 1]) / Z;
    const o = 2 * (t * pointCount + n);
    const ex = tracksTN2[o] - (focalPxT[t] * X + cx);
    const ey = tracksTN2[o + 1] - (focalPxT[t] * Y + cy);
    const p = focalPxT[t] / Z;
    const jx = p * (T[3 * t] - X * T[3 * t + 2]);
    const jy = p * (T[3 * t + 1] - Y * T[3 * t + 2]);
    const e2 = ex * ex + ey * ey;
    squaredPx2 += Math.min(LONGEST_PX * LONGEST_PX, e2);
    // One lost frame must not move the point.
    const w = e2 > LONGEST_PX * LONGEST_PX ? 0 : 1;
    information += w * (jx * jx + jy * jy);
    along += w * (jx * ex + jy * ey);
    across += w * (jx * ey - jy * ex);
  }
  return { frames, squaredPx2, information, along, across };
}

const STARTS = [0.05, 0.4, 1, 2.5, 6];
const ROUNDS = 4;

/** Inverse depth of point n that `cameras` explain best, from several starts: the line may fold. */
export function triangulate(observations: Observations, cameras: Cameras, n: number): number {
  let best = 1;
  let least = Infinity;
  for (const start of STARTS) {
    const rho = refineDepth(observations, cameras, n, start);
    const { squaredPx2 } = pointResidual(observations, cameras, n, rho);
    if (squaredPx2 < least) {
      least = squaredPx2;
      best = rho;
    }
  }
  return best;
}

/** Inverse depth of point n that `cameras` explain best near `start`. */
export function refineDepth(
  observations: Observations,
  cameras: Cameras,
  n: number,
  start: number,
): number {
  let rho = start;
  for (let round = 0; round < ROUNDS; round++) {
    const { information, along } = pointResidual(observations, cameras, n, rho);
    if (information < 1e-9) break;
    const step = along / information;
    rho += Math.max(-1 - 0.5 * Math.abs(rho), Math.min(1 + 0.5 * Math.abs(rho), step));
  }
  return rho;
}
