import { packGeometry } from "../domain/pack/geometry.ts";
import { packIdentity } from "../domain/pack/identity.ts";
import type { Forecaster } from "../domain/ports.ts";
import { DEFAULT_RATE } from "./slices/clipSlice.ts";
import type { ModelEntry } from "./slices/modelsSlice.ts";
import type { Studio } from "./studio.ts";

/** What the status line and the forecast panel tell of the model. */
export function showModel(
  studio: Studio,
  { packId, name, licence, bytes, offers, backend }: ModelEntry,
): void {
  const pack = { id: packId, name, licence, bytes, steps: offers.sampler?.defaults.steps ?? null };
  studio.state.setRun({ backend, pack });
}

/** What the studio follows of a model. `keptUrl`: where the browser keeps its files. */
export function entryOf(
  key: string,
  model: Forecaster,
  source: string,
  keptUrl: string | null,
): ModelEntry {
  const { manifest, backend } = model;
  return {
    key,
    source,
    keptUrl,
    backend,
    packId: manifest.id,
    packIdentity: packIdentity(manifest),
    name: manifest.name,
    licence: manifest.licence,
    bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
    geometry: packGeometry(manifest),
    rate: manifest.frames.rate ?? DEFAULT_RATE,
    inputs: manifest.inputs,
    offers: manifest.offers,
  };
}
