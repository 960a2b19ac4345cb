import { withoutCamera } from "../../domain/camera-view.ts";
import type { Size } from "../../domain/clip.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { robustAffine, writeAffineMap } from "../scenario/affine.ts";

/** Tracks of what rests wander this far, px of the working frame. */
const REST_PX = 1.5;
/** Share of the seen points that rest under a camera that stands still. */
const REST_SHARE = 0.4;
/** Of all points: fewer tell no camera. */
const LEAST_KNOWN = 0.15;
/** Where half of the seen points are further off than this, the fit is none, px. */
const UNEXPLAINED_PX = 25;

/**
 * Tracks after "now" as under a camera that stands still, as `models/foretrack/photo/stabilise.py` has
 * it: the robust affine fit of each frame taken out, but where enough points rest. Nothing is visible
 * from the first frame on whose camera cannot be told. `startN2`: videoPx at "now".
 */
export function stabilised(tracks: Tracks, startN2: Float32Array, size: Size): Tracks {
  const { frameCount, pointCount, tracksTN2, visibilityTN } = tracks;
  const cameraPathT6 = new Float32Array(6 * frameCount);
  for (let t = 0; t < frameCount; t++) {
    const moved = Float64Array.from(startN2, (v, i) => tracksTN2[2 * t * pointCount + i] - v);
    const seenN = visibilityTN.subarray(t * pointCount, (t + 1) * pointCount);
    const rests = share(seenN, (n) => Math.hypot(moved[2 * n], moved[2 * n + 1]) < REST_PX);
    const field = robustAffine(startN2, moved, seenN, size);
    writeAffineMap(field, rests > REST_SHARE ? 0 : 1, cameraPathT6, 6 * t);
  }
  const still = withoutCamera({ tracks, cameraPathT6 });
  const told = toldFrames(still, startN2);
  const kept = visibilityTN.slice();
  kept.fill(0, told * pointCount);
  return { ...still, visibilityTN: kept };
}

/** How many frames, from the first on, have a camera that their points tell. */
function toldFrames(
  { frameCount, pointCount, tracksTN2, visibilityTN }: Tracks,
  startN2: Float32Array,
): number {
  for (let t = 0; t < frameCount; t++) {
    const seenN = visibilityTN.subarray(t * pointCount, (t + 1) * pointCount);
    const from = 2 * t * pointCount;
    const near = share(seenN, (n) => {
      const dx = tracksTN2[from + 2 * n] - startN2[2 * n];
      const dy = tracksTN2[from + 2 * n + 1] - startN2[2 * n + 1];
      return Math.hypot(dx, dy) < UNEXPLAINED_PX;
    });
    const known = seenN.reduce((sum, v) => sum + v, 0);
    if (known < LEAST_KNOWN * pointCount || near < 0.5) return t;
  }
  return frameCount;
}

/** Of the seen points; 0 where none is. */
function share(seenN: Uint8Array, holds: (n: number) => boolean): number {
  let [known, held] = [0, 0];
  seenN.forEach((seen, n) => {
    if (!seen) return;
    known++;
    if (holds(n)) held++;
  });
  return known > 0 ? held / known : 0;
}
