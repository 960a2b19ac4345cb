import { isCancelled } from "../../domain/errors.ts";
import { trackGroundTruth } from "../../engine/pipeline/ground-truth.ts";
import { bulk } from "../bulk.ts";
import type { ForecastOrigin } from "../document.ts";
import { runtimes } from "../runtimes.ts";
import type { ClipSummary } from "../slices/clipSlice.ts";
import { selectGeometry, studio } from "../studio.ts";
import { framesOf } from "./framesOf.ts";
import { startJob } from "./jobs.ts";
import { clipNotHere } from "./lost-clip.ts";
import { showError } from "./notices.ts";

/** Tracks what really followed "now", where the clip goes on. Never fails the forecast. */
export async function followGroundTruth(
  summary: ClipSummary,
  origin: ForecastOrigin,
): Promise<void> {
  const { historyId, nowIndex } = origin;
  const history = bulk.histories.get(historyId);
  if (!history || bulk.truths.has(historyId)) return;
  if (nowIndex + 1 >= summary.info.frameCount) return;
  const job = startJob("truth");
  try {
    const clip = bulk.clips.get(summary.id);
    if (!clip) throw clipNotHere(summary.id);
    const geometry = selectGeometry(studio());
    const truth = await trackGroundTruth(
      { clip, tracker: runtimes().tracker },
      {
        nowIndex,
        history,
        geometry,
        tap: framesOf(summary.id)?.tapFor(geometry),
      },
      {
        signal: job.signal,
        onEvent(event) {
          if (job.signal.aborted) return;
          if (event.kind === "stage") {
            studio().setRun({ truthProgress: { done: 0, total: event.total } });
          } else if (event.kind === "progress") {
            const { done, total } = event;
            studio().setRun({ truthProgress: { done: Math.min(done, total), total } });
          }
        },
      },
    );
    if (!truth) return;
    bulk.truths.set(historyId, truth);
    studio().setRun({ truthRevision: studio().truthRevision + 1 });
  } catch (error) {
    if (!isCancelled(error)) showError(error);
  } finally {
    if (job.finish()) studio().setRun({ truthProgress: null });
  }
}
