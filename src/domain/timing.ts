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
  /** Ascending, every frame at a time of its own, [0] = 0. */
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

/**
 * A timestamp that comes again within so many frames of the file belongs to a frame of its own: the
 * container's clock is too coarse. Further away a part of the file comes twice.
 */
const REPEAT_REACH = 32;

/**
 * Presentation timestamps of any unit, given in the order of the file: sorted, not yet shifted. Equal
 * ones stay where they are frames of a clip that is faster than its container's clock.
 */
export function presentationOrder(timestamps: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from(timestamps, (_, i) => i);
  order.sort((a, b) => timestamps[a] - timestamps[b] || a - b);
  const kept: number[] = [];
  let lastPlace = 0;
  for (const place of order) {
    const time = timestamps[place];
    if (time === kept.at(-1) && place - lastPlace > REPEAT_REACH) continue;
    kept.push(time);
    lastPlace = place;
  }
  return Float64Array.from(kept);
}

/** How long a picture stays where no timestamp differs, as browsers play such animations. */
const TIMELESS_STAY_SECS = 0.1;

/** Frames with one timestamp share the time until the next one evenly. `ordered` is ascending. */
function spread(ordered: Float64Array): Float64Array {
  const out = new Float64Array(ordered.length);
  let stay = TIMELESS_STAY_SECS;
  for (let first = 0; first < ordered.length; ) {
    let next = first + 1;
    while (next < ordered.length && ordered[next] === ordered[first]) next++;
    if (next < ordered.length) stay = (ordered[next] - ordered[first]) / (next - first);
    for (let i = first; i < next; i++) out[i] = ordered[first] + (i - first) * stay;
    first = next;
  }
  return out;
}

/**
 * Throws RangeError when there is no frame. Timestamps may come in any order. What follows a gap of
 * over ten minutes comes as soon after it as frames usually do.
 */
export function nativeTiming(ptsSecs: ArrayLike<number>): NativeTiming {
  const ordered = spread(presentationOrder(ptsSecs));
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
  const count = frameTimesSecs.length;
  // Of a clip with thousands of frames a second a millisecond would be several frames.
  const meanSecs = count > 1 ? (frameTimesSecs[count - 1] - frameTimesSecs[0]) / (count - 1) : 1;
  const slackSecs = Math.min(TIME_SLACK_SECS, meanSecs / 2);
  let low = 0;
  let high = count;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (frameTimesSecs[middle] <= secs + slackSecs) low = middle;
    else high = middle;
  }
  return low;
}
