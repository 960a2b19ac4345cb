import type { Size } from "../../domain/clip.ts";

/** Everything known of N points so far; per-frame arrays are filled up to the current frame. */
export interface TrackState {
  readonly size: Size;
  readonly queryN2: Float64Array;
  /** xyN2[t]: positions, videoPx. */
  readonly xyN2: Float64Array[];
  /** varianceN[t]: expected squared error of the position, px². */
  readonly varianceN: Float64Array[];
  /** textureN[t]: mean squared gradient of the upright patch in its weakest direction; up to t − 1. */
  readonly textureN: Float64Array[];
  /** lastSeenN[t]: the latest frame ≤ t in which the point was visible. */
  readonly lastSeenN: Int32Array[];
  /** lastSureN[t]: the latest frame ≤ t in which an earlier sight over four or more frames agreed. */
  readonly lastSureN: Int32Array[];
  /** guessN2[t]: the last sure position, moved on with the neighbours. */
  readonly guessN2: Float64Array[];
  /** shapeN4[t]: how the surroundings of a point stretched since frame 0 (row-major 2×2). */
  readonly shapeN4: Float64Array[];
  readonly trustN: Float64Array;
  readonly startN2: Float64Array;
}

export function createTrackState(
  frameCount: number,
  queryXyN2: Float32Array,
  size: Size,
): TrackState {
  const n = queryXyN2.length / 2;
  const perFrame = <A>(make: () => A): A[] => Array.from({ length: frameCount }, make);
  const state: TrackState = {
    size,
    queryN2: Float64Array.from(queryXyN2),
    xyN2: perFrame(() => new Float64Array(n * 2)),
    varianceN: perFrame(() => new Float64Array(n)),
    textureN: perFrame(() => new Float64Array(n)),
    lastSeenN: perFrame(() => new Int32Array(n)),
    lastSureN: perFrame(() => new Int32Array(n)),
    guessN2: perFrame(() => new Float64Array(n * 2)),
    shapeN4: perFrame(() => new Float64Array(n * 4)),
    trustN: new Float64Array(n),
    startN2: new Float64Array(n * 2),
  };
  state.xyN2[0].set(queryXyN2);
  state.guessN2[0].set(queryXyN2);
  for (let i = 0; i < n; i++) state.shapeN4[0].set([1, 0, 0, 1], 4 * i);
  return state;
}

/**
 * Where a hidden point was found again beside its guessed path, spreads the difference over the
 * whole gap, so that the path joins both sights of the point without a jump.
 */
export function fillGap(state: TrackState, i: number): void {
  const { xyN2, lastSeenN } = state;
  for (let t = 1; t < xyN2.length; t++) {
    const before = lastSeenN[t - 1][i];
    if (lastSeenN[t][i] !== t || before === t - 1) continue;
    const last = t - 1;
    const guess = guessNext(xyN2, before, last, i);
    const errorX = xyN2[t][2 * i] - guess.x;
    const errorY = xyN2[t][2 * i + 1] - guess.y;
    for (let s = before + 1; s <= last; s++) {
      const share = (s - before) / (t - before);
      xyN2[s][2 * i] += share * errorX;
      xyN2[s][2 * i + 1] += share * errorY;
    }
  }
}

/** The guessed path carried one frame beyond its last guess. */
function guessNext(
  xyN2: readonly Float64Array[],
  before: number,
  last: number,
  i: number,
): { x: number; y: number } {
  const a = xyN2[last];
  const b = xyN2[Math.max(before, last - 1)];
  return { x: 2 * a[2 * i] - b[2 * i], y: 2 * a[2 * i + 1] - b[2 * i + 1] };
}
