import type * as Ort from "onnxruntime-web";
import { isCancelled, RuntimeLostError } from "../../domain/errors.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import type { GraphRunner, GraphTensor } from "../../engine/models/graph-runner.ts";
import type { PackFile } from "../pack/pack-file.ts";
import { type OrtModule, type OrtRunnerOptions, Sessions } from "./sessions.ts";

/** A runner that tells how many tensors it holds, so that tests and logs can see a leak. */
export interface OrtRunner extends GraphRunner {
  readonly liveTensors: number;
  /** Opens the graph of a role ahead of its first run. */
  open(role: string): Promise<void>;
}

/**
 * Runs the graphs of a pack. `files`: the pack's files by path. Opens every graph at once where they
 * fit into the budget together. Progress: stage `graphs`.
 * Rejects with PackError when a graph cannot be loaded by this provider.
 */
export async function createOrtRunner(
  ort: OrtModule,
  manifest: PackManifest,
  files: ReadonlyMap<string, PackFile>,
  options: OrtRunnerOptions,
  job?: Job,
): Promise<OrtRunner> {
  const sessions = new Sessions(ort, manifest, files, options);
  if (sessions.fitTogether) {
    const roles = Object.keys(manifest.graphs);
    try {
      for (const [i, role] of roles.entries()) {
        throwIfCancelled(job);
        job?.onProgress?.({ stage: "graphs", done: i, total: roles.length });
        await sessions.get(role);
      }
    } catch (error) {
      await sessions.close();
      throw error;
    }
  }
  return new SessionRunner(ort, sessions, options);
}

class SessionRunner implements OrtRunner {
  readonly batch: number;
  private readonly alive = new Set<Ort.Tensor>();
  private readonly lost: Promise<never> | null;
  private lostReason: string | null = null;

  constructor(
    private readonly ort: OrtModule,
    private readonly sessions: Sessions,
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

  async open(role: string): Promise<void> {
    await this.guard(() => this.sessions.get(role));
  }

  upload(dims: readonly number[], values: Float32Array): GraphTensor {
    return this.keep(new this.ort.Tensor("float32", values, dims));
  }

  async run(
    role: string,
    inputs: Readonly<Record<string, GraphTensor>>,
    outputs: readonly string[],
  ): Promise<Record<string, GraphTensor>> {
    const session = await this.guard(() => this.sessions.get(role));
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
    await this.sessions.close();
  }

  private keep(tensor: Ort.Tensor): Ort.Tensor {
    this.alive.add(tensor);
    return tensor;
  }

  /**
   * A result that arrives after the device was lost is never used, and a lost device is never called:
   * onnxruntime then waits for it without end, and the thread with it. What waits for its memory is told
   * an AbortError, at times before the device itself is: nobody has cancelled.
   */
  private async guard<T>(start: () => Promise<T>): Promise<T> {
    if (this.lostReason) throw this.lostError();
    if (!this.lost) return start();
    const work = start().catch((error: unknown) => {
      if (!isCancelled(error)) throw error;
      this.lostReason ??= error instanceof Error ? error.message : String(error);
      throw this.lostError();
    });
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
