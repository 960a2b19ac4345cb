import type { SerializedError } from "../../domain/errors.ts";
import type { Future } from "../../domain/forecast.ts";
import type { Progress } from "../../domain/job.ts";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import type { PackInspection } from "../../domain/pack/needs.ts";
import type { BackendReport, ForecastRequest } from "../../domain/ports.ts";
import type { KeptPack } from "../pack/kept-source.ts";

/** Where a pack is: below an absolute URL that ends in a slash, a zip, files by path, or kept in the
 * browser by an earlier load. */
export type PackLocation =
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "zip"; readonly zip: Blob }
  | { readonly kind: "kept"; readonly pack: KeptPack }
  | { readonly kind: "files"; readonly files: ReadonlyMap<string, Blob> };

/** `auto` takes WebGPU where it is right and faster. The others are for tests and comparisons. */
export type BackendPreference = "auto" | "webgpu" | "wasm";

/** Page to worker. `inspect` stands alone; forecasts follow a `load`, worked off one by one. */
export type InferenceRequest =
  | {
      readonly kind: "load";
      readonly id: number;
      readonly location: PackLocation;
      readonly preference: BackendPreference;
    }
  | { readonly kind: "inspect"; readonly id: number; readonly location: PackLocation }
  | { readonly kind: "forecast"; readonly id: number; readonly request: ForecastRequest }
  | { readonly kind: "cancel"; readonly id: number };

/** Worker to page; `id` names the request. */
export type InferenceReply =
  | { readonly kind: "progress"; readonly id: number; readonly progress: Progress }
  | {
      readonly kind: "loaded";
      readonly id: number;
      readonly manifest: PackManifest;
      readonly backend: BackendReport;
    }
  | { readonly kind: "inspected"; readonly id: number; readonly inspection: PackInspection }
  | { readonly kind: "future"; readonly id: number; readonly future: Future }
  | { readonly kind: "done"; readonly id: number }
  | { readonly kind: "failed"; readonly id: number; readonly error: SerializedError };
