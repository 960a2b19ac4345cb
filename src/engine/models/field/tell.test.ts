import { expect, test } from "vitest";
import { createTracks } from "../../../domain/tracks.ts";
import type { GraphRunner, GraphTensor } from "../graph-runner.ts";
import { tellDepths } from "./tell.ts";

interface Values extends GraphTensor {
  readonly values: Float32Array;
}

/** A graph that tells a point's x as its depth; keeps what it was asked. */
function runner(bad = 0) {
  const asked: Record<string, Values> = {};
  let alive = 0;
  const make = (dims: readonly number[], values: Float32Array): Values => {
    alive++;
    return { dims, values };
  };
  const graph: GraphRunner = {
    batch: 1,
    upload: make,
    async run(_role, inputs) {
      for (const [name, tensor] of Object.entries(inputs)) asked[name] = tensor as Values;
      const x = asked.queries.values.filter((_, i) => i % 2 === 0).map((v) => v + 0.01 + bad);
      const count = [x.length];
      return { inverse_depth: make(count, x), sigma_log: make(count, x), moving: make(count, x) };
    },
    read: async (tensor) => (tensor as Values).values,
    release: () => void alive--,
    dispose: async () => undefined,
  };
  return { graph, asked, alive: () => alive };
}

function request(frameCount: number, pointCount = 30) {
  const tracks = createTracks(frameCount, pointCount);
  tracks.tracksTN2.forEach((_, i) => {
    tracks.tracksTN2[i] = i % (2 * pointCount);
  });
  tracks.visibilityTN.fill(1);
  return { tracks, anchorFrame: frameCount - 1, size: { width: 832, height: 480 } };
}

test("a network sees at most as many frames as it takes, the anchor's points as queries", async () => {
  const { graph, asked, alive } = runner();
  const guess = await tellDepths(graph, { frames: 41, points: 500 }, request(81));
  expect(asked.tracks.dims[0]).toBeLessThanOrEqual(41);
  expect(asked.visibility.dims).toEqual([asked.tracks.dims[0], 30]);
  expect(guess?.inverseDepthN[7]).toBeCloseTo(14, 1);
  expect(asked.focal.values[0]).toBeCloseTo(799, 0);
  expect(alive()).toBe(0);
});

test("of more points than it takes some are asked about, the others lie between them", async () => {
  const { graph, asked } = runner();
  const guess = await tellDepths(graph, { frames: 41, points: 20 }, request(41));
  expect(asked.queries.dims).toEqual([15, 2]);
  expect(guess?.inverseDepthN).toHaveLength(30);
  expect(guess?.inverseDepthN[8]).toBeCloseTo(16, 0);
  expect(guess?.inverseDepthN[9]).toBeGreaterThan(15);
  expect(guess?.inverseDepthN[9]).toBeLessThan(21);
});

test("too short a past and numbers that are none are no answer", async () => {
  const most = { frames: 41, points: 20 };
  expect(await tellDepths(runner().graph, { ...most, points: 500 }, request(2))).toBeNull();
  expect(
    await tellDepths(runner(Number.NaN).graph, { ...most, points: 500 }, request(41)),
  ).toBeNull();
});
