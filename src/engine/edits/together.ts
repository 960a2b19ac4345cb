import { withoutCamera } from "../../domain/camera-view.ts";
import type { Size } from "../../domain/clip.ts";
import type { Future } from "../../domain/forecast.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { affineAt, robustAffine } from "../scenario/affine.ts";

/** Moments of the past and of the future at which motions are compared. */
const PAST_FRAMES = [2, 4, 8, 16];
const FUTURE_SHARES = [0.1, 0.2, 0.35, 0.5, 0.75, 1];
/** Object motion below this is the tracker's noise, or the ground's own error, px. */
const STILL_PX = 2;
/** Neighbours move together whose motions differ by less, as a share of the first point's own. */
const ALIKE = 0.35;
/** The whole of what moves together stays this near to its first point's motion. */
const ALIKE_TO_FIRST = 0.8;
/** Neighbours are at most so many spacings of the grid apart: the diagonal ones too. */
const REACH_SPACINGS = 1.6;

/**
 * The points that move as any of `starts` does, grown from it neighbour by neighbour: by the motion that
 * the camera does not explain, in the past and, where one is given, in a future. From a point that only
 * the camera moves, the ground around it. Ascending, `starts` included. `history` [T,N,2] videoPx ends at
 * "now"; `size`: of the frame, px.
 */
export function movesTogether(
  starts: readonly number[],
  history: Tracks,
  future: Pick<Future, "tracks" | "cameraPathT6"> | null,
  size: Size,
): number[] {
  const { pointCount } = history;
  const nowN2 = history.tracksTN2.subarray(-2 * pointCount);
  const motions = [...pastMotions(history, nowN2, size), ...futureMotions(future, nowN2, size)];
  const reach = REACH_SPACINGS * Math.sqrt((size.width * size.height) / pointCount);
  const near = neighbourhoods(nowN2, reach);
  const grown = starts.flatMap((start) => [...grownFrom(start, motions, near)]);
  return [...new Set(grown)].sort((a, b) => a - b);
}

function grownFrom(
  first: number,
  motions: readonly Float64Array[],
  near: (point: number) => readonly number[],
): ReadonlySet<number> {
  const apart = (a: number, b: number) => rms(motions, (m) => distance(m, a, b));
  const ownPx = (n: number) => rms(motions, (m) => Math.hypot(m[2 * n], m[2 * n + 1]));
  const own = ownPx(first);
  const isGround = own < STILL_PX;
  const limit = isGround ? STILL_PX : Math.max(STILL_PX, ALIKE * own);
  const belongs = (n: number, from: number) =>
    isGround
      ? ownPx(n) < STILL_PX
      : apart(n, from) < limit && apart(n, first) < Math.max(STILL_PX, ALIKE_TO_FIRST * own);
  const found = new Set([first]);
  for (const from of found) {
    for (const n of near(from)) if (!found.has(n) && belongs(n, from)) found.add(n);
  }
  return found;
}

/** Of a point those within reach of it, px, found among few: points are sorted into squares first. */
function neighbourhoods(
  xyN2: ArrayLike<number>,
  reach: number,
): (point: number) => readonly number[] {
  const squares = new Map<string, number[]>();
  const squareOf = (n: number) => [0, 1].map((axis) => Math.floor(xyN2[2 * n + axis] / reach));
  for (let n = 0; n < xyN2.length / 2; n++) {
    const key = squareOf(n).join();
    const square = squares.get(key) ?? [];
    square.push(n);
    squares.set(key, square);
  }
  const known = new Map<number, readonly number[]>();
  return (point) => {
    const kept = known.get(point);
    if (kept) return kept;
    const [column, row] = squareOf(point);
    const around = [-1, 0, 1].flatMap((y) =>
      [-1, 0, 1].flatMap((x) => squares.get(`${column + x},${row + y}`) ?? []),
    );
    const found = around.filter((n) => distance(xyN2, n, point) <= reach);
    known.set(point, found);
    return found;
  };
}

/** Displacement since a moment of the past, the camera's taken out: [N,2] px each. */
function pastMotions(history: Tracks, nowN2: Float32Array, size: Size): Float64Array[] {
  const { frameCount, pointCount, tracksTN2 } = history;
  return PAST_FRAMES.filter((frames) => frames < frameCount).map((frames) => {
    const then = 2 * pointCount * (frameCount - 1 - frames);
    const moved = Float64Array.from(nowN2, (v, i) => v - tracksTN2[then + i]);
    return withoutAffine(moved, nowN2, size);
  });
}

/** Displacement until a moment of the future, the camera's taken out: [N,2] px each. */
function futureMotions(
  future: Pick<Future, "tracks" | "cameraPathT6"> | null,
  nowN2: Float32Array,
  size: Size,
): Float64Array[] {
  if (!future) return [];
  const { frameCount, pointCount, tracksTN2 } = withoutCamera(future);
  return FUTURE_SHARES.map((share) => {
    const at = 2 * pointCount * Math.max(0, Math.round(share * frameCount) - 1);
    const moved = Float64Array.from(nowN2, (v, i) => tracksTN2[at + i] - v);
    return future.cameraPathT6 ? moved : withoutAffine(moved, nowN2, size);
  });
}

function withoutAffine(movedN2: Float64Array, nowN2: Float32Array, size: Size): Float64Array {
  const all = new Uint8Array(nowN2.length / 2).fill(1);
  const camera = robustAffine(nowN2, movedN2, all, size);
  for (let n = 0; n < all.length; n++) {
    const [u, v] = affineAt(camera, nowN2[2 * n], nowN2[2 * n + 1]);
    movedN2[2 * n] -= u;
    movedN2[2 * n + 1] -= v;
  }
  return movedN2;
}

function distance(xyN2: ArrayLike<number>, a: number, b: number): number {
  return Math.hypot(xyN2[2 * a] - xyN2[2 * b], xyN2[2 * a + 1] - xyN2[2 * b + 1]);
}

function rms(motions: readonly Float64Array[], value: (motion: Float64Array) => number): number {
  const sum = motions.reduce((total, motion) => total + value(motion) ** 2, 0);
  return Math.sqrt(sum / Math.max(1, motions.length));
}
