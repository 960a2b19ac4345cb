import type { Size } from "../../domain/clip.ts";
import type { CameraWish } from "../../domain/constraints.ts";
import type { CameraPathT6, Future } from "../../domain/forecast.ts";
import { NEAREST_DEPTH, type PinholePath } from "../../domain/pinhole.ts";
import { composed, keptSteps, type Pose } from "../../domain/pose.ts";
import { isKnownAt, type Relief } from "../../domain/relief.ts";
import type { Tracks } from "../../domain/tracks.ts";
import {
  type Cameras,
  directionOf,
  stillCameras,
  transformDirection,
  worldOnRay,
} from "../space/cameras.ts";
import { beginAtNow } from "../space/lift.ts";
import { resectAll } from "../space/resection.ts";
import { mapAt } from "./own-camera.ts";

/** A future in the space of a relief, under a camera that the user set. */
export interface InSpace {
  /** The camera set, over the future's own as far as that moves on. */
  readonly path: PinholePath;
  /** [T,N,3] world: the space of the camera at "now". */
  readonly worldTN3: Float64Array;
}

/** Robust residual beyond which more is not worse, px. */
const SCALE_PX = 2;
/** So much less has the camera in space to leave than the affine path, to be taken in its place. */
const BETTER = 0.8;

/**
 * Futures in the space of a relief that was measured: each one's own camera is the resection of its
 * points by their depths, and a point lies on the ray of its pixel, as deep as its place at "now" is
 * seen then; what stands still stays where it is. Null where the relief is assumed, and for a future
 * whose affine camera path tells its motion as well: one that only turns or zooms.
 * `startN2`: the points at "now", videoPx; `depthN`: how deep they are.
 */
export function planInSpace(
  wish: CameraWish,
  startN2: Float32Array,
  depthN: Float32Array,
  size: Size,
): (future: Future | undefined) => InSpace | null {
  const { relief, path, ownT } = wish;
  if (!isMeasured(relief)) return () => null;
  return (future) => {
    if (!future) return null;
    const own = placedFuture(future, wish, startN2, depthN, size);
    if (!own) return null;
    const kept = keptSteps(posesOf(own.cameras), ownT);
    const rotationT9 = new Float32Array(path.rotationT9.length);
    const translationT3 = new Float32Array(path.translationT3.length);
    posesOf(path).forEach((pose, t) => {
      const { rotation, translation } = composed(pose, kept[t]);
      rotationT9.set(rotation, 9 * t);
      translationT3.set(translation, 3 * t);
    });
    return { path: { ...path, rotationT9, translationT3 }, worldTN3: own.worldTN3 };
  };
}

function isMeasured({ source }: Relief): boolean {
  return source === "parallax" || source === "imported";
}

interface Placed {
  /** Of the frames after "now". */
  readonly cameras: Pick<PinholePath, "frameCount" | "rotationT9" | "translationT3">;
  readonly worldTN3: Float64Array;
}

/** A pointer that moves a camera asks again and again for the same future over the same relief. */
const placed = new WeakMap<
  Tracks,
  { readonly relief: Relief; readonly focalPx: number; readonly own: Placed | null }
>();

function placedFuture(
  { tracks, cameraPathT6 }: Future,
  { relief, nowFocalPx: focalPx, path: { centre } }: CameraWish,
  startN2: Float32Array,
  depthN: Float32Array,
  size: Size,
): Placed | null {
  const known = placed.get(tracks);
  if (known?.relief === relief && known.focalPx === focalPx) return known.own;
  const observations = { tracks: beginAtNow(startN2, tracks), anchorFrame: 0 };
  const cameras = stillCameras(tracks.frameCount + 1, focalPx, centre);
  const inverseDepthN = depthN.map((depth) => 1 / depth);
  const usedN = Uint8Array.from(depthN, (_, n) =>
    isKnownAt(relief, size, startN2[2 * n], startN2[2 * n + 1]) ? 1 : 0,
  );
  resectAll(observations, cameras, inverseDepthN, {
    free: "pose",
    scalesPx: [8, 4, SCALE_PX, SCALE_PX],
    usedN,
  });
  const left = leftOver(tracks, usedN, (t, n) => {
    const d = directionOf(startN2[2 * n], startN2[2 * n + 1], focalPx, centre);
    const [x, y, z] = transformDirection(cameras, t + 1, d, inverseDepthN[n]);
    const near = Math.max(z, NEAREST_DEPTH);
    return [(focalPx * x) / near + centre[0], (focalPx * y) / near + centre[1]];
  });
  const flat = leftOver(tracks, usedN, (t, n) => flatly(cameraPathT6, t, startN2, n));
  const own =
    left < BETTER * flat
      ? { cameras: afterNow(cameras), worldTN3: onRays(tracks, cameras, startN2, inverseDepthN) }
      : null;
  placed.set(tracks, { relief, focalPx, own });
  return own;
}

/** Where the affine path takes a point that stands still. */
function flatly(
  path: CameraPathT6 | undefined,
  t: number,
  startN2: Float32Array,
  n: number,
): readonly [number, number] {
  const [x, y] = [startN2[2 * n], startN2[2 * n + 1]];
  if (!path) return [x, y];
  const [a, b, c, d, e, f] = mapAt(path, t);
  return [a * x + b * y + c, d * x + e * y + f];
}

/** Robust mean of what a camera leaves of the tracks, px². */
function leftOver(
  { frameCount, pointCount, tracksTN2, visibilityTN }: Tracks,
  usedN: Uint8Array,
  expected: (t: number, n: number) => readonly [number, number],
): number {
  let [sum, count] = [0, 0];
  for (let t = 0; t < frameCount; t++) {
    for (let n = 0; n < pointCount; n++) {
      const i = t * pointCount + n;
      if (!usedN[n] || !visibilityTN[i]) continue;
      const [x, y] = expected(t, n);
      const squared = (tracksTN2[2 * i] - x) ** 2 + (tracksTN2[2 * i + 1] - y) ** 2;
      sum += (squared * SCALE_PX ** 2) / (SCALE_PX ** 2 + squared);
      count++;
    }
  }
  return sum / Math.max(1, count);
}

function onRays(
  { frameCount, pointCount, tracksTN2 }: Tracks,
  cameras: Cameras,
  startN2: Float32Array,
  inverseDepthN: Float32Array,
): Float64Array {
  const worldTN3 = new Float64Array(3 * frameCount * pointCount);
  const [focalPx] = cameras.focalPxT;
  for (let n = 0; n < pointCount; n++) {
    const rho = inverseDepthN[n];
    const start = directionOf(startN2[2 * n], startN2[2 * n + 1], focalPx, cameras.centre);
    for (let t = 0; t < frameCount; t++) {
      const i = t * pointCount + n;
      const [x, y] = [tracksTN2[2 * i], tracksTN2[2 * i + 1]];
      const depth = transformDirection(cameras, t + 1, start, rho)[2] / rho;
      const ray = directionOf(x, y, focalPx, cameras.centre);
      worldTN3.set(worldOnRay(cameras, t + 1, ray, Math.max(NEAREST_DEPTH, depth)), 3 * i);
    }
  }
  return worldTN3;
}

/** Without the frame of "now". */
function afterNow({ frameCount, rotationT9, translationT3 }: Cameras): Placed["cameras"] {
  return {
    frameCount: frameCount - 1,
    rotationT9: Float32Array.from(rotationT9.subarray(9)),
    translationT3: Float32Array.from(translationT3.subarray(3)),
  };
}

function posesOf({ frameCount, rotationT9, translationT3 }: Placed["cameras"]): Pose[] {
  return Array.from({ length: frameCount }, (_, t) => ({
    rotation: [...rotationT9.subarray(9 * t, 9 * t + 9)],
    translation: [...translationT3.subarray(3 * t, 3 * t + 3)],
  }));
}
