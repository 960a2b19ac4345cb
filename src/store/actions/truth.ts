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
  const total = end - origin.nowIndex;
  const job = startJob("truth", ({ done }) =>
    studio().setRun({ truthProgress: { done: Math.min(done, total), total } }),
  );
  studio().setRun({ truthProgress: { done: 0, total } });
  try {
    const frames = await readGray(clip.id, origin.nowIndex, end, { signal: job.signal });
    const tracker = await runtimes().tracker();
    const queryXyN2 = bulk.pasts.get(origin.historyId)?.queryXyN2 ?? gridQueryXyN2();
    const tracks = await tracker.track({ frames, queryXyN2 }, job);
    throwIfCancelled(job);
    // Frame 0 of the forward track is "now" itself; the truth starts on the frame after it.
    bulk.truths.set(origin.historyId, sliceFrames(tracks, 1, tracks.frameCount));
    studio().setRun({ truthRevision: studio().truthRevision + 1 });
  } catch (error) {
    if (!isCancelled(error)) showError(error);
  } finally {
    if (job.finish()) studio().setRun({ truthProgress: null });
  }
}
