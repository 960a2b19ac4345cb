import type { Constraints } from "../../domain/constraints.ts";
import type { Future } from "../../domain/forecast.ts";
import { gridQueryXyN2, POINT_COUNT } from "../../domain/grid.ts";
import { createTracks, type Tracks } from "../../domain/tracks.ts";

/** Velocity of each point, px a frame. */
export type Motion = (x: number, y: number) => readonly [number, number];

/** Frames of the grid that moves by `motion`; frame `zero` lies on the grid. */
export function movingTracks(frameCount: number, zero: number, motion: Motion): Tracks {
  const tracks = createTracks(frameCount, POINT_COUNT);
  const query = gridQueryXyN2();
  tracks.visibilityTN.fill(1);
  for (let t = 0; t < frameCount; t++) {
    for (let n = 0; n < POINT_COUNT; n++) {
      const [vx, vy] = motion(query[2 * n], query[2 * n + 1]);
      const o = 2 * (t * POINT_COUNT + n);
      tracks.tracksTN2[o] = query[2 * n] + (t - zero) * vx;
      tracks.tracksTN2[o + 1] = query[2 * n + 1] + (t - zero) * vy;
    }
  }
  return tracks;
}

/** A history of nine frames whose last is "now". */
export const historyOf = (motion: Motion): Tracks => movingTracks(9, 8, motion);

/** A future that goes on by `motion` under a camera that stands still. */
export function futureOf(motion: Motion, frameCount = 24): Future {
  const cameraPathT6 = new Float32Array(6 * frameCount);
  for (let t = 0; t < frameCount; t++) cameraPathT6.set([1, 0, 0, 0, 1, 0], 6 * t);
  return { seed: 1, tracks: movingTracks(frameCount, -1, motion), cameraPathT6 };
}

/** No constraint in any frame; `hold` adds one. */
export function noConstraints(frameCount = 24): Constraints {
  return {
    frameCount,
    pointCount: POINT_COUNT,
    positionsTN2: new Float32Array(2 * frameCount * POINT_COUNT),
    weightTN: new Float32Array(frameCount * POINT_COUNT),
  };
}

/** Holds a point at a position in a frame. */
export function hold(
  { positionsTN2, weightTN, pointCount }: Constraints,
  [frame, point]: readonly [frame: number, point: number],
  [x, y]: readonly [x: number, y: number],
  weight = 1,
): void {
  const i = frame * pointCount + point;
  positionsTN2.set([x, y], 2 * i);
  weightTN[i] = weight;
}

/** Where a point is in a frame. */
export function positionAt(tracks: Tracks, frame: number, point: number): [number, number] {
  const o = 2 * (frame * tracks.pointCount + point);
  return [tracks.tracksTN2[o], tracks.tracksTN2[o + 1]];
}
