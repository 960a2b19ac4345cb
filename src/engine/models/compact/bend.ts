import type { CameraPathT6 } from "../../../domain/forecast.ts";

/** Positions that a user pinned: targets [T,N,2] videoPx, read where mask [T,N] is not 0. */
export interface Pins {
  readonly tracks: Float32Array;
  readonly mask: Float32Array;
}

/** A camera that folds the picture has no inverse: its determinant is kept this far from 0. */
const MIN_DETERMINANT = 0.05;

/** The points with a pin in any frame. */
export function pinnedPoints({ mask }: Pins, pointCount: number): number[] {
  const points = new Set<number>();
  for (let i = 0; i < mask.length; i++) if (mask[i]) points.add(i % pointCount);
  return [...points];
}

/**
 * Bends the paths of pinned points in place so that they pass through their pins. `pathTN2` starts
 * one frame after "now", where the points were at `startN2`. The correction grows linearly from 0 at
 * "now", is linear between pins and stays after the last: the conditional mean of a Brownian path
 * given its values there.
 */
export function bendThroughPins(pathTN2: Float32Array, startN2: Float32Array, pins: Pins): void {
  const n = startN2.length / 2;
  const frameCount = pathTN2.length / startN2.length;
  for (const point of pinnedPoints(pins, n)) {
    let last = -1;
    let from: [number, number] = [0, 0];
    const add = (t: number, x: number, y: number) => {
      pathTN2[2 * (t * n + point)] += x;
      pathTN2[2 * (t * n + point) + 1] += y;
    };
    for (let t = 0; t < frameCount; t++) {
      const i = t * n + point;
      if (!pins.mask[i]) continue;
      const to: [number, number] = [
        pins.tracks[2 * i] - pathTN2[2 * i],
        pins.tracks[2 * i + 1] - pathTN2[2 * i + 1],
      ];
      for (let u = last + 1; u <= t; u++) {
        const part = (u - last) / (t - last);
        add(u, from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1]));
      }
      [last, from] = [t, to];
    }
    for (let u = last + 1; u < frameCount; u++) add(u, from[0], from[1]);
  }
}

/** The same pins seen by a camera that stands still: the inverse of its path, frame by frame. */
export function stabilisedPins(pins: Pins, cameraPathT6: CameraPathT6): Pins {
  const tracks = new Float32Array(pins.tracks.length);
  const pointCount = pins.mask.length / (cameraPathT6.length / 6);
  for (let i = 0; i < pins.mask.length; i++) {
    if (!pins.mask[i]) continue;
    const o = 6 * Math.floor(i / pointCount);
    const [a, b, c, d, e, f] = cameraPathT6.subarray(o, o + 6);
    const exact = a * e - b * d;
    const determinant = Math.abs(exact) < MIN_DETERMINANT ? MIN_DETERMINANT : exact;
    const x = pins.tracks[2 * i] - c;
    const y = pins.tracks[2 * i + 1] - f;
    tracks[2 * i] = (e * x - b * y) / determinant;
    tracks[2 * i + 1] = (a * y - d * x) / determinant;
  }
  return { tracks, mask: pins.mask };
}
