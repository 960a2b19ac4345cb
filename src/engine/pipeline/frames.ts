import type { Frame, GrayFrame, Size } from "../../domain/clip.ts";
import type { Job } from "../../domain/job.ts";
import { throwIfCancelled } from "../../domain/job.ts";
import type { FrameTaps, OpenClip } from "../../domain/ports.ts";

/** Hears the pictures of a pass that it wants, in time order. */
export interface FrameTap {
  readonly onFrame: (frame: Frame) => void;
  /** Every frame is wanted where this is left out. */
  readonly wantsFrame?: (index: number) => boolean;
}

/**
 * Luma of working frames [start, end) in time order, decoded once: whoever else needs their pictures
 * taps the same pass. Pictures that nobody wants are not made available at all.
 */
export async function readLuma(
  clip: OpenClip,
  [start, end]: readonly [number, number],
  { width, height }: Size,
  taps: readonly FrameTap[],
  job: Job,
): Promise<GrayFrame[]> {
  throwIfCancelled(job);
  const frames: GrayFrame[] = [];
  const onLuma = (luma: GrayFrame) => frames.push(luma);
  await clip.read(start, end, { width, height }, { onLuma, ...joined(taps) }, job);
  throwIfCancelled(job);
  return frames;
}

/** Several taps as one. */
function joined(taps: readonly FrameTap[]): Pick<FrameTaps, "onFrame" | "wantsFrame"> {
  if (taps.length === 0) return {};
  const wants = ({ wantsFrame }: FrameTap, index: number) => !wantsFrame || wantsFrame(index);
  return {
    wantsFrame: (index) => taps.some((tap) => wants(tap, index)),
    onFrame(frame) {
      for (const tap of taps) if (wants(tap, frame.index)) tap.onFrame(frame);
    },
  };
}
