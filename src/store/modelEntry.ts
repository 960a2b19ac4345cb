import { packGeometry } from "../domain/pack/geometry.ts";
import type { Forecaster } from "../domain/ports.ts";
import { DEFAULT_RATE } from "./slices/clipSlice.ts";
import type { ModelEntry } from "./slices/modelsSlice.ts";
import { studio } from "./studio.ts";

/** What the status line and the forecast panel tell of the model. */
export function showModel({ packId, name, licence, bytes, sampler, backend }: ModelEntry): void {
  const pack = { id: packId, name, licence, bytes, steps: sampler.steps };
  studio().setRun({ backend, pack });
}

/** What the studio follows of a model. `keptUrl`: where the browser keeps its files. */
export function entryOf(
  key: string,
  model: Forecaster,
  source: string,
  keptUrl: string | null,
): ModelEntry {
  const { manifest, backend } = model;
  const text = manifest.graphs.velocity?.inputs.find(({ name }) => name === "text_embedding");
  return {
    key,
    source,
    keptUrl,
    backend,
    packId: manifest.id,
    name: manifest.name,
    licence: manifest.licence,
    bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
    sampler: manifest.defaultSampler,
    kind: manifest.kind,
    geometry: packGeometry(manifest),
    rate: manifest.frames.rate ?? DEFAULT_RATE,
    usesVideo: manifest.graphs.video !== undefined,
    textSize: Number(text?.shape.at(-1) ?? 0),
  };
}
