import { type SharedJob, unlessCancelled } from "../../domain/job.ts";
import type { Forecaster } from "../../domain/ports.ts";
import { PHOTO_MODEL } from "../document.ts";
import { entryOf, showModel } from "../modelEntry.ts";
import { reopenModel } from "../session/reopen-model.ts";
import { SuspendedModel } from "../session/suspended-model.ts";
import {
  type Studio,
  selectBusy,
  selectClip,
  selectDocument,
  selectModel,
  selectModelKey,
} from "../studio.ts";
import { dropPrefetch, prefetchHistory } from "./prefetch-history.ts";

/** Long enough that a drag of "now" starts nothing on its way. */
const QUIET_MILLIS = 500;

/** Nothing is begun ahead of the user any more, until `warmUp` is called again. */
export function holdWarmUp(studio: Studio): void {
  clearTimeout(studio.ahead.timer);
}

/**
 * Once the user pauses for `quietMillis`, loads the model and tracks the past, so that Forecast answers
 * sooner.
 */
export function warmUp(studio: Studio, quietMillis = QUIET_MILLIS): void {
  dropPrefetch(studio);
  holdWarmUp(studio);
  studio.ahead.timer = setTimeout(() => {
    const state = studio.state;
    const clip = selectClip(state);
    if (!clip || selectBusy(state)) return;
    const { nowIndex, imported } = selectDocument(state);
    if (!imported) prefetchHistory(studio, clip, nowIndex);
    // A failure shows when the user asks for a forecast.
    loadModel(studio).catch(() => undefined);
  }, quietMillis);
}

/** Whether the chosen model can forecast without being loaded first. */
export function isModelOpen({ state, bulk }: Studio): boolean {
  const chosen = bulk.models.get(selectModelKey(state));
  if (chosen instanceof SuspendedModel) return chosen.isOpen;
  return chosen !== undefined || selectModel(state) !== null;
}

/** The chosen model behind its port; what it is and what runs it goes to the store. */
export async function loadModel(studio: Studio, job?: SharedJob): Promise<Forecaster> {
  const key = selectModelKey(studio.state);
  const chosen = studio.bulk.models.get(key);
  if (chosen instanceof SuspendedModel)
    await unlessCancelled(reopenModel(studio, key, chosen), job);
  if (chosen) return chosen;
  const { photoForecaster, forecaster } = studio.ports;
  const model = await (key === PHOTO_MODEL && photoForecaster ? photoForecaster : forecaster)(job);
  const entry = entryOf(key, model, "Comes with Foretrack", null);
  studio.state.putModel(entry);
  if (selectModelKey(studio.state) === key) showModel(studio, entry);
  return model;
}
