import type { Frame } from "../../domain/clip.ts";
import type { SamplerSettings } from "../../domain/forecast.ts";
import type { Job } from "../../domain/job.ts";
import { throwIfCancelled } from "../../domain/job.ts";
import type { PackGeometry } from "../../domain/pack/geometry.ts";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import type { OpenClip } from "../../domain/ports.ts";
import { VideoInput } from "../models/video-input.ts";
import type { ConditioningInputs } from "./events.ts";
import { historyStart } from "./history.ts";
import type { HistoryPass } from "./tracked-history.ts";

/** What the user set of a pack's sampler; null or absent leaves it to the pack. */
export interface SamplerOverrides {
  readonly solver?: SamplerSettings["solver"] | null | undefined;
  readonly steps?: number | null | undefined;
  readonly timeShift?: number | null | undefined;
}

export function samplerOf(
  { defaultSampler }: PackManifest,
  { solver, steps, timeShift }: SamplerOverrides,
): SamplerSettings {
  return {
    solver: solver ?? defaultSampler.solver,
    steps: steps ?? defaultSampler.steps,
    ...(timeShift == null ? {} : { timeShift }),
  };
}

/** What the inputs of a model are made of. */
export interface InputSources extends HistoryPass {
  /** Null where only the history is known, not its frames. */
  readonly clip: OpenClip | null;
  readonly nowIndex: number;
  readonly geometry: PackGeometry;
  readonly frameIntervalSecs: number;
  /** Pooled text embedding. */
  readonly text?: Float32Array | undefined;
  readonly repeatBoundary?: boolean | null | undefined;
}

/** The inputs that the pack takes, each made only where the pack takes it. */
export async function conditioningInputs(
  manifest: PackManifest,
  sources: InputSources,
  job: Job,
): Promise<ConditioningInputs> {
  const { history, frameIntervalSecs, text, repeatBoundary } = sources;
  const videoCTHW = manifest.graphs.video ? await picturesOf(sources, job) : undefined;
  return {
    history: history.history,
    frameIntervalSecs,
    ...(videoCTHW ? { videoCTHW } : {}),
    ...(text ? { textEmbedding: text } : {}),
    ...(repeatBoundary == null ? {} : { repeatBoundary }),
  };
}

/** The history's pictures: those of the pass that tracked it, or of a pass of their own. */
async function picturesOf(
  { picturesCTHW, clip, nowIndex, geometry }: InputSources,
  job: Job,
): Promise<Float32Array | undefined> {
  if (picturesCTHW || !clip) return picturesCTHW;
  const { width, height, historyFrames } = geometry;
  const pictures = new VideoInput(historyFrames);
  const start = historyStart(nowIndex, geometry);
  const onFrame = (frame: Frame) => pictures.add(frame);
  await clip.read(start, nowIndex + 1, { width, height }, { onFrame }, job);
  throwIfCancelled(job);
  return pictures.finish();
}
