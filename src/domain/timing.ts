import type { WorkingRate } from "./clip.ts";

/** What Wan-type generators use; also the rate of a clip that has no rate of its own. */
export const DEFAULT_WORKING_FPS = 16;

/**
 * Slack when a time is compared with a timestamp. Matroska rounds timestamps to 1 ms, so a frame
 * due at 66.67 ms may be stamped 67 ms.
 */
export const TIME_SLACK_SECS = 0.001;

/** A picture that stays for longer is a damaged timestamp: it would make days of a short clip. */
const LONGEST_STAY_SECS = 600;

/** When the native frames of a clip are on screen. Depends on the timestamps alone. */
export interface NativeTiming {
  /** Ascending, without repeats, [0] = 0. */
  readonly ptsSecs: Float64Array;
  /** Mean rate; 0 for a single frame. */
  readonly fps: number;
  /** The last frame lasts as long as the median frame. */
  readonly durationSecs: number;
}

/** Working frame i is due at `frameTimesSecs[i]` and shows native frame `nativeIndices[i]`. */
export interface WorkingTiming {
  readonly fps: number;
  readonly durationSecs: number;
  readonly frameTimesSecs: Float64Array;
  readonly nativeIndices: Uint32Array;
}

/** Presentation timestamps in seconds, sorted and without repeats, not yet shifted. */
export function presentationOrder(ptsSecs: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(ptsSecs).sort();
  return sorted.filter((pts, i) => i === 0 || pts > sorted[i - 1]);
}

/**
 * Throws RangeError when there is no frame. Timestamps may come in any order. What follows a gap of
 * over ten minutes comes as soon after it as frames usually do.
 */
export function nativeTiming(ptsSecs: ArrayLike<number>): NativeTiming {
  const ordered = presentationOrder(ptsSecs);
  if (ordered.length === 0) throw new RangeError("a clip has at least one frame");
  if (ordered.length === 1) return { ptsSecs: new Float64Array(1), fps: 0, durationSecs: 0 };
  const gaps = ordered.subarray(1).map((t, i) => t - ordered[i]);
  const stays = gaps.filter((gap) => gap <= LONGEST_STAY_SECS).sort();
  const median = stays[stays.length >> 1] ?? 1 / DEFAULT_WORKING_FPS;
  const pts = new Float64Array(ordered.length);
  let closedSecs = ordered[0];
  for (const [i, gap] of gaps.entries()) {
    if (gap > LONGEST_STAY_SECS) closedSecs += gap - median;
    pts[i + 1] = roundMicros(ordered[i + 1] - closedSecs);
  }
  const last = pts[pts.length - 1];
  // Three decimals: 29.97 and 23.976 survive, rounding of the timestamps does not.
  const fps = Math.round(((pts.length - 1) / last) * 1000) / 1000;
  return { ptsSecs: pts, fps, durationSecs: roundMicros(last + median) };
}

/** Decoders report times in different units; microseconds are what they have in common. */
function roundMicros(secs: number): number {
  return Math.round(secs * 1e6) / 1e6;
}

/**
 * The working clip: frame i of rate f is due at i/f and shows the last native frame that is on
 * screen then; "native" takes every native frame at its own time. A single frame stays one frame.
 * Throws RangeError for a rate that is not a positive number.
 */
export function workingTiming(native: NativeTiming, rate: WorkingRate): WorkingTiming {
  if (rate !== "native" && !(rate > 0 && Number.isFinite(rate))) {
    throw new RangeError(`a frame rate is a positive number, not ${rate}`);
  }
  const { ptsSecs } = native;
  if (ptsSecs.length === 1) {
    const fps = rate === "native" ? DEFAULT_WORKING_FPS : rate;
    const zero = new Float64Array(1);
    return { fps, durationSecs: 1 / fps, frameTimesSecs: zero, nativeIndices: new Uint32Array(1) };
  }
  const { durationSecs } = native;
  if (rate === "native") {
    const nativeIndices = Uint32Array.from(ptsSecs, (_, i) => i);
    return { fps: native.fps, durationSecs, frameTimesSecs: ptsSecs, nativeIndices };
  }
  const frameCount = Math.max(1, Math.ceil((durationSecs - TIME_SLACK_SECS) * rate));
  const frameTimesSecs = Float64Array.from({ length: frameCount }, (_, i) => i / rate);
  const nativeIndices = Uint32Array.from(frameTimesSecs, (t) => frameIndexAtSecs(ptsSecs, t));
  return { fps: rate, durationSecs, frameTimesSecs, nativeIndices };
}

/** Index of the frame on screen at `secs`; the first before the clip, the last after it. */
export function frameIndexAtSecs(frameTimesSecs: Float64Array, secs: number): number {
  let low = 0;
  let high = frameTimesSecs.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (frameTimesSecs[middle] <= secs + TIME_SLACK_SECS) low = middle;
    else high = middle;
  }
  return low;
}
