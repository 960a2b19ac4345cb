import type * as Ort from "onnxruntime-web";
import { PackError, RuntimeLostError } from "../../domain/errors.ts";
import type { PackManifest } from "../../domain/pack.ts";
import type { GraphRunner, GraphTensor } from "../../engine/flow/graph-runner.ts";

export type OrtModule = typeof Ort;

export interface OrtRunnerOptions {
  readonly provider: "webgpu" | "wasm";
  /** Futures that are evaluated together. */
  readonly batch: number;
  readonly device?: GPUDevice;
}

/** A runner that tells how many tensors it holds, so that tests and logs can see a leak. */
export interface OrtRunner extends GraphRunner {
  readonly liveTensors: number;
}

/**
 * Sessions of every graph of a pack. `files`: the pack's files by path.
 * Rejects with PackError when a graph cannot be loaded by this provider.
 */
export async function createOrtRunner(
  ort: OrtModule,
  manifest: PackManifest,
  files: ReadonlyMap<string, Uint8Array>,
  options: OrtRunnerOptions,
): Promise<OrtRunner> {
  const sessions = new Map<string, Ort.InferenceSession>();
  try {
    for (const role of Object.keys(manifest.graphs)) {
      sessions.set(role, await createSession(ort, manifest, role, files, options));
    }
  } catch (error) {
    for (const session of sessions.values()) await session.release();
    if (error instanceof PackError) throw error;
    throw new PackError(
      `A graph of the pack ${manifest.name} cannot be loaded: ${errorText(error)}`,
      "Reload the page; if it happens again, the pack does not suit this runtime.",
      { cause: error },
    );
  }
  return new SessionRunner(ort, sessions, options);
}

function createSession(
  ort: OrtModule,
  manifest: PackManifest,
  role: string,
  files: ReadonlyMap<string, Uint8Array>,
  { provider, device }: OrtRunnerOptions,
): Promise<Ort.InferenceSession> {
  const { file, externalData = [] } = manifest.graphs[role];
  const bytesOf = (path: string) => {
    const bytes = files.get(path);
    if (bytes) return bytes;
    throw new PackError(`The pack ${manifest.name} lacks its file ${path}`, "Load it again.");
  };
  const webgpu = device ? { name: "webgpu" as const, device } : ("webgpu" as const);
  return ort.InferenceSession.create(bytesOf(file), {
    executionProviders: [provider === "webgpu" ? webgpu : "wasm"],
    graphOptimizationLevel: "all",
    externalData: externalData.map((path) => ({ path, data: bytesOf(path) })),
    // Warnings tell that shape operators run on the CPU, which is as wanted.
    logSeverityLevel: 3,
    ...(provider === "webgpu" ? { preferredOutputLocation: "gpu-buffer" as const } : {}),
  });
}

class SessionRunner implements OrtRunner {
  readonly batch: number;
  private readonly alive = new Set<Ort.Tensor>();
  private readonly lost: Promise<never> | null;
  private lostReason: string | null = null;

  constructor(
    private readonly ort: OrtModule,
    private readonly sessions: ReadonlyMap<string, Ort.InferenceSession>,
    { batch, device }: OrtRunnerOptions,
  ) {
    this.batch = batch;
    this.lost = device
      ? device.lost.then(({ message, reason }) => {
          this.lostReason = message || reason;
          throw this.lostError();
        })
      : null;
    // Nothing may be waiting when the device goes: the next call reports it.
    this.lost?.catch(() => undefined);
  }

  get liveTensors(): number {
    return this.alive.size;
  }

  upload(dims: readonly number[], values: Float32Array): GraphTensor {
    return this.keep(new this.ort.Tensor("float32", values, dims));
  }

  async run(
    role: string,
    inputs: Readonly<Record<string, GraphTensor>>,
    outputs: readonly string[],
  ): Promise<Record<string, GraphTensor>> {
    const session = this.sessions.get(role);
    if (!session) throw new PackError(`The pack has no graph "${role}"`, "Export the pack again.");
    await nextTask();
    const feeds: Record<string, Ort.Tensor> = {};
    for (const name of session.inputNames) feeds[name] = inputs[name] as Ort.Tensor;
    const results = await this.guard(() => session.run(feeds, [...outputs]));
    for (const name of outputs) this.keep(results[name]);
    return results;
  }

  async read(tensor: GraphTensor): Promise<Float32Array> {
    return (await this.guard(() => (tensor as Ort.Tensor).getData())) as Float32Array;
  }

  release(tensor: GraphTensor): void {
    if (this.alive.delete(tensor as Ort.Tensor)) (tensor as Ort.Tensor).dispose();
  }

  async dispose(): Promise<void> {
    for (const tensor of [...this.alive]) this.release(tensor);
    if (this.lostReason) return;
    for (const session of this.sessions.values()) await session.release();
  }

  private keep(tensor: Ort.Tensor): Ort.Tensor {
    this.alive.add(tensor);
    return tensor;
  }

  /**
   * A result that arrives after the device was lost is never used, and a lost device is never called:
   * onnxruntime then waits for it without end, and the thread with it.
   */
  private async guard<T>(start: () => Promise<T>): Promise<T> {
    if (this.lostReason) throw this.lostError();
    if (!this.lost) return start();
    const work = start();
    work.catch(() => undefined);
    const result = await Promise.race([work, this.lost]);
    if (this.lostReason) throw this.lostError();
    return result;
  }

  private lostError(): RuntimeLostError {
    return new RuntimeLostError(
      `The graphics device stopped: ${this.lostReason}`,
      "The forecast can be started again; nothing is lost.",
    );
  }
}

/** Lets messages in (a cancel): the results of single-threaded runs come without a new task. */
function nextTask(): Promise<void> {
  return new Promise((done) => setTimeout(done, 0));
}

export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
