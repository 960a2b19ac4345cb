import { isCancelled, PackError } from "../../domain/errors.ts";
import { entryOf, showModel } from "../modelEntry.ts";
import { NO_TUNING, SHIPPED_MODEL } from "../slices/modelsSlice.ts";
import type { Studio } from "../studio.ts";
import type { SuspendedModel } from "./suspended-model.ts";

/**
 * Opens the model of a restored session. Where its files are gone, or it no longer runs here, the
 * model that ships takes its place: rejects with PackError that says so.
 */
export async function reopenModel(
  studio: Studio,
  key: string,
  model: SuspendedModel,
): Promise<void> {
  if (model.isOpen) return;
  try {
    await studio.trial.during(model.reopen());
  } catch (error) {
    if (isCancelled(error)) throw error;
    giveUp(studio, key);
    throw new PackError(
      `${error instanceof Error ? error.message : error}. Forecasts come from the model that ships with Foretrack now`,
      `Load ${model.manifest.name} again under Model to go on with it.`,
      { cause: error },
    );
  }
  const entry = studio.state.models.find((known) => known.key === key);
  if (!entry) return;
  const opened = entryOf(key, model, entry.source, entry.keptUrl);
  studio.state.putModel(opened);
  if (studio.state.chosenModel === key) showModel(studio, opened);
}

function giveUp(studio: Studio, key: string): void {
  studio.bulk.models.delete(key);
  studio.state.dropModel(key);
  if (studio.state.chosenModel !== key) return;
  studio.state.setModels({ chosenModel: SHIPPED_MODEL, tuning: NO_TUNING });
  studio.state.setRun({ pack: null, backend: null });
}
