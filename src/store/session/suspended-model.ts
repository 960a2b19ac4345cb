import type { Future } from "../../domain/forecast.ts";
import type { Job } from "../../domain/job.ts";
import { unlessCancelled } from "../../domain/job.ts";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import type {
  BackendReport,
  Forecaster,
  ForecastRequest,
  FuturesExplorer,
} from "../../domain/ports.ts";

const NOT_YET: BackendReport = { backend: "wasm", threads: 1, reason: "not opened yet" };

/** A model of a restored session: known by its manifest at once, opened when it is first needed. */
export class SuspendedModel implements Forecaster {
  private readonly ending = new AbortController();
  private opening: Promise<Forecaster> | null = null;
  private opened: Forecaster | null = null;

  constructor(
    readonly manifest: PackManifest,
    private readonly open: (job: Job) => Promise<Forecaster>,
  ) {}

  get backend(): BackendReport {
    return this.opened?.backend ?? NOT_YET;
  }

  get isOpen(): boolean {
    return this.opened !== null;
  }

  /** Opens the model once for all who ask; after a failure the next one tries again. */
  reopen(): Promise<Forecaster> {
    if (this.opening) return this.opening;
    const opening = this.open({ signal: this.ending.signal }).then((model) => {
      this.opened = model;
      return model;
    });
    opening.catch(() => {
      this.opening = null;
    });
    this.opening = opening;
    return opening;
  }

  async forecast(
    request: ForecastRequest,
    onFuture: (future: Future) => void,
    job?: Job,
  ): Promise<void> {
    const model = await unlessCancelled(this.reopen(), job);
    await model.forecast(request, onFuture, job);
  }

  readonly explorer: FuturesExplorer = {
    explore: async (request, options, job) =>
      (await this.exploring(job)).explore(request, options, job),
    fields: async (picture, latentsKL, job) =>
      (await this.exploring(job)).fields(picture, latentsKL, job),
    cameras: async (picture, latentsKL, job) =>
      (await this.exploring(job)).cameras(picture, latentsKL, job),
    rivals: async (picture, latentsKL, job) =>
      (await this.exploring(job)).rivals(picture, latentsKL, job),
  };

  private async exploring(job: Job | undefined): Promise<FuturesExplorer> {
    const { explorer } = await unlessCancelled(this.reopen(), job);
    if (!explorer) throw new Error("this model explores nothing");
    return explorer;
  }

  async dispose(): Promise<void> {
    this.ending.abort();
    await this.opening?.then(
      (model) => model.dispose(),
      () => undefined,
    );
  }
}
