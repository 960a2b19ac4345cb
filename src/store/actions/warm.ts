import { type Job, unlessCancelled } from "../../domain/job.ts";
import type { Forecaster } from "../../domain/ports.ts";
import { bulk } from "../bulk.ts";
import { entryOf, showModel } from "../modelEntry.ts";
import { runtimes } from "../runtimes.ts";
import { RestingModel } from "../session/resting-model.ts";
import { wakeModel } from "../session/wake-model.ts";
import { SHIPPED_MODEL } from "../slices/modelsSlice.ts";
import { selectBusy, selectClip, selectDocument, studio } from "../studio.ts";
import { dropPrefetch, prefetchHistory } from "./prefetch-history.ts";

/** Long enough that a drag of "now" starts nothing on its way. */
const QUIET_MILLIS = 500;

let timer: ReturnType<typeof setTimeout> | undefined;

/** Nothing is begun ahead of the user any more, until `warmUp` is called again. */
export function holdWarmUp(): void {
  clearTimeout(timer);
}

/** Once the user pauses, loads the model and tracks the past, so that Forecast answers sooner. */
export function warmUp(): void {
  dropPrefetch();
  holdWarmUp();
  timer = setTimeout(() => {
    const state = studio();
    const clip = selectClip(state);
    if (!clip || selectBusy(state)) return;
    const { nowIndex, imported } = selectDocument(state);
    if (!imported) prefetchHistory(clip, nowIndex);
    // A failure shows when the user asks for a forecast.
    loadModel().catch(() => undefined);
  }, QUIET_MILLIS);
}

/** The chosen model behind its port; what it is and what runs it goes to the store. */
export async function loadModel(job?: Job): Promise<Forecaster> {
  const key = studio().chosenModel;
  const chosen = bulk.models.get(key);
  if (chosen instanceof RestingModel) await unlessCancelled(wakeModel(key, chosen), job);
  if (chosen) return chosen;
  const model = await runtimes().forecaster(job);
  const entry = entryOf(SHIPPED_MODEL, model, "Comes with Foretrack", null);
  studio().putModel(entry);
  if (studio().chosenModel === SHIPPED_MODEL) showModel(entry);
  return model;
}
