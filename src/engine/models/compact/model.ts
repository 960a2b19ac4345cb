import {
  type Constraints,
  checkConstraints,
  constrainedPoints,
  createConstraints,
} from "../../../domain/constraints.ts";
import { PackError } from "../../../domain/errors.ts";
import type { Future } from "../../../domain/forecast.ts";
import { isInsideFrame } from "../../../domain/inside-frame.ts";
import type { CompactManifest } from "../../../domain/pack/compact.ts";
import type { ForecastRequest } from "../../../domain/ports.ts";
import type { Tracks } from "../../../domain/tracks.ts";
import type { FlowCondition, FlowModel } from "../../flow/flow-model.ts";
import { graphField } from "../../flow/graph-field.ts";
import { randomStream, STREAM } from "../../random/philox.ts";
import { scenarioSource } from "../../scenario/ensemble.ts";
import type { GraphRunner, GraphTensor } from "../graph-runner.ts";
import { padHistory, recentHistory } from "../history-input.ts";
import { releaseAll } from "../release-all.ts";
import { bendThrough, stabilised } from "./bend.ts";
import { holdStanding, standingPoints } from "./standing.ts";
import { addTexture, pastTexture } from "./texture.ts";

const VISIBLE = 0.5;
const CAMERA_NUMBERS = 6;

/**
 * A `compact` pack (domain/pack/compact.ts): futures start as scenarios; camera and objects are apart;
 * a camera that stood keeps standing (standing.ts), and futures are as rough as the history (texture.ts).
 * Constrained points start on a path through their positions, without noise, and end on them whatever
 * the model says.
 */
export function compactModel(runner: GraphRunner, manifest: CompactManifest): FlowModel {
  const [, tokens, channels] = manifest.latent.shape.map(Number);
  if (!(tokens > 0 && channels > 0)) {
    throw new PackError(
      `The pack ${manifest.name} does not say how large its latent is`,
      "Export the pack again.",
    );
  }
  return {
    async condition(request) {
      const history = recentHistory(request.inputs.history, manifest);
      const { pointCount } = history;
      const frameCount = manifest.frames.horizon;
      const constraints = request.constraints ?? createConstraints(frameCount, pointCount);
      checkConstraints(constraints, frameCount, pointCount);
      const constrained = constrainedPoints(constraints);
      const startN2 = history.tracksTN2.slice(-2 * pointCount);
      const { context, motion_scale } = await encode(
        runner,
        manifest,
        history,
        request,
        constraints,
      );
      const draw = scenarioSource(history, manifest.grid);
      const texture = pastTexture(history);
      const standing = constrained.length > 0 ? null : standingPoints(history);
      return {
        field: graphField(runner, { context }),
        async source(seeds) {
          const k = seeds.length;
          const stabilisedKTN2 = new Float32Array(k * frameCount * pointCount * 2);
          const cameras = new Float32Array(k * frameCount * CAMERA_NUMBERS);
          const noise = new Float32Array(k * tokens * channels);
          seeds.forEach((seed, i) => {
            const scenario = draw(seed, frameCount);
            if (constrained.length > 0) {
              const still = stabilised(constraints, scenario.cameraPathT6);
              bendThrough(scenario.stabilisedTN2, startN2, still);
            }
            stabilisedKTN2.set(scenario.stabilisedTN2, i * scenario.stabilisedTN2.length);
            cameras.set(scenario.cameraPathT6, i * scenario.cameraPathT6.length);
            const own = noise.subarray(i * tokens * channels, (i + 1) * tokens * channels);
            randomStream(seed, STREAM.noise).fillNormal(own);
            for (const point of constrained) own.fill(0, point * channels, (point + 1) * channels);
          });
          const inputs = {
            scenario_tracks: runner.upload([k, frameCount, pointCount, 2], stabilisedKTN2),
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
              const camera = part(cameras);
              if (standing) {
                holdStanding(path, startN2, standing, manifest.grid);
                standStill(camera);
              }
              if (texture) addTexture(path, texture, pointCount, seed);
              bendThrough(path, startN2, constraints);
              return futureOf(seed, path, part(visibility), camera, manifest);
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
  manifest: CompactManifest,
  history: Tracks,
  { inputs: given }: ForecastRequest,
  constraints: Constraints,
): Promise<Record<"context" | "motion_scale", GraphTensor>> {
  const { pointCount } = history;
  const hints = hintsOf(constraints);
  const padded = padHistory(history, manifest.frames.history);
  const inputs = {
    history_tracks: runner.upload([manifest.frames.history, pointCount, 2], padded.tracks),
    history_visibility: runner.upload([manifest.frames.history, pointCount], padded.visibility),
    frame_interval: runner.upload([1], Float32Array.of(given.frame_interval ?? Number.NaN)),
    hint_tracks: runner.upload([manifest.frames.horizon, pointCount, 2], hints.tracks),
    hint_mask: runner.upload([manifest.frames.horizon, pointCount], hints.mask),
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

/** What the network is told: every position that is asked for, zeros elsewhere. */
function hintsOf({ positionsTN2, weightTN }: Constraints) {
  const tracks = new Float32Array(positionsTN2.length);
  const mask = new Float32Array(weightTN.length);
  for (let i = 0; i < mask.length; i++) {
    if (!(weightTN[i] > 0)) continue;
    mask[i] = 1;
    tracks[2 * i] = positionsTN2[2 * i];
    tracks[2 * i + 1] = positionsTN2[2 * i + 1];
  }
  return { tracks, mask };
}

/** Makes every frame's map of a camera path that of a camera which stands. */
function standStill(cameraPathT6: Float32Array): void {
  for (let at = 0; at < cameraPathT6.length; at += CAMERA_NUMBERS) {
    cameraPathT6.set([1, 0, 0, 0, 1, 0], at);
  }
}

function futureOf(
  seed: number,
  tracksTN2: Float32Array,
  probabilityTN: Float32Array,
  cameraPathT6: Float32Array,
  { grid }: CompactManifest,
): Future {
  if (!areFinite(tracksTN2) || !areFinite(cameraPathT6)) {
    throw new PackError(
      `The model gave a position that is not a number for seed ${seed}`,
      "Try another seed; if it happens again, load the pack again.",
    );
  }
  const visibilityTN = new Uint8Array(probabilityTN.length);
  for (let i = 0; i < visibilityTN.length; i++) {
    if (!(probabilityTN[i] > VISIBLE)) continue;
    visibilityTN[i] = isInsideFrame(tracksTN2[2 * i], tracksTN2[2 * i + 1], grid) ? 1 : 0;
  }
  const pointCount = grid.rows * grid.columns;
  const frameCount = visibilityTN.length / pointCount;
  return { seed, tracks: { frameCount, pointCount, tracksTN2, visibilityTN }, cameraPathT6 };
}

/** A loop: a function called for each number takes several times as long. */
function areFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}
