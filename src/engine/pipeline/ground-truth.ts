import type { PackGeometry } from "../../domain/pack/geometry.ts";
import { sliceFrames, type Tracks } from "../../domain/tracks.ts";
import { askedOf } from "../tracking/luma.ts";
import { enterStage, type PipelineJob } from "./events.ts";
import type { FrameTap } from "./frames.ts";
import { type TrackingPorts, trackClip } from "./track-clip.ts";
import type { TrackedHistory } from "./tracked-history.ts";

export interface GroundTruthRequest {
  /** Working frame of "now". */
  readonly nowIndex: number;
  readonly history: TrackedHistory;
  readonly geometry: PackGeometry;
  /** Hears pictures of the past too, as far as it wants them: decoders pass them on the way. */
  readonly tap?: FrameTap | undefined;
}

/**
 * Tracks of what followed: frame 0 is the frame after "now", as long as the clip goes on, at most the
 * horizon. Null where nothing follows.
 */
export async function trackGroundTruth(
  ports: TrackingPorts,
  { nowIndex, history, geometry, tap }: GroundTruthRequest,
  job: PipelineJob = {},
): Promise<Tracks | null> {
  const end = Math.min(ports.clip.info.frameCount, nowIndex + 1 + geometry.horizonFrames);
  if (end <= nowIndex + 1) return null;
  // Points that were chosen at the start of the history may be hidden at "now": they are followed
  // from there.
  const fromStart = history.referenceFrame === "first-history";
  const start = fromStart ? nowIndex + 1 - history.history.frameCount : nowIndex;
  const past = nowIndex + 1 - history.history.frameCount;
  const lead = tap ? start - firstWanted(tap, past, start) : 0;
  const following = enterStage(job, "following", end - start);
  const queryXyN2 = fromStart
    ? history.history.tracksTN2.slice(0, 2 * history.history.pointCount)
    : history.queryXyN2;
  const tracks = await trackClip(
    ports,
    { range: [start, end], lead, size: geometry, order: "forwards", taps: tap ? [tap] : [] },
    queryXyN2,
    { signal: job.signal },
    () => following,
  );
  return sliceFrames(tracks, nowIndex + 1 - start, tracks.frameCount);
}

/** The first frame from `from` on whose picture is wanted; `to` where none is before it. */
function firstWanted(tap: FrameTap, from: number, to: number): number {
  for (let index = Math.max(0, from); index < to; index++) {
    const { frame, planar } = askedOf(tap, index);
    if (frame || planar) return index;
  }
  return to;
}
