import { readFile } from "node:fs/promises";
import type { ClipInfo } from "../domain/clip.ts";
import { CancelledError, MediaError } from "../domain/errors.ts";
import { fitPicture } from "../domain/fitting.ts";
import type { Future, SamplerSettings } from "../domain/forecast.ts";
import { WORKING_HEIGHT, WORKING_WIDTH } from "../domain/grid.ts";
import type { Job } from "../domain/job.ts";
import type { Forecaster, OpenClip } from "../domain/ports.ts";
import { VideoInput } from "../engine/flow/video-input.ts";
import { pointTracker } from "../engine/tracking/track.ts";
import { readNpy } from "../formats/containers/npy.ts";
import type { ForecastDocument } from "../formats/document/types.ts";
import type { ForecastSettings } from "./forecast-settings.ts";
import { createNodeDecoder } from "./node-decode/decoder.ts";
import { openNodeForecaster } from "./node-model/forecaster.ts";
import { findPack } from "./node-model/pack.ts";
import type { progressPrinter } from "./progress.ts";
import { frameAtSecs, trackClip } from "./track-clip.ts";

/** Working frames a second where neither the user nor the pack says. */
const DEFAULT_RATE = 16;

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
  readonly seeds: readonly number[];
  readonly solver: SamplerSettings["solver"];
  readonly steps: number;
  readonly backend: string;
}

/** Decodes, tracks and forecasts one clip. Rejects with a ForetrackError that says what to do. */
export async function forecastClip(
  settings: ForecastSettings,
  printer: ReturnType<typeof progressPrinter>,
  signal?: AbortSignal,
): Promise<ClipForecast> {
  const job = (name: string): Job => ({ signal, onProgress: printer.begin(name) });
  const forecaster = await openNodeForecaster(
    await findPack(settings.pack),
    settings.threads,
    job("Loading the model"),
  );
  try {
    const rate = settings.rate ?? forecaster.manifest.frames.rate ?? DEFAULT_RATE;
    const clip = await createNodeDecoder().open(
      settings.clip,
      { rate, fit: settings.fit },
      job("Opening the clip"),
    );
    try {
      return await forecastOpenClip(clip, forecaster, settings, job);
    } finally {
      await clip.close();
    }
  } finally {
    printer.finish();
    await forecaster.dispose();
  }
}

async function forecastOpenClip(
  clip: OpenClip,
  forecaster: Forecaster,
  settings: ForecastSettings,
  job: (name: string) => Job,
): Promise<ClipForecast> {
  const { info } = clip;
  const nowFrame = chooseNow(clip, settings.nowSecs);
  const { defaultSampler, id, anchorFrame, frames, graphs, grid } = forecaster.manifest;
  const video = graphs.video ? new VideoInput(frames.history) : null;
  const tracks = await trackClip(
    clip,
    pointTracker,
    {
      nowFrame,
      anchorFrame,
      anchor: grid.anchor,
      historyFrames: frames.history,
      futureFrames: frames.horizon,
      onPastFrame: (frame) => video?.add(frame),
    },
    job("Decoding and tracking"),
  );
  const sampler: SamplerSettings = {
    solver: settings.solver ?? defaultSampler.solver,
    steps: settings.steps ?? defaultSampler.steps,
    ...(settings.timeShift === undefined ? {} : { timeShift: settings.timeShift }),
  };
  const seeds = Array.from({ length: settings.futures }, (_, k) => settings.seed + k);
  const futures: Future[] = [];
  await forecaster.forecast(
    {
      history: tracks.history,
      frameIntervalSecs: 1 / info.fps,
      seeds,
      sampler,
      ...(video ? { videoCTHW: video.finish() } : {}),
      ...(settings.text === undefined ? {} : { textEmbedding: await readText(settings.text) }),
      ...(settings.repeatBoundary === undefined ? {} : { repeatBoundary: settings.repeatBoundary }),
    },
    (future) => futures.push(future),
    job(`Sampling ${seeds.length} futures`),
  );
  if (futures.length < seeds.length) throw new CancelledError();
  const nowSecs = info.frameTimesSecs[nowFrame];
  return {
    forecast: {
      queryXyN2: tracks.queryXyN2,
      history: tracks.history,
      futures,
      ...(tracks.future.frameCount > 0 ? { truth: tracks.future } : {}),
      fps: info.fps,
      nowSecs,
      packId: id,
      sampler,
    },
    clip: { name: info.name, displaySize: info.displaySize, fit: settings.fit },
    meta: {
      clip: info.name,
      decodedBy: info.decodedBy,
      fps: info.fps,
      now_secs: nowSecs,
      now_frame: nowFrame,
      history_frames: tracks.history.frameCount,
      fit: settings.fit,
      crop: fitPicture(
        info.displaySize,
        { width: WORKING_WIDTH, height: WORKING_HEIGHT },
        settings.fit,
      ),
      display_size: info.displaySize,
      frame: { width: WORKING_WIDTH, height: WORKING_HEIGHT },
      pack: id,
      seeds,
      ...sampler,
      backend: forecaster.backend.reason,
    },
  };
}

async function readText(path: string): Promise<Float32Array> {
  const { data } = readNpy(new Uint8Array(await readFile(path)), path);
  return Float32Array.from(data);
}

/** The frame on screen at `nowSecs`; without it the middle frame, where the studio starts too. */
function chooseNow(clip: OpenClip, nowSecs: number | undefined): number {
  const { durationSecs, frameCount } = clip.info;
  if (nowSecs === undefined) return Math.floor((frameCount - 1) / 2);
  if (nowSecs > durationSecs) {
    throw new MediaError(
      `"now" at ${nowSecs} s is after the end of the clip (${durationSecs.toFixed(2)} s).`,
      "Give an earlier --now.",
    );
  }
  return frameAtSecs(clip, nowSecs);
}
