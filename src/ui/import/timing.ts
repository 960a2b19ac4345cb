import { frameIndexAtSecs } from "../../domain/timing.ts";
import {
  type ClipTime,
  proposeTiming,
  type TimingProposal,
  type TracksTime,
} from "../../formats/import/common/timing.ts";
import type { ImportChoices, TrackInspection } from "../../formats/import/common/types.ts";
import { secsOf } from "../../store/actions/imports.ts";
import type { ClipSummary } from "../../store/slices/clipSlice.ts";

/** What the user typed over the proposal; absent = as proposed. */
export interface TypedTiming {
  readonly fps?: string;
  readonly firstSecs?: string;
  /** Counts from 1, as the timeline does. */
  readonly nowFrame?: string;
}

export interface Timing extends Pick<TracksTime, "fps" | "firstSecs"> {
  /** Working frame of "now". */
  readonly nowIndex: number;
}

/** Frames that an array has under these axes. */
export function frameCountOf(inspection: TrackInspection, choices: ImportChoices): number {
  const note = inspection.arrays.find(({ name }) => name === choices.tracks);
  return note?.shape[choices.axes.indexOf("T")] ?? 0;
}

export function clipTime(clip: ClipSummary, nowIndex: number): ClipTime {
  const { fps, frameCount, nativeFps, nativeFrameCount } = clip.info;
  return { fps, frameCount, nativeFps, nativeFrameCount, nowSecs: secsOf(clip, nowIndex) };
}

export interface TimingState {
  /** Null where something typed is no usable number. */
  readonly timing: Timing | null;
  /** What to use where nothing is typed. */
  readonly proposed: Timing;
  readonly reasons: TimingProposal["reasons"];
}

/** The proposal, with what was typed in its place. A typed rate moves the rest of the proposal. */
export function timingOf(
  frameCount: number,
  inspection: TrackInspection,
  clip: ClipSummary,
  nowIndex: number,
  typed: TypedTiming,
): TimingState {
  const fps = typed.fps === undefined ? undefined : number(typed.fps);
  const usable = fps === undefined || (fps > 0 && fps <= 1000);
  const known = { ...inspection, ...(usable && fps !== undefined ? { fps } : {}) };
  const { reasons, ...proposal } = proposeTiming(frameCount, known, clipTime(clip, nowIndex));
  const proposed = {
    fps: proposal.fps,
    firstSecs: proposal.firstSecs,
    nowIndex: frameIndexAtSecs(clip.info.frameTimesSecs, proposal.nowSecs),
  };
  const firstSecs = typed.firstSecs === undefined ? proposed.firstSecs : number(typed.firstSecs);
  const now = typed.nowFrame === undefined ? proposed.nowIndex : number(typed.nowFrame) - 1;
  const inClip = Number.isInteger(now) && now >= 0 && now < clip.info.frameCount;
  const sound = usable && Number.isFinite(firstSecs) && inClip;
  return {
    proposed,
    reasons,
    timing: sound ? { fps: proposed.fps, firstSecs, nowIndex: now } : null,
  };
}

function number(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}
