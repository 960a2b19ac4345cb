import type { Future, SamplerSettings } from "../../domain/forecast.ts";
import type { Job, Progress } from "../../domain/job.ts";
import type { ConditioningInputs, Forecaster } from "../../domain/ports.ts";
import type { Weighed } from "../edits/wishes.ts";
import type { TrackedHistory } from "./tracked-history.ts";

/** What a run does, in this order; a stage whose result is known already is left out. */
export type Stage = "decoding" | "tracking" | "loading" | "forecasting" | "following";

/** What a run tells, in the order in which it happens. */
export type PipelineEvent =
  /** `total`: frames or futures; 0 where the stage cannot be counted beforehand. */
  | { readonly kind: "stage"; readonly stage: Stage; readonly total: number }
  /** Of the stage told last, in units of its own. */
  | { readonly kind: "progress"; readonly done: number; readonly total: number }
  | { readonly kind: "history"; readonly history: TrackedHistory }
  | { readonly kind: "model"; readonly model: Forecaster; readonly sampler: SamplerSettings | null }
  | { readonly kind: "inputs"; readonly inputs: ConditioningInputs }
  /** Futures were drawn and weighed by wishes; those that are kept follow. */
  | { readonly kind: "weighed"; readonly weighed: Weighed }
  | { readonly kind: "future"; readonly future: Future };

/** How a step of the pipeline is stopped and watched. A stopped step rejects with CancelledError. */
export interface PipelineJob {
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: PipelineEvent) => void) | undefined;
}

/** Tells that a stage begins; gives the job whose progress counts as that stage's. */
export function enterStage({ signal, onEvent }: PipelineJob, stage: Stage, total = 0): Job {
  onEvent?.({ kind: "stage", stage, total });
  return { signal, onProgress: tellProgress(onEvent) };
}

function tellProgress(onEvent: PipelineJob["onEvent"]): Job["onProgress"] {
  return ({ done, total }: Progress) => onEvent?.({ kind: "progress", done, total });
}
