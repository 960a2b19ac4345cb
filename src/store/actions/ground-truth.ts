import { isCancelled } from "../../domain/errors.ts";
import { trackGroundTruth } from "../../engine/pipeline/ground-truth.ts";
import type { TrackedHistory } from "../../engine/pipeline/tracked-history.ts";
import type { ForecastOrigin } from "../document.ts";
import type { RunningJob } from "../jobs.ts";
import { progressPace } from "../progress-pace.ts";
import type { ClipSummary } from "../slices/clipSlice.ts";
import { type Studio, selectGeometry } from "../studio.ts";
import { clipNotHere } from "./lost-clip.ts";
import { showError } from "./notices.ts";

/** The next press, say for another seed, often comes the moment that a forecast is ready. */
const PAUSE_MILLIS = 500;

/** Resolves after it, or with the cancel. */
function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PAUSE_MILLIS);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener("abort", end, { once: true });
  });
}

/**
 * Tracks what really followed "now", where the clip goes on, and decodes the pictures of both that the stage
 * lacks, once the user pauses: those of tracks from an earlier visit, too, which the next "now" is tracked on.
 * Never fails the forecast.
 */
export async function followGroundTruth(
  studio: Studio,
  summary: ClipSummary,
  origin: ForecastOrigin,
): Promise<void> {
  const { historyId, nowIndex } = origin;
  const history = studio.bulk.histories.get(historyId);
  if (!history) return;
  const job = studio.jobs.start("truth");
  try {
    await pause(job.signal);
    if (job.signal.aborted) return;
    const isLast = nowIndex + 1 >= summary.info.frameCount;
    if (!isLast && !studio.bulk.truths.has(historyId)) {
      await trackTruth(studio, summary.id, origin, history, job);
    }
    if (!job.signal.aborted) studio.state.setRun({ truthProgress: null });
    const start = nowIndex + 1 - history.history.frameCount;
    const following = studio.bulk.truths.get(historyId)?.frameCount ?? 0;
    const pictures = studio.frames.of(summary.id)?.fill(start, nowIndex + 1 + following, job);
    // The stage asks for a picture again when it needs it.
    await pictures?.catch(() => undefined);
  } catch (error) {
    if (!isCancelled(error)) showError(studio, error);
  } finally {
    if (job.finish()) studio.state.setRun({ truthProgress: null });
  }
}

async function trackTruth(
  studio: Studio,
  clipId: string,
  { historyId, nowIndex }: ForecastOrigin,
  history: TrackedHistory,
  job: RunningJob,
): Promise<void> {
  const clip = studio.bulk.clips.get(clipId);
  if (!clip) throw clipNotHere(studio, clipId);
  const geometry = selectGeometry(studio.state);
  const isDue = progressPace();
  const tap = studio.frames.of(clipId)?.tapFor(geometry, "missing");
  const truth = await trackGroundTruth(
    { clip, tracker: studio.ports.tracker },
    { nowIndex, history, geometry, tap },
    {
      signal: job.signal,
      onEvent(event) {
        if (job.signal.aborted) return;
        if (event.kind === "stage") {
          studio.state.setRun({ truthProgress: { done: 0, total: event.total } });
        } else if (event.kind === "progress") {
          const { done, total } = event;
          if (!isDue(done, total)) return;
          studio.state.setRun({ truthProgress: { done: Math.min(done, total), total } });
        }
      },
    },
  );
  if (!truth) return;
  studio.bulk.truths.set(historyId, truth);
  studio.state.setRun({ truthRevision: studio.state.truthRevision + 1 });
}
