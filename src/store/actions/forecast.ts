import { isCancelled } from "../../domain/errors.ts";
import type { PipelineJob } from "../../engine/pipeline/events.ts";
import { runForecast } from "../../engine/pipeline/run.ts";
import type { HistoryPass } from "../../engine/pipeline/tracked-history.ts";
import type { StudioDocument } from "../document.ts";
import type { ClipSummary } from "../slices/clipSlice.ts";
import { type Draw, planSeeds } from "../slots.ts";
import {
  type Studio,
  selectBusy,
  selectClip,
  selectDocument,
  selectGeometry,
  selectModel,
} from "../studio.ts";
import { Arrivals, type ForecastStart } from "./arrivals.ts";
import { followGroundTruth } from "./ground-truth.ts";
import { importedHistory, importedHistoryId, secsOf } from "./imports.ts";
import { showError } from "./notices.ts";
import { historyIdOf, historyOfClip, knownHistory } from "./prefetch-history.ts";
import { holdWarmUp, isModelOpen, loadModel } from "./warm.ts";

/** Forecast: samples the asked-for number of futures from "now" with the slots' own seeds. */
export const forecast = (studio: Studio) => run(studio, "same");
/** Resample: fresh seeds for every unlocked future. */
export const resample = (studio: Studio) => run(studio, "fresh");
/** Fresh seed for one future, locked or not. */
export const resampleOne = (studio: Studio, slotId: number) => run(studio, { slotId });

/**
 * Completes the unlocked futures on screen under edits that changed, as Forecast would, into the undo
 * step `step`. Only where nothing stands in the way: their history is that of "now", their model is
 * the chosen one and open, and nothing else runs; else they stay, and are stale. Another change of the
 * edits ends it.
 */
export async function followEdits(studio: Studio, step: string): Promise<void> {
  const document = selectDocument(studio.state);
  const { edits, origin } = document;
  const isReady =
    !selectBusy(studio.state) &&
    isModelOpen(studio) &&
    origin?.packIdentity === selectModel(studio.state)?.packIdentity &&
    reusableOrigin(studio, document, selectClip(studio.state) !== null) !== null &&
    planSeeds(document, "follow").size > 0;
  if (!isReady) return;
  const stop = studio.store.subscribe((state) => {
    if (selectDocument(state).edits === edits) return;
    stop();
    studio.jobs.cancel("run");
    state.setRun({ phase: "idle", pending: {} });
  });
  await run(studio, "follow", step).finally(stop);
}

/** Ends all work, also what would begin by itself in a moment. */
export function cancel(studio: Studio): void {
  holdWarmUp(studio);
  studio.jobs.cancel("open");
  studio.jobs.cancel("run");
  studio.jobs.cancel("truth");
  studio.state.setRun({ phase: "idle", pending: {}, truthProgress: null, status: "Cancelled" });
}

async function run(studio: Studio, draw: Draw, step?: string): Promise<void> {
  const document = studio.state.history.present;
  const clip = selectClip(studio.state);
  const reused = reusableOrigin(studio, document, clip !== null);
  const start = reused ?? (clip && freshOrigin(studio, document, clip));
  if (!start) return;
  // What really happened does not hang on edits.
  const keepsTruth = draw === "follow";
  if (!keepsTruth) studio.jobs.cancel("truth");
  const job = studio.jobs.start("run");
  studio.state.setRun({ notice: null, ...(keepsTruth ? {} : { truthProgress: null }) });
  studio.state.enterPhase("loading", "Starting the forecast");
  const wanted = planSeeds(document, draw, start.historyId);
  const arrivals = new Arrivals(studio, start, wanted, step);
  try {
    await runForecast(
      {
        clip: (clip && studio.bulk.clips.get(clip.id)) ?? null,
        history: (steps) => historyFor(studio, start, clip, steps),
        model: (steps) => loadModel(studio, steps),
      },
      {
        nowIndex: start.nowIndex,
        geometry: selectGeometry(studio.state),
        frameIntervalSecs: 1 / start.fps,
        seeds: [...wanted.values()],
        sampler: document.sampler,
        given: givenInputs(studio, document.given),
        edits: document.edits,
      },
      {
        signal: job.signal,
        onEvent: (event) => {
          if (!job.signal.aborted) arrivals.hear(event);
        },
      },
    );
    const status = draw === "follow" ? "The futures follow the edits" : "Forecast ready";
    studio.state.setRun({ status });
    if (job.finish() && clip && !keepsTruth) void followGroundTruth(studio, clip, arrivals.origin);
  } catch (error) {
    if (!isCancelled(error)) showError(studio, error);
  } finally {
    if (!job.signal.aborted) {
      job.finish();
      studio.state.setRun({ phase: "idle", pending: {} });
    }
  }
}

/** The numbers that the user gave, by the name of the input. */
function givenInputs(
  studio: Studio,
  keys: Readonly<Record<string, string>>,
): Record<string, Float32Array> {
  const values = Object.entries(keys).map(
    ([name, key]) => [name, studio.bulk.given.get(key)] as const,
  );
  return Object.fromEntries(values.filter((entry): entry is [string, Float32Array] => !!entry[1]));
}

/** The origin on screen, where its history serves the next run too: the same tracks and "now", or no
 * clip. */
function reusableOrigin(
  studio: Studio,
  document: StudioDocument,
  hasClip: boolean,
): ForecastStart | null {
  const { origin, nowIndex, imported } = document;
  const known = origin && studio.bulk.histories.get(origin.historyId);
  if (!origin || !known) return null;
  const { referenceFrame } = selectGeometry(studio.state);
  if (hasClip && (known.referenceFrame ?? "last-history") !== referenceFrame) return null;
  if (origin.imported?.id !== imported?.id) return null;
  return !hasClip || origin.nowIndex === nowIndex ? origin : null;
}

function freshOrigin(
  studio: Studio,
  { nowIndex, imported }: StudioDocument,
  clip: ClipSummary,
): ForecastStart {
  const { info, options } = clip;
  const tracked = historyIdOf(clip.id, nowIndex, selectGeometry(studio.state));
  return {
    historyId: imported ? importedHistoryId(tracked, imported) : tracked,
    nowIndex,
    nowSecs: secsOf(clip, nowIndex),
    fps: info.fps,
    clip: { name: info.name, displaySize: info.displaySize, fit: options.fit },
    ...(imported ? { imported } : {}),
  };
}

async function historyFor(
  studio: Studio,
  { historyId, nowIndex, imported }: ForecastStart,
  clip: ClipSummary | null,
  job: PipelineJob,
): Promise<HistoryPass> {
  const known = knownHistory(studio, historyId);
  if (known) return known;
  if (!clip) throw new Error(`no clip for the history ${historyId}`);
  if (!imported) return historyOfClip(studio, clip, nowIndex, job);
  const geometry = selectGeometry(studio.state);
  return { history: importedHistory(studio, clip, nowIndex, imported, geometry, historyId) };
}
