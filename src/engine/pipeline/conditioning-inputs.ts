import type { Frame } from "../../domain/clip.ts";
import { PackError } from "../../domain/errors.ts";
import type { SamplerSettings } from "../../domain/forecast.ts";
import type { Job } from "../../domain/job.ts";
import { throwIfCancelled } from "../../domain/job.ts";
import type { PackGeometry } from "../../domain/pack/geometry.ts";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import type { InputDeclaration } from "../../domain/pack/offers.ts";
import type { ConditioningInputs, InputValue, OpenClip } from "../../domain/ports.ts";
import { rgbPicture } from "../models/rgb-picture.ts";
import { VideoInput } from "../models/video-input.ts";
import { historyStart } from "./history.ts";
import type { HistoryPass } from "./tracked-history.ts";

/** What the user set of a model's sampler; null or absent leaves it to the model. */
export interface SamplerOverrides {
  readonly solver?: SamplerSettings["solver"] | null | undefined;
  readonly steps?: number | null | undefined;
  readonly timeShift?: number | null | undefined;
  readonly source?: string | null | undefined;
}

/** The sampler of a run; null where the model offers none. */
export function samplerOf(
  { offers }: PackManifest,
  { solver, steps, timeShift, source }: SamplerOverrides,
): SamplerSettings | null {
  if (!offers.sampler) return null;
  const { defaults } = offers.sampler;
  return {
    solver: solver ?? defaults.solver,
    steps: steps ?? defaults.steps,
    ...(timeShift == null ? {} : { timeShift }),
    ...(source == null ? {} : { source }),
  };
}

/** What the inputs of a model are made of. */
export interface InputSources extends HistoryPass {
  /** Null where only the history is known, not its frames. */
  readonly clip: OpenClip | null;
  readonly nowIndex: number;
  readonly geometry: PackGeometry;
  readonly frameIntervalSecs: number;
  /** What the user gave, by the name of the input. */
  readonly given?: Readonly<Record<string, Float32Array>> | undefined;
}

type Maker = (
  sources: InputSources,
  declared: InputDeclaration,
  job: Job,
) => Promise<InputValue | undefined> | InputValue | undefined;

const given: Maker = (sources, { name }) => sources.given?.[name];

/** How the studio makes an input, by what it is. */
const MAKERS: Readonly<Record<string, Maker>> = {
  tracks: ({ history }) => history.history,
  seconds: ({ frameIntervalSecs }) => frameIntervalSecs,
  pictures: async (sources, _declared, job) => {
    if (sources.picturesCTHW) return sources.picturesCTHW;
    const { historyFrames } = sources.geometry;
    return picturesOf(
      sources,
      historyStart(sources.nowIndex, sources.geometry),
      historyFrames,
      job,
    );
  },
  rgb: (sources, { shape }, job) => rgbOf(sources, shape, job),
  picture: (sources, _declared, job) => picturesOf(sources, sources.nowIndex, 1, job),
  embedding: given,
  latent: given,
};

/** Whether the model takes the pictures of the history, which the pass that tracks it can make. */
export function takesPictures({
  inputs,
}: {
  readonly inputs: readonly InputDeclaration[];
}): boolean {
  return inputs.some(({ what }) => what === "pictures");
}

/**
 * The inputs that the pack declares, each made only where it does.
 * Rejects with PackError for one that the studio cannot make and the model does not go without.
 */
export async function conditioningInputs(
  manifest: PackManifest,
  sources: InputSources,
  job: Job,
): Promise<ConditioningInputs> {
  const inputs: Record<string, InputValue> = {};
  for (const declared of manifest.inputs) {
    const value = await MAKERS[declared.what]?.(sources, declared, job);
    if (value !== undefined) inputs[declared.name] = value;
    else if (!declared.optional) throw notMade(manifest, declared);
  }
  return inputs;
}

function notMade({ name: model }: PackManifest, { name, what }: InputDeclaration): PackError {
  return new PackError(
    `${model} takes ${name} (${what}), which is not there`,
    MAKERS[what] ? "Give it under Model, or open the clip again." : "Choose another model.",
  );
}

/** The picture of "now" as a model of one picture sees it: [3,height,width] of the declared shape. */
async function rgbOf(
  { clip, nowIndex, geometry: { width, height } }: InputSources,
  shape: InputDeclaration["shape"],
  job: Job,
): Promise<Float32Array | undefined> {
  if (!clip) return undefined;
  let picture: Float32Array | undefined;
  const size = { width: Number(shape[2]), height: Number(shape[1]) };
  const onFrame = (frame: Frame) => {
    picture = rgbPicture(frame, size);
  };
  await clip.read(nowIndex, nowIndex + 1, { width, height }, { onFrame }, job);
  throwIfCancelled(job);
  return picture;
}

/** Pictures [3,T,H/4,W/4] of working frames [start, "now"], in a pass of their own. */
async function picturesOf(
  { clip, nowIndex, geometry: { width, height } }: InputSources,
  start: number,
  frameCount: number,
  job: Job,
): Promise<Float32Array | undefined> {
  if (!clip) return undefined;
  const pictures = new VideoInput(frameCount);
  const onFrame = (frame: Frame) => pictures.add(frame);
  await clip.read(start, nowIndex + 1, { width, height }, { onFrame }, job);
  throwIfCancelled(job);
  return pictures.finish();
}
