import {
  CancelledError,
  deserializeError,
  ForetrackError,
  isCancelled,
  RuntimeLostError,
} from "../../domain/errors.ts";
import type { Future } from "../../domain/forecast.ts";
import { type Job, throwIfCancelled } from "../../domain/job.ts";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import type { PackInspection } from "../../domain/pack/needs.ts";
import type { BackendReport, Forecaster, ForecastRequest } from "../../domain/ports.ts";
import { withLifeline } from "../lifeline.ts";
import type {
  BackendPreference,
  InferenceReply,
  InferenceRequest,
  PackLocation,
} from "./protocol.ts";
import { StallWatch } from "./stall.ts";

export type WorkerLike = Pick<Worker, "postMessage" | "terminate" | "addEventListener">;

function startWorker(): WorkerLike {
  return withLifeline(
    new Worker(new URL("./inference.worker.ts", import.meta.url), { type: "module" }),
  );
}

export interface WorkerForecasterOptions {
  readonly preference?: BackendPreference;
  readonly makeWorker?: () => WorkerLike;
}

/**
 * The forecaster on a thread of its own with the pack loaded and tested.
 * Rejects with PackError when the pack cannot be read or run, CancelledError on cancel.
 */
export async function openWorkerForecaster(
  location: PackLocation,
  options: WorkerForecasterOptions = {},
  job?: Job,
): Promise<Forecaster> {
  const { preference = "auto", makeWorker = startWorker } = options;
  const client = new InferenceClient(location, preference, makeWorker);
  await client.load(job);
  return client;
}

/** What a pack needs and whether this machine has it; reads the manifest only. */
export async function inspectWorkerPack(
  location: PackLocation,
  options: Pick<WorkerForecasterOptions, "makeWorker"> = {},
  job?: Job,
): Promise<PackInspection> {
  const client = new InferenceClient(location, "auto", options.makeWorker ?? startWorker);
  try {
    return await client.inspect(job);
  } finally {
    await client.dispose();
  }
}

type Loaded = { readonly manifest: PackManifest; readonly backend: BackendReport };

interface Pending {
  readonly onReply: (reply: InferenceReply) => void;
  readonly reject: (error: Error) => void;
}

/** Replies that end a call. */
const ENDS: ReadonlySet<InferenceReply["kind"]> = new Set(["loaded", "inspected", "done"]);

/** How often one forecast is taken up again on a fresh worker before it is given up. */
const RESTARTS = 2;

/** A worker that has not answered a cancel by then hangs, or is busy with what nobody wants. */
const CANCEL_PATIENCE_MILLIS = 30_000;

class InferenceClient implements Forecaster {
  private worker: WorkerLike | undefined;
  private loaded: Loaded | undefined;
  private loading: Promise<void> | undefined;
  private disposed = false;
  private nextId = 1;
  private readonly pending = new Map<number, Pending>();
  private readonly cancelled = new Map<number, ReturnType<typeof setTimeout>>();
  private readonly stall = new StallWatch((reason) => this.stopWorker(toLoss(new Error(reason))));

  constructor(
    private readonly location: PackLocation,
    private preference: BackendPreference,
    private readonly makeWorker: () => WorkerLike,
  ) {}

  get manifest(): PackManifest {
    return this.known().manifest;
  }

  get backend(): BackendReport {
    return this.known().backend;
  }

  async load(job?: Job): Promise<void> {
    throwIfCancelled(job);
    try {
      await this.call(
        (id) => ({ kind: "load", id, location: this.location, preference: this.preference }),
        (reply) => {
          if (reply.kind === "loaded") this.loaded = reply;
        },
        job,
      );
    } catch (error) {
      // A load has no points at which it could stop half-way and go on later.
      this.stopWorker(new CancelledError());
      throw error;
    }
  }

  async inspect(job?: Job): Promise<PackInspection> {
    const replies: PackInspection[] = [];
    await this.call(
      (id) => ({ kind: "inspect", id, location: this.location }),
      (reply) => {
        if (reply.kind === "inspected") replies.push(reply.inspection);
      },
      job,
    );
    return replies[0];
  }

  async forecast(
    request: ForecastRequest,
    onFuture: (future: Future) => void,
    job?: Job,
  ): Promise<void> {
    const waiting = [...request.seeds];
    for (let attempt = 0; ; attempt++) {
      throwIfCancelled(job);
      try {
        await this.ensureLoaded();
        await this.watched(() =>
          this.call(
            (id) => ({ kind: "forecast", id, request: { ...request, seeds: [...waiting] } }),
            (reply) => {
              if (reply.kind !== "future") return;
              waiting.splice(waiting.indexOf(reply.future.seed), 1);
              onFuture(reply.future);
            },
            job,
          ),
        );
        return;
      } catch (error) {
        if (isCancelled(error) || !isLoss(error)) throw error;
        this.stopWorker(toLoss(error));
        if (attempt === RESTARTS || this.disposed) throw toLoss(error);
        // A second loss in a row: the graphics device is not to be relied on.
        if (attempt > 0) this.preference = "wasm";
      }
    }
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    this.stopWorker(new CancelledError());
  }

  private known(): Loaded {
    if (!this.loaded) throw new Error("the pack is not loaded yet");
    return this.loaded;
  }

  /** After a loss the next forecast loads the pack again, once for all that wait. */
  private async ensureLoaded(): Promise<void> {
    if (this.disposed) throw new RuntimeLostError("The model was closed", "Load it again.");
    if (this.worker && !this.loading) return;
    this.loading ??= this.load().finally(() => {
      this.loading = undefined;
    });
    await this.loading;
  }

  private async watched(work: () => Promise<void>): Promise<void> {
    const end = this.stall.start();
    let well = false;
    try {
      await work();
      well = true;
    } finally {
      end(well);
    }
  }

  private call(
    message: (id: number) => InferenceRequest,
    onReply: (reply: InferenceReply) => void,
    job?: Job,
  ): Promise<void> {
    const id = this.nextId++;
    return new Promise<void>((resolve, reject) => {
      const cancel = () => {
        this.pending.delete(id);
        this.postCancel(id);
        reject(new CancelledError());
      };
      const settle = () => {
        this.pending.delete(id);
        job?.signal?.removeEventListener("abort", cancel);
      };
      this.pending.set(id, {
        onReply: (reply) => {
          onReply(reply);
          if (reply.kind === "progress") job?.onProgress?.(reply.progress);
          if (ENDS.has(reply.kind)) {
            settle();
            resolve();
          }
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      job?.signal?.addEventListener("abort", cancel, { once: true });
      this.worker ??= this.start();
      this.worker.postMessage(message(id));
    });
  }

  private postCancel(id: number): void {
    const { worker } = this;
    if (!worker) return;
    worker.postMessage({ kind: "cancel", id } satisfies InferenceRequest);
    const giveUp = () => this.stopWorker(toLoss(new Error("it did not answer a cancel")));
    this.cancelled.set(id, setTimeout(giveUp, CANCEL_PATIENCE_MILLIS));
  }

  private start(): WorkerLike {
    const worker = this.makeWorker();
    worker.addEventListener("message", (event) => {
      if (this.worker !== worker) return;
      this.stall.heard();
      const reply = (event as MessageEvent<InferenceReply>).data;
      const pending = this.pending.get(reply.id);
      if (reply.kind === "failed" || reply.kind === "done") this.forgetCancel(reply.id);
      if (reply.kind === "failed") pending?.reject(deserializeError(reply.error));
      else pending?.onReply(reply);
    });
    worker.addEventListener("error", (event) => {
      if (this.worker !== worker) return;
      const reason = (event as ErrorEvent).message || "its thread ended";
      this.stopWorker(toLoss(new Error(reason)));
    });
    return worker;
  }

  private forgetCancel(id: number): void {
    clearTimeout(this.cancelled.get(id));
    this.cancelled.delete(id);
  }

  private stopWorker(error: Error): void {
    this.worker?.terminate();
    this.worker = undefined;
    for (const id of [...this.cancelled.keys()]) this.forgetCancel(id);
    for (const { reject } of [...this.pending.values()]) reject(error);
  }
}

/** What the runtime throws unnamed (out of memory, aborted) leaves it in no state to go on. */
function isLoss(error: unknown): boolean {
  return error instanceof RuntimeLostError || !(error instanceof ForetrackError);
}

function toLoss(error: unknown): RuntimeLostError {
  if (error instanceof RuntimeLostError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new RuntimeLostError(
    `The model stopped: ${reason}`,
    "Press Forecast to start it again; nothing is lost.",
    { cause: error },
  );
}
