import { isCancelled } from "../../domain/errors.ts";
import { trackGroundTruth } from "../../engine/pipeline/ground-truth.ts";
import type { ForecastOrigin } from "../document.ts";
import type { ClipSummary } from "../slices/clipSlice.ts";
import { type Studio, selectGeometry } from "../studio.ts";
import { clipNotHere } from "./lost-clip.ts";
import { showError } from "./notices.ts";

/** Tracks what really followed "now", where the clip goes on. Never fails the forecast. */
export async function followGroundTruth(
  studio: Studio,
  summary: ClipSummary,
  origin: ForecastOrigin,
): Promise<void> {
  const { historyId, nowIndex } = origin;
  const history = studio.bulk.histories.get(historyId);
  if (!history || studio.bulk.truths.has(historyId)) return;
  if (nowIndex + 1 >= summary.info.frameCount) return;
  const job = studio.jobs.start("truth");
  try {
    const clip = studio.bulk.clips.get(summary.id);
    if (!clip) throw clipNotHere(studio, summary.id);
    const geometry = selectGeometry(studio.state);
    const truth = await trackGroundTruth(
      { clip, tracker: studio.ports.tracker },
      {
        nowIndex,
        history,
        geometry,
        tap: studio.frames.of(summary.id)?.tapFor(geometry),
      },
      {
        signal: job.signal,
        onEvent(event) {
          if (job.signal.aborted) return;
          if (event.kind === "stage") {
            studio.state.setRun({ truthProgress: { done: 0, total: event.total } });
          } else if (event.kind === "progress") {
            const { done, total } = event;
            studio.state.setRun({ truthProgress: { done: Math.min(done, total), total } });
          }
        },
      },
    );
    if (!truth) return;
    studio.bulk.truths.set(historyId, truth);
    studio.state.setRun({ truthRevision: studio.state.truthRevision + 1 });
  } catch (error) {
    if (!isCancelled(error)) showError(studio, error);
  } finally {
    if (job.finish()) studio.state.setRun({ truthProgress: null });
  }
}
