import type { GrayFrame, Size } from "../../domain/clip.ts";
import type { Job } from "../../domain/job.ts";
import { throwIfCancelled } from "../../domain/job.ts";
import type { FrameSequence, FrameTaps, OpenClip } from "../../domain/ports.ts";
import { Stream } from "../../domain/stream.ts";
import { askedOf } from "../tracking/luma.ts";

/** Hears the pictures of a pass that it wants, in the order in which they are decoded. */
export interface FrameTap extends Omit<FrameTaps, "onLuma"> {
  /** It needs its pictures in time order. */
  readonly inOrder?: boolean;
}

export interface LumaRequest {
  /** Working frames [start, end). */
  readonly range: readonly [start: number, end: number];
  /** So many frames before the range are read with it for who taps the pass. Forwards only. */
  readonly lead?: number;
  readonly size: Size;
  /** In which order luma is given. */
  readonly order: "forwards" | "backwards";
  readonly taps: readonly FrameTap[];
  /** Hears luma as it is decoded, before it is given on; not to be kept. */
  readonly onLuma?: (luma: GrayFrame, index: number) => void;
}

/** Frames that are decoded one after the other. */
export interface LumaReading {
  readonly frames: FrameSequence;
  /** Settles once all are decoded, or with why they are not. */
  readonly done: Promise<void>;
}

/** Fewer frames are not decoded by themselves: each time a decoder is set up anew. */
const LEAST_FRAMES = 12;

/**
 * Luma of frames, each decoded once: whoever else needs their pictures taps the same pass. Pictures that
 * nobody wants are not made available at all. Backwards, the group of pictures that holds the last frame
 * is decoded first, so that its frames need not wait for the others.
 */
export function readLuma(clip: OpenClip, request: LumaRequest, job: Job): LumaReading {
  const [start, end] = request.range;
  const stream = new Stream<GrayFrame>();
  const done = read(clip, request, stream, job);
  done.then(
    () => stream.end(),
    (error: unknown) => stream.fail(error),
  );
  const frames = {
    length: end - start,
    [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator](),
  };
  return { frames, done };
}

async function read(
  clip: OpenClip,
  {
    range: [start, end],
    lead = 0,
    size: { width, height },
    order,
    taps,
    onLuma: hear,
  }: LumaRequest,
  stream: Stream<GrayFrame>,
  job: Job,
): Promise<void> {
  const passes =
    order === "backwards" ? backwards(clip, start, end, taps) : [[start - lead, end] as const];
  let before = order === "backwards" ? 0 : -lead;
  for (const [from, to] of passes) {
    throwIfCancelled(job);
    const frames: GrayFrame[] = [];
    const onLuma = (luma: GrayFrame, index: number) => {
      if (index < start) return;
      hear?.(luma, index);
      if (order === "forwards") stream.add(luma);
      else frames.push(luma);
    };
    const base = before;
    await clip.read(
      from,
      to,
      { width, height },
      { onLuma, ...joined(taps) },
      {
        signal: job.signal,
        onProgress: (progress) =>
          job.onProgress?.({
            ...progress,
            done: Math.max(0, base + progress.done),
            total: end - start,
          }),
      },
    );
    before += to - from;
    for (const frame of frames.reverse()) stream.add(frame);
  }
  throwIfCancelled(job);
}

/** Ranges that decode by themselves, the last one first. */
function backwards(
  { groupStarts = [] }: OpenClip,
  start: number,
  end: number,
  taps: readonly FrameTap[],
): (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  let to = end;
  if (!taps.some(({ inOrder }) => inOrder)) {
    for (const from of [...groupStarts].reverse()) {
      if (from > to - LEAST_FRAMES || from < start + LEAST_FRAMES) continue;
      ranges.push([from, to]);
      to = from;
    }
  }
  return [...ranges, [start, to]];
}

/** Several taps as one. */
function joined(taps: readonly FrameTap[]): Omit<FrameTaps, "onLuma"> {
  if (taps.length === 0) return {};
  return {
    wantsFrame: (index) => taps.some((tap) => askedOf(tap, index).frame),
    onFrame(frame) {
      for (const tap of taps) if (askedOf(tap, frame.index).frame) tap.onFrame?.(frame);
    },
    wantsPlanar: (index) => taps.some((tap) => askedOf(tap, index).planar),
    onPlanar(picture, index) {
      for (const tap of taps) if (askedOf(tap, index).planar) tap.onPlanar?.(picture, index);
    },
  };
}
