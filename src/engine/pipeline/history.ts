import type { Frame } from "../../domain/clip.ts";
import { gridQueryXyN2 } from "../../domain/grid.ts";
import { throwIfCancelled } from "../../domain/job.ts";
import type { PackGeometry } from "../../domain/pack/geometry.ts";
import type { OpenClip, PointTracker } from "../../domain/ports.ts";
import { reverseFrames } from "../../domain/tracks.ts";
import { VideoInput } from "../models/video-input.ts";
import { enterStage, type PipelineJob } from "./events.ts";
import { type FrameTap, readLuma } from "./frames.ts";
import { type HistoryPass, historyOf } from "./tracked-history.ts";

export interface TrackingPorts {
  readonly clip: OpenClip;
  tracker(): Promise<PointTracker>;
}

export interface HistoryRequest {
  /** Working frame of "now". */
  readonly nowIndex: number;
  readonly geometry: PackGeometry;
  /** Makes the model's pictures from the frames that the tracker sees. */
  readonly wantsPictures?: boolean;
  readonly tap?: FrameTap | undefined;
}

/** First working frame of the history of `nowIndex`. */
export function historyStart(nowIndex: number, { historyFrames }: PackGeometry): number {
  return Math.max(0, nowIndex + 1 - historyFrames);
}

/**
 * The query grid tracked through the history: from "now" back, so that it ends exactly on the grid,
 * or with `first-history` from its first frame on, so that it starts there. One pass over the frames.
 */
export async function trackHistory(
  ports: TrackingPorts,
  { nowIndex, geometry, wantsPictures, tap }: HistoryRequest,
  job: PipelineJob = {},
): Promise<HistoryPass> {
  const start = historyStart(nowIndex, geometry);
  const total = nowIndex + 1 - start;
  const pictures = wantsPictures ? new VideoInput(geometry.historyFrames) : null;
  const taps = [
    ...(tap ? [tap] : []),
    ...(pictures ? [{ onFrame: (frame: Frame) => pictures.add(frame) }] : []),
  ];
  const decoding = enterStage(job, "decoding", total);
  const frames = await readLuma(ports.clip, [start, nowIndex + 1], geometry, taps, decoding);
  const tracking = enterStage(job, "tracking", total);
  const tracker = await ports.tracker();
  throwIfCancelled(job);
  const backwards = geometry.referenceFrame === "last-history";
  const queryXyN2 = gridQueryXyN2(geometry.anchor, geometry);
  if (backwards) frames.reverse();
  const tracks = await tracker.track({ frames, queryXyN2 }, tracking);
  throwIfCancelled(job);
  return {
    history: historyOf(backwards ? reverseFrames(tracks) : tracks, geometry.referenceFrame),
    picturesCTHW: pictures?.finish(),
  };
}
