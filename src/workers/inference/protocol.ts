import type { Exploration } from "../../domain/exploration.ts";
import type { Future } from "../../domain/forecast.ts";
import type { PackLocation } from "../../domain/pack/location.ts";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import type { PackInspection } from "../../domain/pack/needs.ts";
import type {
  BackendReport,
  ExploreOptions,
  ForecastRequest,
  RivalFields,
} from "../../domain/ports.ts";
import type { Operation } from "../channel/protocol.ts";

/** `auto` takes WebGPU where it is right and faster. The others are for tests and comparisons. */
export type BackendPreference = "auto" | "webgpu" | "wasm";

export interface LoadRequest {
  readonly location: PackLocation;
  readonly preference: BackendPreference;
  /**
   * Forecasts that wait come before the self-test where WebAssembly runs the pack: of packs that came with
   * the studio.
   */
  readonly testsLater: boolean;
}

/** What a loaded pack says of itself and of the runtime that runs its graphs. */
export interface LoadedModel {
  readonly manifest: PackManifest;
  readonly backend: BackendReport;
}

/** `inspect` stands alone; forecasts follow a `load`. */
export type InferenceOperations = {
  readonly load: Operation<LoadRequest, LoadedModel>;
  readonly inspect: Operation<{ readonly location: PackLocation }, PackInspection>;
  readonly explore: Operation<
    { readonly request: ForecastRequest; readonly options: ExploreOptions },
    Exploration
  >;
  readonly fields: Operation<
    { readonly picture: string; readonly latentsKL: Float32Array },
    Float32Array
  >;
  readonly cameras: Operation<
    { readonly picture: string; readonly latentsKL: Float32Array },
    Float32Array | null
  >;
  readonly rivals: Operation<
    { readonly picture: string; readonly latentsKL: Float32Array },
    RivalFields | null
  >;
  /** Its events are the futures, each as soon as it is sampled. */
  readonly forecast: Operation<ForecastRequest, undefined, Future>;
};
