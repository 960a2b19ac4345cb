import type { Future } from "../../domain/forecast.ts";
import type { ForecastRequest } from "../../domain/ports.ts";
import type { GraphTensor } from "../models/graph-runner.ts";
import type { FlowField } from "./solvers/solver.ts";

/** One kind of pack: how a request becomes tensors of its graphs, and tensors become futures. */
export interface FlowModel {
  /** Futures that the graphs evaluate together at most; absent means any number. */
  readonly maxBatch?: number;
  /** Everything that the futures of one request share. */
  condition(request: ForecastRequest): Promise<FlowCondition>;
}

export interface FlowCondition {
  /** Source latents at flow time 0, one row a seed. */
  source(seeds: readonly number[]): Promise<GraphTensor>;
  readonly field: FlowField<GraphTensor>;
  /** Futures of the latents at flow time 1, in the order of `seeds`. Leaves `latent` alone. */
  decode(latent: GraphTensor, seeds: readonly number[]): Promise<Future[]>;
  release(): void;
}
