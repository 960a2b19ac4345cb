import { type Job, throwIfCancelled } from "../../domain/job.ts";
import type { OpenClip, PointTracker } from "../../domain/ports.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { type LumaRequest, readLuma } from "./frames.ts";

export interface TrackingPorts {
  readonly clip: OpenClip;
  tracker(): Promise<PointTracker>;
}

/**
 * Tracks points through a clip while it is decoded; `queryXyN2` [N,2] videoPx lie on the first frame in
 * the order of the request. `decoded` is called once all frames are; the job that it gives hears of what
 * is left to track. Rejects with the first failure; the other work is stopped then.
 */
export async function trackClip(
  { clip, tracker: openTracker }: TrackingPorts,
  request: LumaRequest,
  queryXyN2: Float32Array,
  decoding: Job,
  decoded: () => Job,
): Promise<Tracks> {
  throwIfCancelled(decoding);
  const failed = new AbortController();
  const signal = decoding.signal
    ? AbortSignal.any([decoding.signal, failed.signal])
    : failed.signal;
  const tracker = await openTracker();
  throwIfCancelled(decoding);
  const { frames, done } = readLuma(clip, request, { ...decoding, signal });
  let following: Job | null = null;
  const tracking: Job = { signal, onProgress: (progress) => following?.onProgress?.(progress) };
  const tracks = tracker.track({ frames, queryXyN2 }, tracking);
  const telling = done.then(() => {
    following = decoded();
  });
  try {
    const [result] = await Promise.all([tracks, telling]);
    throwIfCancelled(decoding);
    return result;
  } catch (error) {
    failed.abort();
    throw error;
  }
}
