import type { Size } from "../../domain/clip.ts";
import type { Future } from "../../domain/forecast.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { affineAt, robustAffine } from "../scenario/affine.ts";
import type { Likeness } from "./likeness.ts";

/** How uncertain each point of a future is, px: [N] by the camera, and beside it. */
export interface Spreads {
  readonly cameraN: Float64Array;
  readonly objectN: Float64Array;
}

/** What a point's recent motion makes in so many frames counts beside what its future does. */
const RECENT_FRAMES = 16;
/** Part of the mean that every point has, however still it is. */
const FLOOR = 0.6;
/** A point that stayed within this much of late, px, counts half as one that stands. */
const STANDS_PX = 1;
/** A point that the future moves this far, px, counts half as one that it leaves at rest. */
const RESTS_PX = 2;
/** What a standing point keeps of its uncertainty. */
const STANDING = 0.1;
/** What even a scene has that never moved, px: little of it by the camera, which then stands. */
const LEAST_CAMERA_PX = 0.3;
const LEAST_OBJECT_PX = 1;

/**
 * Takes a future's points to be as uncertain as far it takes them and as fast as they moved of late,
 * camera and objects apart: what stood still, and what the future leaves at rest, is moved least by what
 * is asked of others. `nowN2`: [N,2] videoPx at "now"; `size`: of the frame.
 */
export function spreadsOf(
  future: Future,
  nowN2: Float32Array,
  { speeds }: Likeness,
  size: Size,
): Spreads {
  const { cameraN, objectN } = future.cameraPathT6
    ? alongPath(future, future.cameraPathT6, nowN2)
    : byLastFrame(future, nowN2, size);
  for (let n = 0; n < cameraN.length; n++) {
    cameraN[n] += RECENT_FRAMES * (speeds?.cameraN[n] ?? 0);
    objectN[n] += RECENT_FRAMES * (speeds?.objectN[n] ?? 0);
  }
  const cameraFloor = FLOOR * meanOf(cameraN) + LEAST_CAMERA_PX;
  const objectFloor = FLOOR * meanOf(objectN);
  const leftN = movedBy(future.tracks, nowN2).map((px) => moving(px, RESTS_PX));
  return {
    cameraN: cameraN.map((v, n) => (v + cameraFloor) * leftN[n]),
    objectN: objectN.map((v, n) => {
      const stood = moving(speeds?.roamedN[n] ?? Number.POSITIVE_INFINITY, STANDS_PX);
      return ((v + objectFloor) * stood + LEAST_OBJECT_PX) * leftN[n];
    }),
  };
}

/** How much of its uncertainty is left to a point that moved so far; half of what may go at `halfPx`. */
function moving(px: number, halfPx: number): number {
  const rests = 1 / (1 + (px / halfPx) ** 2);
  return 1 - (1 - STANDING) * rests;
}

/** How far a future takes each point from where it is "now", root mean square over its frames: [N] px. */
function movedBy({ frameCount, pointCount, tracksTN2 }: Tracks, nowN2: Float32Array): Float64Array {
  const squaresN = new Float64Array(pointCount);
  for (let i = 0; i < frameCount * pointCount; i++) {
    const n = i % pointCount;
    const [dx, dy] = [tracksTN2[2 * i] - nowN2[2 * n], tracksTN2[2 * i + 1] - nowN2[2 * n + 1]];
    squaresN[n] += dx * dx + dy * dy;
  }
  return squaresN.map((sum) => Math.sqrt(sum / frameCount));
}

/** Root mean squares over the frames: how far the camera takes each point, and how far it is from there. */
function alongPath(
  { tracks: { frameCount, pointCount, tracksTN2 } }: Future,
  pathT6: Float32Array,
  nowN2: Float32Array,
): Spreads {
  const cameraN = new Float64Array(pointCount);
  const objectN = new Float64Array(pointCount);
  for (let t = 0; t < frameCount; t++) {
    const [a, b, c, d, e, f] = pathT6.subarray(6 * t, 6 * t + 6);
    for (let n = 0; n < pointCount; n++) {
      const [x, y] = [nowN2[2 * n], nowN2[2 * n + 1]];
      const [seenX, seenY] = [a * x + b * y + c, d * x + e * y + f];
      const o = 2 * (t * pointCount + n);
      cameraN[n] += (seenX - x) ** 2 + (seenY - y) ** 2;
      objectN[n] += (tracksTN2[o] - seenX) ** 2 + (tracksTN2[o + 1] - seenY) ** 2;
    }
  }
  const root = (v: number) => Math.sqrt(v / frameCount);
  return { cameraN: cameraN.map(root), objectN: objectN.map(root) };
}

/** The same of a future that tells no camera: an affine map fitted to its last frame stands for one. */
function byLastFrame(
  { tracks: { frameCount, pointCount, tracksTN2 } }: Future,
  nowN2: Float32Array,
  size: Size,
): Spreads {
  const last = 2 * pointCount * (frameCount - 1);
  const movedN2 = Float64Array.from(nowN2, (v, i) => tracksTN2[last + i] - v);
  const field = robustAffine(nowN2, movedN2, new Uint8Array(pointCount).fill(1), size);
  const cameraN = new Float64Array(pointCount);
  const objectN = new Float64Array(pointCount);
  // A motion that grows evenly is, in the mean square of its frames, 1/√3 of its end.
  const mean = 1 / Math.sqrt(3);
  for (let n = 0; n < pointCount; n++) {
    const [u, v] = affineAt(field, nowN2[2 * n], nowN2[2 * n + 1]);
    cameraN[n] = mean * Math.hypot(u, v);
    objectN[n] = mean * Math.hypot(movedN2[2 * n] - u, movedN2[2 * n + 1] - v);
  }
  return { cameraN, objectN };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
