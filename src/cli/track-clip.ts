import type { Frame, GrayFrame } from "../domain/clip.ts";
import {
  type GridAnchor,
  gridQueryXyN2,
  HISTORY_FRAMES,
  HORIZON_FRAMES,
  WORKING_HEIGHT,
  WORKING_WIDTH,
} from "../domain/grid.ts";
import type { Job } from "../domain/job.ts";
import type { OpenClip, PointTracker } from "../domain/ports.ts";
import { reverseFrames, sliceFrames, type Tracks } from "../domain/tracks.ts";
import { grayFromFrame } from "../engine/tracking/luma.ts";

/** The grid's tracks around one "now" of a clip. */
export interface ClipTracks {
  readonly queryXyN2: Float32Array;
  /** Time order; the last frame is "now" and equals `queryXyN2`. */
  readonly history: Tracks;
  /** Frame 0 is the frame after "now"; as long as the clip goes on, at most `future` frames. */
  readonly future: Tracks;
}

export interface TrackClipOptions {
  readonly nowFrame: number;
  readonly historyFrames?: number;
  readonly futureFrames?: number;
  /** Where the points lie on the grid: at "now" (the default) or on the first frame of the past. */
  readonly anchorFrame?: "last-history" | "first-history";
  readonly anchor?: GridAnchor;
  /** Hears the frames of the past, in order. */
  readonly onPastFrame?: (frame: Frame) => void;
}

/** Decodes the frames around `nowFrame` and tracks the grid into the past and into the future. */
export async function trackClip(
  clip: OpenClip,
  tracker: PointTracker,
  options: TrackClipOptions,
  job?: Job,
): Promise<ClipTracks> {
  const { nowFrame, historyFrames = HISTORY_FRAMES, futureFrames = HORIZON_FRAMES } = options;
  const start = Math.max(0, nowFrame - historyFrames + 1);
  const end = Math.min(clip.info.frameCount, nowFrame + futureFrames + 1);
  const frames: GrayFrame[] = [];
  const size = { width: WORKING_WIDTH, height: WORKING_HEIGHT };
  const now = nowFrame - start;
  await clip.read(
    start,
    end,
    size,
    (frame) => {
      if (frames.length <= now) options.onPastFrame?.(frame);
      frames.push(grayFromFrame(frame));
    },
    job,
  );
  const queryXyN2 = gridQueryXyN2(options.anchor);
  if (options.anchorFrame === "first-history") {
    // One track through past and future: points may be hidden at "now".
    const all = await tracker.track({ frames, queryXyN2 }, job);
    const history = sliceFrames(all, 0, now + 1);
    const future = sliceFrames(all, now + 1, all.frameCount);
    return { queryXyN2: history.tracksTN2.slice(-queryXyN2.length), history, future };
  }
  const past = await tracker.track({ frames: frames.slice(0, now + 1).reverse(), queryXyN2 }, job);
  const ahead = await tracker.track({ frames: frames.slice(now), queryXyN2 }, job);
  return {
    queryXyN2,
    history: reverseFrames(past),
    future: sliceFrames(ahead, 1, ahead.frameCount),
  };
}

/** The working frame on screen at `secs`, held to the clip. */
export function frameAtSecs(clip: OpenClip, secs: number): number {
  const { frameTimesSecs, frameCount, fps } = clip.info;
  // Times that were written with few decimals must still reach their own frame.
  const slack = 0.1 / fps;
  let frame = 0;
  while (frame + 1 < frameCount && frameTimesSecs[frame + 1] <= secs + slack) frame++;
  return frame;
}
