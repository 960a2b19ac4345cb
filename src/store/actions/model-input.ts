import type { SamplerSettings } from "../../domain/forecast.ts";
import { HISTORY_FRAMES } from "../../domain/grid.ts";
import type { Job } from "../../domain/job.ts";
import type { Forecaster, ForecastRequest } from "../../domain/ports.ts";
import { VideoInput } from "../../engine/flow/video-input.ts";
import { bulk } from "../bulk.ts";
import type { ForecastOrigin } from "../document.ts";
import type { ClipSummary } from "../slices/clipSlice.ts";
import { selectModel, studio } from "../studio.ts";
import { WORKING_SIZE } from "./past.ts";

/** The sampler of a run: the pack's own but for what the user set. */
export function samplerOf(model: Forecaster, steps: number | null): SamplerSettings {
  const { defaultSampler } = model.manifest;
  const { solver, timeShift } = studio().tuning;
  return {
    solver: solver ?? defaultSampler.solver,
    steps: steps ?? defaultSampler.steps,
    ...(timeShift === null ? {} : { timeShift }),
  };
}

/** What the chosen model takes beside the past: pictures, a text embedding, the kind of source. */
export async function extrasOf(
  clip: ClipSummary | null,
  origin: ForecastOrigin,
  job: Job,
): Promise<Pick<ForecastRequest, "videoCTHW" | "textEmbedding" | "repeatBoundary">> {
  const { repeatBoundary, text } = studio().tuning;
  const textEmbedding = text ? bulk.texts.get(text) : undefined;
  const wantsVideo = selectModel(studio())?.usesVideo && clip;
  return {
    ...(repeatBoundary === null ? {} : { repeatBoundary }),
    ...(textEmbedding ? { textEmbedding } : {}),
    ...(wantsVideo ? { videoCTHW: await videoOf(clip, origin.nowIndex, job) } : {}),
  };
}

async function videoOf(clip: ClipSummary, nowIndex: number, job: Job): Promise<Float32Array> {
  const start = Math.max(0, nowIndex + 1 - HISTORY_FRAMES);
  const video = new VideoInput(HISTORY_FRAMES);
  await bulk.clips
    .get(clip.id)
    ?.read(start, nowIndex + 1, WORKING_SIZE, (frame) => video.add(frame), job);
  return video.finish();
}
