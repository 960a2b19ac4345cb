import type { Size } from "../../domain/clip.ts";
import type { Tracks } from "../../domain/tracks.ts";

/**
 * How alike two points' futures are expected to be: the covariance of a Gaussian process over
 * (position at "now", recent velocity), of variance about 1.3. A shared shift, a little of a shared affine
 * motion, and motions shared by neighbours at two reaches, all damped where two points have moved
 * differently of late, so that a pin on one thing takes along what moves with it and leaves the rest.
 *
 * k(i,j) = [1 + 0.15·x̂ᵢ·x̂ⱼ + 0.12·g(120 px) + 0.2·g(48 px)] · exp(−|vᵢ−vⱼ|² / 2s²)
 *
 * g(R) = exp(−|xᵢ−xⱼ|² / 2R²); x̂: position from the picture's centre in half widths; v: px a frame over
 * the last four frames; s: 1.5 × the points' mean speed + 0.05 px. Of one frame nothing has moved:
 * likeness is of place alone. The numbers were chosen on training clips (models/MODEL_CARD.md).
 */
export interface Likeness {
  readonly pointCount: number;
  of(i: number, j: number): number;
  /** [N] px a frame: how fast each point moved of late; absent where nothing tells. */
  readonly speedN?: Float64Array;
}

const AFFINE = 0.15;
/** What neighbours share: how much, and within which reach, px. */
const WIDE = { share: 0.12, reachPx: 120 };
const CLOSE = { share: 0.2, reachPx: 48 };
const VELOCITY_FRAMES = 4;
const SPEED_SCALE = 1.5;
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
  const speedN = new Float64Array(pointCount);
  for (let n = 0; span > 0 && n < pointCount; n++) {
    const vx = (xyN2[2 * n] - tracksTN2[before + 2 * n]) / span;
    const vy = (xyN2[2 * n + 1] - tracksTN2[before + 2 * n + 1]) / span;
    velocityN2[2 * n] = vx;
    velocityN2[2 * n + 1] = vy;
    speedN[n] = Math.hypot(vx, vy);
  }
  const s = (SPEED_SCALE * speedN.reduce((sum, v) => sum + v, 0)) / pointCount + NOISE_PX;
  const place = placeLikeness(xyN2, { width, height });
  return {
    pointCount,
    speedN,
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
    const d2 = (xi - xj) ** 2 + (yi - yj) ** 2;
    const affine = ((xi - cx) * (xj - cx) + (yi - cy) * (yj - cy)) / (half * half);
    return 1 + AFFINE * affine + shared(WIDE, d2) + shared(CLOSE, d2);
  };
}

function shared({ share, reachPx }: typeof WIDE, distance2: number): number {
  return share * Math.exp(-distance2 / (2 * reachPx * reachPx));
}

/** Part of a deviation that every point has, however still it is, in mean ones. */
const LEAST = 0.4;

/**
 * How uncertain each point of a sampled future is beside the others, [N], 1 on average: by how far the
 * future takes it and how fast it moved of late. What has stood still and goes on to is moved least by
 * what is asked of others. `pathTN2` [T,N,2] videoPx from the frame after "now".
 */
export function deviations(
  pathTN2: Float32Array,
  nowN2: Float32Array,
  { pointCount, speedN = new Float64Array(pointCount) }: Likeness,
): Float64Array {
  const farN = new Float64Array(pointCount);
  for (let i = 0; i < pathTN2.length; i += 2) {
    const n = (i >> 1) % pointCount;
    farN[n] += (pathTN2[i] - nowN2[2 * n]) ** 2 + (pathTN2[i + 1] - nowN2[2 * n + 1]) ** 2;
  }
  for (let n = 0; n < pointCount; n++) farN[n] = Math.sqrt(farN[n]);
  const [far, speed] = [meanOf(farN) + 1e-3, meanOf(speedN) + 1e-3];
  const ownN = farN.map((v, n) => v / far + speedN[n] / speed);
  const own = meanOf(ownN);
  return ownN.map((v) => (v + LEAST * own + 1e-6) / (own * (1 + LEAST) + 1e-6));
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
