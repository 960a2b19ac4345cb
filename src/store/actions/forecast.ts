import { isCancelled } from "../../domain/errors.ts";
import type { PipelineJob } from "../../engine/pipeline/events.ts";
import { runForecast } from "../../engine/pipeline/run.ts";
import type { HistoryPass } from "../../engine/pipeline/tracked-history.ts";
import { bulk } from "../bulk.ts";
import type { StudioDocument } from "../document.ts";
import type { ClipSummary } from "../slices/clipSlice.ts";
import { type Draw, planSeeds } from "../slots.ts";
import { selectClip, selectGeometry, studio } from "../studio.ts";
import { Arrivals, type ForecastStart } from "./arrivals.ts";
import { followGroundTruth } from "./ground-truth.ts";
import { importedHistory, importedHistoryId, secsOf } from "./imports.ts";
import { cancelRun, startJob } from "./jobs.ts";
import { showError } from "./notices.ts";
import { historyIdOf, historyOfClip, knownHistory } from "./prefetch-history.ts";
import { holdWarmUp, loadModel } from "./warm.ts";

/** Forecast: samples the asked-for number of futures from "now" with the slots' own seeds. */
export const forecast = () => run("same");
/** Resample: fresh seeds for every unlocked future. */
export const resample = () => run("fresh");
/** Fresh seed for one future, locked or not. */
export const resampleOne = (slotId: number) => run({ slotId });

/** Ends all work, also what would begin by itself in a moment. */
export function cancel(): void {
  holdWarmUp();
  cancelRun("open");
  cancelRun("run");
  cancelRun("truth");
  studio().setRun({ phase: "idle", pending: {}, truthProgress: null, status: "Cancelled" });
}

async function run(draw: Draw): Promise<void> {
  const document = studio().history.present;
  const clip = selectClip(studio());
  const reused = reusableOrigin(document, clip !== null);
  const start = reused ?? (clip && freshOrigin(document, clip));
  if (!start) return;
  cancelRun("truth");
  const job = startJob("run");
  studio().setRun({ notice: null, truthProgress: null });
  studio().enterPhase("loading", "Starting the forecast");
  const wanted = planSeeds(document, draw, start.historyId);
  const arrivals = new Arrivals(start, wanted);
  const { timeShift, solver, source, given } = studio().tuning;
  try {
    await runForecast(
      {
        clip: (clip && bulk.clips.get(clip.id)) ?? null,
        history: (steps) => historyFor(start, clip, steps),
        model: loadModel,
      },
      {
        nowIndex: start.nowIndex,
        geometry: selectGeometry(studio()),
        frameIntervalSecs: 1 / start.fps,
        seeds: [...wanted.values()],
        sampler: { solver, timeShift, source, steps: document.steps },
        given: givenInputs(given),
        edits: document.edits,
      },
      {
        signal: job.signal,
        onEvent: (event) => {
          if (!job.signal.aborted) arrivals.hear(event);
        },
      },
    );
    studio().setRun({ status: "Forecast ready" });
    if (job.finish() && clip) void followGroundTruth(clip, arrivals.origin);
  } catch (error) {
    if (!isCancelled(error)) showError(error);
  } finally {
    if (!job.signal.aborted) {
      job.finish();
      studio().setRun({ phase: "idle", pending: {} });
    }
  }
}

/** The numbers that the user gave, by the name of the input. */
function givenInputs(keys: Readonly<Record<string, string>>): Record<string, Float32Array> {
  const values = Object.entries(keys).map(([name, key]) => [name, bulk.given.get(key)] as const);
  return Object.fromEntries(values.filter((entry): entry is [string, Float32Array] => !!entry[1]));
}

/** The origin on screen, where its history serves the next run too: the same tracks and "now", or no
 * clip. */
function reusableOrigin(document: StudioDocument, hasClip: boolean): ForecastStart | null {
  const { origin, nowIndex, imported } = document;
  const known = origin && bulk.histories.get(origin.historyId);
  if (!origin || !known) return null;
  const { referenceFrame } = selectGeometry(studio());
  if (hasClip && (known.referenceFrame ?? "last-history") !== referenceFrame) return null;
  if (origin.imported?.id !== imported?.id) return null;
  return !hasClip || origin.nowIndex === nowIndex ? origin : null;
}

function freshOrigin({ nowIndex, imported }: StudioDocument, clip: ClipSummary): ForecastStart {
  const { info, options } = clip;
  const tracked = historyIdOf(clip.id, nowIndex, selectGeometry(studio()));
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
  { historyId, nowIndex, imported }: ForecastStart,
  clip: ClipSummary | null,
  job: PipelineJob,
): Promise<HistoryPass> {
  const known = knownHistory(historyId);
  if (known) return known;
  if (!clip) throw new Error(`no clip for the history ${historyId}`);
  if (!imported) return historyOfClip(clip, nowIndex, job);
  const geometry = selectGeometry(studio());
  return { history: importedHistory(clip, nowIndex, imported, geometry, historyId) };
}
