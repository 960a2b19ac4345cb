import type { ClipInfo, Size, WorkingOptions } from "../../domain/clip.ts";
import { displaySize, fitPicture, type Orientation } from "../../domain/fitting.ts";
import {
  frameIndexAtSecs,
  type NativeTiming,
  type WorkingTiming,
  workingTiming,
} from "../../domain/timing.ts";
import type { Placement } from "../../engine/picture/placement.ts";

/** What a decoder learns of a file before it decodes pictures. Plain data: crosses threads. */
export interface SourceClip {
  readonly kind: "video" | "photo";
  readonly codec: string;
  readonly storedSize: Size;
  /** Width / height of one stored pixel. */
  readonly pixelAspect: number;
  readonly orientation: Orientation;
  readonly timing: NativeTiming;
  /** Native frames, ascending, that decode without those before; absent where none are known. */
  readonly groupStarts?: readonly number[];
}

export interface WorkingClip {
  readonly info: ClipInfo;
  readonly timing: WorkingTiming;
}

export function workingClip(
  source: SourceClip,
  options: WorkingOptions,
  name: string,
  decodedBy: ClipInfo["decodedBy"],
): WorkingClip {
  const timing = workingTiming(source.timing, options.rate);
  const info: ClipInfo = {
    name,
    kind: source.kind,
    displaySize: displaySize(source.storedSize, source.pixelAspect, source.orientation),
    durationSecs: timing.durationSecs,
    nativeFps: source.timing.fps || timing.fps,
    nativeFrameCount: source.timing.ptsSecs.length,
    fps: timing.fps,
    frameCount: timing.frameTimesSecs.length,
    frameTimesSecs: timing.frameTimesSecs,
    codec: source.codec,
    decodedBy,
  };
  return { info, timing };
}

/**
 * The same working frames from another decoder, which may count a damaged clip's native frames
 * differently: each shows what `source` has on screen when it is due.
 */
export function timingFrom(
  source: SourceClip,
  timing: WorkingTiming,
  frameTimesSecs: Float64Array,
): WorkingTiming {
  const { ptsSecs } = source.timing;
  const nativeIndices = Uint32Array.from(frameTimesSecs, (t) => frameIndexAtSecs(ptsSecs, t));
  return { ...timing, frameTimesSecs, nativeIndices };
}

export function placementFor(source: SourceClip, options: WorkingOptions, size: Size): Placement {
  const { orientation, pixelAspect } = source;
  const display = displaySize(source.storedSize, pixelAspect, orientation);
  const fitting = fitPicture(display, size, options.fit);
  return { orientation, display, fitting, size, pixelAspect };
}

/** Working frames, ascending, at which decoding can begin without those before. */
export function workingGroupStarts(
  { groupStarts }: SourceClip,
  { nativeIndices }: WorkingTiming,
): number[] | undefined {
  if (!groupStarts) return undefined;
  const starts = new Set<number>();
  let at = 0;
  for (const native of groupStarts) {
    while (at < nativeIndices.length && nativeIndices[at] < native) at++;
    if (at < nativeIndices.length) starts.add(at);
  }
  return [...starts];
}

/** Working frames [start, end) by the native frame that they show, in order. */
export interface WantedNative {
  readonly nativeIndex: number;
  readonly workingIndices: readonly number[];
}

/** Throws RangeError when [start, end) leaves the clip. */
export function wantedNatives(timing: WorkingTiming, start: number, end: number): WantedNative[] {
  const count = timing.nativeIndices.length;
  if (!(start >= 0 && start <= end && end <= count)) {
    throw new RangeError(`frames ${start} to ${end} are not within 0 to ${count}`);
  }
  const wanted: { nativeIndex: number; workingIndices: number[] }[] = [];
  for (let i = start; i < end; i++) {
    const nativeIndex = timing.nativeIndices[i];
    const last = wanted.at(-1);
    if (last?.nativeIndex === nativeIndex) last.workingIndices.push(i);
    else wanted.push({ nativeIndex, workingIndices: [i] });
  }
  return wanted;
}
