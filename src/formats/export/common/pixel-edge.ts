import type { PreparedTracks } from "./prepared.ts";

/**
 * Generators cut the picture into cells by floor(x / 8), so for them pixel i reaches from i to i + 1
 * and its centre is i + ½; in the domain the centre is i. Without the shift, grid points lie on cell
 * edges and jitter of 0.2 px moves three quarters of them to another cell; with it, 1 % of them.
 */
export const EDGE_SHIFT = 0.5;

/** Off-frame position that says "hidden" where a file holds no visibility: far enough that ATI's
 * average over four frames has weight 0 (−100 leaves ghosts). */
export const HIDDEN_SENTINEL = -4096;

/** `value` (edge px, inside [0, limit)) rounded to hundredths without leaving the picture. */
export function hundredths(value: number, limit: number): number {
  return Math.min(Math.round(value * 100), limit * 100 - 1) / 100;
}

export interface FlatPoint {
  readonly x: number;
  readonly y: number;
}

/** Track → frame points in edge px; null where the point is hidden or outside. */
export function edgePoints(prepared: PreparedTracks): (FlatPoint | null)[][] {
  const { tracks, shownTN } = prepared;
  const { frameCount, pointCount, tracksTN2 } = tracks;
  return Array.from({ length: pointCount }, (_, n) =>
    Array.from({ length: frameCount }, (_, t) => {
      const i = t * pointCount + n;
      if (!shownTN[i]) return null;
      return { x: tracksTN2[2 * i] + EDGE_SHIFT, y: tracksTN2[2 * i + 1] + EDGE_SHIFT };
    }),
  );
}

/** The pixel that holds a position. */
export function wholePixel({ x, y }: FlatPoint): FlatPoint {
  return { x: Math.floor(x), y: Math.floor(y) };
}
