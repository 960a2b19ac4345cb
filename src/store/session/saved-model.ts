import { PackError } from "../../domain/errors.ts";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import { readManifest } from "../../engine/models/read-manifest.ts";
import type { SamplerOverrides } from "../../engine/pipeline/conditioning-inputs.ts";
import { SHIPPED_MODEL } from "../document.ts";
import { entryOf, showModel } from "../modelEntry.ts";
import { type Studio, selectDocument, selectModel } from "../studio.ts";
import { SuspendedModel } from "./suspended-model.ts";

/** The chosen model of a session, where it is not the one that ships. Its files lie in the cache. */
export interface SavedModel {
  readonly keptUrl: string;
  readonly manifest: PackManifest;
  /** Where the user had it from. */
  readonly source: string;
  /** Of records of earlier builds: the document holds these settings now. */
  readonly tuning?: Omit<SamplerOverrides, "steps">;
}

export function savedModel(studio: Studio): SavedModel | null {
  const { state } = studio;
  const entry = selectModel(state);
  const model = entry && studio.bulk.models.get(entry.key);
  if (!model || entry.keptUrl === null) return null;
  const { keptUrl, source } = entry;
  return { keptUrl, source, manifest: model.manifest };
}

/**
 * Chooses the model again, with the rate and grid alignment that the clip was left with; opens nothing.
 * A manifest as an older build kept it is completed; one that is none any more leaves what ships.
 */
export function restoreModel(
  studio: Studio,
  { keptUrl, source, tuning, ...saved }: SavedModel,
): void {
  const manifest = readable(saved.manifest);
  if (!manifest) {
    studio.state.amend((document) => ({ ...document, model: SHIPPED_MODEL }));
    return;
  }
  const pack = { baseUrl: keptUrl, manifest };
  const model = new SuspendedModel(manifest, (job) =>
    studio.ports.openPack({ kind: "kept", pack }, job),
  );
  const { model: kept } = selectDocument(studio.state);
  const key = kept === SHIPPED_MODEL ? studio.freshId("model") : kept;
  studio.bulk.models.set(key, model);
  const entry = entryOf(key, model, source, keptUrl);
  studio.state.putModel(entry);
  studio.state.amend((document) => ({
    ...document,
    model: key,
    sampler: { ...document.sampler, ...tuning },
  }));
  showModel(studio, entry);
}

function readable(manifest: PackManifest): PackManifest | null {
  try {
    return readManifest(manifest, manifest.name);
  } catch (error) {
    if (error instanceof PackError) return null;
    throw error;
  }
}
