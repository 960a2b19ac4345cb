import { FormatError, PackError } from "../../domain/errors.ts";
import type { SamplerSettings } from "../../domain/forecast.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import { packGeometry } from "../../domain/pack/geometry.ts";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import type { BackendReport, Forecaster, ForecastRequest } from "../../domain/ports.ts";
import { planCompletion } from "../completion/complete.ts";
import { conditionKey } from "./condition-key.ts";
import { Fifo } from "./fifo.ts";
import type { GraphRunner } from "./graph-runner.ts";
import type { ForecastModel, ModelCondition, ModelKind } from "./kind.ts";
import { MODEL_KINDS } from "./registry.ts";

/**
 * Makes futures with the graphs of a pack. Runs are queued: one at a time. The condition of the last
 * request is kept, so that a resample pays for its futures only.
 * Throws PackError when the pack is of a kind that is not known or lacks a graph of its kind.
 */
export function createForecaster(
  runner: GraphRunner,
  manifest: PackManifest,
  backend: BackendReport,
  kinds: readonly ModelKind[] = MODEL_KINDS,
): Forecaster {
  const model = openModel(runner, manifest, kinds);
  const batch = Math.min(runner.batch, model.maxBatch ?? runner.batch);
  const queue = new Fifo();
  let kept: { readonly key: string; readonly condition: ModelCondition } | null = null;

  const conditionFor = async (request: ForecastRequest): Promise<ModelCondition> => {
    const key = conditionKey(request);
    if (kept?.key === key) return kept.condition;
    kept?.condition.release();
    kept = null;
    const condition = await model.condition(request);
    kept = { key, condition };
    return condition;
  };

  return {
    manifest,
    backend,
    forecast: (request, onFuture, job) =>
      queue.run(async () => {
        checkRequest(manifest, request);
        const { seeds } = request;
        const sampler = request.sampler ?? manifest.offers.sampler?.defaults ?? null;
        const progress = countProgress(model, seeds.length, batch, sampler, job);
        progress.step();
        const { constraints, obeyBy = "completion" } = request;
        const completion =
          constraints && obeyBy === "completion" ? completionOf(request, manifest) : null;
        const condition = await conditionFor(completion ? freeOf(request) : request);
        for (let i = 0; i < seeds.length; i += batch) {
          throwIfCancelled(job);
          const draw = { sampler, step: progress.step };
          const futures = await condition.sample(seeds.slice(i, i + batch), draw);
          throwIfCancelled(job);
          for (const future of futures) onFuture(completion?.complete(future) ?? future);
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

function openModel(
  runner: GraphRunner,
  manifest: PackManifest,
  kinds: readonly ModelKind[],
): ForecastModel {
  const kind = kinds.find((known) => known.kind === manifest.kind);
  const missing = kind?.roles.filter((role) => !manifest.graphs[role]) ?? [];
  if (!kind || missing.length > 0) {
    throw new PackError(
      kind
        ? `The pack ${manifest.name} lacks a graph: ${missing.join(", ")}`
        : `The pack ${manifest.name} is of a kind that is not known here: ${manifest.kind}`,
      "Export the pack again.",
    );
  }
  return kind.create(runner, manifest);
}

/** @throws FormatError for a request that the model cannot serve. */
function checkRequest(manifest: PackManifest, request: ForecastRequest): void {
  const { inputs, constraints, obeyBy } = request;
  const lacks = manifest.inputs.find(({ name, optional }) => !optional && inputs[name] == null);
  if (lacks) {
    throw new FormatError(
      `${manifest.name} takes ${lacks.name} (${lacks.what}), which is not there`,
      "Open the clip again, or choose another model.",
    );
  }
  if (!constraints || obeyBy !== "model" || manifest.offers.constraints) return;
  throw new FormatError(
    `${manifest.name} cannot be told itself of positions after “now”`,
    "Let its futures obey by completion.",
  );
}

/** The request as a model sees it whose futures are free. */
function freeOf({ constraints: _, ...request }: ForecastRequest): ForecastRequest {
  return request;
}

/** @throws FormatError where the constraints do not fit, or the model takes no history to liken by. */
function completionOf({ inputs, constraints }: ForecastRequest, manifest: PackManifest) {
  if (!inputs.history || !constraints) {
    throw new FormatError(
      `${manifest.name} takes no history, so nothing tells what moves with an edit`,
      "Remove the edits, or choose another model.",
    );
  }
  const { width, height } = packGeometry(manifest);
  return planCompletion(constraints, inputs.history, { width, height });
}

/** Progress in graph runs; every step is also where a cancelled job stops. */
function countProgress(
  model: ForecastModel,
  seedCount: number,
  batch: number,
  sampler: SamplerSettings | null,
  job: Job | undefined,
) {
  const total = 1 + Math.ceil(seedCount / batch) * model.runsPerBatch(sampler);
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
