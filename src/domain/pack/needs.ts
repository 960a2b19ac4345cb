import type { PackManifest } from "./manifest.ts";

/** What running a pack takes, from its manifest alone. All in bytes. */
export interface PackNeeds {
  readonly downloadBytes: number;
  /** Weights of all graphs, as a graphics device holds them. */
  readonly weightBytes: number;
  /** Intermediate results at the worst moment of the worst graph. */
  readonly activationBytes: number;
  /** Largest tensor: one buffer of a graphics device must hold it. */
  readonly largestBufferBytes: number;
  /** What WebAssembly needs at the worst moment, with one graph open at a time. */
  readonly wasmBytes: number;
  readonly halfPrecision: boolean;
}

/** What is known of the machine before anything is fetched. */
export interface MachineFacts {
  readonly gpu:
    | {
        readonly name: string;
        readonly isSoftware: boolean;
        readonly maxBufferBytes: number;
        readonly maxBindingBytes: number;
        readonly shaderF16: boolean;
      }
    | { readonly reason: string };
  /** Main memory as the browser tells it, rounded down; null where it does not. */
  readonly memoryBytes: number | null;
}

/** Whether one runtime can hold a pack; `missing` says in words what it lacks. */
export interface Verdict {
  readonly bytes: number;
  readonly missing: readonly string[];
}

export interface PackInspection {
  readonly manifest: PackManifest;
  readonly needs: PackNeeds;
  /** The graphics adapter's name, or why there is none. */
  readonly gpu: string;
  readonly webgpu: Verdict;
  readonly wasm: Verdict;
}

const GIB = 2 ** 30;
/** A 32-bit address space; some of it is the runtime's own. */
export const WASM_MEMORY_BYTES = 4 * GIB;
const WASM_RUNTIME_BYTES = 0.25 * GIB;
/**
 * Kernels transpose and widen what they read, and freed memory is not all fit for what comes next: an
 * encoder of 0.84 GB exceeds 4 GB, one of 0.49 GB takes 2.0 GB with 0.21 GB of weights (measured).
 */
const WASM_ACTIVATION_COPIES = 5;
/** For graphs that are open together. */
export const WASM_BUDGET_BYTES = WASM_MEMORY_BYTES - WASM_RUNTIME_BYTES;
/** Measured on two cores: a machine with four is up to twice as fast. */
const WASM_GFLOPS_A_SEC = 25;
/** Browsers that tell this much or more may mean any larger amount. */
const MEMORY_CAP_BYTES = 8 * GIB;

/** Peak of opening and running one graph on the CPU: weights, their copies as the kernels want them
 * (16-bit ones widened), intermediates. */
export function graphWasmBytes(manifest: PackManifest, role: string): number {
  const { weightBytes, activationBytes = 0 } = manifest.graphs[role];
  const copies = manifest.precision === "fp16" ? 3 : 2;
  const weights = copies * (weightBytes ?? fileBytes(manifest, role));
  return weights + WASM_ACTIVATION_COPIES * activationBytes;
}

function fileBytes(manifest: PackManifest, role: string): number {
  const { file, externalData = [] } = manifest.graphs[role];
  const own = new Set([file, ...externalData]);
  return manifest.files.reduce((sum, { path, bytes }) => sum + (own.has(path) ? bytes : 0), 0);
}

export function packNeeds(manifest: PackManifest): PackNeeds {
  const roles = Object.keys(manifest.graphs);
  const graphs = Object.values(manifest.graphs);
  const most = (values: number[]) => Math.max(0, ...values);
  return {
    downloadBytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
    weightBytes: roles.reduce(
      (sum, role) => sum + (manifest.graphs[role].weightBytes ?? fileBytes(manifest, role)),
      0,
    ),
    activationBytes: most(graphs.map((graph) => graph.activationBytes ?? 0)),
    largestBufferBytes: most(graphs.map((graph) => graph.largestBufferBytes ?? 0)),
    wasmBytes: WASM_RUNTIME_BYTES + most(roles.map((role) => graphWasmBytes(manifest, role))),
    halfPrecision: manifest.precision === "fp16",
  };
}

/** Seconds of the self-test on load in WebAssembly, which runs every graph once; 0 where the pack
 * does not tell its operations. */
export function wasmTestSecs(manifest: PackManifest): number {
  if (!manifest.goldens) return 0;
  const gflops = Object.values(manifest.graphs).reduce((sum, g) => sum + (g.gflops ?? 0), 0);
  return gflops / WASM_GFLOPS_A_SEC;
}

/** Holds a pack's needs against the machine: pure, so that the page can tell before it fetches. */
export function inspect(manifest: PackManifest, facts: MachineFacts): PackInspection {
  const needs = packNeeds(manifest);
  return {
    manifest,
    needs,
    gpu: "name" in facts.gpu ? facts.gpu.name : facts.gpu.reason,
    webgpu: webgpuVerdict(needs, facts),
    wasm: wasmVerdict(needs, facts),
  };
}

function webgpuVerdict(needs: PackNeeds, { gpu }: MachineFacts): Verdict {
  const bytes = needs.weightBytes + needs.activationBytes;
  if ("reason" in gpu) return { bytes, missing: [gpu.reason] };
  const missing: string[] = [];
  if (needs.halfPrecision && !gpu.shaderF16) {
    missing.push("the adapter lacks shader-f16: use the fp32 pack");
  }
  const largest = needs.largestBufferBytes;
  if (largest > gpu.maxBufferBytes) {
    missing.push(`maxBufferSize is ${megabytes(gpu.maxBufferBytes)}, needed ${megabytes(largest)}`);
  }
  if (largest > gpu.maxBindingBytes) {
    missing.push(
      `maxStorageBufferBindingSize is ${megabytes(gpu.maxBindingBytes)}, needed ${megabytes(largest)}`,
    );
  }
  return { bytes, missing };
}

function wasmVerdict(needs: PackNeeds, { memoryBytes }: MachineFacts): Verdict {
  const bytes = needs.wasmBytes;
  const missing: string[] = [];
  if (bytes > WASM_MEMORY_BYTES) {
    missing.push(
      `WebAssembly addresses ${megabytes(WASM_MEMORY_BYTES)}, needed ${megabytes(bytes)}`,
    );
  }
  if (memoryBytes !== null && memoryBytes < MEMORY_CAP_BYTES && bytes > memoryBytes) {
    missing.push(`the machine has ${megabytes(memoryBytes)} of memory, needed ${megabytes(bytes)}`);
  }
  return { bytes, missing };
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
