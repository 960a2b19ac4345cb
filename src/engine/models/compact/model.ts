import { FormatError, PackError } from "../../../domain/errors.ts";
import type { Future } from "../../../domain/forecast.ts";
import { isInsideFrame } from "../../../domain/inside-frame.ts";
import type { PackManifest } from "../../../domain/pack/manifest.ts";
import type { ForecastHints, ForecastRequest } from "../../../domain/ports.ts";
import type { Tracks } from "../../../domain/tracks.ts";
import type { FlowCondition, FlowModel } from "../../flow/flow-model.ts";
import { graphField } from "../../flow/graph-field.ts";
import { randomStream, STREAM } from "../../random/philox.ts";
import { scenarioSource } from "../../scenario/ensemble.ts";
import type { GraphRunner, GraphTensor } from "../graph-runner.ts";
import { padHistory, recentHistory } from "../history-input.ts";
import { bendThroughPins, type Pins, pinnedPoints, stabilisedPins } from "./bend.ts";

const VISIBLE = 0.5;
const CAMERA_NUMBERS = 6;

/**
 * A `compact` pack (domain/pack/manifest.ts): futures start as scenarios; camera and objects are apart. Pinned
 * points start on a path through their pins, without noise, and end on them whatever the model says.
 */
export function compactModel(runner: GraphRunner, manifest: PackManifest): FlowModel {
  const [, tokens, channels] = manifest.latent.shape.map(Number);
  if (!(tokens > 0 && channels > 0)) {
    throw new PackError(
      `The pack ${manifest.name} does not say how large its latent is`,
      "Export the pack again.",
    );
  }
  return {
    async condition(request) {
      const history = recentHistory(request.history, manifest);
      const { pointCount } = history;
      const frameCount = manifest.frames.horizon;
      const pins = pinnedTracks(request.hints, frameCount, pointCount);
      const pinned = pinnedPoints(pins, pointCount);
      const startN2 = history.tracksTN2.slice(-2 * pointCount);
      const { context, motion_scale } = await encode(runner, manifest, history, request, pins);
      const draw = scenarioSource(history, manifest.grid);
      return {
        field: graphField(runner, { context }),
        async source(seeds) {
          const k = seeds.length;
          const stabilised = new Float32Array(k * frameCount * pointCount * 2);
          const cameras = new Float32Array(k * frameCount * CAMERA_NUMBERS);
          const noise = new Float32Array(k * tokens * channels);
          seeds.forEach((seed, i) => {
            const scenario = draw(seed, frameCount);
            if (pinned.length > 0) {
              const still = stabilisedPins(pins, scenario.cameraPathT6);
              bendThroughPins(scenario.stabilisedTN2, startN2, still);
            }
            stabilised.set(scenario.stabilisedTN2, i * scenario.stabilisedTN2.length);
            cameras.set(scenario.cameraPathT6, i * scenario.cameraPathT6.length);
            const own = noise.subarray(i * tokens * channels, (i + 1) * tokens * channels);
            randomStream(seed, STREAM.noise).fillNormal(own);
            for (const point of pinned) own.fill(0, point * channels, (point + 1) * channels);
          });
          const inputs = {
            scenario_tracks: runner.upload([k, frameCount, pointCount, 2], stabilised),
            scenario_camera: runner.upload([k, frameCount, CAMERA_NUMBERS], cameras),
            noise: runner.upload([k, tokens, channels], noise),
          };
          try {
            return (await runner.run("source", { ...inputs, motion_scale }, ["latent"])).latent;
          } finally {
            releaseAll(runner, inputs);
          }
        },
        async decode(latent, seeds) {
          const wanted = ["future_tracks", "future_visibility", "camera_path"];
          const outputs = await runner.run("decode", { latent, motion_scale, context }, wanted);
          try {
            const [tracks, visibility, cameras] = [
              await runner.read(outputs.future_tracks),
              await runner.read(outputs.future_visibility),
              await runner.read(outputs.camera_path),
            ];
            return seeds.map((seed, i) => {
              const part = (all: Float32Array) => {
                const size = all.length / seeds.length;
                return all.slice(i * size, (i + 1) * size);
              };
              const path = part(tracks);
              bendThroughPins(path, startN2, pins);
              return futureOf(seed, path, part(visibility), part(cameras), manifest);
            });
          } finally {
            releaseAll(runner, outputs);
          }
        },
        release: () => releaseAll(runner, { context, motion_scale }),
      } satisfies FlowCondition;
    },
  };
}

async function encode(
  runner: GraphRunner,
  manifest: PackManifest,
  history: Tracks,
  { frameIntervalSecs }: ForecastRequest,
  pinned: Pins,
): Promise<Record<"context" | "motion_scale", GraphTensor>> {
  const { pointCount } = history;
  const past = padHistory(history, manifest.frames.history);
  const inputs = {
    history_tracks: runner.upload([manifest.frames.history, pointCount, 2], past.tracks),
    history_visibility: runner.upload([manifest.frames.history, pointCount], past.visibility),
    frame_interval: runner.upload([1], Float32Array.of(frameIntervalSecs)),
    hint_tracks: runner.upload([manifest.frames.horizon, pointCount, 2], pinned.tracks),
    hint_mask: runner.upload([manifest.frames.horizon, pointCount], pinned.mask),
  };
  try {
    const { context, motion_scale } = await runner.run("condition", inputs, [
      "context",
      "motion_scale",
    ]);
    return { context, motion_scale };
  } finally {
    releaseAll(runner, inputs);
  }
}

function pinnedTracks(
  hints: ForecastHints | undefined,
  frameCount: number,
  pointCount: number,
): Pins {
  const tracks = new Float32Array(frameCount * pointCount * 2);
  const mask = new Float32Array(frameCount * pointCount);
  if (!hints) return { tracks, mask };
  if (hints.maskTN.length !== mask.length || hints.tracksTN2.length !== tracks.length) {
    throw new FormatError(
      `The pinned positions do not cover ${frameCount} frames of ${pointCount} points`,
      "Pin them again on this forecast.",
    );
  }
  for (let i = 0; i < mask.length; i++) {
    if (!hints.maskTN[i]) continue;
    mask[i] = 1;
    tracks[2 * i] = hints.tracksTN2[2 * i];
    tracks[2 * i + 1] = hints.tracksTN2[2 * i + 1];
  }
  return { tracks, mask };
}

function futureOf(
  seed: number,
  tracksTN2: Float32Array,
  probabilityTN: Float32Array,
  cameraPathT6: Float32Array,
  { grid }: PackManifest,
): Future {
  if (!tracksTN2.every(Number.isFinite) || !cameraPathT6.every(Number.isFinite)) {
    throw new PackError(
      `The model gave a position that is not a number for seed ${seed}`,
      "Try another seed; if it happens again, load the pack again.",
    );
  }
  const visibilityTN = Uint8Array.from(probabilityTN, (p, i) =>
    p > VISIBLE && isInsideFrame(tracksTN2[2 * i], tracksTN2[2 * i + 1], grid) ? 1 : 0,
  );
  const pointCount = grid.rows * grid.columns;
  const frameCount = visibilityTN.length / pointCount;
  return { seed, tracks: { frameCount, pointCount, tracksTN2, visibilityTN }, cameraPathT6 };
}

function releaseAll(runner: GraphRunner, tensors: Readonly<Record<string, GraphTensor>>): void {
  for (const tensor of Object.values(tensors)) runner.release(tensor);
}
