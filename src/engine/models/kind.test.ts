import { expect, test } from "vitest";
import { commonManifestSchema } from "../../domain/pack/common.ts";
import { createTracks } from "../../domain/tracks.ts";
import { createForecaster } from "./forecaster.ts";
import type { GraphRunner } from "./graph-runner.ts";
import type { ModelKind } from "./kind.ts";
import { parseManifest } from "./read-manifest.ts";
import { MODEL_KINDS } from "./registry.ts";
import { manifestJson } from "./testing.ts";

/** From one picture and a latent z that users may hold: points in space, no flow, no history. */
const glance: ModelKind = {
  kind: "glance",
  schema: commonManifestSchema,
  roles: ["guess"],
  inputs: () => [
    { name: "picture", what: "picture", shape: [3, 120, 208] },
    { name: "z", what: "latent", shape: [2], optional: true },
  ],
  offers: ({ frames: { horizon } }) => ({
    historyFrames: 1,
    horizonFrames: horizon,
    sampler: null,
    constraints: false,
    latent: { input: "z", shape: [2] },
  }),
  create: (_runner, { frames, grid }) => ({
    runsPerBatch: () => 1,
    condition: async ({ inputs: { z = Float32Array.of(0, 0) } }) => ({
      async sample(seeds, { step }) {
        step();
        const tracks = createTracks(frames.horizon, grid.rows * grid.columns);
        const depthTN = new Float32Array(tracks.visibilityTN.length).fill((z as Float32Array)[0]);
        return seeds.map((seed) => ({ seed, tracks: { ...tracks, depthTN } }));
      },
      release: () => undefined,
    }),
  }),
};

const NO_GRAPHS: GraphRunner = {
  batch: 4,
  upload: () => {
    throw new Error("nothing is uploaded");
  },
  run: () => Promise.reject(new Error("nothing is run")),
  read: () => Promise.reject(new Error("nothing is read")),
  release: () => undefined,
  dispose: async () => undefined,
};

const graphs = { guess: { file: "guess.onnx", inputs: [], outputs: [] } };
const files = [{ path: "guess.onnx", bytes: 1, sha256: "0".repeat(64) }];
const bytes = (part: object = {}) =>
  new TextEncoder().encode(
    JSON.stringify(manifestJson({ kind: "glance", graphs, files, ...part })),
  );
const KINDS = [...MODEL_KINDS, glance];
const BACKEND = { backend: "node", threads: 1, reason: "test" } as const;

test("a kind that is no flow is registered, opened and forecasts", async () => {
  const manifest = parseManifest(bytes(), "a glance pack", KINDS);
  const forecaster = createForecaster(NO_GRAPHS, manifest, BACKEND, KINDS);
  const inputs = { picture: new Float32Array(3 * 120 * 208), z: Float32Array.of(2.5, 0) };
  const progress: number[] = [];
  const depths: (number | undefined)[] = [];
  await forecaster.forecast(
    { inputs, seeds: [3, 4, 5, 6, 7] },
    ({ tracks }) => depths.push(tracks.depthTN?.[0]),
    { onProgress: ({ done, total }) => progress.push(done / total) },
  );
  expect(depths).toEqual([2.5, 2.5, 2.5, 2.5, 2.5]);
  expect(progress.at(-1)).toBe(1);
});

test("what it offers is what it declares, and what a pack of it declares goes first", () => {
  const { inputs, offers } = parseManifest(bytes(), "a glance pack", KINDS);
  expect(inputs.map(({ name }) => name)).toEqual(["picture", "z"]);
  expect(offers).toMatchObject({ sampler: null, latent: { input: "z" }, historyFrames: 1 });
  const own = {
    inputs: [{ name: "mood", what: "embedding", shape: [3] }],
    offers: { latent: null },
  };
  const declared = parseManifest(bytes(own), "a glance pack", KINDS);
  expect(declared.inputs).toEqual(own.inputs);
  expect(declared.offers).toEqual({ ...offers, latent: null });
});

test("what it does not take, lacks or is not registered is refused by name", async () => {
  const manifest = parseManifest(bytes(), "a glance pack", KINDS);
  const forecaster = createForecaster(NO_GRAPHS, manifest, BACKEND, KINDS);
  const without = forecaster.forecast({ inputs: {}, seeds: [1] }, () => undefined);
  await expect(without).rejects.toThrow("takes picture");
  expect(() => parseManifest(bytes(), "a glance pack")).toThrow(
    "glance is none of compact, trajloom, photo",
  );
  expect(() => createForecaster(NO_GRAPHS, manifest, BACKEND)).toThrow("not known here: glance");
});
