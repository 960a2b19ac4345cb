import type { Size } from "../../domain/clip.ts";
import { isInsideFrame } from "../../domain/inside-frame.ts";
import type { Tracks } from "../../domain/tracks.ts";

/** Thresholds of TAP-Vid's δ, pixels of a 256×256 picture (Doersch et al. 2022). */
const THRESHOLDS = [1, 2, 4, 8, 16] as const;
/** Frames next to frame 0 over which the velocity is judged. */
const VELOCITY_FRAMES = 4;
/** Longer errors count as this much in the mean: lost is lost, px. */
const LOST_PX = 200;

export interface Accuracy {
  /** Share of positions within 1, 2, 4, 8, 16 px at 256×256, averaged over the five. */
  readonly deltaAverage: number;
  /** Position errors of points that are visible in truth, px. */
  readonly meanPx: number;
  readonly medianPx: number;
  /** Error of the mean velocity over the frames next to frame 0, px a frame. */
  readonly velocityPx: number;
  /** Mean length of the second difference over time, px a frame². */
  readonly jitterPx: number;
  /** Share of points and frames whose visibility agrees with truth. */
  readonly occlusionAccuracy: number;
  /** How many positions were compared. */
  readonly count: number;
}

/**
 * Compares tracks with truth of the same points, both counted from the anchor frame on.
 * `usableTN` [T,N] marks the entries of truth that may be judged; points that are not visible at
 * frame 0 are left out.
 */
export function measureAccuracy(
  tracks: Tracks,
  truth: Tracks,
  usableTN: Uint8Array,
  size: Size,
): Accuracy {
  const { frameCount, pointCount: n, tracksTN2: a } = tracks;
  const b = truth.tracksTN2;
  const errors: number[] = [];
  let within = 0;
  let sum = 0;
  let velocity = 0;
  let velocities = 0;
  let jitter = 0;
  let jitters = 0;
  let agreed = 0;
  let judged = 0;
  for (let t = 1; t < frameCount; t++) {
    for (let i = 0; i < n; i++) {
      const at = t * n + i;
      if (!usableTN[at] || !truth.visibilityTN[i]) continue;
      judged++;
      if (tracks.visibilityTN[at] === truth.visibilityTN[at]) agreed++;
      if (!truth.visibilityTN[at]) continue;
      const dx = a[2 * at] - b[2 * at];
      const dy = a[2 * at + 1] - b[2 * at + 1];
      const error = Math.hypot(dx, dy);
      errors.push(error);
      sum += Math.min(error, LOST_PX);
      const scaled = Math.hypot((dx * 256) / size.width, (dy * 256) / size.height);
      for (const threshold of THRESHOLDS) if (scaled < threshold) within++;
      if (t === VELOCITY_FRAMES) {
        velocity += error / VELOCITY_FRAMES;
        velocities++;
      }
      if (t >= 2) {
        const p = 2 * (at - n);
        const q = 2 * (at - 2 * n);
        jitter += Math.hypot(a[2 * at] - 2 * a[p] + a[q], a[2 * at + 1] - 2 * a[p + 1] + a[q + 1]);
        jitters++;
      }
    }
  }
  errors.sort((x, y) => x - y);
  return {
    deltaAverage: within / (THRESHOLDS.length * errors.length),
    meanPx: sum / errors.length,
    medianPx: errors[errors.length >> 1] ?? Number.NaN,
    velocityPx: velocity / velocities,
    jitterPx: jitter / jitters,
    occlusionAccuracy: agreed / judged,
    count: errors.length,
  };
}

/** Furthest that a real point moves in a frame of real footage, px of the 832×480 frame. */
const JUMP_PX = 48;

/**
 * Truth made by another tracker is itself wrong where a point left the frame and was "found" again
 * elsewhere, or jumped: visible entries from there on are not usable. [T,N] from frame 0 on.
 */
export function usableTruth(truth: Tracks, size: Size): Uint8Array {
  const { frameCount, pointCount: n, tracksTN2 } = truth;
  const usable = new Uint8Array(frameCount * n);
  for (let i = 0; i < n; i++) {
    let holds = true;
    for (let t = 0; t < frameCount; t++) {
      const at = t * n + i;
      const x = tracksTN2[2 * at];
      const y = tracksTN2[2 * at + 1];
      if (!isInsideFrame(x, y, size)) holds = false;
      if (t > 0) {
        const before = 2 * (at - n);
        if (Math.hypot(x - tracksTN2[before], y - tracksTN2[before + 1]) > JUMP_PX) holds = false;
      }
      usable[at] = holds || !truth.visibilityTN[at] ? 1 : 0;
    }
  }
  return usable;
}
