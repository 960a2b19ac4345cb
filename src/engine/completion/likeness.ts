import type { Size } from "../../domain/clip.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { affineAt, robustAffine } from "../scenario/affine.ts";
import { type Rest, restOf } from "./at-rest.ts";
import { keptByHistory } from "./kept.ts";
import { togetherInScenarios } from "./together.ts";
import { togetherInPast } from "./together-in-past.ts";

/**
 * How alike two points' futures are expected to be: correlations of two Gaussian processes over
 * (position at "now", recent motion), one of what the camera does to a point and one of what the point
 * does beside that. How large each is, a future tells (`spreads.ts`).
 *
 *     camera(i,j) = [0.5 + 0.5·ĉᵢ·ĉⱼ + 0.1·x̂ᵢ·x̂ⱼ] · a(i,j)
 *     object(i,j) = [1.5·mᵢ·mⱼ + 0.3·g(180 px) + 0.4·g(48 px)] · a(i,j)
 *
 * a = exp(−|vᵢ−vⱼ|² / 2s²) · (0.4 + 0.6·what scenarios do together, together.ts), so that a pin on one thing takes along what moves with it and leaves the
 * rest; ĉ: the direction in which the camera moves a point, near 0 where it stands: a camera that goes on
 * faster or slower than sampled does so everywhere along its own motion; g(R) = exp(−|xᵢ−xⱼ|² / 2R²); x̂:
 * position from the picture's centre in half widths; v: px a frame over the last four frames; s: 4 × the
 * points' mean speed + 0.05 px; m: near 1 for a point that moved beside the camera, 0 for one that did
 * not: the still ground is not one body. A past in which nothing moved tells of what is near (at-rest.ts).
 * Of one frame nothing has moved: likeness is of place alone. The numbers were chosen on training clips that the network has never seen (models/MODEL_CARD.md).
 */
export interface Likeness {
  readonly pointCount: number;
  camera(i: number, j: number): number;
  object(i: number, j: number): number;
  /** What two points did together in all of the past, −1 to 1; absent where nothing tells. */
  readonly together?: (i: number, j: number) => number;
  /** Where nothing moved before "now": `object` is by it already, `camera` is not (gain.ts). */
  readonly rest?: Rest;
  /** How fast each point moved of late; absent where nothing tells. */
  readonly speeds?: Speeds;
}

/** [N] px a frame by the camera, and beside it; px that a point was away from its place of late. */
export interface Speeds {
  readonly cameraN: Float64Array;
  readonly objectN: Float64Array;
  /** Near 1 for a point that moved beside the camera, 0 for one that did not. */
  readonly movesN: Float64Array;
  readonly roamedN: Float64Array;
}

interface Sharing {
  readonly affine: number;
  readonly wide: typeof CLOSE;
}

/** What the camera moves shares by its direction; the rest it shares however it is moved. */
const DIRECTION_SHARE = 0.5;
/** A point that the camera moves this fast, px a frame, has half a direction. */
const DIRECTED_PX = 0.1;
/** What things share that move alike, however far apart; those that are alike by place alone, less. */
const BODY_SHARE = 1.5;
const PLACE_BODY_SHARE = 0.6;
/** What neighbours share: how much, and within which reach, px. */
const CLOSE = { share: 0.4, reachPx: 48 };
/** How much of an affine motion all share, and what wider surroundings do, where motion tells what is alike … */
const BESIDE_MOTION: Sharing = { affine: 0.1, wide: { share: 0.3, reachPx: 180 } };
/** … and where place alone has to. */
const BY_PLACE: Sharing = { affine: 0.15, wide: { share: 0.3, reachPx: 120 } };
const VELOCITY_FRAMES = 4;
const SPEED_SCALE = 4;
/** How much of what two points share they lose that no scenario moves together. */
const TOGETHER_SHARE = 0.6;
/** Tracker noise, px a frame: velocities that differ by less are the same. */
const NOISE_PX = 0.05;
/** A point this fast beside the camera, px a frame, counts half as one that moves. */
const MOVES_PX = 0.3;
/** Frames in which a point shows whether it stands. */
const ROAM_FRAMES = 16;

/** `history`: [T,N,2] videoPx in time order, its last frame is "now". `size`: of the frame, px. */
export const motionLikeness = keptByHistory(likenessOf);

function likenessOf(history: Tracks, size: Size): Likeness {
  const { frameCount, pointCount, tracksTN2 } = history;
  const now = 2 * pointCount * (frameCount - 1);
  const span = Math.min(VELOCITY_FRAMES, frameCount - 1);
  const before = now - 2 * pointCount * span;
  const xyN2 = tracksTN2.subarray(now, now + 2 * pointCount);
  if (span === 0) return placeOnly(xyN2, size, () => 1);
  const velocityN2 = Float64Array.from(xyN2, (v, i) => (v - tracksTN2[before + i]) / span);
  const cameraN2 = cameraFlow(xyN2, velocityN2, size);
  const speeds = { ...speedsOf(velocityN2, cameraN2), roamedN: roamed(history) };
  const directionN2 = directions(cameraN2);
  const { movesN } = speeds;
  const s = SPEED_SCALE * meanSpeed(velocityN2) + NOISE_PX;
  const together = togetherInScenarios(history, size);
  const alike = (i: number, j: number) => {
    const dvx = velocityN2[2 * i] - velocityN2[2 * j];
    const dvy = velocityN2[2 * i + 1] - velocityN2[2 * j + 1];
    const near = Math.exp(-(dvx * dvx + dvy * dvy) / (2 * s * s));
    return near * (1 - TOGETHER_SHARE + TOGETHER_SHARE * together(i, j));
  };
  const { affine, near } = placeLikeness(xyN2, size, BESIDE_MOTION);
  const rest = restOf(speeds.roamedN, xyN2);
  const object = (i: number, j: number) =>
    (BODY_SHARE * movesN[i] * movesN[j] + near(i, j)) * alike(i, j);
  return {
    pointCount,
    together: togetherInPast(history),
    speeds,
    ...(rest && { rest }),
    camera(i, j) {
      const cosine =
        directionN2[2 * i] * directionN2[2 * j] + directionN2[2 * i + 1] * directionN2[2 * j + 1];
      return (affine(i, j) - DIRECTION_SHARE * (1 - cosine)) * alike(i, j);
    },
    object: rest ? (i, j) => object(i, j) * rest.kept(i, j) + rest.body(i, j) : object,
  };
}

/** What the camera makes of all points' velocities [N,2], as one affine map. */
function cameraFlow(xyN2: Float32Array, velocityN2: Float64Array, size: Size): Float64Array {
  const all = new Uint8Array(xyN2.length / 2).fill(1);
  const field = robustAffine(xyN2, velocityN2, all, size);
  const flowN2 = new Float64Array(xyN2.length);
  for (let n = 0; n < all.length; n++) {
    flowN2.set(affineAt(field, xyN2[2 * n], xyN2[2 * n + 1]), 2 * n);
  }
  return flowN2;
}

function speedsOf(velocityN2: Float64Array, cameraN2: Float64Array) {
  const cameraN = new Float64Array(cameraN2.length / 2);
  const objectN = new Float64Array(cameraN2.length / 2);
  for (let n = 0; n < cameraN.length; n++) {
    const [vx, vy] = [cameraN2[2 * n], cameraN2[2 * n + 1]];
    cameraN[n] = Math.hypot(vx, vy);
    objectN[n] = Math.hypot(velocityN2[2 * n] - vx, velocityN2[2 * n + 1] - vy);
  }
  const movesN = objectN.map((v) => (v * v) / (v * v + MOVES_PX * MOVES_PX));
  return { cameraN, objectN, movesN };
}

/** Directions of vectors [N,2]: of length 1 where they are long. */
function directions(vectorsN2: Float64Array): Float64Array {
  return vectorsN2.map((v, i) => {
    return v / (Math.hypot(vectorsN2[i - (i % 2)], vectorsN2[i - (i % 2) + 1]) + DIRECTED_PX);
  });
}

/** How far each point was at most from where it is "now", of late: [N] px. */
function roamed({ frameCount, pointCount, tracksTN2 }: Tracks): Float64Array {
  const now = 2 * pointCount * (frameCount - 1);
  const farthest = new Float64Array(pointCount);
  for (let back = 1; back <= Math.min(ROAM_FRAMES, frameCount - 1); back++) {
    const then = now - 2 * pointCount * back;
    for (let n = 0; n < pointCount; n++) {
      const dx = tracksTN2[now + 2 * n] - tracksTN2[then + 2 * n];
      const dy = tracksTN2[now + 2 * n + 1] - tracksTN2[then + 2 * n + 1];
      farthest[n] = Math.max(farthest[n], Math.hypot(dx, dy));
    }
  }
  return farthest;
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
  const { affine, near } = placeLikeness(xyN2, size, BY_PLACE);
  return {
    pointCount: xyN2.length / 2,
    camera: (i, j) => affine(i, j) * alike(i, j),
    object: (i, j) => (PLACE_BODY_SHARE + near(i, j)) * alike(i, j),
  };
}

/** What a shared affine motion and neighbourhood make of two points' likeness. */
function placeLikeness(
  xyN2: Float32Array,
  { width, height }: Size,
  { affine: affineShare, wide }: Sharing,
) {
  const half = width / 2;
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  return {
    affine(i: number, j: number): number {
      const [xi, yi, xj, yj] = [xyN2[2 * i], xyN2[2 * i + 1], xyN2[2 * j], xyN2[2 * j + 1]];
      return 1 + (affineShare * ((xi - cx) * (xj - cx) + (yi - cy) * (yj - cy))) / (half * half);
    },
    near(i: number, j: number): number {
      const d2 = (xyN2[2 * i] - xyN2[2 * j]) ** 2 + (xyN2[2 * i + 1] - xyN2[2 * j + 1]) ** 2;
      return shared(wide, d2) + shared(CLOSE, d2);
    },
  };
}

function shared({ share, reachPx }: typeof CLOSE, distance2: number): number {
  return share * Math.exp(-distance2 / (2 * reachPx * reachPx));
}
