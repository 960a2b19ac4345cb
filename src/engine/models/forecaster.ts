import { FormatError, PackError } from "../../domain/errors.ts";
import type { Future, SamplerSettings } from "../../domain/forecast.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import type { LatentChoice } from "../../domain/latent.ts";
import { packGeometry } from "../../domain/pack/geometry.ts";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import type { BackendReport, Forecaster, ForecastRequest } from "../../domain/ports.ts";
import { type Completion, planCompletion } from "../completion/complete.ts";
import type { Likeness } from "../completion/likeness.ts";
import { explore } from "../exploration/explore.ts";
import { conditionKey } from "./condition-key.ts";
import { Fifo } from "./fifo.ts";
import type { GraphRunner } from "./graph-runner.ts";
import type { ForecastModel, LatentFields, ModelCondition, ModelKind } from "./kind.ts";
import { MODEL_KINDS } from "./registry.ts";

/** Futures that are kept free of edits: as many as a page shows, 0.29 MB each. */
const KEPT_FUTURES = 32;

/** What the last history cost, for the next request that shares it. */
interface Kept {
  readonly key: string;
  readonly condition: ModelCondition;
  /** Free futures by seed and sampler: the same seeds under other edits are completed, not sampled. */
  readonly free: Map<string, Future>;
}

/**
 * Makes futures with the graphs of a pack. Runs are queued: one at a time. The condition of the last
 * request is kept, so that a resample pays for its futures only, and so are its free futures, so that
 * other edits on the same seeds pay for nothing but their completion.
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
  let kept: Kept | null = null;

  const conditionFor = async (request: ForecastRequest): Promise<ModelCondition> => {
    const key = conditionKey(request);
    if (kept?.key === key) return kept.condition;
    kept?.condition.release();
    kept = null;
    const condition = await model.condition(request);
    kept = { key, condition, free: new Map() };
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
        const completes = constraints !== undefined && obeyBy === "completion";
        if (completes) checkHistory(request, manifest);
        const condition = await conditionFor(completes ? freeOf(request) : request);
        const completion = completes ? completionOf(request, manifest, condition.likeness) : null;
        const free = obeysItself(request) ? null : kept?.free;
        for (let i = 0; i < seeds.length; i += batch) {
          throwIfCancelled(job);
          const asked = seeds.slice(i, i + batch);
          const keyOf = (seed: number) => freeKey(seed, sampler, request.latents?.[seed]);
          const known = asked.map((seed) => free?.get(keyOf(seed)));
          const draw = { sampler, latents: request.latents, step: progress.step };
          const missing = asked.filter((_, k) => !known[k]);
          const sampled = missing.length > 0 ? await condition.sample(missing, draw) : [];
          throwIfCancelled(job);
          for (const [k, seed] of asked.entries()) {
            const future = known[k] ?? sampled.shift();
            if (!future) throw new Error(`no future came for seed ${seed}`);
            if (free && !known[k]) keepFree(free, keyOf(seed), future);
            onFuture(completion?.complete(future) ?? copyOf(future));
          }
        }
        progress.end();
      }, job),
    explorer: {
      explore: (request, options, job) =>
        queue.run(async () => {
          checkRequest(manifest, request);
          const latent = latentOf(manifest, await conditionFor(request));
          return explore(latent, options, (done) => {
            throwIfCancelled(job);
            job?.onProgress?.({ stage: "explore", done, total: options.count });
          });
        }, job),
      fields: (picture, latentsKL, job) =>
        queue.run(async () => latentOfPicture(kept, picture).fields(latentsKL), job),
      cameras: (picture, latentsKL, job) =>
        queue.run(async () => {
          const latent = latentOfPicture(kept, picture);
          return latent.cameras ? latent.cameras(latentsKL) : null;
        }, job),
      rivals: (picture, latentsKL, job) =>
        queue.run(async () => {
          const latent = latentOfPicture(kept, picture);
          return latent.rivals ? latent.rivals(latentsKL) : null;
        }, job),
    },
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

/** @throws FormatError where the model makes no futures from a latent. */
function latentOf({ name }: PackManifest, { latent }: ModelCondition): LatentFields {
  if (latent) return latent;
  throw new FormatError(
    `${name} makes its futures one by one: it has no map of them`,
    "Choose a model of one picture.",
  );
}

/** @throws FormatError where the picture seen last is another one. */
function latentOfPicture(kept: Kept | null, picture: string): LatentFields {
  const latent = kept?.condition.latent;
  if (latent?.sight.picture === picture) return latent;
  throw new FormatError(
    "The model has seen another picture since",
    "Look for the futures of this picture again.",
  );
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

function obeysItself({ constraints, obeyBy }: ForecastRequest): boolean {
  return constraints !== undefined && obeyBy === "model";
}

function freeKey(
  seed: number,
  sampler: SamplerSettings | null,
  latent: LatentChoice | undefined,
): string {
  return JSON.stringify([seed, sampler, latent?.z]);
}

function keepFree(free: Map<string, Future>, key: string, future: Future): void {
  const [oldest] = free.keys();
  if (free.size >= KEPT_FUTURES && oldest !== undefined) free.delete(oldest);
  free.set(key, future);
}

/** Who receives a future may hand its arrays over to another thread. */
function copyOf(future: Future): Future {
  return structuredClone(future);
}

/** The request as a model sees it whose futures are free. */
function freeOf({ constraints: _, ...request }: ForecastRequest): ForecastRequest {
  return request;
}

/** @throws FormatError where the model takes no history, over which edits are laid. */
function checkHistory({ inputs }: ForecastRequest, manifest: PackManifest): void {
  if (inputs.history) return;
  throw new FormatError(
    `${manifest.name} takes no history, so nothing tells what moves with an edit`,
    "Remove the edits, or choose another model.",
  );
}

/** @throws FormatError where the constraints do not fit. */
function completionOf(
  { inputs: { history }, constraints }: ForecastRequest,
  manifest: PackManifest,
  likeness: Likeness | undefined,
): Completion | null {
  if (!history || !constraints) return null;
  const { width, height } = packGeometry(manifest);
  return planCompletion(constraints, history, { width, height }, { likeness });
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
