import { PackError } from "../../domain/errors.ts";
import type { Future, SamplerSettings } from "../../domain/forecast.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import type { BackendReport, Forecaster, ForecastRequest } from "../../domain/ports.ts";
import type { FlowCondition, FlowModel } from "../flow/flow-model.ts";
import { sameCondition } from "../flow/same-condition.ts";
import { evaluationCount, solve } from "../flow/solvers/solve.ts";
import { compactModel } from "./compact/model.ts";
import { Fifo } from "./fifo.ts";
import type { GraphRunner } from "./graph-runner.ts";
import { trajloomModel } from "./trajloom/model.ts";

/** Graphs that each kind of pack must bring. */
const ROLES = {
  compact: ["condition", "source", "velocity", "decode"],
  trajloom: ["encode", "velocity", "decode", "visibility"],
} as const;

/**
 * Samples futures with the graphs of a pack. Runs are queued: one at a time. The condition of the
 * last history is kept, so that a resample pays for its futures only.
 * Throws PackError when the pack lacks a graph of its kind.
 */
export function createForecaster(
  runner: GraphRunner,
  manifest: PackManifest,
  backend: BackendReport,
): Forecaster {
  const model = flowModel(runner, manifest);
  const batch = Math.min(runner.batch, model.maxBatch ?? runner.batch);
  const queue = new Fifo();
  let kept: { readonly request: ForecastRequest; readonly condition: FlowCondition } | null = null;

  const conditionFor = async (request: ForecastRequest): Promise<FlowCondition> => {
    if (kept && sameCondition(kept.request, request)) return kept.condition;
    kept?.condition.release();
    kept = null;
    const condition = await model.condition(request);
    kept = { request: copyInputs(request), condition };
    return condition;
  };

  return {
    manifest,
    backend,
    forecast: (request, onFuture, job) =>
      queue.run(async () => {
        const sampler = request.sampler ?? manifest.defaultSampler;
        const progress = countProgress(request.seeds.length, batch, sampler, job);
        progress.step();
        const condition = await conditionFor(request);
        for (let i = 0; i < request.seeds.length; i += batch) {
          throwIfCancelled(job);
          const seeds = request.seeds.slice(i, i + batch);
          const futures = await sampleBatch(runner, condition, seeds, sampler, progress.step);
          throwIfCancelled(job);
          for (const future of futures) onFuture(future);
        }
        progress.end();
      }, job),
    dispose: () =>
      queue.run(async () => {
        kept?.condition.release();
        kept = null;
        await runner.dispose();
      }),
  };
}

function flowModel(runner: GraphRunner, manifest: PackManifest): FlowModel {
  const missing = ROLES[manifest.kind].filter((role) => !manifest.graphs[role]);
  if (missing.length > 0) {
    throw new PackError(
      `The pack ${manifest.name} lacks a graph: ${missing.join(", ")}`,
      "Export the pack again.",
    );
  }
  return manifest.kind === "compact"
    ? compactModel(runner, manifest)
    : trajloomModel(runner, manifest);
}

async function sampleBatch(
  runner: GraphRunner,
  condition: FlowCondition,
  seeds: readonly number[],
  sampler: SamplerSettings,
  step: () => void,
): Promise<Future[]> {
  step();
  const source = await condition.source(seeds);
  const latent = await solve(condition.field, source, sampler, { beforeEvaluation: step });
  try {
    step();
    return await condition.decode(latent, seeds);
  } finally {
    runner.release(latent);
  }
}

/** Progress in graph runs; every step is also where a cancelled job stops. */
function countProgress(
  seedCount: number,
  batch: number,
  sampler: SamplerSettings,
  job: Job | undefined,
) {
  const total = 1 + Math.ceil(seedCount / batch) * (evaluationCount(sampler) + 2);
  let done = -1;
  const report = (value: number) => job?.onProgress?.({ stage: "forecast", done: value, total });
  return {
    step: () => {
      throwIfCancelled(job);
      report(++done);
    },
    end: () => report(total),
  };
}

/** The caller may reuse its arrays; the kept condition must be compared with what it was made of. */
function copyInputs(request: ForecastRequest): ForecastRequest {
  return structuredClone(request);
}
