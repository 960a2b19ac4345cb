import type * as Ort from "onnxruntime-web";
import { PackError } from "../../domain/errors.ts";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import { graphWasmBytes } from "../../domain/pack/needs.ts";
import { free } from "../channel/transfer.ts";
import type { PackFile } from "../pack/pack-file.ts";
import { loosenWeights } from "./onnx-weights.ts";

export type OrtModule = typeof Ort;

interface ExternalWeights {
  readonly path: string;
  readonly data: Uint8Array;
}

export interface OrtRunnerOptions {
  /** `cpu` and `cuda` are of the native runtime, in Node. */
  readonly provider: "webgpu" | "wasm" | "cpu" | "cuda";
  /** Of the native runtime; that of WebAssembly has one number for all graphs (`ort.env`). */
  readonly threads?: number;
  /** Futures that are evaluated together. */
  readonly batch: number;
  readonly device?: GPUDevice;
  /** Memory for graphs that are open together; absent means enough for all. */
  readonly budgetBytes?: number;
}

const REMEDY = "Reload the page; if it happens again, the pack does not suit this runtime.";
const REMEDIES: Partial<Record<OrtRunnerOptions["provider"], string>> = {
  cpu: "Leave the provider out: the pack does not suit this runtime.",
  cuda: "Check that this machine has an NVIDIA card with the CUDA and cuDNN that onnxruntime-node asks for, or leave the provider (and --gpus of foretrack batch) out.",
};

/** For graphs that need most of the memory: a plan would keep the worst moment of every graph for good. */
const SPARING = { enableMemPattern: false };

/**
 * Each product would keep a copy of its weights in the order that its kernel prefers: that takes memory
 * and time when a graph is opened, and saves nothing that can be measured when it runs.
 */
const UNPACKED = { session: { disable_prepacking: "1" } };

/**
 * The open graphs of a pack. Where not all fit into the budget together, those that have waited
 * longest are closed for the one that is needed next.
 */
export class Sessions {
  /** In the order of use, the latest last. */
  private readonly open = new Map<string, Ort.InferenceSession>();

  constructor(
    private readonly ort: OrtModule,
    private readonly manifest: PackManifest,
    private readonly files: ReadonlyMap<string, PackFile>,
    private readonly options: OrtRunnerOptions,
  ) {}

  get fitTogether(): boolean {
    return this.room(Object.keys(this.manifest.graphs)) >= 0;
  }

  /** Rejects with PackError where the graph cannot be loaded. */
  async get(role: string): Promise<Ort.InferenceSession> {
    if (!this.manifest.graphs[role]) {
      throw new PackError(`The pack has no graph "${role}"`, "Export the pack again.");
    }
    const session = this.open.get(role) ?? (await this.create(role));
    this.open.delete(role);
    this.open.set(role, session);
    return session;
  }

  async close(): Promise<void> {
    for (const session of this.open.values()) await session.release();
    this.open.clear();
  }

  private room(roles: readonly string[]): number {
    const { budgetBytes = Number.POSITIVE_INFINITY } = this.options;
    return roles.reduce((left, role) => left - graphWasmBytes(this.manifest, role), budgetBytes);
  }

  private async create(role: string): Promise<Ort.InferenceSession> {
    for (const [oldest, session] of [...this.open]) {
      if (this.room([...this.open.keys(), role]) >= 0) break;
      this.open.delete(oldest);
      await session.release();
    }
    try {
      return await this.load(role);
    } catch (error) {
      if (error instanceof PackError) throw error;
      throw new PackError(
        `The graph ${role} of the pack ${this.manifest.name} cannot be loaded: ${errorText(error)}`,
        REMEDIES[this.options.provider] ?? REMEDY,
        { cause: error },
      );
    }
  }

  private async load(role: string): Promise<Ort.InferenceSession> {
    const { provider, device, threads } = this.options;
    const { file, externalData = [], settled = false } = this.manifest.graphs[role];
    const webgpu = device ? { name: "webgpu" as const, device } : ("webgpu" as const);
    const inWasm = provider === "webgpu" || provider === "wasm";
    const { model, widened } = await this.modelOf(file, inWasm);
    const weights = [...widened];
    for (const path of externalData) weights.push({ path, data: await this.bytesOf(path) });
    const session = await this.ort.InferenceSession.create(model, {
      executionProviders: [provider === "webgpu" ? webgpu : provider],
      ...(provider === "cpu" && threads ? { intraOpNumThreads: threads } : {}),
      graphOptimizationLevel: settled && provider === "wasm" ? "disabled" : "all",
      externalData: weights,
      // An arena grows the heap of WebAssembly early: without it the first future comes sooner.
      enableCpuMemArena: false,
      ...(inWasm ? { extra: UNPACKED } : {}),
      ...(this.fitTogether ? {} : SPARING),
      // Warnings tell that shape operators run on the CPU, which is as wanted.
      logSeverityLevel: 3,
      ...(provider === "webgpu" ? { preferredOutputLocation: "gpu-buffer" as const } : {}),
    });
    // The runtime has them in its own memory.
    for (const { data } of widened) free(data);
    return session;
  }

  /** The graph's file; for a runtime in WebAssembly, its large weights beside it. */
  private async modelOf(
    path: string,
    inWasm: boolean,
  ): Promise<{ model: Uint8Array; widened: ExternalWeights[] }> {
    const whole = await this.bytesOf(path);
    const location = `${path}.weights`;
    const loose = inWasm ? loosenWeights(whole, location) : null;
    if (!loose) return { model: whole, widened: [] };
    // What is read of a Blob is a copy.
    if (this.files.get(path) instanceof Blob) free(whole);
    return { model: loose.model, widened: [{ path: location, data: loose.weights }] };
  }

  private async bytesOf(path: string): Promise<Uint8Array> {
    const blob = this.files.get(path);
    if (blob) return new Uint8Array(await blob.arrayBuffer());
    throw new PackError(`The pack ${this.manifest.name} lacks its file ${path}`, "Load it again.");
  }
}

/** An ONNX file, base64: of opset 17, a graph that gives back its one number. */
const SMALLEST_GRAPH =
  "CAgSADo3ChAKAXgSAXkiCElkZW50aXR5EgFnWg8KAXgSCgoICAESBAoCCAFiDwoBeRIKCggIARIECgIIAUIECgAQEQ==";

/**
 * Starts the runtime ahead of its first graph. It has no call for that: opening a graph of nothing starts
 * it, makes it learn all operators there are, and lets the browser compile what opens a graph.
 */
export async function startRuntime(ort: OrtModule): Promise<void> {
  const file = Uint8Array.from(atob(SMALLEST_GRAPH), (character) => character.charCodeAt(0));
  const options = { executionProviders: ["wasm"], logSeverityLevel: 3 as const };
  const session = await ort.InferenceSession.create(file, options);
  await session.release();
}

export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
