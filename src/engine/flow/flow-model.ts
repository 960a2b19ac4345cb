import type { Future, SamplerSettings } from "../../domain/forecast.ts";
import type { ForecastRequest } from "../../domain/ports.ts";
import type { GraphRunner, GraphTensor } from "../models/graph-runner.ts";
import type { Draw, ForecastModel } from "../models/kind.ts";
import { evaluationCount, solve } from "./solvers/solve.ts";
import type { FlowField } from "./solvers/solver.ts";

/** A kind that integrates futures along a flow: requests become tensors, and these become futures. */
export interface FlowModel {
  /** Futures that the graphs evaluate together at most; absent means any number. */
  readonly maxBatch?: number;
  /** Everything that the futures of one request share. */
  condition(request: ForecastRequest): Promise<FlowCondition>;
}

export interface FlowCondition {
  /** Source latents at flow time 0, one row a seed. */
  source(seeds: readonly number[], sampler: SamplerSettings): Promise<GraphTensor>;
  readonly field: FlowField<GraphTensor>;
  /** Futures of the latents at flow time 1, in the order of `seeds`. Leaves `latent` alone. */
  decode(latent: GraphTensor, seeds: readonly number[]): Promise<Future[]>;
  release(): void;
}

/** Source and decoding, beside the evaluations of the field. */
const RUNS_BESIDE = 2;

/** Flow sampling as a model's way to make futures. `defaults`: for requests without a sampler. */
export function flowForecasts(
  runner: GraphRunner,
  { maxBatch, condition }: FlowModel,
  defaults: SamplerSettings,
): ForecastModel {
  return {
    ...(maxBatch === undefined ? {} : { maxBatch }),
    runsPerBatch: (sampler) => evaluationCount(sampler ?? defaults) + RUNS_BESIDE,
    async condition(request) {
      const made = await condition(request);
      return {
        sample: (seeds, draw) => sample(runner, made, seeds, draw, draw.sampler ?? defaults),
        release: () => made.release(),
      };
    },
  };
}

async function sample(
  runner: GraphRunner,
  condition: FlowCondition,
  seeds: readonly number[],
  { step }: Draw,
  sampler: SamplerSettings,
): Promise<Future[]> {
  step();
  const source = await condition.source(seeds, sampler);
  const latent = await solve(condition.field, source, sampler, { beforeEvaluation: step });
  try {
    step();
    return await condition.decode(latent, seeds);
  } finally {
    runner.release(latent);
  }
}
