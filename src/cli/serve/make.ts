import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { CancelledError, FormatError, isCancelled, serializeError } from "../../domain/errors.ts";
import type { Job } from "../../domain/job.ts";
import { packGeometry } from "../../domain/pack/geometry.ts";
import { packIdentity } from "../../domain/pack/identity.ts";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import type { ClipDecoder, Forecaster, OpenClip, PointTracker } from "../../domain/ports.ts";
import { rateNotice } from "../../domain/rate-words.ts";
import { CutFinder } from "../../engine/picture/cuts.ts";
import type { PipelineEvent } from "../../engine/pipeline/events.ts";
import { trackGroundTruth } from "../../engine/pipeline/ground-truth.ts";
import { trackHistory } from "../../engine/pipeline/history.ts";
import type { EditsFile } from "../../formats/document/edits-file.ts";
import { type ForecastTools, type FutureSettings, forecastOpenClip } from "../forecast-clip.ts";
import { frameAtSecs } from "../frame-at-secs.ts";
import { nowFrame } from "../now-frame.ts";
import { readingAhead } from "../read-ahead.ts";
import { readEditsAt } from "../read-inputs.ts";
import { writeWhole } from "../write-whole.ts";
import { type Observed, type Product, productOf } from "./products.ts";
import type { ClipFacts, MadeFile, MakeRequest, NowSpec, Row } from "./protocol.ts";
import { qualityOf } from "./quality.ts";
import { findShots, type Shot, shotClip } from "./shots.ts";

/** What a process keeps open from request to request. */
export interface Engine {
  readonly manifest: PackManifest;
  readonly decoder: ClipDecoder<string>;
  readonly tracker: PointTracker;
  readonly text: Float32Array | undefined;
  /** The model, loaded by the first request that needs it. */
  forecaster(job: Job): Promise<Forecaster>;
}

/** How a request is stopped, and what hears of it. */
export interface MakeJob {
  readonly signal: AbortSignal;
  onClip(facts: ClipFacts): void;
  onProgress(stage: string, share: number): void;
  onRow(row: Row): void;
}

/** One "now" of one shot. */
interface Place {
  readonly nowIndex: number;
  readonly shot: number;
  readonly range: Shot;
}

type Listener = ForecastTools["printer"] & { readonly notes: string[] };

/**
 * Makes what is asked of one clip and tells a row for each "now" of each shot as soon as its files are
 * there. A "now" that fails is a row with its error. Rejects with a ForetrackError where nothing of the
 * clip can be made at all.
 */
export async function makeOfClip(
  request: MakeRequest,
  engine: Engine,
  job: MakeJob,
): Promise<void> {
  const products = request.make.map((name) => productOf(name, request.export, request.futures));
  const edits = request.edits === undefined ? undefined : await readEditsAt(request.edits);
  const { fit, fps = packGeometry(engine.manifest).rate } = request;
  const listener = listenerOf(job);
  const clip = await engine.decoder.open(request.clip, { rate: fps, fit }, inner(job, listener));
  try {
    job.onClip(factsOf(clip));
    await mkdir(request.folder, { recursive: true });
    const whole = [{ start: 0, end: clip.info.frameCount }];
    const progress = inner(job, listener, "looking for cuts");
    const shots = request.shots ? await findShots(clip, progress) : whole;
    for (const [shot, range] of shots.entries()) {
      for (const [nowIndex, spec] of request.now.entries()) {
        const place = { nowIndex, shot, range };
        await makeNows(clip, spec, place, { request, products, edits, engine, job });
      }
    }
  } finally {
    await clip.close();
  }
}

interface Making {
  readonly request: MakeRequest;
  readonly products: readonly Product[];
  readonly edits: EditsFile | undefined;
  readonly engine: Engine;
  readonly job: MakeJob;
}

async function makeNows(clip: OpenClip, spec: NowSpec, place: Place, making: Making) {
  const { nowIndex, shot, range } = place;
  const { job } = making;
  const where = { now_index: nowIndex, shot, shot_start: range.start, shot_end: range.end };
  const told = async (make: () => Promise<Omit<Row, keyof typeof where | "secs">>) => {
    const started = performance.now();
    const row = await make().catch((error: unknown) => {
      if (isCancelled(error) || job.signal.aborted) throw new CancelledError();
      return { error: serializeError(error) };
    });
    job.onRow({ ...where, ...row, secs: (performance.now() - started) / 1000 });
  };
  let frames: number[] = [];
  const finder = new CutFinder();
  const part = shotClip(clip, range, finder);
  try {
    frames = nowFrames(part, spec);
  } catch (error) {
    await told(() => Promise.reject(error));
  }
  for (const frame of frames) await told(() => makeNow(part, frame, range, finder, making));
}

/** The distinct "now" frames that a specification stands for. */
function nowFrames(clip: OpenClip, spec: NowSpec): number[] {
  if (spec === "middle" || !("every" in spec)) return [nowFrame(clip, spec)];
  const [start] = clip.info.frameTimesSecs;
  const count = Math.max(1, Math.floor((clip.info.durationSecs - start) / spec.every));
  const frames = Array.from({ length: count }, (_, k) =>
    frameAtSecs(clip, start + (k + 0.5) * spec.every),
  );
  return [...new Set(frames)];
}

async function makeNow(
  clip: OpenClip,
  frame: number,
  { start }: Shot,
  finder: CutFinder,
  { request, products, edits, engine, job }: Making,
): Promise<Pick<Row, "files" | "quality" | "notes" | "now_frame">> {
  const listener = listenerOf(job);
  const notice = rateNotice(clip.info);
  if (notice) listener.note(notice);
  const observed = products.some(({ needsFutures }) => needsFutures)
    ? await forecast(clip, frame, request, edits, engine, listener, job.signal)
    : await observe(clip, frame, request.fit, engine, listener, job.signal);
  const now = frame + start;
  const files: MadeFile[] = [];
  const refusals: FormatError[] = [];
  for (const product of products) {
    const made = await unlessRefused(product, { ...observed, nowFrame: now });
    if (made instanceof FormatError) {
      refusals.push(made);
      listener.note(`${product.name} was not made: ${made.message}`);
      continue;
    }
    for (const { ending, bytes, note } of made) {
      const name = `now-${now}${ending}`;
      await writeWhole(join(request.folder, name), bytes);
      if (note) listener.note(note);
      files.push({ product: product.name, name, ending, bytes: bytes.length });
    }
  }
  if (refusals.length > 0 && files.length === 0) throw refusals[0];
  const { sampler, futures, nowSecs } = observed.forecast;
  return {
    now_frame: now,
    ...{ now_secs: nowSecs, seeds: futures.map(({ seed }) => seed) },
    ...{ solver: sampler?.solver ?? null, steps: sampler?.steps ?? null },
    quality: qualityOf(observed.forecast),
    ...{ cut_found: finder.cuts().length > 0, notes: listener.notes },
    files,
  };
}

/** The files of a product, or why this clip has none: that keeps the other products from nobody. */
async function unlessRefused(product: Product, observed: Observed) {
  try {
    return await product.write(observed);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
}

async function forecast(
  clip: OpenClip,
  frame: number,
  request: MakeRequest,
  edits: EditsFile | undefined,
  engine: Engine,
  printer: Listener,
  signal: AbortSignal,
): Promise<Omit<Observed, "nowFrame">> {
  const settings: FutureSettings = {
    ...{ fit: request.fit, futures: request.futures, seed: request.seed },
    ...{ solver: request.solver, steps: request.steps, timeShift: request.time_shift },
    ...{ source: request.source, camera: request.camera },
  };
  const onProgress = printer.begin("loading the model");
  const forecaster = await engine.forecaster({ signal, onProgress });
  const { tracker, text } = engine;
  return forecastOpenClip(clip, frame, settings, {
    ...{ forecaster, tracker, text, edits, printer, signal },
  });
}

/** History and what followed, without a model: the same tracks that a forecast starts from. */
async function observe(
  clip: OpenClip,
  nowIndex: number,
  fit: MakeRequest["fit"],
  { manifest, tracker }: Engine,
  printer: Listener,
  signal: AbortSignal,
): Promise<Omit<Observed, "nowFrame">> {
  const geometry = packGeometry(manifest);
  let report = printer.begin("tracking");
  const job = {
    signal,
    onEvent: (event: PipelineEvent) => {
      if (event.kind === "stage") report = printer.begin(event.stage);
      else if (event.kind === "progress") report({ stage: "", ...event });
    },
  };
  const { history, truth } = await readingAhead(clip, nowIndex, geometry, async (ahead) => {
    const ports = { clip: ahead, tracker: async () => tracker };
    const { history } = await trackHistory(ports, { nowIndex, geometry }, job);
    return { history, truth: await trackGroundTruth(ports, { nowIndex, history, geometry }, job) };
  });
  const { info } = clip;
  return {
    forecast: {
      ...{ queryXyN2: history.queryXyN2, history: history.history, futures: [] },
      ...(history.textureN && { textureN: history.textureN }),
      ...(truth ? { truth } : {}),
      ...{ fps: info.fps, nowSecs: info.frameTimesSecs[nowIndex], sampler: null },
      ...{ packId: manifest.id, packIdentity: packIdentity(manifest) },
    },
    clip: { name: info.name, displaySize: info.displaySize, fit },
  };
}

function listenerOf({ onProgress }: MakeJob): Listener {
  const notes: string[] = [];
  return {
    notes,
    begin(stage) {
      onProgress(stage, 0);
      return ({ done, total }) => onProgress(stage, total > 0 ? done / total : 0);
    },
    finish: () => undefined,
    note: (text) => notes.push(text),
  };
}

function inner({ signal }: MakeJob, listener: Listener, stage = "opening the clip"): Job {
  return { signal, onProgress: listener.begin(stage) };
}

function factsOf({ info }: OpenClip): ClipFacts {
  return {
    kind: info.kind,
    ...{ display_width: info.displaySize.width, display_height: info.displaySize.height },
    ...{ duration_secs: info.durationSecs, native_fps: info.nativeFps },
    ...{ native_frames: info.nativeFrameCount, codec: info.codec, decoded_by: info.decodedBy },
    ...{ fps: info.fps, frames: info.frameCount },
  };
}
