import type { GrayFrame } from "../../domain/clip.ts";
import { gridQueryXyN2, HISTORY_FRAMES, WORKING_HEIGHT, WORKING_WIDTH } from "../../domain/grid.ts";
import type { Job, Progress } from "../../domain/job.ts";
import { throwIfCancelled } from "../../domain/job.ts";
import { reverseFrames, type Tracks } from "../../domain/tracks.ts";
import { grayFromFrame } from "../../engine/tracking/luma.ts";
import type { TrackedPast } from "../bulk.ts";
import { bulk } from "../bulk.ts";
import { runtimes } from "../runtimes.ts";
import type { ClipSummary } from "../slices/clipSlice.ts";
import type { PastAnchor } from "../slices/modelsSlice.ts";
import { framesOf } from "./framesOf.ts";
import { clipNotHere } from "./lost-clip.ts";

export const WORKING_SIZE = { width: WORKING_WIDTH, height: WORKING_HEIGHT };

export type PastStage = "decoding" | "tracking";

export interface PastJob extends Job {
  readonly onStage?: (stage: PastStage, total: number) => void;
}

/** The past that is being tracked: at most one, shared by whoever wants the same. */
interface InFlight {
  readonly id: string;
  readonly controller: AbortController;
  readonly result: Promise<TrackedPast>;
  stage: PastStage;
  total: number;
  listener: PastJob | null;
}

let inFlight: InFlight | null = null;

export function pastId(clipId: string, nowIndex: number, anchor: PastAnchor): string {
  const { frame, grid } = anchor;
  return `${clipId}@${nowIndex}${frame === "last-history" ? "" : `:first-${grid}`}`;
}

/** First working frame of the past of `nowIndex`. */
export function pastStart(nowIndex: number): number {
  return Math.max(0, nowIndex + 1 - HISTORY_FRAMES);
}

/**
 * The query grid tracked through the past: from "now" back, so that the past ends exactly on the
 * grid, or with a first-frame anchor from its first frame on, so that it starts there. Kept in the
 * bulk store; joins the work where it is already under way.
 */
export async function pastOf(
  clip: ClipSummary,
  nowIndex: number,
  anchor: PastAnchor,
  job: PastJob,
): Promise<TrackedPast> {
  throwIfCancelled(job);
  const id = pastId(clip.id, nowIndex, anchor);
  const known = bulk.pasts.get(id);
  if (known) return known;
  const work = inFlight?.id === id ? inFlight : begin(clip, nowIndex, anchor, id);
  work.listener = job;
  job.onStage?.(work.stage, work.total);
  const abort = () => work.controller.abort();
  job.signal?.addEventListener("abort", abort, { once: true });
  try {
    return await work.result;
  } finally {
    job.signal?.removeEventListener("abort", abort);
  }
}

/** Starts on the past before anyone asks; quiet, and dropped as soon as another one is wanted. */
export function foresee(clip: ClipSummary, nowIndex: number, anchor: PastAnchor): void {
  const id = pastId(clip.id, nowIndex, anchor);
  if (bulk.pasts.has(id) || inFlight?.id === id) return;
  begin(clip, nowIndex, anchor, id);
}

export function forgetForeseen(): void {
  if (inFlight?.listener === null) inFlight.controller.abort();
}

function begin(clip: ClipSummary, nowIndex: number, anchor: PastAnchor, id: string): InFlight {
  inFlight?.controller.abort();
  const controller = new AbortController();
  const start = pastStart(nowIndex);
  const work: InFlight = {
    id,
    controller,
    stage: "decoding",
    total: nowIndex + 1 - start,
    listener: null,
    result: Promise.resolve().then(() => track(work, clip.id, nowIndex, anchor)),
  };
  inFlight = work;
  // A failure is told to whoever waits for the result; nobody may.
  const settled = () => {
    if (inFlight === work) inFlight = null;
  };
  work.result.then(settled, settled);
  return work;
}

async function track(
  work: InFlight,
  clipId: string,
  nowIndex: number,
  anchor: PastAnchor,
): Promise<TrackedPast> {
  const job = {
    signal: work.controller.signal,
    onProgress: (progress: Progress) => work.listener?.onProgress?.(progress),
  };
  const frames = await readGray(clipId, pastStart(nowIndex), nowIndex + 1, job);
  work.stage = "tracking";
  work.listener?.onStage?.("tracking", frames.length);
  const tracker = await runtimes().tracker();
  const backwards = anchor.frame === "last-history";
  const queryXyN2 = gridQueryXyN2(anchor.grid);
  const tracks = await tracker.track(
    { frames: backwards ? frames.reverse() : frames, queryXyN2 },
    job,
  );
  throwIfCancelled(job);
  const past = pastFrom(backwards ? reverseFrames(tracks) : tracks, anchor);
  bulk.pasts.set(work.id, past);
  return past;
}

/** A past whose points lie on the grid in the anchor's frame; its query points are those at "now". */
export function pastFrom(history: Tracks, { frame }: PastAnchor): TrackedPast {
  const queryXyN2 = history.tracksTN2.slice(-2 * history.pointCount);
  return frame === "last-history"
    ? { queryXyN2, history }
    : { queryXyN2, history, anchorFrame: frame };
}

/**
 * Luma of working frames [start, end); the pictures go to the frame cache on the way. Rejects with
 * MediaError where the clip's file is not here.
 */
export async function readGray(
  clipId: string,
  start: number,
  end: number,
  job: Job,
): Promise<GrayFrame[]> {
  const clip = bulk.clips.get(clipId);
  if (!clip) throw clipNotHere(clipId);
  const cache = framesOf(clipId);
  const frames: GrayFrame[] = [];
  await clip.read(
    start,
    end,
    WORKING_SIZE,
    (frame) => {
      frames.push(grayFromFrame(frame));
      void cache?.put(frame);
    },
    job,
  );
  throwIfCancelled(job);
  return frames;
}
