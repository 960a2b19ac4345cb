import type { Size } from "../../domain/clip.ts";
import type { CameraWish, Constraints } from "../../domain/constraints.ts";
import type { CameraPathT6, Future } from "../../domain/forecast.ts";
import {
  NEAREST_DEPTH,
  type PinholePath,
  type Seen,
  videoPxFromWorld,
} from "../../domain/pinhole.ts";
import { inverseDepthAt } from "../../domain/relief.ts";
import { robustAffine, writeAffineMap } from "../scenario/affine.ts";
import { behindFactors, DepthBuffer, surfaceOf } from "./depth-buffer.ts";

/** A future seen by a camera that the user set. */
export interface Looked {
  readonly future: Future;
  /** [T,N] 1 = behind something, or behind the camera. */
  readonly hiddenTN: Uint8Array;
}

/** The camera of one wish, ready to look at the futures of one history. */
export interface Look {
  /** `fitsCamera`: the affine path of the still world is fitted anew, else that of the future is kept. */
  at(future: Future, options?: { readonly fitsCamera?: boolean }): Looked;
  /** Positions of the scene as this camera, over the future's own path, sees them. */
  seenBy(constraints: Constraints, own: CameraPathT6 | undefined): Constraints;
}

/** An affine map (a,b,c,d,e,f) as in `CameraPathT6`. */
type Affine = readonly [number, number, number, number, number, number];

const IDENTITY: Affine = [1, 0, 0, 0, 1, 0];

/** `startN2`: the points at "now", videoPx; `size`: of the frame. */
export function planLook(wish: CameraWish, startN2: Float32Array, size: Size): Look {
  const { path, relief } = wish;
  const depthN = Float32Array.from(
    { length: startN2.length / 2 },
    (_, n) => 1 / inverseDepthAt(relief, size, startN2[2 * n], startN2[2 * n + 1]),
  );
  const see = viewOf(wish);
  const isShared = wish.ownT.every((moves) => moves === 0);
  const covers = path.translationT3.some((value) => value !== 0);
  const surface = covers ? surfaceOf(relief, size) : null;
  const behindN = covers ? behindFactors(relief, size, startN2) : null;
  /** What covers, where every future is seen alike: kept from the first one. */
  let buffers: readonly DepthBuffer[] | null = null;

  const buffersOf = (own: readonly Affine[]): readonly DepthBuffer[] | null => {
    if (!surface) return null;
    if (isShared && buffers) return buffers;
    const made = own.map((map, t) => {
      const buffer = new DepthBuffer(surface, size);
      buffer.fill(t, (frame, x, y, depth, out) => see(frame, map, x, y, depth, out));
      return buffer;
    });
    if (isShared) buffers = made;
    return made;
  };

  return {
    at(future, { fitsCamera = true } = {}) {
      const { frameCount, pointCount, tracksTN2 } = future.tracks;
      const own = ownMaps(future.cameraPathT6, wish.ownT);
      const taken = inverseMaps(future.cameraPathT6, frameCount);
      const seenTN2 = new Float32Array(tracksTN2.length);
      const hiddenTN = new Uint8Array(frameCount * pointCount);
      const covering = buffersOf(own);
      const out: Seen = [0, 0, 0];
      for (let t = 0; t < frameCount; t++) {
        const [a, b, c, d, e, f] = taken[t];
        for (let n = 0; n < pointCount; n++) {
          const i = t * pointCount + n;
          const [x, y] = [tracksTN2[2 * i], tracksTN2[2 * i + 1]];
          see(t, own[t], a * x + b * y + c, d * x + e * y + f, depthN[n], out);
          seenTN2[2 * i] = out[0];
          seenTN2[2 * i + 1] = out[1];
          if (out[2] < NEAREST_DEPTH) hiddenTN[i] = 1;
          else if (covering && behindN) {
            const nearest = covering[t].around(out[0], out[1]);
            if (out[2] > behindN[n] * nearest) hiddenTN[i] = 1;
          }
        }
      }
      const tracks = { ...future.tracks, tracksTN2: seenTN2 };
      const kept = future.cameraPathT6;
      const cameraPathT6 = fitsCamera ? fittedPath(see, own, startN2, depthN, size) : kept;
      return {
        future: { ...future, tracks, ...(cameraPathT6 ? { cameraPathT6 } : {}) },
        hiddenTN,
      };
    },
    seenBy(constraints, ownPath) {
      const { sceneTN, positionsTN2, pointCount } = constraints;
      if (!sceneTN) return constraints;
      const own = ownMaps(ownPath, wish.ownT);
      const seen = positionsTN2.slice();
      const out: Seen = [0, 0, 0];
      for (let i = 0; i < sceneTN.length; i++) {
        if (!sceneTN[i]) continue;
        const t = Math.floor(i / pointCount);
        const [x, y] = [positionsTN2[2 * i], positionsTN2[2 * i + 1]];
        see(t, own[t], x, y, depthN[i % pointCount], out);
        seen[2 * i] = out[0];
        seen[2 * i + 1] = out[1];
      }
      return { ...constraints, positionsTN2: seen };
    },
  };
}

type See = (t: number, own: Affine, x: number, y: number, depth: number, out: Seen) => void;

/**
 * Where frame t sees what lay at (x,y) videoPx of the picture of "now", so deep. What comes nearer
 * than the lens is seen as at its rim: finite, and told by its depth.
 */
function viewOf({ path, nowFocalPx }: CameraWish): See {
  const world: [number, number, number] = [0, 0, 0];
  const [cx, cy] = path.centre;
  return (t, [a, b, c, d, e, f], x, y, depth, out) => {
    world[0] = ((a * x + b * y + c - cx) * depth) / nowFocalPx;
    world[1] = ((d * x + e * y + f - cy) * depth) / nowFocalPx;
    world[2] = depth;
    videoPxFromWorld(path, t, world, out);
    if (out[2] >= NEAREST_DEPTH) return;
    const behind = out[2];
    clampedSight(path, t, world, out);
    out[2] = behind;
  };
}

function clampedSight(
  { focalPxT, centre, rotationT9, translationT3 }: PinholePath,
  t: number,
  [x, y, z]: readonly number[],
  out: Seen,
): void {
  for (const axis of [0, 1] as const) {
    const r = 9 * t + 3 * axis;
    const side =
      rotationT9[r] * x +
      rotationT9[r + 1] * y +
      rotationT9[r + 2] * z +
      translationT3[3 * t + axis];
    out[axis] = (focalPxT[t] * side) / NEAREST_DEPTH + centre[axis];
  }
}

/** The future's own camera by frame, but for the steps that it is not let go. */
function ownMaps(path: CameraPathT6 | undefined, ownT: Uint8Array): readonly Affine[] {
  const maps: Affine[] = [];
  const inverse = inverseMaps(path, ownT.length);
  let isWhole = true;
  for (let t = 0; t < ownT.length; t++) {
    const kept = maps[t - 1] ?? IDENTITY;
    isWhole &&= ownT[t] === 1;
    if (!path || !ownT[t]) maps.push(kept);
    else if (isWhole) maps.push(mapAt(path, t));
    else maps.push(afterwards(afterwards(mapAt(path, t), inverse[t - 1] ?? IDENTITY), kept));
  }
  return maps;
}

function mapAt(path: CameraPathT6, t: number): Affine {
  const [a, b, c, d, e, f] = path.subarray(6 * t, 6 * t + 6);
  return [a, b, c, d, e, f];
}

/** Back to "now"; a map that folds the picture is taken as the last one that did not. */
function inverseMaps(path: CameraPathT6 | undefined, frameCount: number): readonly Affine[] {
  const maps: Affine[] = [];
  for (let t = 0; t < frameCount; t++) {
    const last = maps[t - 1] ?? IDENTITY;
    const [a, b, c, d, e, f] = path ? mapAt(path, t) : IDENTITY;
    const determinant = a * e - b * d;
    if (!(Math.abs(determinant) > 1e-9)) {
      maps.push(last);
      continue;
    }
    const k = 1 / determinant;
    maps.push([e * k, -b * k, (b * f - c * e) * k, -d * k, a * k, (c * d - a * f) * k]);
  }
  return maps;
}

/** `second` after `first`. */
function afterwards(second: Affine, first: Affine): Affine {
  const [a, b, c, d, e, f] = second;
  const [p, q, r, s, t, u] = first;
  return [
    a * p + b * s,
    a * q + b * t,
    a * r + b * u + c,
    d * p + e * s,
    d * q + e * t,
    d * r + e * u + f,
  ];
}

/** The affine path nearest to how the still world moves in the picture: [T,6]. */
function fittedPath(
  see: See,
  own: readonly Affine[],
  startN2: Float32Array,
  depthN: Float32Array,
  size: Size,
): CameraPathT6 {
  const pathT6 = new Float32Array(6 * own.length);
  const movedN2 = new Float64Array(startN2.length);
  const useN = new Uint8Array(depthN.length);
  const out: Seen = [0, 0, 0];
  for (const [t, map] of own.entries()) {
    for (let n = 0; n < depthN.length; n++) {
      const [x, y] = [startN2[2 * n], startN2[2 * n + 1]];
      see(t, map, x, y, depthN[n], out);
      useN[n] = out[2] >= NEAREST_DEPTH ? 1 : 0;
      movedN2[2 * n] = out[0] - x;
      movedN2[2 * n + 1] = out[1] - y;
    }
    writeAffineMap(robustAffine(startN2, movedN2, useN, size), 1, pathT6, 6 * t);
  }
  return pathT6;
}
