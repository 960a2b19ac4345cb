import { throwIfCancelled } from "../../domain/job.ts";
import type { PackGeometry } from "../../domain/pack/geometry.ts";
import { takesPictures } from "../../engine/pipeline/conditioning-inputs.ts";
import type { PipelineJob } from "../../engine/pipeline/events.ts";
import { geometryKey } from "../../engine/pipeline/geometry-key.ts";
import { type HistoryRequest, trackHistory } from "../../engine/pipeline/history.ts";
import type { HistoryPass } from "../../engine/pipeline/tracked-history.ts";
import type { HistoryInFlight } from "../ahead.ts";
import type { ClipSummary } from "../slices/clipSlice.ts";
import { type Studio, selectGeometry, selectModel } from "../studio.ts";
import { clipNotHere } from "./lost-clip.ts";

/** Key of a clip's history in the bulk store. */
export function historyIdOf(clipId: string, nowIndex: number, geometry: PackGeometry): string {
  return `${clipId}@${nowIndex}${geometryKey(geometry)}`;
}

/** The history of `nowIndex` for the chosen model; joins the work where it is already under way. */
export async function historyOfClip(
  studio: Studio,
  clip: ClipSummary,
  nowIndex: number,
  job: PipelineJob,
): Promise<HistoryPass> {
  throwIfCancelled(job);
  const id = historyIdOf(clip.id, nowIndex, selectGeometry(studio.state));
  const known = knownHistory(studio, id);
  if (known) return known;
  const work =
    studio.ahead.history?.id === id ? studio.ahead.history : begin(studio, clip, nowIndex, id);
  work.listener = job;
  const abort = () => work.controller.abort();
  // Before the stage is told: who hears of it may cancel at once.
  job.signal?.addEventListener("abort", abort, { once: true });
  if (work.stage) job.onEvent?.(work.stage);
  try {
    return await work.result;
  } finally {
    job.signal?.removeEventListener("abort", abort);
  }
}

/** A history that was tracked before, with its pictures where they are still here. */
export function knownHistory(studio: Studio, id: string): HistoryPass | null {
  const history = studio.bulk.histories.get(id);
  return history ? { history, picturesCTHW: studio.bulk.pictures.get(id) } : null;
}

/** Keeps the pictures of one history: they take 24 MB, and a resample needs no others. */
export function keepPictures(
  studio: Studio,
  id: string,
  picturesCTHW: Float32Array | undefined,
): void {
  if (!picturesCTHW) return;
  studio.bulk.pictures.clear();
  studio.bulk.pictures.set(id, picturesCTHW);
}

/** Tracks a history before the user asks for it; it ends as soon as another one is wanted. */
export function prefetchHistory(studio: Studio, clip: ClipSummary, nowIndex: number): void {
  const id = historyIdOf(clip.id, nowIndex, selectGeometry(studio.state));
  if (studio.bulk.histories.has(id) || studio.ahead.history?.id === id) return;
  begin(studio, clip, nowIndex, id);
}

/** Ends what is tracked ahead; a history that a run waits for goes on. */
export function dropPrefetch(studio: Studio): void {
  if (studio.ahead.history?.listener === null) studio.ahead.history.controller.abort();
}

function begin(studio: Studio, clip: ClipSummary, nowIndex: number, id: string): HistoryInFlight {
  studio.ahead.history?.controller.abort();
  const model = selectModel(studio.state);
  const request = {
    nowIndex,
    geometry: selectGeometry(studio.state),
    wantsPictures: model !== null && takesPictures(model),
  };
  const work: HistoryInFlight = {
    id,
    controller: new AbortController(),
    stage: null,
    listener: null,
    result: Promise.resolve().then(() => track(studio, work, clip.id, request)),
  };
  studio.ahead.history = work;
  const settled = () => {
    if (studio.ahead.history === work) studio.ahead.history = null;
  };
  // A run that waits for the result hears of its failure; a prefetch alone fails in silence, and the
  // next run tries again.
  work.result.then(settled, settled);
  return work;
}

async function track(
  studio: Studio,
  work: HistoryInFlight,
  clipId: string,
  request: HistoryRequest,
): Promise<HistoryPass> {
  const clip = studio.bulk.clips.get(clipId);
  if (!clip) throw clipNotHere(studio, clipId);
  const cache = studio.frames.of(clipId);
  const pass = await trackHistory(
    { clip, tracker: studio.ports.tracker },
    { ...request, tap: cache?.tapFor(request.geometry, "awaited") },
    {
      signal: work.controller.signal,
      onEvent(event) {
        if (event.kind === "stage") work.stage = event;
        work.listener?.onEvent?.(event);
      },
    },
  );
  studio.bulk.histories.set(work.id, pass.history);
  keepPictures(studio, work.id, pass.picturesCTHW);
  return pass;
}
