import { availableParallelism } from "node:os";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import { WASM_BUDGET_BYTES } from "../../domain/pack/needs.ts";
import type { Forecaster } from "../../domain/ports.ts";
import { createForecaster } from "../../engine/models/forecaster.ts";
import { createOrtRunner } from "../../workers/inference/ort-runner.ts";
import { tested } from "../../workers/inference/tested.ts";
import { loadPackFiles, type PackSource, readStudioManifest } from "../../workers/pack/load.ts";
import { type NodeProvider, ortOf } from "./provider.ts";

const WORDS: Readonly<Record<NodeProvider, string>> = {
  wasm: "WebAssembly",
  cpu: "The native runtime",
  cuda: "CUDA",
};

/** More threads than this gain nothing on graphs of this size. */
const MAX_THREADS = 4;

/** Eight futures together take a sixth less of the processor than one after the other, and have the same bits. */
const BATCH = 8;

/**
 * The forecaster in this process: by default onnxruntime's WebAssembly build, the same that pages run,
 * so that page and command agree. The thread count is fixed by the first call.
 */
export async function openNodeForecaster(
  source: PackSource,
  threads: number = Math.min(MAX_THREADS, availableParallelism()),
  job?: Job,
  provider: NodeProvider = "wasm",
): Promise<Forecaster> {
  const pack = await loadPackFiles(source, await readStudioManifest(source, job), job);
  throwIfCancelled(job);
  const ort = await ortOf(provider);
  if (provider === "wasm") ort.env.wasm.numThreads = threads;
  const options = { provider, threads, batch: BATCH, budgetBytes: WASM_BUDGET_BYTES };
  const opened = await createOrtRunner(ort, pack.manifest, pack.files, options, job);
  const runner = await tested(opened, pack, job);
  const reason = `${WORDS[provider]} in Node, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  return createForecaster(runner, pack.manifest, { backend: "node", threads, reason });
}
