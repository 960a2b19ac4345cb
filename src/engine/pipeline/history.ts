import type { Frame, GrayFrame } from "../../domain/clip.ts";
import { gridQueryXyN2 } from "../../domain/grid.ts";
import type { PackGeometry } from "../../domain/pack/geometry.ts";
import { reverseFrames } from "../../domain/tracks.ts";
import { VideoInput } from "../models/video-input.ts";
import { leastTexture } from "../space/texture.ts";
import { enterStage, type PipelineJob } from "./events.ts";
import type { FrameTap } from "./frames.ts";
import { type TrackingPorts, trackClip } from "./track-clip.ts";
import { type HistoryPass, historyOf } from "./tracked-history.ts";

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
 * or with `first-history` from its first frame on, so that it starts there. Every frame is decoded once.
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
    ...(pictures ? [{ onFrame: (frame: Frame) => pictures.add(frame), inOrder: true }] : []),
  ];
  const backwards = geometry.referenceFrame === "last-history";
  let now: GrayFrame | null = null;
  const tracks = await trackClip(
    ports,
    {
      range: [start, nowIndex + 1],
      size: geometry,
      order: backwards ? "backwards" : "forwards",
      taps,
      onLuma: ({ size, gray }, index) => {
        if (index === nowIndex) now = { size, gray: gray.slice() };
      },
    },
    gridQueryXyN2(geometry.anchor, geometry),
    enterStage(job, "decoding", total),
    () => enterStage(job, "tracking", total),
  );
  const history = historyOf(backwards ? reverseFrames(tracks) : tracks, geometry.referenceFrame);
  return {
    history: now ? { ...history, textureN: leastTexture(now, history.queryXyN2) } : history,
    picturesCTHW: pictures?.finish(),
  };
}
