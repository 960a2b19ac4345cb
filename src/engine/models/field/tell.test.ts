import { expect, test } from "vitest";
import { createTracks } from "../../../domain/tracks.ts";
import { expRotation } from "../../space/rotation.ts";
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
    async run(_role, inputs, outputs) {
      for (const [name, tensor] of Object.entries(inputs)) asked[name] = tensor as Values;
      const x = asked.queries.values.filter((_, i) => i % 2 === 0).map((v) => v + 0.01 + bad);
      const count = [x.length];
      const depth = {
        inverse_depth: make(count, x),
        sigma_log: make(count, x),
        moving: make(count, x),
      };
      if (!outputs.includes("control")) return depth;
      // A camera that turns by 0.01 a frame about its own y and goes by one along x.
      const frames = Array.from({ length: asked.tracks.dims[0] }, (_, t) => t);
      const turns = frames.flatMap((t) => [...expRotation(0, 0.01 * t, 0)]);
      const shifts = frames.flatMap((t) => [t, 0, 0]);
      const ways = [...x].flatMap((v) => new Array(48).fill(v));
      return {
        ...depth,
        met_depth: make(count, x),
        rotation: make([frames.length, 3, 3], Float32Array.from(turns)),
        translation: make([frames.length, 3], Float32Array.from(shifts)),
        control: make([x.length, 16, 3], Float32Array.from(ways)),
      };
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

test("a pack that tells paths, too, tells the camera of every frame and the way of every point", async () => {
  const { graph, asked, alive } = runner();
  const most = { frames: 41, points: 20, paths: true };
  const guess = await tellDepths(graph, most, request(81));
  expect(alive()).toBe(0);
  const told = asked.tracks.dims[0];
  expect(told).toBeLessThan(81);
  const { rotationT9, translationT3, wayNK3 } = guess?.path ?? {};
  expect(translationT3).toHaveLength(3 * 81);
  expect(translationT3?.[3 * 80]).toBe(told - 1);
  expect(translationT3?.[3 * 1]).toBeCloseTo(0.5, 1);
  // Between two frames half-way between them, and still a rotation.
  const half = [...(rotationT9 ?? [])].slice(9, 18);
  const wanted = expRotation(0, 0.01 * (translationT3?.[3] ?? 0), 0);
  half.forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i], 5);
  });
  expect(wayNK3).toHaveLength(30 * 48);
  expect(wayNK3?.[8 * 48]).toBeCloseTo(16, 0);
  const alone = await tellDepths(graph, { frames: 41, points: 20 }, request(81));
  expect(alone?.path).toBeUndefined();
  const short = await tellDepths(graph, most, request(31));
  expect(short?.path?.translationT3).toHaveLength(3 * 31);
});
