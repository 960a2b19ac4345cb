import { HISTORY_FRAMES, HORIZON_FRAMES } from "../../domain/studio-defaults.ts";

/** Frames of the timeline, both ends included. */
export interface FrameSpan {
  readonly from: number;
  readonly to: number;
}

/** What a forecast from `now` sees, "now" included. */
export function historySpan(now: number): FrameSpan {
  return { from: Math.max(0, now + 1 - HISTORY_FRAMES), to: now };
}

/** What a forecast from `now` foretells; drawn from "now" on, so that both spans meet there. */
export function horizonSpan(now: number): FrameSpan {
  return { from: now, to: now + HORIZON_FRAMES };
}

/** Where a frame's middle lies on a lane of `total` frames: 0 at the first one, 100 at the last. */
export function percentAt(frame: number, total: number): number {
  return (100 * frame) / Math.max(1, total - 1);
}

export interface RulerMark {
  /** Per cent of the lane. */
  readonly left: number;
  /** Null for the short marks between labelled ones. */
  readonly label: string | null;
}

/** Seconds between labels, the first that keeps them apart. */
const LABEL_STEPS_SECS = [0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 600];
const MOST_LABELS = 16;
const MARKS_A_LABEL = 5;

/** The marks of a timeline of `total` frames at `fps`: a label every so many seconds, and parts. */
export function rulerMarks(total: number, fps: number): RulerMark[] {
  const secs = total / fps;
  const everySecs =
    LABEL_STEPS_SECS.find((step) => secs / step <= MOST_LABELS) ?? LABEL_STEPS_SECS.at(-1) ?? 600;
  const partSecs = everySecs / MARKS_A_LABEL;
  const marks: RulerMark[] = [];
  for (let i = 0; i * partSecs * fps <= total - 1; i++) {
    const timeSecs = i * partSecs;
    const label = i % MARKS_A_LABEL === 0 ? `${Number(timeSecs.toFixed(2))} s` : null;
    marks.push({ left: percentAt(timeSecs * fps, total), label });
  }
  return marks;
}
