import type { Tracks } from "../../domain/tracks.ts";

/** What an adjustment sees: points over frames, anchored at the frame in which they are exact. */
export interface Observations {
  /** Positions videoPx; hidden ones are not used. */
  readonly tracks: Tracks;
  /** Frame of the query points, whose camera is the world. */
  readonly anchorFrame: number;
  /** [N] what holds each track (texture.ts), where the picture of the anchor is known. */
  readonly textureN?: Float32Array;
}

/** [N,2] videoPx of all points in the frame in which they are exact. */
export function anchorPositions({ tracks, anchorFrame }: Observations): Float32Array {
  const size = 2 * tracks.pointCount;
  return tracks.tracksTN2.subarray(anchorFrame * size, (anchorFrame + 1) * size);
}

/** Frames `frames` of the observations, which must hold the anchor, as a copy. */
export function pickFrames(
  { tracks, anchorFrame, textureN }: Observations,
  frames: readonly number[],
): Observations {
  const { pointCount } = tracks;
  const tracksTN2 = new Float32Array(frames.length * pointCount * 2);
  const visibilityTN = new Uint8Array(frames.length * pointCount);
  frames.forEach((t, i) => {
    const from = t * pointCount;
    tracksTN2.set(tracks.tracksTN2.subarray(2 * from, 2 * (from + pointCount)), 2 * i * pointCount);
    visibilityTN.set(tracks.visibilityTN.subarray(from, from + pointCount), i * pointCount);
  });
  return {
    tracks: { frameCount: frames.length, pointCount, tracksTN2, visibilityTN },
    anchorFrame: frames.indexOf(anchorFrame),
    ...(textureN && { textureN }),
  };
}

/** Points `points` of the observations, as a copy. */
export function pickPoints(
  { tracks, anchorFrame, textureN }: Observations,
  points: readonly number[],
): Observations {
  const { frameCount, pointCount } = tracks;
  const count = points.length;
  const tracksTN2 = new Float32Array(frameCount * count * 2);
  const visibilityTN = new Uint8Array(frameCount * count);
  for (let t = 0; t < frameCount; t++) {
    points.forEach((n, i) => {
      const from = t * pointCount + n;
      const to = t * count + i;
      tracksTN2[2 * to] = tracks.tracksTN2[2 * from];
      tracksTN2[2 * to + 1] = tracks.tracksTN2[2 * from + 1];
      visibilityTN[to] = tracks.visibilityTN[from];
    });
  }
  return {
    tracks: { frameCount, pointCount: count, tracksTN2, visibilityTN },
    anchorFrame,
    ...(textureN && { textureN: Float32Array.from(points, (n) => textureN[n]) }),
  };
}

/** At most `count` frames spread evenly over all, first, last and anchor among them. */
export function spreadFrames(frameCount: number, anchorFrame: number, count: number): number[] {
  if (frameCount <= count) return Array.from({ length: frameCount }, (_, t) => t);
  const frames = new Set([anchorFrame]);
  for (let i = 0; i < count; i++) frames.add(Math.round((i * (frameCount - 1)) / (count - 1)));
  return [...frames].sort((a, b) => a - b);
}
