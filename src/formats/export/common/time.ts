import { FormatError } from "../../../domain/errors.ts";
import type { ExportSegment } from "./types.ts";

export interface SegmentTime {
  readonly segment: ExportSegment;
  readonly frameCount: number;
  /** Which frame of the segment is "now". */
  readonly nowIndex: number;
  readonly fps: number;
}

export interface TimePlan {
  /** One fractional frame index of the segment per output frame. */
  readonly indices: Float64Array;
  readonly fps: number;
  readonly notices: readonly string[];
}

const MAX_OUTPUT_FRAMES = 4096;

/**
 * Chooses the moments that are written.
 * - Nothing asked: every frame of the segment.
 * - `frames` alone: the whole segment spread evenly over them. One frame fewer than the segment has is
 *   one for one without its last frame, so 81 of now + 81 is now + 80.
 * - `fps`: moments 1/fps apart that meet "now" exactly; with `frames` also that many of them, where
 *   moments beyond the segment hold its end.
 * Every change of speed, held or unused end is told in `notices`: nothing is cut in silence.
 */
export function planTime(time: SegmentTime, frames?: number, fps?: number): TimePlan {
  requireCount(frames);
  if (fps !== undefined && !(fps > 0 && fps <= 1000)) {
    throw new FormatError(`The frame rate ${fps} is not usable`, "Give a rate from 1 to 1000.");
  }
  const plan = fps === undefined ? spread(time, frames) : paced(time, fps, frames);
  const { indices } = plan;
  requireCount(indices.length);
  if (indices[indices.length - 1] >= time.nowIndex - 1e-6) return plan;
  const early = "“Now” comes after the frames that are written; with more of them it is there.";
  return { ...plan, notices: [...plan.notices, early] };
}

function requireCount(frames: number | undefined): void {
  if (frames === undefined) return;
  if (!Number.isInteger(frames) || frames < 1 || frames > MAX_OUTPUT_FRAMES) {
    throw new FormatError(
      `${frames} frames cannot be written`,
      `Ask for 1 to ${MAX_OUTPUT_FRAMES} frames, or for a lower frame rate.`,
    );
  }
}

function spread({ frameCount, fps }: SegmentTime, frames = frameCount): TimePlan {
  const last = frameCount - 1;
  if (frames === frameCount || frames === last) {
    const indices = Float64Array.from({ length: frames }, (_, j) => j);
    const notices =
      frames === frameCount
        ? []
        : [`The last of ${frameCount} frames is left out: ${frames} are written.`];
    return { indices, fps, notices };
  }
  if (frames === 1) {
    return { indices: new Float64Array(1), fps, notices: ["Only the first frame is written."] };
  }
  const indices = Float64Array.from({ length: frames }, (_, j) => (j * last) / (frames - 1));
  const outputFps = last === 0 ? fps : (fps * (frames - 1)) / last;
  return {
    indices,
    fps: outputFps,
    notices: [
      `${frameCount} frames are spread over ${frames}: real time at ${round(outputFps)} frames a second.`,
    ],
  };
}

function paced(time: SegmentTime, fps: number, frames: number | undefined): TimePlan {
  const { segment, frameCount, nowIndex } = time;
  const step = time.fps / fps;
  const last = frameCount - 1;
  // Rounding of fps ratios such as 24/16 must not lose a moment that lies on the end.
  const slack = 1e-9 * frameCount;
  const before = Math.floor((nowIndex + slack) / step);
  const after = Math.floor((last - nowIndex + slack) / step);
  const available = before + after + 1;
  const count = frames ?? available;
  const first = segment === "past" ? -(count - 1) : -before;
  const indices = Float64Array.from({ length: count }, (_, j) =>
    Math.min(last, Math.max(0, nowIndex + (first + j) * step)),
  );
  const notices: string[] = [];
  if (fps !== time.fps) {
    notices.push(`Resampled from ${round(time.fps)} to ${round(fps)} frames a second.`);
  }
  if (count > available) {
    const which = segment === "past" ? "first" : "last";
    notices.push(`The ${which} ${count - available} frames hold the end of what is known.`);
  }
  if (count < available) {
    const secs = round((available - count) / fps);
    notices.push(`${secs} s of the layer lie beyond ${count} frames and are not written.`);
  }
  return { indices, fps, notices };
}

export function round(value: number, digits = 2): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}

/** Output frame that shows frame `nowIndex` of the segment; not an integer where none does exactly. */
export function frameOf(nowIndex: number, indices: Float64Array): number {
  if (indices.length < 2) return 0;
  const step = (indices[indices.length - 1] - indices[0]) / (indices.length - 1);
  const exact = indices.indexOf(nowIndex);
  return exact >= 0 || step === 0 ? exact : (nowIndex - indices[0]) / step;
}
