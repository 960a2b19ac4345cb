import { isCancelled, PackError } from "../../domain/errors.ts";
import { bulk } from "../bulk.ts";
import { entryOf, showModel } from "../modelEntry.ts";
import { NO_TUNING, SHIPPED_MODEL } from "../slices/modelsSlice.ts";
import { studio } from "../studio.ts";
import type { RestingModel } from "./resting-model.ts";
import { onTrial } from "./trial.ts";

/**
 * Opens the model of a restored session. Where its files are gone, or it no longer runs here, the
 * model that ships takes its place: rejects with PackError that says so.
 */
export async function wakeModel(key: string, model: RestingModel): Promise<void> {
  if (model.isAwake) return;
  try {
    await onTrial(model.wake());
  } catch (error) {
    if (isCancelled(error)) throw error;
    giveUp(key);
    throw new PackError(
      `${error instanceof Error ? error.message : error}. Forecasts come from the model that ships with Foretrack now`,
      `Load ${model.manifest.name} again under Model to go on with it.`,
      { cause: error },
    );
  }
  const entry = studio().models.find((known) => known.key === key);
  if (!entry) return;
  const awake = entryOf(key, model, entry.source, entry.keptUrl);
  studio().putModel(awake);
  if (studio().chosenModel === key) showModel(awake);
}

function giveUp(key: string): void {
  bulk.models.delete(key);
  studio().dropModel(key);
  if (studio().chosenModel !== key) return;
  studio().setModels({ chosenModel: SHIPPED_MODEL, tuning: NO_TUNING });
  studio().setRun({ pack: null, backend: null });
}
