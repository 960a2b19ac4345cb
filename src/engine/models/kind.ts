import type { z } from "zod";
import type { Future, SamplerSettings } from "../../domain/forecast.ts";
import type { PictureSight } from "../../domain/latent.ts";
import type { CommonManifest } from "../../domain/pack/common.ts";
import type { InputDeclaration, ModelOffers } from "../../domain/pack/offers.ts";
import type { ForecastRequest, RivalFields } from "../../domain/ports.ts";
import type { Likeness } from "../completion/likeness.ts";
import type { GraphRunner } from "./graph-runner.ts";

/**
 * A kind of model: what its packs hold, take and offer, and how its graphs make futures. A folder
 * here and a line of `registry.ts` make it exist; how it makes futures is its own affair.
 */
export interface ModelKind<M extends CommonManifest = CommonManifest> {
  /** As manifests write it. */
  readonly kind: string;
  readonly schema: z.ZodType<M>;
  /** Graphs that each of its packs must bring. */
  readonly roles: readonly string[];
  /** What a pack takes that does not declare it. */
  inputs(manifest: M): InputDeclaration[];
  /** What a pack offers that does not declare it. */
  offers(manifest: M): ModelOffers;
  /** @throws PackError for a pack whose graphs do not fit together. */
  create(runner: GraphRunner, manifest: M): ForecastModel;
}

/** An opened model: how a request becomes futures. Never used by two runs at once. */
export interface ForecastModel {
  /** Futures that the graphs evaluate together at most; absent means any number. */
  readonly maxBatch?: number;
  /** Graph runs that one batch takes: each is a step of the progress. */
  runsPerBatch(sampler: SamplerSettings | null): number;
  /** Everything that the futures of one request share. */
  condition(request: ForecastRequest): Promise<ModelCondition>;
}

export interface ModelCondition {
  /** One future a seed, in their order. */
  sample(seeds: readonly number[], draw: Draw): Promise<Future[]>;
  release(): void;
  /** Where the model makes futures from a latent: all that it sees in the picture, and its fields. */
  readonly latent?: LatentFields;
  /** How alike points are, where the model tells it better than their history does. */
  readonly likeness?: Likeness;
}

/** The fields of one picture by their latents, without the tracks that a future is made of. */
export interface LatentFields {
  readonly sight: PictureSight;
  /** Coefficients [K,C,2,N] px of the displacement fields of latents [K,L]. */
  fields(latentsKL: Float32Array): Promise<Float32Array>;
  /** Camera paths [K,T,6] of latents [K,L]; absent where the pack's cameras stand still. */
  readonly cameras?: ((latentsKL: Float32Array) => Promise<Float32Array>) | undefined;
  /** Absent where the pack brings none. */
  readonly rivals?: ((latentsKL: Float32Array) => Promise<RivalFields>) | undefined;
}

export interface Draw {
  /** Null where the model offers no sampler. */
  readonly sampler: SamplerSettings | null;
  /** Latents that are not drawn, by seed. */
  readonly latents?: ForecastRequest["latents"] | undefined;
  /** To be called before each graph run; throws where the run is cancelled. */
  step(): void;
}
