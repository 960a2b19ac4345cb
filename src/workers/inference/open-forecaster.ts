import { PackError } from "../../domain/errors.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import type { BackendReport, Forecaster } from "../../domain/ports.ts";
import { createForecaster } from "../../engine/flow/forecaster.ts";
import { blobPackSource } from "../pack/blob-source.ts";
import { type LoadedPack, loadPack, type PackSource } from "../pack/load.ts";
import { urlPackSource } from "../pack/url-source.ts";
import { zipEntries } from "../pack/zip-source.ts";
import { requestInferenceDevice } from "./device.ts";
import { createOrtRunner, errorText, type OrtRunner } from "./ort-runner.ts";
import type { BackendPreference, PackLocation } from "./protocol.ts";
import { tested } from "./tested.ts";
import { velocitySecs } from "./timing.ts";

/** More threads than this gain nothing on graphs of this size. */
const MAX_THREADS = 4;
const WEBGPU_BATCH = 4;
/** A graphics device slower than both is compared with WebAssembly before it is taken. */
const DOUBTFUL_SECS = 0.25;
/** Twice what WebAssembly reaches on two cores. */
const DOUBTFUL_GFLOPS_A_SEC = 60;

interface Opened {
  readonly runner: OrtRunner;
  readonly backend: BackendReport;
}

/** Loads a pack in a worker of the page and picks the runtime: WebGPU where it is right and
 * faster, else WebAssembly. Rejects with PackError when neither passes the pack's self-test. */
export async function openForecaster(
  location: PackLocation,
  preference: BackendPreference,
  job: Job,
): Promise<Forecaster> {
  const pack = await loadPack(await sourceOf(location), job);
  throwIfCancelled(job);
  job.onProgress?.({ stage: "self-test", done: 0, total: 1 });
  const { runner, backend } = await openRunner(pack, preference);
  job.onProgress?.({ stage: "self-test", done: 1, total: 1 });
  return createForecaster(runner, pack.manifest, backend);
}

async function sourceOf(location: PackLocation): Promise<PackSource> {
  if (location.kind === "files") return blobPackSource(location.files);
  if (location.kind === "url") return urlPackSource(location.url, { caches: globalThis.caches });
  return blobPackSource(zipEntries(new Uint8Array(await location.zip.arrayBuffer())));
}

async function openRunner(pack: LoadedPack, preference: BackendPreference): Promise<Opened> {
  if (preference === "wasm") return openWasm(pack, "WebAssembly was asked for");
  const choice = await requestInferenceDevice();
  if (!choice.device) {
    if (preference === "webgpu") throw new PackError(`No WebGPU: ${choice.reason}`, "Use WASM.");
    return openWasm(pack, choice.reason);
  }
  const { device, name } = choice;
  if (choice.isSoftware && preference === "auto") {
    device.destroy();
    return openWasm(pack, `${name} draws in software, which is slower than WebAssembly`);
  }
  let runner: OrtRunner;
  try {
    runner = await openWebGpu(pack, device);
  } catch (error) {
    device.destroy();
    if (preference === "webgpu") throw error;
    return openWasm(pack, `WebGPU on ${name} failed (${errorText(error)})`);
  }
  const wasm = preference === "auto" ? await fasterWasm(pack, runner, name) : null;
  if (!wasm) {
    return { runner, backend: { backend: "webgpu", threads: 1, reason: `WebGPU on ${name}` } };
  }
  await runner.dispose();
  device.destroy();
  return wasm;
}

/** WebAssembly where the graphics device is doubtfully slow and it proves faster, else null. */
async function fasterWasm(
  pack: LoadedPack,
  webgpu: OrtRunner,
  name: string,
): Promise<Opened | null> {
  const { gflops = 0 } = pack.manifest.graphs.velocity ?? {};
  const secs = await velocitySecs(webgpu, pack.goldens);
  if (secs <= Math.max(DOUBTFUL_SECS, gflops / DOUBTFUL_GFLOPS_A_SEC)) return null;
  try {
    const wasm = await openWasm(pack, `${name} is slower than WebAssembly here`);
    if ((await velocitySecs(wasm.runner, pack.goldens)) < secs) return wasm;
    await wasm.runner.dispose();
  } catch {
    // Slow and right is better than nothing: WebAssembly may lack the memory.
  }
  return null;
}

async function openWebGpu(pack: LoadedPack, device: GPUDevice): Promise<OrtRunner> {
  const { ort } = await import("./ort-webgpu.ts");
  ort.env.wasm.numThreads = 1;
  const options = { provider: "webgpu" as const, batch: WEBGPU_BATCH, device };
  return tested(await createOrtRunner(ort, pack.manifest, pack.files, options), pack);
}

async function openWasm(pack: LoadedPack, why: string): Promise<Opened> {
  const { ort } = await import("./ort-wasm.ts");
  const isolated = globalThis.crossOriginIsolated === true;
  const threads = isolated ? Math.min(MAX_THREADS, navigator.hardwareConcurrency || 1) : 1;
  ort.env.wasm.numThreads = threads;
  const options = { provider: "wasm" as const, batch: 1 };
  const runner = await tested(await createOrtRunner(ort, pack.manifest, pack.files, options), pack);
  const speed = isolated ? "" : " (the page is not isolated, so no more)";
  const reason = `WebAssembly, ${threads} ${threads === 1 ? "thread" : "threads"}${speed}: ${why}`;
  return { runner, backend: { backend: "wasm", threads, reason } };
}
