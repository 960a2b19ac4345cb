import { isCancelled } from "../../domain/errors.ts";
import type { LatentChoice } from "../../domain/latent.ts";
import { candidateSeeds, MOST_ROUNDS, wishesIn } from "../../engine/edits/wishes.ts";
import { drawLetGo } from "../../engine/exploration/latent.ts";
import { runForecast } from "../../engine/pipeline/run.ts";
import type { StudioDocument } from "../document.ts";
import type { Notice } from "../slices/runSlice.ts";
import { type ChosenFuture, type Draw, latentsOf, planSeeds, slotForChosen } from "../slots.ts";
import { type Studio, selectBusy, selectClip, selectDocument, selectModel } from "../studio.ts";
import { Arrivals } from "./arrivals.ts";
import { endRun } from "./end-run.ts";
import { selectExploration } from "./explore.ts";
import { reusableOrigin, runPorts, runRequest, startOf } from "./forecast-start.ts";
import { followGroundTruth } from "./ground-truth.ts";
import { showError } from "./notices.ts";
import { holdWarmUp, isModelOpen } from "./warm.ts";

/** Forecast: samples the asked-for number of futures from "now" with the slots' own seeds. */
export const forecast = (studio: Studio) => run(studio, "same");
/** Resample: fresh seeds for every unlocked future. */
export const resample = (studio: Studio) => run(studio, "fresh");
/** Fresh seed for one future, locked or not. */
export const resampleOne = (studio: Studio, slotId: number) => run(studio, { slotId });

/** Makes a future that the user chose among many one of the studio's, and shows it alone. */
export async function keepFuture(studio: Studio, chosen: ChosenFuture): Promise<void> {
  const slotId = slotForChosen(selectDocument(studio.state), chosen);
  const step = `keep:${studio.freshId("keep")}`;
  studio.state.edit(
    (document) => ({ ...document, futureCount: Math.max(document.futureCount, slotId) }),
    step,
  );
  await run(studio, { slotId, chosen }, step);
  const isThere = selectDocument(studio.state).slots.some(
    ({ id, seed, futureId }) => id === slotId && seed === chosen.seed && futureId !== null,
  );
  if (isThere) studio.state.edit((document) => ({ ...document, soloId: slotId }), step);
}

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
  endRun(studio);
  studio.state.setRun({ phase: "idle", status: "Cancelled" });
}

/** Seeds of the futures that stay, where wishes may draw others; a future that was chosen stays itself. */
function takenSeeds(
  { slots }: StudioDocument,
  draw: Draw,
  wanted: ReadonlyMap<number, number>,
): { readonly taken: readonly number[] } | null {
  if (typeof draw === "object" && draw.chosen) return null;
  return { taken: slots.filter(({ id }) => !wanted.has(id)).map(({ seed }) => seed) };
}

/** Says that futures the user arrived at in another picture were made again of this one. */
function carriedNotice(
  { origin }: StudioDocument,
  historyId: string,
  latents: Readonly<Record<number, LatentChoice>>,
): Notice | null {
  const count = Object.keys(latents).length;
  if (!origin || origin.historyId === historyId || count === 0) return null;
  const [futures, them] = count === 1 ? ["One future", "it"] : [`${count} futures`, "them"];
  return {
    kind: "info",
    message: `${futures} chosen in another picture went over to this one: the same latent, other motion`,
    remedy: `A new seed draws ${them} from this picture alone; undo brings the other picture’s back.`,
  };
}

/** Latents of seeds that are drawn for the first time, those that wishes may draw too, where a part that
 * rests has been let go. */
function letGo(
  studio: Studio,
  { slots, edits }: StudioDocument,
  draw: Draw,
  wanted: ReadonlyMap<number, number>,
  taken: readonly number[],
): Record<number, LatentChoice> {
  const { heldParts } = studio.state;
  const sight = selectExploration(studio.state, studio)?.sight;
  const isFree = sight?.parts.some(({ name, rests }) => rests && !heldParts.includes(name));
  if (!sight || !isFree || (typeof draw === "object" && draw.chosen)) return {};
  const isKnown = (slotId: number, seed: number) =>
    slots.some((slot) => slot.id === slotId && slot.seed === seed && slot.futureId !== null);
  const isFresh = ([slotId, seed]: readonly [number, number]) =>
    draw !== "follow" && !isKnown(slotId, seed);
  const fresh = [...wanted].filter(isFresh).map(([, seed]) => seed);
  const own = [...wanted.values()];
  const beside = wishesIn(edits).length > 0 ? candidateSeeds(own, taken, MOST_ROUNDS) : own;
  return Object.fromEntries(
    [...fresh, ...beside.slice(own.length)].map((seed) => [
      seed,
      { z: Array.from(drawLetGo(seed, sight, heldParts)) },
    ]),
  );
}

async function run(studio: Studio, draw: Draw, step?: string): Promise<void> {
  const document = studio.state.history.present;
  const clip = selectClip(studio.state);
  const start = startOf(studio);
  if (!start) return;
  // What really happened does not hang on edits.
  const keepsTruth = draw === "follow";
  if (!keepsTruth) studio.jobs.cancel("truth");
  const job = studio.jobs.start("run");
  studio.state.setRun({ notice: null, ...(keepsTruth ? {} : { truthProgress: null }) });
  studio.state.enterPhase("loading", "Starting the forecast");
  const wanted = planSeeds(document, draw, start.historyId);
  const chosen = latentsOf(document, draw, wanted, selectModel(studio.state)?.packIdentity);
  const choice = takenSeeds(document, draw, wanted);
  const latents = { ...letGo(studio, document, draw, wanted, choice?.taken ?? []), ...chosen };
  const arrivals = new Arrivals(studio, start, wanted, { step, latents });
  try {
    await runForecast(
      runPorts(studio, start),
      {
        ...runRequest(studio, start),
        seeds: [...wanted.values()],
        latents,
        edits: document.edits,
        ...(choice ?? {}),
      },
      {
        signal: job.signal,
        onEvent: (event) => {
          if (!job.signal.aborted) arrivals.hear(event);
        },
      },
    );
    const status = draw === "follow" ? "The futures follow the edits" : "Forecast ready";
    const notice = carriedNotice(document, start.historyId, chosen);
    studio.state.setRun({ status, ...(notice ? { notice } : {}) });
    if (job.finish() && clip && !keepsTruth) void followGroundTruth(studio, clip, arrivals.origin);
  } catch (error) {
    if (!isCancelled(error)) showError(studio, error);
    // Cancelled by another than the user, as by a model that was closed: the words of the run go with it.
    else if (!job.signal.aborted) studio.state.setRun({ status: "Cancelled" });
  } finally {
    if (!job.signal.aborted) {
      job.finish();
      studio.state.setRun({ phase: "idle", pending: {} });
    }
  }
}
