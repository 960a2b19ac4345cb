import { isCancelled } from "../../domain/errors.ts";
import type { Job } from "../../domain/job.ts";
import { throwIfCancelled } from "../../domain/job.ts";
import type { Forecaster, ForecastRequest } from "../../domain/ports.ts";
import { bulk } from "../bulk.ts";
import type { ForecastOrigin, Slot, StudioDocument } from "../document.ts";
import { freshSeeds, resizeSlots } from "../document.ts";
import { playhead } from "../playhead.ts";
import type { PastAnchor } from "../slices/modelsSlice.ts";
import { selectAnchor, selectClip, studio } from "../studio.ts";
import { importedPast, importedPastId } from "./imports.ts";
import { cancelRun, startJob } from "./jobs.ts";
import { extrasOf, samplerOf } from "./model-input.ts";
import { showError } from "./notices.ts";
import type { PastStage } from "./past.ts";
import { pastId, pastOf } from "./past.ts";
import { trackTruth } from "./truth.ts";
import { holdWarmUp, loadModel } from "./warm.ts";

/** Which seeds a run draws: those that slots have, or fresh ones for unlocked slots or one slot. */
export type Draw = "same" | "fresh" | { readonly slotId: number };

let runs = 0;

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
  if (!clip && !document.origin) return;
  cancelRun("truth");
  const job = startJob("run", ({ done, total }) => studio().setProgress(done, total));
  studio().setRun({ notice: null, truthProgress: null });
  studio().enterPhase("loading", "Starting the forecast");
  try {
    // The model loads while the past is tracked; its failure is told once tracking is done.
    const loading = loadModel({
      signal: job.signal,
      onProgress: (progress) => {
        if (studio().phase === "loading") job.onProgress?.(progress);
      },
    });
    loading.catch(() => undefined);
    const anchor = selectAnchor(studio());
    const restored = reusableOrigin(document, clip !== null, anchor);
    const { imported } = document;
    const ownId = restored?.historyId ?? pastId(clip!.id, document.nowIndex, anchor);
    const historyId = restored || !imported ? ownId : importedPastId(ownId, imported);
    const past = restored
      ? bulk.pasts.get(historyId)
      : imported
        ? importedPast(clip!, document.nowIndex, imported, anchor, historyId)
        : await pastOf(clip!, document.nowIndex, anchor, { ...job, onStage: announceStage });
    if (!past) return;
    studio().enterPhase("loading", "Loading the model");
    const model = await loading;
    throwIfCancelled(job);
    const sampler = samplerOf(model, document.steps);
    const origin: ForecastOrigin = restored
      ? { ...restored, packId: model.manifest.id, sampler }
      : {
          historyId,
          nowIndex: document.nowIndex,
          nowSecs:
            clip!.info.frameTimesSecs[document.nowIndex] ?? document.nowIndex / clip!.info.fps,
          fps: clip!.info.fps,
          packId: model.manifest.id,
          sampler,
          clip: {
            name: clip!.info.name,
            displaySize: clip!.info.displaySize,
            fit: clip!.options.fit,
          },
          ...(imported ? { imported } : {}),
        };
    const wanted = planSeeds(document, draw, origin.historyId);
    const extras = await extrasOf(clip, origin, job);
    const { history } = past;
    await sample(model, origin, { history, ...extras }, wanted, job);
    studio().setRun({ status: "Forecast ready" });
    if (job.finish() && clip) void trackTruth(clip, origin);
  } catch (error) {
    if (!isCancelled(error)) showError(error);
  } finally {
    if (!job.signal.aborted) {
      job.finish();
      studio().setRun({ phase: "idle", pending: {} });
    }
  }
}

/**
 * Seeds by slot id, in the order in which they are sampled. From another past than the one on screen
 * every slot is sampled, with the seed that it keeps or a fresh one: none is left without a future.
 */
export function planSeeds(
  document: StudioDocument,
  draw: Draw,
  historyId: string | undefined = document.origin?.historyId,
): Map<number, number> {
  const isOne = typeof draw === "object";
  const slots = isOne ? document.slots : resizeSlots(document.slots, document.futureCount);
  const draws = (slot: Slot) =>
    isOne ? slot.id === draw.slotId : draw === "fresh" && !slot.locked;
  const seeds = freshSeeds(slots, slots.filter(draws).length);
  const seed = (slot: Slot) => (draws(slot) ? (seeds.shift() ?? slot.seed) : slot.seed);
  const all = slots.map((slot): [Slot, number] => [slot, seed(slot)]);
  const isMoved = document.origin !== null && document.origin.historyId !== historyId;
  const wanted = all.filter(([slot]) => draw === "same" || isMoved || draws(slot));
  return new Map(wanted.map(([slot, own]) => [slot.id, own]));
}

/** The origin on screen, where its past serves the next run too: the same tracks and "now", or no clip. */
function reusableOrigin(
  document: StudioDocument,
  hasClip: boolean,
  anchor: PastAnchor,
): ForecastOrigin | null {
  const { origin, nowIndex, imported } = document;
  const past = origin && bulk.pasts.get(origin.historyId);
  if (!origin || !past) return null;
  if (hasClip && (past.anchorFrame ?? "last-history") !== anchor.frame) return null;
  if (origin.imported?.id !== imported?.id) return null;
  return !hasClip || origin.nowIndex === nowIndex ? origin : null;
}

function announceStage(stage: PastStage, total: number): void {
  const words = stage === "decoding" ? "Reading the past" : "Tracking the past";
  studio().enterPhase(stage, words, total);
}

async function sample(
  model: Forecaster,
  origin: ForecastOrigin,
  input: Omit<ForecastRequest, "frameIntervalSecs" | "seeds" | "sampler">,
  wanted: Map<number, number>,
  job: Job & { readonly signal: AbortSignal },
): Promise<void> {
  const runKey = `run:${++runs}`;
  const total = wanted.size;
  const waiting = [...wanted];
  const settings = JSON.stringify([origin.sampler, studio().tuning]);
  studio().enterPhase(
    "forecasting",
    `Forecasting ${total} ${total === 1 ? "future" : "futures"}`,
    total,
  );
  studio().setRun({ pending: Object.fromEntries(wanted) });
  let done = 0;
  await model.forecast(
    {
      ...input,
      frameIntervalSecs: 1 / origin.fps,
      seeds: waiting.map(([, seed]) => seed),
      sampler: origin.sampler,
    },
    (future) => {
      if (job.signal.aborted) return;
      const at = waiting.findIndex(([, seed]) => seed === future.seed);
      if (at < 0) return;
      const [[slotId]] = waiting.splice(at, 1);
      const futureId = `${origin.historyId}|${origin.packId}|${settings}|${future.seed}`;
      bulk.futures.set(futureId, future);
      const isNew = studio().history.present.origin?.historyId !== origin.historyId;
      studio().edit((d) => place(d, origin, slotId, future.seed, futureId), runKey);
      // Futures start at "now": show them where they begin.
      if (isNew && !studio().playing) playhead.set(origin.nowIndex);
      done++;
      studio().setRun({
        pending: Object.fromEntries(waiting),
        status: done < total ? `${done} of ${total} futures` : `${total} of ${total} futures`,
      });
    },
    job,
  );
  throwIfCancelled(job);
}

/** Puts a new future into its slot; the first one from another "now" or model replaces the old
 * forecast. */
export function place(
  document: StudioDocument,
  origin: ForecastOrigin,
  slotId: number,
  seed: number,
  futureId: string,
): StudioDocument {
  const fresh =
    document.origin?.historyId !== origin.historyId || document.origin.packId !== origin.packId;
  const sized = resizeSlots(document.slots, Math.max(document.futureCount, slotId));
  const slots = sized.map((slot: Slot) =>
    slot.id === slotId ? { ...slot, seed, futureId } : fresh ? { ...slot, futureId: null } : slot,
  );
  return { ...document, origin, slots };
}
