import type { Tracks } from "../domain/tracks.ts";

/** Moments at which motion is compared; enough for tracks of a few seconds. */
const MOMENTS = 6;

/**
 * How much each point moves against what most points do, 0 to 255: still background and the pan of
 * the camera step back, so that what moves by itself can be seen. `fullPx` earns 255.
 */
export function emphasisOf(tracks: Tracks, fullPx: number): Uint8Array {
  const own = ownMotionPx(tracks);
  return Uint8Array.from(own, (px) => Math.round(255 * Math.min(1, px / fullPx)));
}

/** Largest displacement of each point beside the median displacement, px. */
export function ownMotionPx({ frameCount, pointCount, tracksTN2 }: Tracks): Float32Array {
  const own = new Float32Array(pointCount);
  const dx = new Float32Array(pointCount);
  const dy = new Float32Array(pointCount);
  for (let m = 1; m <= MOMENTS; m++) {
    const t = Math.round(((frameCount - 1) * m) / MOMENTS);
    for (let n = 0; n < pointCount; n++) {
      dx[n] = tracksTN2[2 * (t * pointCount + n)] - tracksTN2[2 * n];
      dy[n] = tracksTN2[2 * (t * pointCount + n) + 1] - tracksTN2[2 * n + 1];
    }
    const middleX = dx.slice().sort()[pointCount >> 1];
    const middleY = dy.slice().sort()[pointCount >> 1];
    for (let n = 0; n < pointCount; n++) {
      own[n] = Math.max(own[n], Math.hypot(dx[n] - middleX, dy[n] - middleY));
    }
  }
  return own;
}
