import { PackError } from "../../domain/errors.ts";
import { fieldManifestSchema, tellsPaths } from "../../domain/pack/field.ts";
import type { DepthTeller } from "../../domain/ports.ts";
import { tellDepths } from "../../engine/models/field/tell.ts";
import { createOrtRunner } from "../inference/ort-runner.ts";
import type { OrtModule } from "../inference/sessions.ts";
import { tested } from "../inference/tested.ts";
import { loadPack, type PackSource } from "../pack/load.ts";

/** A `field` pack in WebAssembly, tested. Rejects with PackError. */
export async function openDepthTeller(source: PackSource, ort: OrtModule): Promise<DepthTeller> {
  const pack = await loadPack(source);
  const told = fieldManifestSchema.safeParse(pack.manifest);
  if (!told.success) {
    throw new PackError(`${pack.manifest.name} tells no depth`, "Export it again as a field pack.");
  }
  const options = { provider: "wasm", batch: 1 } as const;
  const opened = await createOrtRunner(ort, pack.manifest, pack.files, options);
  const runner = await tested(opened, pack);
  const most = { ...told.data.most, paths: tellsPaths(told.data) };
  return { tell: (request) => tellDepths(runner, most, request) };
}
