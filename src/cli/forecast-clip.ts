import type { ClipInfo } from "../domain/clip.ts";
import { moveEdits } from "../domain/edits/ground.ts";
import type { Edit } from "../domain/edits.ts";
import { fitPicture } from "../domain/fitting.ts";
import type { Forecast, Future, SamplerSettings } from "../domain/forecast.ts";
import { packGeometry } from "../domain/pack/geometry.ts";
import { packIdentity } from "../domain/pack/identity.ts";
import type {
  ClipDecoder,
  ConditioningInputs,
  Forecaster,
  OpenClip,
  PointTracker,
} from "../domain/ports.ts";
import { rateNotice } from "../domain/rate-words.ts";
import { weighedWords } from "../engine/edits/wishes.ts";
import { takesPictures } from "../engine/pipeline/conditioning-inputs.ts";
import type { PipelineEvent, Stage } from "../engine/pipeline/events.ts";
import { trackGroundTruth } from "../engine/pipeline/ground-truth.ts";
import { trackHistory } from "../engine/pipeline/history.ts";
import { runForecast } from "../engine/pipeline/run.ts";
import type { TrackedHistory } from "../engine/pipeline/tracked-history.ts";
import type { EditsFile } from "../formats/document/edits-file.ts";
import type { ForecastDocument } from "../formats/document/types.ts";
import type { ForecastSettings } from "./forecast-settings.ts";
import { lettingGo } from "./letting-go.ts";
import { nowFrame } from "./now-frame.ts";
import { onCells } from "./on-cells.ts";
import type { progressPrinter } from "./progress.ts";
import { readingAhead } from "./read-ahead.ts";
import { differencesFrom, type FuturesAgain } from "./read-inputs.ts";

export interface ClipForecast extends ForecastDocument {
  readonly meta: ForecastMeta;
}

/** `meta.json`: how the forecast was made. */
export interface ForecastMeta {
  readonly clip: string;
  readonly decodedBy: ClipInfo["decodedBy"];
  readonly fps: number;
  readonly now_secs: number;
  readonly now_frame: number;
  readonly history_frames: number;
  readonly fit: string;
  /** The part of the clip's display picture that the working frame shows, and where, in pixels. */
  readonly crop: ReturnType<typeof fitPicture>;
  readonly display_size: ClipInfo["displaySize"];
  readonly frame: { readonly width: number; readonly height: number };
  readonly pack: string;
  readonly pack_identity: string;
  readonly seeds: readonly number[];
  /** Absent where the model has no solver. */
  readonly solver?: string;
  readonly steps?: number;
  readonly backend: string;
}

/** Of the settings, what one clip's forecast depends on. */
export type FutureSettings = Pick<
  ForecastSettings,
  "fit" | "futures" | "seed" | "solver" | "steps" | "timeShift" | "source"
> &
  Partial<Pick<ForecastSettings, "cells" | "camera">>;

/** What serves every clip of a command; opened once. */
export interface ForecastTools {
  readonly decoder: ClipDecoder<string>;
  readonly forecaster: Forecaster;
  readonly tracker: PointTracker;
  /** Pooled text embedding. */
  readonly text: Float32Array | undefined;
  /** What the futures follow. */
  readonly edits: EditsFile | undefined;
  /** Futures that are made once more, in place of new ones. */
  readonly again?: FuturesAgain | undefined;
  readonly printer: ReturnType<typeof progressPrinter>;
  readonly signal?: AbortSignal;
}

/** Decodes, tracks and forecasts one clip. Rejects with a ForetrackError that says what to do. */
export async function forecastClip(
  path: string,
  settings: ForecastSettings,
  tools: ForecastTools,
): Promise<ClipForecast> {
  const { forecaster, printer, signal } = tools;
  const rate = settings.rate ?? packGeometry(forecaster.manifest).rate;
  const job = { signal, onProgress: printer.begin("Opening the clip") };
  try {
    const clip = await tools.decoder.open(path, { rate, fit: settings.fit }, job);
    const notice = rateNotice(clip.info);
    if (notice) printer.note(`${notice} --fps native takes every picture.`);
    try {
      const { nowSecs: secs } = settings;
      const nowIndex = nowFrame(clip, secs === undefined ? "middle" : { secs });
      return await forecastOpenClip(clip, nowIndex, settings, tools);
    } finally {
      await clip.close();
    }
  } finally {
    printer.finish();
  }
}

/** `nowIndex`: the working frame that is "now". Rejects as `forecastClip`. */
export function forecastOpenClip(
  clip: OpenClip,
  nowIndex: number,
  settings: FutureSettings,
  tools: Omit<ForecastTools, "decoder">,
): Promise<ClipForecast> {
  const geometry = packGeometry(tools.forecaster.manifest);
  return readingAhead(clip, nowIndex, geometry, (ahead) =>
    forecastRead(ahead, nowIndex, settings, tools),
  );
}

async function forecastRead(
  clip: OpenClip,
  nowIndex: number,
  settings: FutureSettings,
  { forecaster, tracker, text, edits, again, printer, signal }: Omit<ForecastTools, "decoder">,
): Promise<ClipForecast> {
  const { info } = clip;
  const geometry = packGeometry(forecaster.manifest);
  const seeds =
    again?.seeds ?? Array.from({ length: settings.futures }, (_, k) => settings.seed + k);
  const latents = again?.latents ?? lettingGo(settings.camera, forecaster.manifest, seeds);
  const made: Made = { history: null, inputs: {}, sampler: null, futures: [], edits: [] };
  const { width, height, horizonFrames: frameCount } = geometry;
  const nowSecs = info.frameTimesSecs[nowIndex];
  const note = { name: info.name, displaySize: info.displaySize, fit: settings.fit };
  const layEdits = ({ queryXyN2: startN2 }: TrackedHistory) => {
    if (!edits) return [];
    const ground = { startN2, frameCount, frame: { width, height }, fps: info.fps, nowSecs };
    const moved = moveEdits(edits.edits, edits.ground, { ...ground, clip: note });
    for (const line of [...edits.notes, ...moved.notes]) printer.note(line);
    made.edits = moved.edits;
    return moved.edits;
  };
  const job = { signal, onEvent: listen(made, printer) };
  const ports = { clip, tracker: async () => tracker };
  await runForecast(
    {
      clip,
      history: (steps) => {
        const wantsPictures = takesPictures(forecaster.manifest);
        return trackHistory(ports, { nowIndex, geometry, wantsPictures }, steps);
      },
      model: async () => forecaster,
    },
    {
      nowIndex,
      geometry,
      frameIntervalSecs: 1 / info.fps,
      seeds,
      ...(latents ? { latents } : {}),
      sampler: settings,
      ...(text ? { given: { text } } : {}),
      edits: layEdits,
      ...(again ? {} : { taken: [] }),
    },
    job,
  );
  const { history, sampler, futures } = made;
  if (!history) throw new Error("the run told no history");
  const truth = await trackGroundTruth(ports, { nowIndex, history, geometry }, job);
  const packId = forecaster.manifest.id;
  const identity = packIdentity(forecaster.manifest);
  for (const line of again ? differencesFrom(again, futures, identity) : []) printer.note(line);
  const forecast: Forecast = {
    queryXyN2: history.queryXyN2,
    history: history.history,
    ...(history.textureN && { textureN: history.textureN }),
    futures,
    ...(truth ? { truth } : {}),
    fps: info.fps,
    nowSecs,
    packId,
    packIdentity: identity,
    sampler,
    ...(made.edits.length > 0 ? { edits: made.edits } : {}),
  };
  return {
    forecast: await onCells(settings.cells ?? 1, forecast, forecaster, made.inputs),
    clip: note,
    meta: {
      clip: info.name,
      decodedBy: info.decodedBy,
      fps: info.fps,
      now_secs: nowSecs,
      now_frame: nowIndex,
      history_frames: history.history.frameCount,
      fit: settings.fit,
      crop: fitPicture(info.displaySize, { width, height }, settings.fit),
      display_size: info.displaySize,
      frame: { width, height },
      pack: packId,
      pack_identity: identity,
      seeds: edits ? futures.map(({ seed }) => seed) : seeds,
      ...sampler,
      backend: forecaster.backend.reason,
    },
  };
}

/** What a run has told so far. */
interface Made {
  history: TrackedHistory | null;
  sampler: SamplerSettings | null;
  inputs: ConditioningInputs;
  readonly futures: Future[];
  edits: readonly Edit[];
}

const STAGE_WORDS: Readonly<Record<Stage, (total: number) => string>> = {
  decoding: (frames) => `Reading ${frames} frames`,
  tracking: () => "Tracking them",
  loading: () => "Making the model's inputs",
  forecasting: (futures) => `Sampling ${futures} futures`,
  following: () => "Tracking what followed",
};

function listen(made: Made, printer: ForecastTools["printer"]): (event: PipelineEvent) => void {
  let report = printer.begin("Starting");
  return (event) => {
    if (event.kind === "stage") report = printer.begin(STAGE_WORDS[event.stage](event.total));
    else if (event.kind === "progress") report({ stage: "", ...event });
    else if (event.kind === "history") made.history = event.history;
    else if (event.kind === "inputs") made.inputs = event.inputs;
    else if (event.kind === "model") made.sampler = event.sampler;
    else if (event.kind === "weighed") printer.note(weighedWords(event.weighed));
    else if (event.kind === "future") made.futures.push(event.future);
  };
}
