import { isCancelled } from "../../domain/errors.ts";
import { gridQueryXyN2, HORIZON_FRAMES } from "../../domain/grid.ts";
import { throwIfCancelled } from "../../domain/job.ts";
import { sliceFrames } from "../../domain/tracks.ts";
import { bulk } from "../bulk.ts";
import type { ForecastOrigin } from "../document.ts";
import { runtimes } from "../runtimes.ts";
import type { ClipSummary } from "../slices/clipSlice.ts";
import { studio } from "../studio.ts";
import { startJob } from "./jobs.ts";
import { showError } from "./notices.ts";
import { readGray } from "./past.ts";

/** Tracks what really happened after "now", where the clip goes on. Never fails the forecast. */
export async function trackTruth(clip: ClipSummary, origin: ForecastOrigin): Promise<void> {
  const end = Math.min(clip.info.frameCount, origin.nowIndex + 1 + HORIZON_FRAMES);
  if (end <= origin.nowIndex + 1 || bulk.truths.has(origin.historyId)) return;
  const past = bulk.pasts.get(origin.historyId);
  // Points that were chosen at the start of the past may be hidden at "now": go on from there.
  const fromStart = past?.anchorFrame === "first-history";
  const start = fromStart ? origin.nowIndex + 1 - past.history.frameCount : origin.nowIndex;
  const total = end - start;
  const job = startJob("truth", ({ done }) =>
    studio().setRun({ truthProgress: { done: Math.min(done, total), total } }),
  );
  studio().setRun({ truthProgress: { done: 0, total } });
  try {
    const frames = await readGray(clip.id, start, end, { signal: job.signal });
    const tracker = await runtimes().tracker();
    const queryXyN2 = fromStart
      ? past.history.tracksTN2.slice(0, 2 * past.history.pointCount)
      : (past?.queryXyN2 ?? gridQueryXyN2());
    const tracks = await tracker.track({ frames, queryXyN2 }, job);
    throwIfCancelled(job);
    // The truth starts on the frame after "now".
    const first = origin.nowIndex + 1 - start;
    bulk.truths.set(origin.historyId, sliceFrames(tracks, first, tracks.frameCount));
    studio().setRun({ truthRevision: studio().truthRevision + 1 });
  } catch (error) {
    if (!isCancelled(error)) showError(error);
  } finally {
    if (job.finish()) studio().setRun({ truthProgress: null });
  }
}
