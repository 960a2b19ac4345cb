import type { Size } from "../../domain/clip.ts";
import type { CameraWish, Constraints } from "../../domain/constraints.ts";
import type { CameraPathT6, Future } from "../../domain/forecast.ts";
import { NEAREST_DEPTH, type Seen } from "../../domain/pinhole.ts";
import { inverseDepthAt } from "../../domain/relief.ts";
import { robustAffine, writeAffineMap } from "../scenario/affine.ts";
import { behindFactors, DepthBuffer, surfaceOf } from "./depth-buffer.ts";
import { type FrameView, frameViews, see, seeWorld } from "./frame-view.ts";
import { type InSpace, planInSpace } from "./look-in-space.ts";
import { IDENTITY, inverseMaps, ownMaps } from "./own-camera.ts";

/** A future seen by a camera that the user set. */
export interface Looked {
  readonly future: Future;
  /** [T,N] 1 = behind something, or behind the camera. */
  readonly hiddenTN: Uint8Array;
}

/** The camera of one wish, ready to look at the futures of one history. */
export interface Look {
  at(future: Future): Looked;
  /** Positions of the scene as this camera, over the future's own, sees them. */
  seenBy(constraints: Constraints, future: Future | undefined): Constraints;
}

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

  const placeInSpace = planInSpace(wish, startN2, depthN, size);

  return {
    at(future) {
      const { frameCount, pointCount, tracksTN2 } = future.tracks;
      const { views, seePoint } = sceneOf(future, wish, placeInSpace(future), depthN);
      const seenTN2 = new Float32Array(tracksTN2.length);
      const hiddenTN = new Uint8Array(frameCount * pointCount);
      const covering = buffersOf(views);
      const out: Seen = [0, 0, 0];
      for (let t = 0; t < frameCount; t++) {
        for (let n = 0; n < pointCount; n++) {
          const i = t * pointCount + n;
          seePoint(t, n, out);
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
    seenBy(constraints, future) {
      const { sceneTN, positionsTN2, pointCount } = constraints;
      if (!sceneTN) return constraints;
      const views = viewsOf(wish, placeInSpace(future), future?.cameraPathT6);
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

/** How a camera sees the scene of a future: its frames, and one of the future's points in one of them. */
interface Scene {
  readonly views: readonly FrameView[];
  readonly seePoint: (t: number, n: number, out: Seen) => void;
}

function sceneOf(
  { tracks: { frameCount, pointCount, tracksTN2 }, cameraPathT6 }: Future,
  wish: CameraWish,
  inSpace: InSpace | null,
  depthN: Float32Array,
): Scene {
  const views = viewsOf(wish, inSpace, cameraPathT6);
  if (inSpace) {
    const { worldTN3, path } = inSpace;
    return {
      views,
      seePoint(t, n, out) {
        seeWorld(path, t, worldTN3, 3 * (t * pointCount + n), out);
      },
    };
  }
  const taken = inverseMaps(cameraPathT6, frameCount);
  return {
    views,
    seePoint(t, n, out) {
      const [a, b, c, d, e, f] = taken[t];
      const i = t * pointCount + n;
      const [x, y] = [tracksTN2[2 * i], tracksTN2[2 * i + 1]];
      see(views[t], a * x + b * y + c, d * x + e * y + f, depthN[n], out);
    },
  };
}

function viewsOf(
  wish: CameraWish,
  inSpace: InSpace | null,
  own: CameraPathT6 | undefined,
): FrameView[] {
  if (!inSpace) return frameViews(wish, ownMaps(own, wish.ownT));
  const { path } = inSpace;
  const atRest = Array.from({ length: path.frameCount }, () => IDENTITY);
  return frameViews({ ...wish, path }, atRest);
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
