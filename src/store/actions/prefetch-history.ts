import { throwIfCancelled } from "../../domain/job.ts";
import type { PackGeometry } from "../../domain/pack/geometry.ts";
import { takesPictures } from "../../engine/pipeline/conditioning-inputs.ts";
import type { PipelineEvent, PipelineJob } from "../../engine/pipeline/events.ts";
import { geometryKey } from "../../engine/pipeline/geometry-key.ts";
import { type HistoryRequest, trackHistory } from "../../engine/pipeline/history.ts";
import type { HistoryPass } from "../../engine/pipeline/tracked-history.ts";
import { bulk } from "../bulk.ts";
import { runtimes } from "../runtimes.ts";
import type { ClipSummary } from "../slices/clipSlice.ts";
import { selectGeometry, selectModel, studio } from "../studio.ts";
import { framesOf } from "./framesOf.ts";
import { clipNotHere } from "./lost-clip.ts";

/** The history that is being tracked: at most one, shared by all who want the same. */
interface InFlight {
  readonly id: string;
  readonly controller: AbortController;
  readonly result: Promise<HistoryPass>;
  /** The stage told last: one who joins hears it first. */
  stage: PipelineEvent | null;
  /** Null while the history is tracked ahead of the user. */
  listener: PipelineJob | null;
}

let inFlight: InFlight | null = null;

/** Key of a clip's history in the bulk store. */
export function historyIdOf(clipId: string, nowIndex: number, geometry: PackGeometry): string {
  return `${clipId}@${nowIndex}${geometryKey(geometry)}`;
}

/** The history of `nowIndex` for the chosen model; joins the work where it is already under way. */
export async function historyOfClip(
  clip: ClipSummary,
  nowIndex: number,
  job: PipelineJob,
): Promise<HistoryPass> {
  throwIfCancelled(job);
  const id = historyIdOf(clip.id, nowIndex, selectGeometry(studio()));
  const known = knownHistory(id);
  if (known) return known;
  const work = inFlight?.id === id ? inFlight : begin(clip, nowIndex, id);
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
export function knownHistory(id: string): HistoryPass | null {
  const history = bulk.histories.get(id);
  return history ? { history, picturesCTHW: bulk.pictures.get(id) } : null;
}

/** Keeps the pictures of one history: they take 24 MB, and a resample needs no others. */
export function keepPictures(id: string, picturesCTHW: Float32Array | undefined): void {
  if (!picturesCTHW) return;
  bulk.pictures.clear();
  bulk.pictures.set(id, picturesCTHW);
}

/** Tracks a history before the user asks for it; it ends as soon as another one is wanted. */
export function prefetchHistory(clip: ClipSummary, nowIndex: number): void {
  const id = historyIdOf(clip.id, nowIndex, selectGeometry(studio()));
  if (bulk.histories.has(id) || inFlight?.id === id) return;
  begin(clip, nowIndex, id);
}

/** Ends what is tracked ahead; a history that a run waits for goes on. */
export function dropPrefetch(): void {
  if (inFlight?.listener === null) inFlight.controller.abort();
}

function begin(clip: ClipSummary, nowIndex: number, id: string): InFlight {
  inFlight?.controller.abort();
  const model = selectModel(studio());
  const request = {
    nowIndex,
    geometry: selectGeometry(studio()),
    wantsPictures: model !== null && takesPictures(model),
  };
  const work: InFlight = {
    id,
    controller: new AbortController(),
    stage: null,
    listener: null,
    result: Promise.resolve().then(() => track(work, clip.id, request)),
  };
  inFlight = work;
  const settled = () => {
    if (inFlight === work) inFlight = null;
  };
  // A run that waits for the result hears of its failure; a prefetch alone fails in silence, and the
  // next run tries again.
  work.result.then(settled, settled);
  return work;
}

async function track(
  work: InFlight,
  clipId: string,
  request: HistoryRequest,
): Promise<HistoryPass> {
  const clip = bulk.clips.get(clipId);
  if (!clip) throw clipNotHere(clipId);
  const cache = framesOf(clipId);
  const pass = await trackHistory(
    { clip, tracker: runtimes().tracker },
    { ...request, tap: cache?.tapFor(request.geometry) },
    {
      signal: work.controller.signal,
      onEvent(event) {
        if (event.kind === "stage") work.stage = event;
        work.listener?.onEvent?.(event);
      },
    },
  );
  bulk.histories.set(work.id, pass.history);
  keepPictures(work.id, pass.picturesCTHW);
  return pass;
}
