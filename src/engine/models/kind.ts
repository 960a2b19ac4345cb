import type { z } from "zod";
import type { Future, SamplerSettings } from "../../domain/forecast.ts";
import type { CommonManifest } from "../../domain/pack/common.ts";
import type { InputDeclaration, ModelOffers } from "../../domain/pack/offers.ts";
import type { ForecastRequest } from "../../domain/ports.ts";
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
}

export interface Draw {
  /** Null where the model offers no sampler. */
  readonly sampler: SamplerSettings | null;
  /** To be called before each graph run; throws where the run is cancelled. */
  step(): void;
}
