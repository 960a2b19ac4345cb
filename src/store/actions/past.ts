import type { GrayFrame } from "../../domain/clip.ts";
import { gridQueryXyN2, HISTORY_FRAMES, WORKING_HEIGHT, WORKING_WIDTH } from "../../domain/grid.ts";
import type { Job, Progress } from "../../domain/job.ts";
import { throwIfCancelled } from "../../domain/job.ts";
import { reverseFrames } from "../../domain/tracks.ts";
import { grayFromFrame } from "../../engine/tracking/luma.ts";
import type { TrackedPast } from "../bulk.ts";
import { bulk } from "../bulk.ts";
import { runtimes } from "../runtimes.ts";
import type { ClipSummary } from "../slices/clipSlice.ts";
import { framesOf } from "./framesOf.ts";
import { clipNotHere } from "./lost-clip.ts";

const WORKING_SIZE = { width: WORKING_WIDTH, height: WORKING_HEIGHT };

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

export function pastId(clipId: string, nowIndex: number): string {
  return `${clipId}@${nowIndex}`;
}

/**
 * The query grid tracked from "now" back through the past; the result ends exactly on the grid.
 * Kept in the bulk store; joins the work where it is already under way.
 */
export async function pastOf(
  clip: ClipSummary,
  nowIndex: number,
  job: PastJob,
): Promise<TrackedPast> {
  throwIfCancelled(job);
  const id = pastId(clip.id, nowIndex);
  const known = bulk.pasts.get(id);
  if (known) return known;
  const work = inFlight?.id === id ? inFlight : begin(clip, nowIndex, id);
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
export function foresee(clip: ClipSummary, nowIndex: number): void {
  const id = pastId(clip.id, nowIndex);
  if (bulk.pasts.has(id) || inFlight?.id === id) return;
  begin(clip, nowIndex, id);
}

export function forgetForeseen(): void {
  if (inFlight?.listener === null) inFlight.controller.abort();
}

function begin(clip: ClipSummary, nowIndex: number, id: string): InFlight {
  inFlight?.controller.abort();
  const controller = new AbortController();
  const start = Math.max(0, nowIndex + 1 - HISTORY_FRAMES);
  const work: InFlight = {
    id,
    controller,
    stage: "decoding",
    total: nowIndex + 1 - start,
    listener: null,
    result: Promise.resolve().then(() => track(work, clip.id, start, nowIndex + 1)),
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
  start: number,
  end: number,
): Promise<TrackedPast> {
  const job = {
    signal: work.controller.signal,
    onProgress: (progress: Progress) => work.listener?.onProgress?.(progress),
  };
  const frames = await readGray(clipId, start, end, job);
  work.stage = "tracking";
  work.listener?.onStage?.("tracking", frames.length);
  const tracker = await runtimes().tracker();
  const queryXyN2 = gridQueryXyN2();
  const backwards = await tracker.track({ frames: frames.reverse(), queryXyN2 }, job);
  throwIfCancelled(job);
  const past = { queryXyN2, history: reverseFrames(backwards) };
  bulk.pasts.set(work.id, past);
  return past;
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
