import { isCancelled, PackError } from "../../domain/errors.ts";
import { SHIPPED_MODEL } from "../document.ts";
import { entryOf, showModel } from "../modelEntry.ts";
import { type Studio, selectModelKey } from "../studio.ts";
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
  if (selectModelKey(studio.state) === key) showModel(studio, opened);
}

function giveUp(studio: Studio, key: string): void {
  const wasChosen = selectModelKey(studio.state) === key;
  studio.bulk.models.delete(key);
  studio.state.dropModel(key);
  if (!wasChosen) return;
  studio.state.amend((document) => ({ ...document, model: SHIPPED_MODEL, sampler: {}, given: {} }));
  studio.state.setRun({ pack: null, backend: null });
}
