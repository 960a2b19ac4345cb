import { isCancelled, PackError } from "../../domain/errors.ts";
import type { Job } from "../../domain/job.ts";
import { modelThreads } from "../../domain/model-threads.ts";
import { keptUrlOf, type PackLocation } from "../../domain/pack/location.ts";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import {
  inspect,
  type MachineFacts,
  type PackInspection,
  WASM_BUDGET_BYTES,
} from "../../domain/pack/needs.ts";
import type { BackendReport, Forecaster } from "../../domain/ports.ts";
import { createForecaster } from "../../engine/models/forecaster.ts";
import { blobPackSource } from "../pack/blob-source.ts";
import { keptPackSource, shelvedSource } from "../pack/kept-source.ts";
import {
  type LoadedPack,
  loadPackFiles,
  type PackSource,
  readStudioManifest,
} from "../pack/load.ts";
import { urlPackSource } from "../pack/url-source.ts";
import { zipEntries } from "../pack/zip-source.ts";
import { gpuFacts, requestInferenceDevice } from "./device.ts";
import { createOrtRunner, type OrtRunner } from "./ort-runner.ts";
import type { BackendPreference, LoadRequest } from "./protocol.ts";
import { errorText, startRuntime } from "./sessions.ts";
import { tested } from "./tested.ts";
import { testedLater } from "./tested-later.ts";
import { velocitySecs } from "./timing.ts";

const WEBGPU_BATCH = 4;
/** A graphics device slower than both is compared with WebAssembly before it is taken. */
const DOUBTFUL_SECS = 0.25;
/** Twice what WebAssembly reaches on two cores. */
const DOUBTFUL_GFLOPS_A_SEC = 60;

/** In WebGPU the pack's self-test has passed, in WebAssembly it is still to come. */
interface Opened {
  readonly runner: OrtRunner;
  readonly backend: BackendReport;
}

/** Reads a pack's manifest only and holds it against this machine. */
export async function inspectPack(location: PackLocation, job?: Job): Promise<PackInspection> {
  return inspect(await readStudioManifest(await sourceOf(location), job), await machineFacts());
}

/** Loads a pack in a worker of the page and picks the runtime: WebGPU where it is right and
 * faster, else WebAssembly. Rejects with PackError, before a file is fetched, where no runtime has
 * the room for it, and when none passes the pack's self-test. */
export async function openForecaster(
  { location, preference, testsLater }: LoadRequest,
  job: Job,
): Promise<Forecaster> {
  const source = await sourceOf(location);
  const manifest = await readStudioManifest(source, job);
  const facts = await machineFacts();
  const fit = inspect(manifest, facts);
  requireRoom(fit, preference);
  if (isWasmCertain(fit, facts, preference)) startWasm();
  const pack = await loadPackFiles(keeping(source, location, manifest), manifest, job);
  const { runner, backend } = await openRunner(pack, preference, fit, job);
  const forecaster = createForecaster(runner, pack.manifest, backend);
  if (backend.backend === "webgpu") return forecaster;
  if (testsLater) return testedLater(forecaster, async () => void (await tested(runner, pack)));
  await tested(runner, pack, job);
  return forecaster;
}

async function machineFacts(): Promise<MachineFacts> {
  const { deviceMemory } = navigator as { readonly deviceMemory?: number };
  return { gpu: await gpuFacts(), memoryBytes: deviceMemory ? deviceMemory * 2 ** 30 : null };
}

/** @throws PackError naming what every runtime that may be taken lacks. */
export function requireRoom(
  { manifest, webgpu, wasm }: PackInspection,
  preference: BackendPreference,
): void {
  const open = { webgpu: preference !== "wasm", wasm: preference !== "webgpu" };
  if (open.webgpu && webgpu.missing.length === 0) return;
  if (open.wasm && wasm.missing.length === 0) return;
  const lacks = [
    ...(open.webgpu ? [`WebGPU: ${webgpu.missing.join("; ")}`] : []),
    ...(open.wasm ? [`WebAssembly: ${wasm.missing.join("; ")}`] : []),
  ];
  throw new PackError(
    `${manifest.name} does not fit this machine. ${lacks.join(". ")}`,
    manifest.precision === "fp32"
      ? "Convert it with --precision fp16, or use a machine with more graphics memory."
      : "Use a machine with more graphics memory.",
  );
}

async function sourceOf(location: PackLocation): Promise<PackSource> {
  if (location.kind === "files") return blobPackSource(location.files);
  if (location.kind === "url") return urlPackSource(location.url, { caches: globalThis.caches });
  if (location.kind === "kept") return keptPackSource(location.pack, globalThis.caches);
  return blobPackSource(await zipEntries(location.zip));
}

/** Whether it is known before the pack is read that WebAssembly will run it. */
function isWasmCertain(
  { webgpu }: PackInspection,
  { gpu }: MachineFacts,
  preference: BackendPreference,
): boolean {
  if (preference !== "auto") return preference === "wasm";
  return webgpu.missing.length > 0 || ("isSoftware" in gpu && gpu.isSoftware);
}

/** Files of a folder or zip are kept as those of an address are. */
function keeping(source: PackSource, location: PackLocation, manifest: PackManifest): PackSource {
  if (location.kind === "url" || location.kind === "kept") return source;
  const baseUrl = keptUrlOf(location, manifest, globalThis.origin);
  return shelvedSource(source, { baseUrl, manifest }, globalThis.caches);
}

async function openRunner(
  pack: LoadedPack,
  preference: BackendPreference,
  fit: PackInspection,
  job: Job,
): Promise<Opened> {
  if (preference === "wasm") return openWasm(pack, "WebAssembly was asked for", job);
  if (fit.webgpu.missing.length > 0) return openWasm(pack, fit.webgpu.missing.join("; "), job);
  const choice = await requestInferenceDevice();
  if (!choice.device) {
    if (preference === "webgpu") throw new PackError(`No WebGPU: ${choice.reason}`, "Use WASM.");
    return openWasm(pack, choice.reason, job);
  }
  const { device, name } = choice;
  if (choice.isSoftware && preference === "auto") {
    device.destroy();
    return openWasm(pack, `${name} draws in software, which is slower than WebAssembly`, job);
  }
  let runner: OrtRunner;
  try {
    runner = await openWebGpu(pack, device, job);
  } catch (error) {
    device.destroy();
    if (preference === "webgpu" || isCancelled(error) || fit.wasm.missing.length > 0) throw error;
    return openWasm(pack, `WebGPU on ${name} failed (${errorText(error)})`, job);
  }
  const wasm = preference === "auto" ? await fasterWasm(pack, runner, name, fit, job) : null;
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
  fit: PackInspection,
  job: Job,
): Promise<Opened | null> {
  const { gflops = 0 } = pack.manifest.graphs.velocity ?? {};
  const secs = await velocitySecs(webgpu, pack.goldens);
  if (fit.wasm.missing.length > 0) return null;
  if (secs <= Math.max(DOUBTFUL_SECS, gflops / DOUBTFUL_GFLOPS_A_SEC)) return null;
  try {
    const wasm = await openWasm(pack, `${name} is slower than WebAssembly here`, job);
    await tested(wasm.runner, pack, job);
    if ((await velocitySecs(wasm.runner, pack.goldens)) < secs) return wasm;
    await wasm.runner.dispose();
  } catch {
    // Slow and right is better than nothing: WebAssembly may lack the memory.
  }
  return null;
}

async function openWebGpu(pack: LoadedPack, device: GPUDevice, job: Job): Promise<OrtRunner> {
  const { ort } = await import("./ort-webgpu.ts");
  ort.env.wasm.numThreads = 1;
  const options = { provider: "webgpu" as const, batch: WEBGPU_BATCH, device };
  return tested(await createOrtRunner(ort, pack.manifest, pack.files, options, job), pack, job);
}

/** Fetches and compiles WebAssembly's runtime while the pack is on its way. */
function startWasm(): void {
  // Whatever fails here fails again, and is told, where a graph is opened.
  wasmRuntime()
    .then(({ ort }) => startRuntime(ort))
    .catch(() => undefined);
}

async function wasmRuntime() {
  const { ort } = await import("./ort-wasm.ts");
  const isolated = globalThis.crossOriginIsolated === true;
  const threads = modelThreads(navigator.hardwareConcurrency || 0, isolated);
  ort.env.wasm.numThreads = threads;
  return { ort, isolated, threads };
}

async function openWasm(pack: LoadedPack, why: string, job: Job): Promise<Opened> {
  const { ort, isolated, threads } = await wasmRuntime();
  const options = { provider: "wasm" as const, batch: 1, budgetBytes: WASM_BUDGET_BYTES };
  const runner = await createOrtRunner(ort, pack.manifest, pack.files, options, job);
  const speed = isolated ? "" : " (the page is not isolated, so no more)";
  const reason = `WebAssembly, ${threads} ${threads === 1 ? "thread" : "threads"}${speed}: ${why}`;
  return { runner, backend: { backend: "wasm", threads, reason } };
}
