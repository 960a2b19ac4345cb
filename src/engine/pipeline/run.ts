import type { Edit } from "../../domain/edits.ts";
import type { Exploration } from "../../domain/exploration.ts";
import type { Future } from "../../domain/forecast.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import { type PackGeometry, packGeometry } from "../../domain/pack/geometry.ts";
import type { ExploreOptions, Forecaster, ForecastRequest, OpenClip } from "../../domain/ports.ts";
import { compileEdits } from "../edits/compile.ts";
import {
  candidateSeeds,
  effectiveNumber,
  FEWEST_EFFECTIVE,
  keepWeighed,
  MOST_ROUNDS,
  wishEnergy,
  wishesIn,
} from "../edits/wishes.ts";
import { conditioningInputs, type SamplerOverrides, samplerOf } from "./conditioning-inputs.ts";
import { enterStage, type PipelineJob } from "./events.ts";
import type { HistoryPass, TrackedHistory } from "./tracked-history.ts";

export interface RunPorts {
  /** Null where the history is known and its clip is not open. */
  readonly clip: OpenClip | null;
  /** The history: known, or `trackHistory`, with the stages and progress that it tells. */
  history(job: PipelineJob): Promise<HistoryPass>;
  /** Loads the model while the history is made; progress is told once nothing else is under way. */
  model(job: Job): Promise<Forecaster>;
}

export interface RunRequest {
  /** Working frame of "now". */
  readonly nowIndex: number;
  readonly geometry: PackGeometry;
  /** Seconds between working frames. */
  readonly frameIntervalSecs: number;
  readonly seeds: readonly number[];
  /** Latents that no seed draws, by the seed of their future. */
  readonly latents?: ForecastRequest["latents"];
  readonly sampler: SamplerOverrides;
  /** Inputs that the user gave, by name. */
  readonly given?: Readonly<Record<string, Float32Array>> | undefined;
  /** What the user authored of the futures; a function, where it is laid over the points of the history. */
  readonly edits?: readonly Edit[] | ((history: TrackedHistory) => readonly Edit[]) | undefined;
  /**
   * Seeds that futures beside these have: where edits wish, others are drawn too and the likelier ones
   * are told, as many as `seeds`. Absent: no seed but `seeds` is drawn, whatever is wished.
   */
  readonly taken?: readonly number[];
}

/**
 * One forecast: history, model, conditioning inputs, futures. Everything that it makes is told by an
 * event as soon as it is there. Rejects with the first failure; a failed load of the model is told
 * once the history is made.
 */
export async function runForecast(
  ports: RunPorts,
  request: RunRequest,
  job: PipelineJob = {},
): Promise<void> {
  const { pass, model, sampler, inputs } = await prepare(ports, request, job);
  const { seeds, latents } = request;
  const edits =
    typeof request.edits === "function" ? request.edits(pass.history) : (request.edits ?? []);
  const { horizonFrames, width, height } = packGeometry(model.manifest);
  const frame = { width, height };
  const constraints = compileEdits(edits, pass.history.history, horizonFrames, frame);
  const tell = (future: Future) => {
    if (!job.signal?.aborted) job.onEvent?.({ kind: "future", future });
  };
  const constrained = constraints && { constraints };
  const draw = async (drawn: readonly number[], hear: (future: Future) => void) => {
    const forecasting = enterStage(job, "forecasting", drawn.length);
    await model.forecast(
      {
        inputs,
        seeds: drawn,
        ...(latents && { latents }),
        ...(sampler && { sampler }),
        ...constrained,
      },
      hear,
      forecasting,
    );
    throwIfCancelled(job);
  };
  const wishes = request.taken && seeds.length > 0 ? wishesIn(edits) : [];
  if (wishes.length === 0) return draw(seeds, tell);
  const futures: Future[] = [];
  const energies: number[] = [];
  for (let rounds = 1; rounds <= MOST_ROUNDS; rounds++) {
    const candidates = candidateSeeds(seeds, request.taken ?? [], rounds);
    await draw(candidates.slice(futures.length), (future) => futures.push(future));
    for (const future of futures.slice(energies.length)) energies.push(wishEnergy(wishes, future));
    if (effectiveNumber(energies) >= FEWEST_EFFECTIVE) break;
  }
  const weighed = {
    drawn: futures.length,
    kept: seeds.length,
    effective: effectiveNumber(energies),
  };
  job.onEvent?.({ kind: "weighed", weighed });
  keepWeighed(futures, energies, seeds.length, seeds).forEach(tell);
}

/**
 * Many futures of the picture at "now" at once, grouped and on a map. Tells events as a forecast does,
 * but none of a future. Rejects with FormatError where the model makes no futures from a latent.
 */
export async function runExploration(
  ports: RunPorts,
  request: Omit<RunRequest, "seeds" | "edits" | "latents">,
  options: ExploreOptions,
  job: PipelineJob = {},
): Promise<Exploration> {
  const { model, inputs } = await prepare(ports, { ...request, seeds: [] }, job);
  const exploring = enterStage(job, "forecasting", options.count);
  if (!model.explorer) throw new Error(`${model.manifest.name} runs where nothing is explored`);
  const exploration = await model.explorer.explore({ inputs, seeds: [] }, options, exploring);
  throwIfCancelled(job);
  return exploration;
}

/** Everything before the futures: the history, the opened model, and what it is told. */
async function prepare(ports: RunPorts, request: RunRequest, job: PipelineJob) {
  throwIfCancelled(job);
  const { onEvent } = job;
  const loading = startLoading(ports, job);
  const pass = await ports.history(job);
  throwIfCancelled(job);
  onEvent?.({ kind: "history", history: pass.history });
  const preparing = enterStage(job, "loading");
  loading.show();
  const model = await loading.model;
  throwIfCancelled(job);
  const sampler = samplerOf(model.manifest, request.sampler);
  onEvent?.({ kind: "model", model, sampler });
  const sources = { ...request, ...pass, clip: ports.clip };
  const inputs = await conditioningInputs(model.manifest, sources, preparing);
  onEvent?.({ kind: "inputs", inputs });
  return { pass, model, sampler, inputs };
}

/** The load of the model; its progress is told from `show` on. */
function startLoading(ports: RunPorts, { signal, onEvent }: PipelineJob) {
  let shown = false;
  const model = ports.model({
    signal,
    onProgress: ({ done, total }) => {
      if (shown) onEvent?.({ kind: "progress", done, total });
    },
  });
  // Awaited once the history is made: until then a failure is not unheard.
  model.catch(() => undefined);
  return {
    model,
    show: () => {
      shown = true;
    },
  };
}
