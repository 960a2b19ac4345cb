import type { Frame, GrayFrame, Size } from "../../domain/clip.ts";
import type { Job } from "../../domain/job.ts";
import { throwIfCancelled } from "../../domain/job.ts";
import type { OpenClip } from "../../domain/ports.ts";
import { grayFromFrame } from "../tracking/luma.ts";

/** Hears each frame of a pass, in time order, before the next one is decoded. */
export type FrameTap = (frame: Frame) => void;

/**
 * Luma of working frames [start, end) in time order, decoded once: whoever else needs their pictures
 * taps the same pass.
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
  await clip.read(
    start,
    end,
    { width, height },
    (frame) => {
      frames.push(grayFromFrame(frame));
      for (const tap of taps) tap(frame);
    },
    job,
  );
  throwIfCancelled(job);
  return frames;
}
