import type { Size } from "../../domain/clip.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { affineAt, robustAffine } from "../scenario/affine.ts";

/**
 * How alike two points' futures are expected to be: correlations of two Gaussian processes over
 * (position at "now", recent velocity), one of what the camera does to a point and one of what the point
 * does beside that. How large each is, a future tells (`spreads.ts`).
 *
 *     camera(i,j) = [1 + 0.15·x̂ᵢ·x̂ⱼ] · a(i,j)
 *     object(i,j) = [0.6·mᵢ·mⱼ + 0.3·g(120 px) + 0.4·g(48 px)] · a(i,j)
 *
 * a = exp(−|vᵢ−vⱼ|² / 2s²), so that a pin on one thing takes along what moves with it and leaves the
 * rest; g(R) = exp(−|xᵢ−xⱼ|² / 2R²); x̂: position from the picture's centre in half widths; v: px a frame
 * over the last four frames; s: 2 × the points' mean speed + 0.05 px; m: near 1 for a point that moved
 * beside the camera, 0 for one that did not: the still ground is not one body. Of one frame nothing has
 * moved: likeness is of place alone. The numbers were chosen on training clips that the network has never
 * seen (models/MODEL_CARD.md).
 */
export interface Likeness {
  readonly pointCount: number;
  camera(i: number, j: number): number;
  object(i: number, j: number): number;
  /** How fast each point moved of late; absent where nothing tells. */
  readonly speeds?: Speeds;
}

/** px a frame, [N]: by the camera, and beside it. */
export interface Speeds {
  readonly cameraN: Float64Array;
  readonly objectN: Float64Array;
}

const AFFINE = 0.15;
/** What things share that move alike, however far apart. */
const BODY_SHARE = 0.6;
/** What neighbours share: how much, and within which reach, px. */
const WIDE = { share: 0.3, reachPx: 120 };
const CLOSE = { share: 0.4, reachPx: 48 };
const VELOCITY_FRAMES = 4;
const SPEED_SCALE = 2;
/** Tracker noise, px a frame: velocities that differ by less are the same. */
const NOISE_PX = 0.05;
/** A point this fast beside the camera, px a frame, counts half as one that moves. */
const MOVES_PX = 0.2;

/** `history`: [T,N,2] videoPx in time order, its last frame is "now". `size`: of the frame, px. */
export function motionLikeness(history: Tracks, size: Size): Likeness {
  const { frameCount, pointCount, tracksTN2 } = history;
  const now = 2 * pointCount * (frameCount - 1);
  const span = Math.min(VELOCITY_FRAMES, frameCount - 1);
  const before = now - 2 * pointCount * span;
  const xyN2 = tracksTN2.subarray(now, now + 2 * pointCount);
  if (span === 0) return placeOnly(xyN2, size, () => 1);
  const velocityN2 = Float64Array.from(xyN2, (v, i) => (v - tracksTN2[before + i]) / span);
  const speeds = speedsOf(xyN2, velocityN2, size);
  const movesN = speeds.objectN.map((v) => (v * v) / (v * v + MOVES_PX * MOVES_PX));
  const s = SPEED_SCALE * meanSpeed(velocityN2) + NOISE_PX;
  const alike = (i: number, j: number) => {
    const dvx = velocityN2[2 * i] - velocityN2[2 * j];
    const dvy = velocityN2[2 * i + 1] - velocityN2[2 * j + 1];
    return Math.exp(-(dvx * dvx + dvy * dvy) / (2 * s * s));
  };
  const { affine, near } = placeLikeness(xyN2, size);
  return {
    pointCount,
    speeds,
    camera: (i, j) => affine(i, j) * alike(i, j),
    object: (i, j) => (BODY_SHARE * movesN[i] * movesN[j] + near(i, j)) * alike(i, j),
  };
}

function speedsOf(xyN2: Float32Array, velocityN2: Float64Array, size: Size): Speeds {
  const pointCount = xyN2.length / 2;
  const field = robustAffine(xyN2, velocityN2, new Uint8Array(pointCount).fill(1), size);
  const cameraN = new Float64Array(pointCount);
  const objectN = new Float64Array(pointCount);
  for (let n = 0; n < pointCount; n++) {
    const [vx, vy] = affineAt(field, xyN2[2 * n], xyN2[2 * n + 1]);
    cameraN[n] = Math.hypot(vx, vy);
    objectN[n] = Math.hypot(velocityN2[2 * n] - vx, velocityN2[2 * n + 1] - vy);
  }
  return { cameraN, objectN };
}

function meanSpeed(velocityN2: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < velocityN2.length; i += 2) {
    sum += Math.hypot(velocityN2[i], velocityN2[i + 1]);
  }
  return (2 * sum) / velocityN2.length;
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
  return placeOnly(xyN2, size, (i, j) => {
    let cosine = 0;
    for (let f = 0; f < featuresFN.length; f += pointCount) {
      cosine += featuresFN[f + i] * featuresFN[f + j];
    }
    return Math.exp((cosine - 1) / FEATURE_SCALE);
  });
}

/** Where no motion tells what is one body, all that is `alike` may be. */
function placeOnly(
  xyN2: Float32Array,
  size: Size,
  alike: (i: number, j: number) => number,
): Likeness {
  const { affine, near } = placeLikeness(xyN2, size);
  return {
    pointCount: xyN2.length / 2,
    camera: (i, j) => affine(i, j) * alike(i, j),
    object: (i, j) => (BODY_SHARE + near(i, j)) * alike(i, j),
  };
}

/** What a shared affine motion and neighbourhood make of two points' likeness. */
function placeLikeness(xyN2: Float32Array, { width, height }: Size) {
  const half = width / 2;
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  return {
    affine(i: number, j: number): number {
      const [xi, yi, xj, yj] = [xyN2[2 * i], xyN2[2 * i + 1], xyN2[2 * j], xyN2[2 * j + 1]];
      return 1 + (AFFINE * ((xi - cx) * (xj - cx) + (yi - cy) * (yj - cy))) / (half * half);
    },
    near(i: number, j: number): number {
      const d2 = (xyN2[2 * i] - xyN2[2 * j]) ** 2 + (xyN2[2 * i + 1] - xyN2[2 * j + 1]) ** 2;
      return shared(WIDE, d2) + shared(CLOSE, d2);
    },
  };
}

function shared({ share, reachPx }: typeof WIDE, distance2: number): number {
  return share * Math.exp(-distance2 / (2 * reachPx * reachPx));
}
