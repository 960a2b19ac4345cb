import { FormatError, PackError } from "../../../domain/errors.ts";
import type { Future } from "../../../domain/forecast.ts";
import type { TrajloomManifest } from "../../../domain/pack/trajloom.ts";
import type { ForecastRequest } from "../../../domain/ports.ts";
import type { FlowCondition, FlowModel } from "../../flow/flow-model.ts";
import { graphField } from "../../flow/graph-field.ts";
import type { FlowField } from "../../flow/solvers/solver.ts";
import { randomStream, STREAM } from "../../random/philox.ts";
import type { GraphRunner, GraphTensor } from "../graph-runner.ts";
import { padHistory, recentHistory } from "../history-input.ts";
import { releaseAll } from "../release-all.ts";

const VISIBLE = 0.5;
/** The released sampler keeps flow times this far from 0 and 1. */
const TIME_MARGIN = 1e-5;
const ANCHOR_NOISE = 0.1;

/** A `trajloom` pack (domain/pack/trajloom.ts): the published model, one future at a time. */
export function trajloomModel(runner: GraphRunner, manifest: TrajloomManifest): FlowModel {
  const shape = manifest.latent.shape.map(Number);
  if (shape.length !== 4 || !shape.every((size) => size > 0)) {
    throw new PackError(
      `The pack ${manifest.name} does not say how large its latent is`,
      "Convert the published files again.",
    );
  }
  return {
    maxBatch: 1,
    async condition(request) {
      const conditions = await encode(runner, manifest, shape, request);
      const last = lastFrame(await runner.read(conditions.history_latent), shape);
      return {
        field: clamped(graphField(runner, conditions)),
        async source([seed], sampler) {
          const noise = new Float32Array(shape.reduce((product, size) => product * size));
          randomStream(seed, STREAM.noise).fillNormal(noise);
          const repeatBoundary = sampler.source
            ? sampler.source === "paper"
            : (manifest.flow.repeatBoundary ?? false);
          const flow = { ...manifest.flow, repeatBoundary };
          return runner.upload(shape, anchoredSource(noise, last, { flow }));
        },
        decode: async (latent, [seed]) => [await decode(runner, latent, seed, shape[2])],
        release: () => releaseAll(runner, conditions),
      } satisfies FlowCondition;
    },
  };
}

/**
 * Source latent [1,L,N,C] in place of `noise`: the first frame is the history's last, [N,C], plus
 * anchorNoise·noise; with the manifest's `repeatBoundary` every frame is.
 */
export function anchoredSource(
  noise: Float32Array,
  last: Float32Array,
  { flow }: Pick<TrajloomManifest, "flow">,
): Float32Array {
  const anchored = flow.repeatBoundary ? noise.length : last.length;
  const sigma = flow.anchorNoise ?? ANCHOR_NOISE;
  for (let i = 0; i < anchored; i++) noise[i] = last[i % last.length] + sigma * noise[i];
  return noise;
}

async function encode(
  runner: GraphRunner,
  manifest: TrajloomManifest,
  shape: readonly number[],
  request: ForecastRequest,
): Promise<Record<string, GraphTensor>> {
  const frames = manifest.frames.history;
  const { history: tracked, video, text } = request.inputs;
  const history = padHistory(recentHistory(tracked, manifest), frames);
  const tracks = runner.upload([frames, history.tracks.length / 2 / frames, 2], history.tracks);
  const made: Record<string, GraphTensor> = {};
  try {
    made.history_latent = (
      await runner.run("encode", { history_tracks: tracks }, ["latent"])
    ).latent;
    made.video_latent = await videoLatent(runner, manifest, video);
    const textDims = inputDims(manifest, "velocity", "text_embedding");
    made.text_embedding = filled(runner, manifest, textDims, text);
    made.text_scale = runner.upload([1], Float32Array.of(text ? 1 : 0));
    // The released sampler gives no visibility: the network then sees zeros.
    made.history_visibility = filled(runner, manifest, shape.slice(0, 3), undefined);
    return made;
  } catch (error) {
    releaseAll(runner, made);
    throw error;
  } finally {
    runner.release(tracks);
  }
}

async function videoLatent(
  runner: GraphRunner,
  manifest: TrajloomManifest,
  video: Float32Array | undefined,
): Promise<GraphTensor> {
  if (!video || !manifest.graphs.video) {
    const dims = inputDims(manifest, "velocity", "video_latent");
    return filled(runner, manifest, dims, undefined);
  }
  const frames = filled(runner, manifest, inputDims(manifest, "video", "video"), video);
  try {
    return (await runner.run("video", { video: frames }, ["video_latent"])).video_latent;
  } finally {
    runner.release(frames);
  }
}

function inputDims(manifest: TrajloomManifest, role: string, name: string): number[] {
  const input = manifest.graphs[role].inputs.find((tensor) => tensor.name === name);
  if (input) return input.shape.map(Number);
  throw new PackError(
    `The graph ${role} of ${manifest.name} lacks its input ${name}`,
    "Convert the published files again.",
  );
}

/** `values`, or zeros where there are none. */
function filled(
  runner: GraphRunner,
  manifest: TrajloomManifest,
  dims: readonly number[],
  values: Float32Array | undefined,
): GraphTensor {
  const size = dims.reduce((product, dim) => product * dim, 1);
  if (values && values.length !== size) {
    throw new FormatError(
      `${manifest.name} takes ${size} numbers (${dims.join("×")}), not ${values.length}`,
      "Check that the video or text features belong to this model.",
    );
  }
  return runner.upload(dims, values ?? new Float32Array(size));
}

function lastFrame(latent: Float32Array, [, , points, channels]: readonly number[]): Float32Array {
  return latent.slice(latent.length - points * channels);
}

function clamped(field: FlowField<GraphTensor>): FlowField<GraphTensor> {
  const at = (flowTime: number) => Math.min(Math.max(flowTime, TIME_MARGIN), 1 - TIME_MARGIN);
  return {
    ...field,
    advance: (latent, flowTime, step) => field.advance(latent, at(flowTime), step),
    velocity: (latent, flowTime) => field.velocity(latent, at(flowTime)),
  };
}

async function decode(
  runner: GraphRunner,
  latent: GraphTensor,
  seed: number,
  pointCount: number,
): Promise<Future> {
  const { future_tracks } = await runner.run("decode", { latent }, ["future_tracks"]);
  try {
    const inputs = { latent, future_tracks };
    const { future_visibility } = await runner.run("visibility", inputs, ["future_visibility"]);
    try {
      const tracksTN2 = (await runner.read(future_tracks)).slice();
      const probabilityTN = await runner.read(future_visibility);
      if (!tracksTN2.every(Number.isFinite)) {
        throw new PackError(
          `The model gave a position that is not a number for seed ${seed}`,
          "Try another seed, or the pack in full precision (fp32).",
        );
      }
      const visibilityTN = Uint8Array.from(probabilityTN, (p) => (p > VISIBLE ? 1 : 0));
      const frameCount = visibilityTN.length / pointCount;
      return { seed, tracks: { frameCount, pointCount, tracksTN2, visibilityTN } };
    } finally {
      runner.release(future_visibility);
    }
  } finally {
    runner.release(future_tracks);
  }
}
