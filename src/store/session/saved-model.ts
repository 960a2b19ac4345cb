import type { PackManifest } from "../../domain/pack/manifest.ts";
import { bulk } from "../bulk.ts";
import { freshId } from "../ids.ts";
import { entryOf, showModel } from "../modelEntry.ts";
import { runtimes } from "../runtimes.ts";
import type { Tuning } from "../slices/modelsSlice.ts";
import { type StudioState, selectModel, studio } from "../studio.ts";
import { RestingModel } from "./resting-model.ts";

/** The chosen model of a session, where it is not the one that ships. Its files lie in the cache. */
export interface SavedModel {
  readonly keptUrl: string;
  readonly manifest: PackManifest;
  /** Where the user had it from. */
  readonly source: string;
  /** But for the inputs that the user gave, which are not kept. */
  readonly tuning: Tuning;
}

export function savedModel(state: StudioState): SavedModel | null {
  const entry = selectModel(state);
  const model = entry && bulk.models.get(entry.key);
  if (!model || entry.keptUrl === null) return null;
  const { keptUrl, source } = entry;
  return { keptUrl, source, manifest: model.manifest, tuning: { ...state.tuning, given: {} } };
}

/** Chooses the model again, with the rate and anchor that the clip was left with; opens nothing. */
export function restoreModel({ keptUrl, manifest, source, tuning }: SavedModel): void {
  const pack = { baseUrl: keptUrl, manifest };
  const model = new RestingModel(manifest, (job) =>
    runtimes().openPack({ kind: "kept", pack }, job),
  );
  const key = freshId("model");
  bulk.models.set(key, model);
  const entry = entryOf(key, model, source, keptUrl);
  studio().putModel(entry);
  studio().setModels({ chosenModel: key, tuning });
  showModel(entry);
}
