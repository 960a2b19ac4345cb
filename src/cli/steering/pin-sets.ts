import { type Constraints, createConstraints } from "../../domain/constraints.ts";
import { HORIZON_FRAMES, WORKING_HEIGHT, WORKING_WIDTH } from "../../domain/grid.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { randomStream } from "../../engine/random/philox.ts";
import { affineAt, robustAffine } from "../../engine/scenario/affine.ts";

/** Points of a case whose true future is given, and which of the others are told apart. */
export interface PinSet {
  readonly constraints: Constraints;
  /** [N], 1 = pinned. */
  readonly pinnedN: Uint8Array;
  /** Groups of unpinned points, in some of their frames, that are scored apart, by name. */
  readonly groups: Readonly<Record<string, (frame: number, point: number) => boolean>>;
}

/** Makes the set of one case; null where the case has none of its kind. `seed`: of the choice. */
export type MakePins = (truth: Tracks, xyN2: Float32Array, seed: number) => PinSet | null;

const SIZE = { width: WORKING_WIDTH, height: WORKING_HEIGHT };
const CHOICE_STREAM = 11;
const MOVER_FRAME = 31;
const MOVER_PX = 15;
const MOVER_PINS = 4;
const MOVER_RADIUS_PX = 50;
const BODY_RADIUS_PX = 110;
const DRAG_FRAMES = 24;
const STILL_PX = 2;
/** Points whose displacement differs from the mover's by less move with it, as a share of its own. */
const ALIKE = 0.35;

export const PIN_SETS: Readonly<Record<string, MakePins>> = {
  "spread 1": spread(1),
  "spread 4": spread(4),
  "spread 16": spread(16),
  "spread 64": spread(64),
  drag: drag(DRAG_FRAMES),
  "drag held throughout": drag(HORIZON_FRAMES),
  "end only": endOnly,
  still,
};

function spread(count: number): MakePins {
  return (truth, _, seed) => {
    const known = longestKnown(truth).slice(0, 4 * count);
    if (known.length < count) return null;
    return pins(truth, choose(known, count, seed), () => true);
  };
}

/** The truth of four neighbours on the strongest mover, in so many frames; what follows them is told apart, too. */
function drag(frames: number): MakePins {
  return (truth, xyN2) => {
    const found = strongestMover(truth, xyN2);
    if (!found) return null;
    const { mover, body, isAlike } = found;
    const far = (n: number) => distance(xyN2, mover, n);
    const held = body.sort((a, b) => far(a) - far(b)).slice(0, MOVER_PINS);
    const set = pins(truth, held, (frame) => frame < frames);
    const group = (is: (n: number) => boolean, from = 0, to = HORIZON_FRAMES) => {
      const isIn = Array.from(set.pinnedN, (pinned, n) => !pinned && is(n));
      return (frame: number, n: number) => frame >= from && frame < to && isIn[n];
    };
    const isBody = (n: number) => far(n) < BODY_RADIUS_PX && isAlike(n);
    const isRest = (n: number) => far(n) >= BODY_RADIUS_PX;
    const apart = {
      "same body, held": group(isBody, 0, frames),
      "same body, afterwards": group(isBody, frames),
      "rest, afterwards": group(isRest, frames),
    };
    return {
      ...set,
      groups: {
        "same body": group(isBody),
        "near, other": group((n) => far(n) < BODY_RADIUS_PX && !isAlike(n)),
        rest: group(isRest),
        ...(frames < HORIZON_FRAMES ? apart : {}),
      },
    };
  };
}

/** The point that leaves the camera's motion farthest, among those with three alike around them. */
function strongestMover(truth: Tracks, xyN2: Float32Array) {
  const t = Math.min(MOVER_FRAME, truth.frameCount - 1);
  const { residual, displacement } = objectMotion(truth, xyN2, t);
  const all = [...residual.keys()];
  const movers = all.filter((n) => residual[n] > MOVER_PX);
  for (const mover of movers.sort((a, b) => residual[b] - residual[a])) {
    const length = Math.hypot(displacement[2 * mover], displacement[2 * mover + 1]);
    const isAlike = (n: number) =>
      residual[n] >= 0 && distance(displacement, mover, n) < ALIKE * Math.max(length, MOVER_PX);
    const body = all.filter((n) => isAlike(n) && distance(xyN2, mover, n) < MOVER_RADIUS_PX);
    if (body.length >= MOVER_PINS) return { mover, body, isAlike };
  }
  return null;
}

function distance(valuesN2: ArrayLike<number>, a: number, b: number): number {
  return Math.hypot(valuesN2[2 * a] - valuesN2[2 * b], valuesN2[2 * a + 1] - valuesN2[2 * b + 1]);
}

function endOnly(truth: Tracks, _: Float32Array, seed: number): PinSet | null {
  const [point] = choose(longestKnown(truth).slice(0, 8), 1, seed);
  if (point === undefined) return null;
  let last = -1;
  for (let t = 0; t < truth.frameCount; t++) if (isKnown(truth, t, point)) last = t;
  return pins(truth, [point], (t) => t === last);
}

/** Eight points that stay where they are, none of them on what moves. */
function still(truth: Tracks, xyN2: Float32Array, seed: number): PinSet | null {
  const ground = stillPoints(truth, xyN2);
  const resting = longestKnown(truth).filter((n) => ground[n]);
  return resting.length < 16 ? null : pins(truth, choose(resting, 8, seed), () => true);
}

/**
 * Points that the truth never sees farther than 2 px from where they were, [N]: those known in half of
 * the frames. What is lost soon has not shown that it stays.
 */
export function stillPoints(truth: Tracks, xyN2: Float32Array): Uint8Array {
  const stays = new Uint8Array(truth.pointCount);
  const frames = framesKnown(truth);
  for (let n = 0; n < truth.pointCount; n++) {
    if (2 * frames[n] < truth.frameCount) continue;
    for (let t = 0; t < truth.frameCount; t++) {
      if (!isKnown(truth, t, n)) continue;
      const o = 2 * (t * truth.pointCount + n);
      const dx = truth.tracksTN2[o] - xyN2[2 * n];
      const dy = truth.tracksTN2[o + 1] - xyN2[2 * n + 1];
      if (Math.hypot(dx, dy) < STILL_PX) stays[n] = 1;
      else {
        stays[n] = 0;
        break;
      }
    }
  }
  return stays;
}

/** Displacement at frame `t` [N,2] px, and how far it is from the camera's; −1 where not known. */
function objectMotion(truth: Tracks, xyN2: Float32Array, t: number) {
  const n = truth.pointCount;
  const known = truth.visibilityTN.slice(t * n, (t + 1) * n);
  const displacement = new Float64Array(2 * n);
  for (let i = 0; i < 2 * n; i++) displacement[i] = truth.tracksTN2[2 * t * n + i] - xyN2[i];
  const camera = robustAffine(xyN2, displacement, known, SIZE);
  const residual = Array.from({ length: n }, (_, i) => {
    if (!known[i]) return -1;
    const [u, v] = affineAt(camera, xyN2[2 * i], xyN2[2 * i + 1]);
    return Math.hypot(displacement[2 * i] - u, displacement[2 * i + 1] - v);
  });
  return { residual, displacement };
}

function isKnown(truth: Tracks, t: number, n: number): boolean {
  return truth.visibilityTN[t * truth.pointCount + n] > 0;
}

/** Points by how many of their frames are known, most first; those without any are left out. */
function longestKnown(truth: Tracks): number[] {
  const frames = framesKnown(truth);
  const points = [...frames.keys()].filter((n) => frames[n] > 0);
  return points.sort((a, b) => frames[b] - frames[a]);
}

/** In how many frames each point is known: [N]. */
function framesKnown({ visibilityTN, pointCount }: Tracks): Uint16Array {
  const frames = new Uint16Array(pointCount);
  visibilityTN.forEach((seen, i) => {
    frames[i % pointCount] += seen;
  });
  return frames;
}

function choose(from: readonly number[], count: number, seed: number): number[] {
  const left = [...from];
  const random = randomStream(seed, CHOICE_STREAM);
  const chosen: number[] = [];
  while (chosen.length < count && left.length > 0) {
    chosen.push(...left.splice(random.below(left.length), 1));
  }
  return chosen;
}

function pins(truth: Tracks, points: readonly number[], holds: (t: number) => boolean): PinSet {
  const { pointCount } = truth;
  const constraints = createConstraints(HORIZON_FRAMES, pointCount);
  for (const n of points) {
    for (let t = 0; t < truth.frameCount; t++) {
      if (!holds(t) || !isKnown(truth, t, n)) continue;
      const i = t * pointCount + n;
      constraints.weightTN[i] = 1;
      constraints.positionsTN2.set(truth.tracksTN2.subarray(2 * i, 2 * i + 2), 2 * i);
    }
  }
  const pinnedN = new Uint8Array(pointCount);
  for (const n of points) pinnedN[n] = 1;
  return { constraints, pinnedN, groups: {} };
}
