import { editsKey } from "../../domain/edits.ts";
import type { Future, SamplerSettings } from "../../domain/forecast.ts";
import { type LatentChoice, latentKey } from "../../domain/latent.ts";
import { packIdentity } from "../../domain/pack/identity.ts";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import type { PipelineEvent, Stage } from "../../engine/pipeline/events.ts";
import type { ForecastOrigin, StudioDocument } from "../document.ts";
import { progressPace } from "../progress-pace.ts";
import { editedFutureId, place } from "../slots.ts";
import type { Studio } from "../studio.ts";
import { keepPictures } from "./prefetch-history.ts";

/** What a forecast starts from; the model and its sampler are not known before it is loaded. */
export type ForecastStart = Omit<ForecastOrigin, "packId" | "packIdentity" | "sampler">;

/** Merge key of an undo step that grows for as long as a run takes. */
export function runStep(studio: Studio): string {
  return `run:${studio.freshId("run")}`;
}

export interface ArrivalOptions {
  /** Merge key of the undo step that takes the futures in. */
  readonly step?: string | undefined;
  /** Latents that no seed draws, by the seed of their future. */
  readonly latents?: Readonly<Record<number, LatentChoice>>;
}

/** Takes what a run tells into the studio: stages, progress, and each future into its slot. */
export class Arrivals {
  readonly #runKey: string;
  readonly #settings: Pick<StudioDocument, "sampler" | "given">;
  readonly #editsKey: string;
  readonly #total: number;
  /** Slot and seed of the futures that have not come yet, in the order in which they are sampled. */
  readonly #waiting: [number, number][];
  readonly #latents: Readonly<Record<number, LatentChoice>>;
  readonly #isDue = progressPace();
  #origin: ForecastOrigin | null = null;
  #isWeighed = false;

  /** `wanted`: seeds by slot id. */
  constructor(
    private readonly studio: Studio,
    readonly start: ForecastStart,
    wanted: ReadonlyMap<number, number>,
    { step = runStep(studio), latents = {} }: ArrivalOptions = {},
  ) {
    this.#runKey = step;
    this.#latents = latents;
    const { sampler, given, edits } = studio.state.history.present;
    this.#settings = { sampler, given };
    this.#editsKey = editsKey(edits);
    this.#waiting = [...wanted];
    this.#total = wanted.size;
  }

  /** What the futures are forecast from. @throws Error before the model is known. */
  get origin(): ForecastOrigin {
    if (!this.#origin) throw new Error("the model is not known yet");
    return this.#origin;
  }

  hear(event: PipelineEvent): void {
    if (event.kind === "stage") this.#enter(event.stage, event.total);
    else if (event.kind === "progress") {
      const { done, total } = event;
      if (this.#isDue(done, total)) this.studio.state.setProgress(done, total);
    } else if (event.kind === "model") this.#know(event.model.manifest, event.sampler);
    else if (event.kind === "inputs")
      keepPictures(this.studio, this.start.historyId, event.inputs.video);
    else if (event.kind === "weighed") {
      this.#isWeighed = true;
      this.studio.state.setRun({ weighed: { ...event.weighed, editsKey: this.#editsKey } });
    } else if (event.kind === "future") this.#take(event.future);
  }

  #enter(stage: Stage, total: number): void {
    if (stage === "following") return;
    this.studio.state.enterPhase(stage, wordsFor(stage, total), total);
    if (stage === "forecasting") {
      this.studio.state.setRun({ pending: Object.fromEntries(this.#waiting) });
    }
  }

  #know(manifest: PackManifest, sampler: SamplerSettings | null): void {
    const model = { packId: manifest.id, packIdentity: packIdentity(manifest) };
    this.#origin = { ...this.start, ...model, sampler };
  }

  #take(future: Future): void {
    const own = this.#waiting.findIndex(([, seed]) => seed === future.seed);
    // One of another seed was drawn for the sake of a wish: it takes the next place.
    const at = own < 0 && this.#isWeighed ? 0 : own;
    if (at < 0 || this.#waiting.length === 0) return;
    const { origin } = this;
    const [[slotId]] = this.#waiting.splice(at, 1);
    const settings = JSON.stringify([origin.sampler, this.#settings]);
    const latent = this.#latents[future.seed];
    const drawnBy = latent ? `${future.seed}:${latentKey(latent)}` : future.seed;
    const freeId = `${origin.historyId}|${origin.packIdentity}|${settings}|${drawnBy}`;
    const futureId = editedFutureId(freeId, this.#editsKey);
    this.studio.bulk.futures.set(futureId, future);
    const isNew = this.studio.state.history.present.origin?.historyId !== origin.historyId;
    this.studio.state.edit(
      (d) => place(d, origin, slotId, future.seed, { futureId, obeys: this.#editsKey, latent }),
      this.#runKey,
    );
    // Futures start at "now": show them where they begin.
    if (isNew && !this.studio.state.playing) this.studio.playhead.set(origin.nowIndex);
    this.studio.state.setRun({
      pending: Object.fromEntries(this.#waiting),
      status: `${this.#total - this.#waiting.length} of ${this.#total} futures`,
    });
  }
}

function wordsFor(stage: Exclude<Stage, "following">, total: number): string {
  switch (stage) {
    case "decoding":
      return "Reading the past";
    case "tracking":
      return "Tracking the past";
    case "loading":
      return "Loading the model";
    case "forecasting":
      return `Forecasting ${total} ${total === 1 ? "future" : "futures"}`;
  }
}
