import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as ort from "onnxruntime-web";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createConstraints } from "../../domain/constraints.ts";
import { FormatError, PackError } from "../../domain/errors.ts";
import type { Future } from "../../domain/forecast.ts";
import { gridQueryXyN2, POINT_COUNT } from "../../domain/grid.ts";
import { type TrajloomManifest, trajloomManifestSchema } from "../../domain/pack/trajloom.ts";
import type { ForecastRequest } from "../../domain/ports.ts";
import { createTracks, type Tracks } from "../../domain/tracks.ts";
import type { FlowCondition } from "../../engine/flow/flow-model.ts";
import { solve } from "../../engine/flow/solvers/solve.ts";
import { createForecaster } from "../../engine/models/forecaster.ts";
import type { GraphTensor } from "../../engine/models/graph-runner.ts";
import { selfTest } from "../../engine/models/self-test.ts";
import { anchoredSource, trajloomModel } from "../../engine/models/trajloom/model.ts";
import { createOrtRunner, type OrtRunner } from "../../workers/inference/ort-runner.ts";
import { type LoadedPack, loadPack } from "../../workers/pack/load.ts";
import { folderPackSource } from "./pack.ts";

const FOLDER = fileURLToPath(
  new URL("../../workers/inference/testdata/tiny-trajloom", import.meta.url),
);
/** Nothing here is timed: a busy machine only takes longer. */
const PATIENCE_MILLIS = 300_000;
vi.setConfig({ testTimeout: PATIENCE_MILLIS });
const SAMPLER = { solver: "euler", steps: 2 };
const BACKEND = { backend: "node", threads: 1, reason: "test" } as const;

interface Sampled {
  readonly indices: number[];
  readonly values: number[];
}
/** What PyTorch made of the same past; see make_tiny_trajloom.py. */
const EXPECTED = JSON.parse(readFileSync(`${FOLDER}/expected.json`, "utf8")) as Record<
  "history_latent" | "sample" | "future_tracks" | "future_visibility",
  Sampled
>;

let pack: LoadedPack;
let manifest: TrajloomManifest;
let runner: OrtRunner;
let condition: FlowCondition;

beforeAll(async () => {
  pack = await loadPack(folderPackSource(FOLDER));
  manifest = trajloomManifestSchema.parse(pack.manifest);
  ort.env.wasm.numThreads = 1;
  runner = await createOrtRunner(ort, pack.manifest, pack.files, { provider: "wasm", batch: 3 });
  condition = await trajloomModel(runner, manifest).condition(request([1]));
}, PATIENCE_MILLIS);

afterAll(async () => {
  condition.release();
  await runner.dispose();
});

/** Starts on the cells' corners and drifts by (0.75,−0.25) px a frame. */
function drifting(frameCount: number): Tracks {
  const history = createTracks(frameCount, POINT_COUNT);
  history.visibilityTN.fill(1);
  const xyN2 = gridQueryXyN2("cell-corner");
  for (let i = 0; i < history.tracksTN2.length; i++) {
    const t = Math.floor(i / (2 * POINT_COUNT));
    history.tracksTN2[i] = xyN2[i % (2 * POINT_COUNT)] + t * (i % 2 === 0 ? 0.75 : -0.25);
  }
  return history;
}

function request(seeds: number[], history = drifting(81)): ForecastRequest {
  return { inputs: { history }, seeds, sampler: SAMPLER };
}

function worst(got: Float32Array, { indices, values }: Sampled): number {
  return Math.max(...indices.map((index, i) => Math.abs(got[index] - values[i])));
}

function scaleOf({ values }: Sampled): number {
  return Math.max(...values.map(Math.abs));
}

/** The source latent that make_tiny_trajloom.py solves from. */
function formulaSource(): GraphTensor {
  const dims = manifest.latent.shape.map(Number);
  const size = dims.reduce((product, dim) => product * dim);
  return runner.upload(
    dims,
    Float32Array.from({ length: size }, (_, i) => Math.sin(0.37 * i)),
  );
}

test("every graph gives the numbers of the pack's goldens", async () => {
  if (!pack.goldens) throw new Error("the tiny pack has goldens");
  expect(Object.keys(pack.goldens)).toEqual(["encode", "decode", "velocity", "visibility"]);
  expect(await selfTest(runner, pack.goldens)).toMatchObject({ ok: true });
});

test("an 8-step sample and its future are those of PyTorch", async () => {
  const latent = await solve(condition.field, formulaSource(), { solver: "euler", steps: 8 });
  const values = await runner.read(latent);
  expect(worst(values, EXPECTED.sample)).toBeLessThan(1e-3 * scaleOf(EXPECTED.sample));
  const [future] = await condition.decode(latent, [5]);
  runner.release(latent);
  expect(future.seed).toBe(5);
  expect(future.tracks.frameCount).toBe(81);
  expect(worst(future.tracks.tracksTN2, EXPECTED.future_tracks)).toBeLessThan(1e-3);
  const { indices, values: probability } = EXPECTED.future_visibility;
  indices.forEach((index, i) => {
    if (Math.abs(probability[i] - 0.5) < 1e-3) return;
    expect(future.tracks.visibilityTN[index]).toBe(probability[i] > 0.5 ? 1 : 0);
  });
});

test("the source starts at the history's last latent and is noise after it", async () => {
  const [first, other] = [
    await condition.source([1], SAMPLER),
    await condition.source([2], SAMPLER),
  ];
  const [a, b] = [await runner.read(first), await runner.read(other)];
  const frame = POINT_COUNT * 4;
  const last = EXPECTED.history_latent.values.at(-1) ?? Number.NaN;
  // The last sampled number of the history latent is the last of its last frame.
  expect(Math.abs(a[frame - 1] - last)).toBeLessThan(0.5);
  const spread = (x: Float32Array) => Math.hypot(...x.slice(0, frame).map((v, i) => v - b[i]));
  expect(spread(a) / Math.sqrt(frame)).toBeCloseTo(0.1 * Math.SQRT2, 1);
  const noise = a.slice(frame);
  expect(Math.hypot(...noise) / Math.sqrt(noise.length)).toBeCloseTo(1, 1);
  runner.release(first);
  runner.release(other);
});

test("with repeatBoundary every frame of the source is anchored", () => {
  const flow = { ...manifest.flow, repeatBoundary: true, anchorNoise: 0.5 };
  const got = anchoredSource(Float32Array.of(1, -1, 2, -2), Float32Array.of(10, 20), { flow });
  expect([...got]).toEqual([10.5, 19.5, 11, 19]);
});

test("a forecast gives one future a seed, the same for the same seed, and leaks nothing", async () => {
  const forecaster = createForecaster(runner, pack.manifest, BACKEND);
  const before = runner.liveTensors;
  const futures: Future[] = [];
  await forecaster.forecast(request([4, 9, 4]), (future) => futures.push(future));
  expect(futures.map((future) => future.seed)).toEqual([4, 9, 4]);
  expect(futures[2].tracks).toEqual(futures[0].tracks);
  expect(futures[1].tracks.tracksTN2).not.toEqual(futures[0].tracks.tracksTN2);
  // The condition of the last history is kept: five tensors.
  expect(runner.liveTensors - before).toBe(5);
});

test("a text embedding changes the field; one of a wrong size is refused", async () => {
  const model = trajloomModel(runner, manifest);
  const withText = await model.condition({
    ...request([1]),
    inputs: { history: drifting(81), text: new Float32Array(6).fill(0.5) },
  });
  const source = formulaSource();
  const [plain, told] = [
    await condition.field.velocity(source, 0.5),
    await withText.field.velocity(source, 0.5),
  ];
  expect(told.some((v, i) => Math.abs(v - plain[i]) > 1e-3)).toBe(true);
  runner.release(source);
  withText.release();
  const wrong = { ...request([1]), inputs: { history: drifting(81), text: new Float32Array(5) } };
  const before = runner.liveTensors;
  await expect(model.condition(wrong)).rejects.toThrow(FormatError);
  expect(runner.liveTensors).toBe(before);
});

test("a past that is anchored elsewhere and a pack without a graph are refused", async () => {
  const model = trajloomModel(runner, manifest);
  const late = drifting(81);
  late.tracksTN2[0] += 1;
  await expect(model.condition(request([1], late))).rejects.toThrow(/start on the grid/);
  const { visibility: _, ...graphs } = pack.manifest.graphs;
  expect(() => createForecaster(runner, { ...pack.manifest, graphs }, BACKEND)).toThrow(PackError);
});

test("futures obey constraints by completion; the model itself cannot be told of them", async () => {
  const forecaster = createForecaster(runner, pack.manifest, BACKEND);
  const constraints = createConstraints(81, POINT_COUNT);
  const held = 40 * POINT_COUNT + 5;
  constraints.weightTN[held] = 1;
  constraints.positionsTN2.set([321, 123], 2 * held);
  const futures: Future[] = [];
  await forecaster.forecast({ ...request([1]), constraints }, (future) => futures.push(future));
  expect([...futures[0].tracks.tracksTN2.subarray(2 * held, 2 * held + 2)]).toEqual([321, 123]);
  const told = { ...request([1]), constraints, obeyBy: "model" as const };
  await expect(forecaster.forecast(told, () => undefined)).rejects.toThrow(FormatError);
});
