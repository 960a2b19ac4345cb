import type { Size } from "../../domain/clip.ts";
import type { CameraWish, Constraints } from "../../domain/constraints.ts";
import type { CameraPathT6, Future } from "../../domain/forecast.ts";
import { NEAREST_DEPTH, type Seen } from "../../domain/pinhole.ts";
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
  at(future: Future): Looked;
  /** Positions of the scene as this camera, over the future's own path, sees them. */
  seenBy(constraints: Constraints, own: CameraPathT6 | undefined): Constraints;
}

/** An affine map (a,b,c,d,e,f) as in `CameraPathT6`. */
type Affine = readonly [number, number, number, number, number, number];

const IDENTITY: Affine = [1, 0, 0, 0, 1, 0];

/**
 * `startN2`: the points at "now", videoPx; `size`: of the frame. `isDraft`: positions alone count; the
 * affine path of the still world stays the future's own and nothing is found to be covered.
 */
export function planLook(
  wish: CameraWish,
  startN2: Float32Array,
  size: Size,
  { isDraft = false } = {},
): Look {
  const { path, relief } = wish;
  const depthN = Float32Array.from(
    { length: startN2.length / 2 },
    (_, n) => 1 / inverseDepthAt(relief, size, startN2[2 * n], startN2[2 * n + 1]),
  );
  const isShared = wish.ownT.every((moves) => moves === 0);
  // A camera that only turns and zooms uncovers nothing.
  const covers = path.translationT3.some((value) => value !== 0) && !isDraft;
  const surface = covers ? surfaceOf(relief, size) : null;
  const behindN = covers ? behindFactors(relief, size, startN2) : null;
  /** What covers, where every future is seen alike: kept from the first one. */
  let buffers: readonly DepthBuffer[] | null = null;

  const buffersOf = (views: readonly FrameView[]): readonly DepthBuffer[] | null => {
    if (!surface) return null;
    if (isShared && buffers) return buffers;
    const made = views.map((view) => {
      const buffer = new DepthBuffer(size);
      buffer.fill(surface, (x, y, depth, out) => see(view, x, y, depth, out));
      return buffer;
    });
    if (isShared) buffers = made;
    return made;
  };

  return {
    at(future) {
      const { frameCount, pointCount, tracksTN2 } = future.tracks;
      const own = ownMaps(future.cameraPathT6, wish.ownT);
      const taken = inverseMaps(future.cameraPathT6, frameCount);
      const seenTN2 = new Float32Array(tracksTN2.length);
      const hiddenTN = new Uint8Array(frameCount * pointCount);
      const views = frameViews(wish, own);
      const covering = buffersOf(views);
      const out: Seen = [0, 0, 0];
      for (let t = 0; t < frameCount; t++) {
        const [a, b, c, d, e, f] = taken[t];
        for (let n = 0; n < pointCount; n++) {
          const i = t * pointCount + n;
          const [x, y] = [tracksTN2[2 * i], tracksTN2[2 * i + 1]];
          see(views[t], a * x + b * y + c, d * x + e * y + f, depthN[n], out);
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
      const cameraPathT6 = isDraft ? kept : fittedPath(views, startN2, depthN, size);
      return {
        future: { ...future, tracks, ...(cameraPathT6 ? { cameraPathT6 } : {}) },
        hiddenTN,
      };
    },
    seenBy(constraints, ownPath) {
      const { sceneTN, positionsTN2, pointCount } = constraints;
      if (!sceneTN) return constraints;
      const views = frameViews(wish, ownMaps(ownPath, wish.ownT));
      const seen = positionsTN2.slice();
      const out: Seen = [0, 0, 0];
      for (let i = 0; i < sceneTN.length; i++) {
        if (!sceneTN[i]) continue;
        const t = Math.floor(i / pointCount);
        const [x, y] = [positionsTN2[2 * i], positionsTN2[2 * i + 1]];
        see(views[t], x, y, depthN[i % pointCount], out);
        seen[2 * i] = out[0];
        seen[2 * i + 1] = out[1];
      }
      return { ...constraints, positionsTN2: seen };
    },
  };
}

/**
 * How one frame sees the picture of "now": what lay at (x,y) videoPx, so deep, is at depth·M·(x,y,1) + t
 * in the camera's space.
 */
interface FrameView {
  /** [9] row-major. */
  readonly matrix: Float64Array;
  /** [3]. */
  readonly shift: Float32Array;
  readonly focalPx: number;
  readonly centreX: number;
  readonly centreY: number;
}

function frameViews({ path, nowFocalPx }: CameraWish, own: readonly Affine[]): FrameView[] {
  const [centreX, centreY] = path.centre;
  return own.map(([a, b, c, d, e, f], t) => {
    const rotation = path.rotationT9.subarray(9 * t, 9 * t + 9);
    const across = [a / nowFocalPx, b / nowFocalPx, (c - centreX) / nowFocalPx];
    const down = [d / nowFocalPx, e / nowFocalPx, (f - centreY) / nowFocalPx];
    const matrix = new Float64Array(9);
    for (let row = 0; row < 3; row++) {
      const [r0, r1, r2] = rotation.subarray(3 * row, 3 * row + 3);
      for (let k = 0; k < 3; k++) {
        matrix[3 * row + k] = r0 * across[k] + r1 * down[k] + (k === 2 ? r2 : 0);
      }
    }
    const shift = path.translationT3.subarray(3 * t, 3 * t + 3);
    return { matrix, shift, focalPx: path.focalPxT[t], centreX, centreY };
  });
}

/**
 * Where a frame sees something. What comes nearer than the lens is seen as at its rim: finite, and told
 * by its depth.
 */
function see(view: FrameView, x: number, y: number, depth: number, out: Seen): void {
  const { matrix: m, shift } = view;
  const cx = depth * (m[0] * x + m[1] * y + m[2]) + shift[0];
  const cy = depth * (m[3] * x + m[4] * y + m[5]) + shift[1];
  const cz = depth * (m[6] * x + m[7] * y + m[8]) + shift[2];
  const scale = view.focalPx / Math.max(cz, NEAREST_DEPTH);
  out[0] = scale * cx + view.centreX;
  out[1] = scale * cy + view.centreY;
  out[2] = cz;
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
  views: readonly FrameView[],
  startN2: Float32Array,
  depthN: Float32Array,
  size: Size,
): CameraPathT6 {
  const pathT6 = new Float32Array(6 * views.length);
  const movedN2 = new Float64Array(startN2.length);
  const useN = new Uint8Array(depthN.length);
  const out: Seen = [0, 0, 0];
  for (const [t, view] of views.entries()) {
    for (let n = 0; n < depthN.length; n++) {
      const [x, y] = [startN2[2 * n], startN2[2 * n + 1]];
      see(view, x, y, depthN[n], out);
      useN[n] = out[2] >= NEAREST_DEPTH ? 1 : 0;
      movedN2[2 * n] = out[0] - x;
      movedN2[2 * n + 1] = out[1] - y;
    }
    writeAffineMap(robustAffine(startN2, movedN2, useN, size), 1, pathT6, 6 * t);
  }
  return pathT6;
}
