import type { PipelineJob } from "../../engine/pipeline/events.ts";
import type { RunPorts, RunRequest } from "../../engine/pipeline/run.ts";
import type { HistoryPass } from "../../engine/pipeline/tracked-history.ts";
import type { StudioDocument } from "../document.ts";
import type { ClipSummary } from "../slices/clipSlice.ts";
import { type Studio, selectClip, selectDocument, selectGeometry } from "../studio.ts";
import type { ForecastStart } from "./arrivals.ts";
import { importedHistory, importedHistoryId, secsOf } from "./imports.ts";
import { historyIdOf, historyOfClip, knownHistory } from "./prefetch-history.ts";
import { loadModel } from "./warm.ts";

/** What a run of the chosen model would start from now; null where there is neither clip nor history. */
export function startOf(studio: Studio): ForecastStart | null {
  const document = selectDocument(studio.state);
  const clip = selectClip(studio.state);
  const reused = reusableOrigin(studio, document, clip !== null);
  return reused ?? (clip && freshOrigin(studio, document, clip));
}

/** What a run from there takes its clip, history and model from. */
export function runPorts(studio: Studio, start: ForecastStart): RunPorts {
  const clip = selectClip(studio.state);
  return {
    clip: (clip && studio.bulk.clips.get(clip.id)) ?? null,
    history: (steps) => historyFor(studio, start, clip, steps),
    model: (steps) => loadModel(studio, steps),
  };
}

/** What the document says of a run from there, whatever it draws. */
export function runRequest(
  studio: Studio,
  start: ForecastStart,
): Omit<RunRequest, "seeds" | "latents" | "edits"> {
  const document = selectDocument(studio.state);
  return {
    nowIndex: start.nowIndex,
    geometry: selectGeometry(studio.state),
    frameIntervalSecs: 1 / start.fps,
    sampler: document.sampler,
    given: givenInputs(studio, document.given),
  };
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
export function reusableOrigin(
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
