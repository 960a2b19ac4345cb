import { ForetrackError, isCancelled, RuntimeLostError } from "../../domain/errors.ts";
import type { Future } from "../../domain/forecast.ts";
import type { Job } from "../../domain/job.ts";
import type { PackLocation } from "../../domain/pack/location.ts";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import type { PackInspection } from "../../domain/pack/needs.ts";
import type {
  BackendReport,
  Forecaster,
  ForecastRequest,
  FuturesExplorer,
} from "../../domain/ports.ts";
import { WorkerChannel } from "../channel/client.ts";
import { LearnedPatience } from "../channel/learned-patience.ts";
import type { ThreadPort } from "../channel/protocol.ts";
import type { BackendPreference, InferenceOperations, LoadedModel } from "./protocol.ts";

function startWorker(): ThreadPort {
  return new Worker(new URL("./inference.worker.ts", import.meta.url), { type: "module" });
}

export interface WorkerForecasterOptions {
  readonly preference?: BackendPreference;
  /** The self-test waits until nobody else does; of packs that ship. */
  readonly testsLater?: boolean;
  readonly startThread?: () => ThreadPort;
}

/**
 * The forecaster on a thread of its own with the pack loaded, and tested unless that may come later.
 * Rejects with PackError when the pack cannot be read or run, CancelledError on cancel.
 */
export async function openWorkerForecaster(
  location: PackLocation,
  options: WorkerForecasterOptions = {},
  job?: Job,
): Promise<Forecaster> {
  const client = new InferenceClient(location, options);
  try {
    await client.load(job);
    return client;
  } catch (error) {
    // A load has no points at which it could stop half-way and go on later.
    await client.dispose();
    throw error;
  }
}

/** What a pack needs and whether this machine has it; reads the manifest only. */
export async function inspectWorkerPack(
  location: PackLocation,
  { startThread = startWorker }: Pick<WorkerForecasterOptions, "startThread"> = {},
  job?: Job,
): Promise<PackInspection> {
  const channel = new WorkerChannel<InferenceOperations>({ startThread, toLoss });
  try {
    return await channel.call("inspect", { request: () => ({ location }), job });
  } finally {
    channel.dispose();
  }
}

/** How often one piece of work is taken up again on a fresh worker before it is given up. */
const RESTARTS = 2;

class InferenceClient implements Forecaster {
  private readonly channel: WorkerChannel<InferenceOperations>;
  private preference: BackendPreference;
  private readonly patience = new LearnedPatience();
  private loaded: LoadedModel | undefined;
  private disposed = false;

  constructor(
    location: PackLocation,
    { preference = "auto", testsLater = false, startThread = startWorker }: WorkerForecasterOptions,
  ) {
    this.preference = preference;
    this.channel = new WorkerChannel({
      startThread,
      toLoss,
      isFatal: isLoss,
      silence: this.patience,
      opening: {
        op: "load",
        request: () => ({ location, preference: this.preference, testsLater }),
        onReply: (loaded) => {
          this.loaded = loaded;
        },
      },
    });
  }

  get manifest(): PackManifest {
    return this.known().manifest;
  }

  get backend(): BackendReport {
    return this.known().backend;
  }

  load(job?: Job): Promise<void> {
    return this.channel.open(job);
  }

  async forecast(
    request: ForecastRequest,
    onFuture: (future: Future) => void,
    job?: Job,
  ): Promise<void> {
    const waiting = [...request.seeds];
    const onEvent = (future: Future) => {
      waiting.splice(waiting.indexOf(future.seed), 1);
      onFuture(future);
    };
    await this.persist(job, () => {
      const seeds = [...waiting];
      const left = () => ({ ...request, seeds });
      return this.channel.call("forecast", { request: left, onEvent, job });
    });
  }

  readonly explorer: FuturesExplorer = {
    explore: (request, options, job) =>
      this.persist(job, () =>
        this.channel.call("explore", { request: () => ({ request, options }), job }),
      ),
    fields: (picture, latentsKL, job) =>
      this.channel.call("fields", { request: () => ({ picture, latentsKL }), job }),
    cameras: (picture, latentsKL, job) =>
      this.channel.call("cameras", { request: () => ({ picture, latentsKL }), job }),
    rivals: (picture, latentsKL, job) =>
      this.channel.call("rivals", { request: () => ({ picture, latentsKL }), job }),
  };

  /** Takes work up again on a fresh worker where its thread is lost. */
  private async persist<T>(job: Job | undefined, work: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      if (this.disposed) throw new RuntimeLostError("The model was closed", "Load it again.");
      try {
        // After a loss the pack is loaded again, once for all that wait.
        await this.channel.open(job && { signal: job.signal });
        return await this.patience.during(work);
      } catch (error) {
        if (!isLoss(error)) throw error;
        if (attempt === RESTARTS) throw asLoss(error);
        // A second loss in a row: the graphics device is not to be relied on.
        if (attempt > 0) this.preference = "wasm";
      }
    }
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    this.channel.dispose();
  }

  private known(): LoadedModel {
    if (!this.loaded) throw new Error("the pack is not loaded yet");
    return this.loaded;
  }
}

/** What the runtime throws unnamed (out of memory, aborted) leaves it in no state to go on. */
function isLoss(error: unknown): boolean {
  if (isCancelled(error)) return false;
  return error instanceof RuntimeLostError || !(error instanceof ForetrackError);
}

function asLoss(error: unknown): RuntimeLostError {
  if (error instanceof RuntimeLostError) return error;
  return toLoss(error instanceof Error ? error.message : String(error), { cause: error });
}

function toLoss(reason: string, options?: ErrorOptions): RuntimeLostError {
  return new RuntimeLostError(
    `The model stopped: ${reason || "its thread ended"}`,
    "Press Forecast to start it again; nothing is lost.",
    options,
  );
}
