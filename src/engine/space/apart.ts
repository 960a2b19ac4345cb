import { isInsideFrame } from "../../domain/inside-frame.ts";
import { NEAREST_DEPTH, type PinholePath } from "../../domain/pinhole.ts";
import { inverseDepthAt, type Relief } from "../../domain/relief.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { behindFactors, DepthBuffer, surfaceOf } from "../completion/depth-buffer.ts";
import { seeWorld } from "../completion/frame-view.ts";
import { medianOf } from "./adjustment.ts";
import { directionOf, transformDirection, worldOnRay } from "./cameras.ts";

/** Cameras of the frames of tracks, and how deep the points of "now" are. */
export interface Seeing {
  /** [T] The camera of "now" is the world. */
  readonly cameras: PinholePath;
  /** Focal length at "now", videoPx. */
  readonly nowFocalPx: number;
  /** [N,2] videoPx at "now". */
  readonly startN2: Float32Array;
  /** [N] above 0. */
  readonly inverseDepthN: ArrayLike<number>;
}

/**
 * What objects do alone: tracks [T,N,2] videoPx as the camera of "now" would see them, had it stood
 * still. A point lies on the ray of its pixel, as deep as its place at "now" is seen in that frame.
 * Visible where it was and where it comes to lie before that camera.
 */
export function objectMotion(tracks: Tracks, seeing: Seeing): Tracks {
  const { frameCount, pointCount } = tracks;
  const { cameras, nowFocalPx, startN2, inverseDepthN } = seeing;
  const [cx, cy] = cameras.centre;
  const tracksTN2 = new Float32Array(tracks.tracksTN2.length);
  const visibilityTN = tracks.visibilityTN.slice();
  for (let n = 0; n < pointCount; n++) {
    const rho = inverseDepthN[n];
    const start = directionOf(startN2[2 * n], startN2[2 * n + 1], nowFocalPx, cameras.centre);
    for (let t = 0; t < frameCount; t++) {
      const i = t * pointCount + n;
      const [x, y] = [tracks.tracksTN2[2 * i], tracks.tracksTN2[2 * i + 1]];
      const depth = Math.max(NEAREST_DEPTH, transformDirection(cameras, t, start, rho)[2] / rho);
      const ray = directionOf(x, y, cameras.focalPxT[t], cameras.centre);
      const [X, Y, Z] = worldOnRay(cameras, t, ray, depth);
      const scale = nowFocalPx / Math.max(Z, NEAREST_DEPTH);
      tracksTN2[2 * i] = scale * X + cx;
      tracksTN2[2 * i + 1] = scale * Y + cy;
      if (Z < NEAREST_DEPTH) visibilityTN[i] = 0;
    }
  }
  return { frameCount, pointCount, tracksTN2, visibilityTN };
}

/**
 * What the camera does alone: the points of "now" [T,N,2] videoPx as if all of them stood still, movers
 * too. Visible where no nearer part of `relief` lies before them, inside the picture.
 */
export function cameraMotion(seeing: Seeing, relief: Relief | null): Tracks {
  const { cameras, nowFocalPx, startN2, inverseDepthN } = seeing;
  const { frameCount, centre } = cameras;
  const pointCount = inverseDepthN.length;
  const worldN3 = Float64Array.from({ length: 3 * pointCount }, (_, i) => {
    const n = Math.floor(i / 3);
    const d = directionOf(startN2[2 * n], startN2[2 * n + 1], nowFocalPx, centre);
    return d[i % 3] / inverseDepthN[n];
  });
  const covering = relief && coversOf(seeing, relief);
  const tracksTN2 = new Float32Array(2 * frameCount * pointCount);
  const visibilityTN = new Uint8Array(frameCount * pointCount);
  const out: [number, number, number] = [0, 0, 0];
  for (let t = 0; t < frameCount; t++) {
    const isBehind = covering?.(t);
    for (let n = 0; n < pointCount; n++) {
      const i = t * pointCount + n;
      seeWorld(cameras, t, worldN3, 3 * n, out);
      const [x, y, depth] = out;
      tracksTN2[2 * i] = x;
      tracksTN2[2 * i + 1] = y;
      const isSeen = depth >= NEAREST_DEPTH && isInsideFrame(x, y, WORKING_SIZE);
      visibilityTN[i] = isSeen && !isBehind?.(n, out) ? 1 : 0;
    }
  }
  return { frameCount, pointCount, tracksTN2, visibilityTN };
}

function coversOf(seeing: Seeing, ownUnits: Relief) {
  const { cameras, nowFocalPx, startN2 } = seeing;
  const relief = inUnitsOf(seeing, ownUnits);
  const { placesM3 } = surfaceOf(relief, WORKING_SIZE);
  const behindN = behindFactors(relief, WORKING_SIZE, startN2);
  const buffer = new DepthBuffer(WORKING_SIZE);
  const [cx, cy] = cameras.centre;
  return (t: number) => {
    buffer.fill({ placesM3 }, (x, y, depth, out) => {
      const place = [((x - cx) * depth) / nowFocalPx, ((y - cy) * depth) / nowFocalPx, depth];
      seeWorld(cameras, t, place, 0, out);
    });
    return (n: number, [x, y, depth]: readonly [number, number, number]) =>
      depth > behindN[n] * buffer.around(x, y);
  };
}

/** A relief has its own unit of depth, its median; the points and the cameras have theirs. */
function inUnitsOf({ startN2, inverseDepthN }: Seeing, relief: Relief): Relief {
  const ratios = Array.from({ length: inverseDepthN.length }, (_, n) => {
    const there = inverseDepthAt(relief, WORKING_SIZE, startN2[2 * n], startN2[2 * n + 1]);
    return inverseDepthN[n] / there;
  });
  const unit = medianOf(ratios);
  return { ...relief, inverseDepth: relief.inverseDepth.map((value) => value * unit) };
}
