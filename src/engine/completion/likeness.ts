import type { Size } from "../../domain/clip.ts";
import type { Tracks } from "../../domain/tracks.ts";

/**
 * How alike two points' futures are expected to be: the covariance of a Gaussian process over
 * (position at "now", recent velocity). A shared shift, a shared affine motion of the whole picture
 * and a shared motion of neighbours, all damped where two points have moved differently of late, so
 * that a pin on one thing takes along what moves with it and leaves the rest.
 *
 * k(i,j) = [1 + ½·x̂ᵢ·x̂ⱼ + ½·exp(−|xᵢ−xⱼ|² / 2R²)] · exp(−|vᵢ−vⱼ|² / 2s²)
 *
 * x̂: position from the picture's centre in half widths; v: px a frame over the last four frames;
 * s: the points' mean speed + 0.05 px. Of one frame nothing has moved: likeness is of place alone.
 */
export interface Likeness {
  readonly pointCount: number;
  of(i: number, j: number): number;
}

/** Reach of what neighbours share, px. */
const REACH_PX = 120;
const VELOCITY_FRAMES = 4;
/** Tracker noise, px a frame: velocities that differ by less are the same. */
const NOISE_PX = 0.05;

/** `history`: [T,N,2] videoPx in time order, its last frame is "now". `size`: of the frame, px. */
export function motionLikeness(history: Tracks, { width, height }: Size): Likeness {
  const { frameCount, pointCount, tracksTN2 } = history;
  const now = 2 * pointCount * (frameCount - 1);
  const span = Math.min(VELOCITY_FRAMES, frameCount - 1);
  const before = now - 2 * pointCount * span;
  const xyN2 = tracksTN2.subarray(now, now + 2 * pointCount);
  const velocityN2 = new Float64Array(2 * pointCount);
  let speed = 0;
  for (let n = 0; span > 0 && n < pointCount; n++) {
    const vx = (xyN2[2 * n] - tracksTN2[before + 2 * n]) / span;
    const vy = (xyN2[2 * n + 1] - tracksTN2[before + 2 * n + 1]) / span;
    velocityN2[2 * n] = vx;
    velocityN2[2 * n + 1] = vy;
    speed += Math.hypot(vx, vy) / pointCount;
  }
  const s = speed + NOISE_PX;
  const place = placeLikeness(xyN2, { width, height });
  return {
    pointCount,
    of(i, j) {
      const dvx = velocityN2[2 * i] - velocityN2[2 * j];
      const dvy = velocityN2[2 * i + 1] - velocityN2[2 * j + 1];
      return place(i, j) * Math.exp(-(dvx * dvx + dvy * dvy) / (2 * s * s));
    },
  };
}

/** Two features at a right angle share 1/e³ of what equal ones share. */
const FEATURE_SCALE = 1 / 3;

/**
 * The likeness of a picture's points by what they are of instead of how they moved: that of place,
 * damped by exp(−(1 − cos) / s), cos between their features. `featuresFN`: [F,N], of unit length over F.
 */
export function featureLikeness(
  xyN2: Float32Array,
  size: Size,
  featuresFN: Float32Array,
): Likeness {
  const pointCount = xyN2.length / 2;
  const place = placeLikeness(xyN2, size);
  return {
    pointCount,
    of(i, j) {
      let cosine = 0;
      for (let f = 0; f < featuresFN.length; f += pointCount) {
        cosine += featuresFN[f + i] * featuresFN[f + j];
      }
      return place(i, j) * Math.exp((cosine - 1) / FEATURE_SCALE);
    },
  };
}

/** What a shared shift, a shared affine motion and neighbourhood make of two points' likeness. */
function placeLikeness(xyN2: Float32Array, { width, height }: Size) {
  const half = width / 2;
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  return (i: number, j: number): number => {
    const [xi, yi, xj, yj] = [xyN2[2 * i], xyN2[2 * i + 1], xyN2[2 * j], xyN2[2 * j + 1]];
    const dx = xi - xj;
    const dy = yi - yj;
    const affine = ((xi - cx) * (xj - cx) + (yi - cy) * (yj - cy)) / (half * half);
    const near = Math.exp(-(dx * dx + dy * dy) / (2 * REACH_PX * REACH_PX));
    return 1 + 0.5 * affine + 0.5 * near;
  };
}
