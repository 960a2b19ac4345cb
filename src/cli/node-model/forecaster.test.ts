import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as ort from "onnxruntime-web";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createConstraints } from "../../domain/constraints.ts";
import { CancelledError, PackError } from "../../domain/errors.ts";
import type { Future } from "../../domain/forecast.ts";
import { gridQueryXyN2, POINT_COUNT } from "../../domain/grid.ts";
import { isInsideFrame } from "../../domain/inside-frame.ts";
import type { Forecaster } from "../../domain/ports.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { createTracks, type Tracks } from "../../domain/tracks.ts";
import { SOLVER_NAMES } from "../../engine/flow/solvers/list.ts";
import { createForecaster } from "../../engine/models/forecaster.ts";
import { selfTest } from "../../engine/models/self-test.ts";
import { createOrtRunner, type OrtRunner } from "../../workers/inference/ort-runner.ts";
import { type LoadedPack, loadPack } from "../../workers/pack/load.ts";
import { openNodeForecaster } from "./forecaster.ts";
import { findPack, folderPackSource } from "./pack.ts";

const FOLDER = fileURLToPath(
  new URL("../../workers/inference/testdata/tiny-pack", import.meta.url),
);

let pack: LoadedPack;
let runner: OrtRunner;
let forecaster: Forecaster;

beforeAll(async () => {
  pack = await loadPack(folderPackSource(FOLDER));
  ort.env.wasm.numThreads = 1;
  runner = await createOrtRunner(ort, pack.manifest, pack.files, { provider: "wasm", batch: 3 });
  forecaster = createForecaster(runner, pack.manifest, {
    backend: "node",
    threads: 1,
    reason: "test",
  });
});

afterAll(async () => forecaster.dispose());

function pan(frameCount: number, speed: number): Tracks {
  const history = createTracks(frameCount, POINT_COUNT);
  history.visibilityTN.fill(1);
  const xyN2 = gridQueryXyN2();
  for (let i = 0; i < history.tracksTN2.length; i++) {
    const back = frameCount - 1 - Math.floor(i / (2 * POINT_COUNT));
    history.tracksTN2[i] = xyN2[i % (2 * POINT_COUNT)] - (i % 2 === 0 ? speed * back : 0);
  }
  return history;
}

async function sample(history: Tracks, seeds: number[], steps = 2, solver = "euler") {
  const futures: Future[] = [];
  await forecaster.forecast(
    { inputs: { history, frame_interval: 1 / 16 }, seeds, sampler: { solver, steps } },
    (future) => futures.push(future),
  );
  return futures;
}

function largestDifference(a: Future, b: Future): number {
  return a.tracks.tracksTN2.reduce(
    (most, v, i) => Math.max(most, Math.abs(v - b.tracks.tracksTN2[i])),
    0,
  );
}

test("the shipped runtime passes the pack's self-test, and an altered golden fails it", async () => {
  const good = await selfTest(runner, pack.goldens!);
  expect(good.ok).toBe(true);
  const altered = structuredClone(pack.goldens!);
  const { values, tolerance } = altered.velocity.outputs.next_latent;
  values[2] += 1.5 * tolerance;
  const bad = await selfTest(runner, altered);
  expect(bad.ok).toBe(false);
  expect(bad.where).toBe("velocity.next_latent");
});

test("each seed has one future, the same alone or among others, in the order asked", async () => {
  const history = pan(20, 2);
  const many = await sample(history, [5, 1, 9, 4]);
  expect(many.map((future) => future.seed)).toEqual([5, 1, 9, 4]);
  const [alone] = await sample(history, [9]);
  expect(largestDifference(alone, many[2])).toBeLessThan(1e-3);
  expect(largestDifference(many[0], many[1])).toBeGreaterThan(1);
});

test("a future has the horizon's frames, a camera path and visibility inside the frame", async () => {
  const [future] = await sample(pan(81, 4), [2]);
  const { tracks, cameraPathT6 } = future;
  expect(tracks.frameCount).toBe(81);
  expect(tracks.pointCount).toBe(POINT_COUNT);
  expect(cameraPathT6?.length).toBe(81 * 6);
  for (let i = 0; i < tracks.visibilityTN.length; i++) {
    const [x, y] = tracks.tracksTN2.subarray(2 * i, 2 * i + 2);
    const inside = isInsideFrame(x, y, WORKING_SIZE);
    const hidden = (i % POINT_COUNT) % 7 === 3 && Math.floor(i / POINT_COUNT) > 40;
    expect(tracks.visibilityTN[i]).toBe(inside && !hidden ? 1 : 0);
  }
});

test("a photo and an overlong history are read; another grid is refused", async () => {
  expect(await sample(pan(1, 0), [1])).toHaveLength(1);
  const long = pan(90, 1);
  const recent = {
    ...long,
    frameCount: 81,
    tracksTN2: long.tracksTN2.slice(-81 * POINT_COUNT * 2),
  };
  const recentSeen = { ...recent, visibilityTN: long.visibilityTN.slice(-81 * POINT_COUNT) };
  const [a] = await sample(long, [1]);
  const [b] = await sample(recentSeen, [1]);
  expect(a).toEqual(b);
  const shifted = pan(5, 0);
  shifted.tracksTN2[shifted.tracksTN2.length - 1] += 3;
  await expect(sample(shifted, [1])).rejects.toThrow("does not end on the grid");
});

test("a future passes through constrained positions; without a weight they change nothing", async () => {
  const history = pan(20, 1);
  const run = async (weight: 0 | 1 | null) => {
    const futures: Future[] = [];
    const constraints = createConstraints(81, POINT_COUNT);
    constraints.positionsTN2.fill(400);
    constraints.weightTN.fill(weight ?? 0);
    await forecaster.forecast(
      {
        inputs: { history, frame_interval: 1 / 16 },
        seeds: [1],
        ...(weight === null ? {} : { constraints }),
      },
      (future) => futures.push(future),
    );
    return futures[0];
  };
  const free = await run(null);
  expect(largestDifference(free, await run(0))).toBe(0);
  const { tracksTN2: steered } = (await run(1)).tracks;
  expect(steered.every((v) => Math.abs(v - 400) < 1e-2)).toBe(true);
});

test("no tensor stays behind, whatever the solver, a cancel or a failure", async () => {
  const history = pan(12, 1);
  await sample(history, [1]);
  const held = runner.liveTensors;
  for (const solver of SOLVER_NAMES) {
    await sample(history, [1, 2, 3, 4], 3, solver);
  }
  expect(runner.liveTensors).toBe(held);
  await expect(sample(history, [1], 0)).rejects.toThrow(RangeError);
  const controller = new AbortController();
  const heard: number[] = [];
  const cancelled = forecaster.forecast(
    { inputs: { history, frame_interval: 1 / 16 }, seeds: [1, 2, 3, 4, 5, 6, 7] },
    (future) => {
      heard.push(future.seed);
      controller.abort();
    },
    { signal: controller.signal },
  );
  await expect(cancelled).rejects.toThrow(CancelledError);
  expect(heard.length).toBeLessThan(4);
  expect(runner.liveTensors).toBe(held);
});

test("runs wait for each other and a failed one does not hold up the next", async () => {
  const history = pan(12, 1);
  const order: string[] = [];
  const first = sample(history, [1]).then(() => order.push("first"));
  const failing = sample(pan(0, 0), [2]).catch(() => order.push("failed"));
  const last = sample(history, [3]).then(() => order.push("last"));
  await Promise.all([first, failing, last]);
  expect(order).toEqual(["first", "failed", "last"]);
});

test("progress ends at its total and never goes back", async () => {
  const seen: { done: number; total: number }[] = [];
  await forecaster.forecast(
    { inputs: { history: pan(12, 1), frame_interval: 1 / 16 }, seeds: [1, 2, 3, 4] },
    () => undefined,
    { onProgress: (progress) => seen.push(progress) },
  );
  const last = seen.at(-1);
  expect(last?.done).toBe(last?.total);
  seen.forEach((progress, i) => {
    if (i > 0) expect(progress.done).toBeGreaterThanOrEqual(seen[i - 1].done);
  });
});

test("packs are found by path; what is not one is explained", async () => {
  expect((await loadPack(await findPack(FOLDER))).manifest.id).toBe("tiny");
  expect((await loadPack(await findPack(`${FOLDER}/manifest.json`))).manifest.id).toBe("tiny");
  await expect(findPack("no-such-pack")).rejects.toThrow(PackError);
  const trajloom = { ...pack.manifest, kind: "trajloom" as const };
  expect(() => createForecaster(runner, trajloom, forecaster.backend)).toThrow(PackError);
  const bytes = readFileSync(`${FOLDER}/velocity.onnx`);
  const files = new Map(pack.files).set("decode.onnx", new Blob([bytes.subarray(0, 100)]));
  await expect(
    createOrtRunner(ort, pack.manifest, files, { provider: "wasm", batch: 1 }),
  ).rejects.toThrow(PackError);
});

test("the same seeds under other edits run no graph, and undone edits give the free future back", async () => {
  const history = pan(15, 1);
  const run = async (x: number | null) => {
    const futures: Future[] = [];
    const constraints = createConstraints(81, POINT_COUNT);
    constraints.weightTN[100] = x === null ? 0 : 1;
    constraints.positionsTN2.set([x ?? 0, 50], 200);
    const inputs = { history, frame_interval: 1 / 16 };
    await forecaster.forecast({ inputs, seeds: [7, 8], constraints }, (f) => futures.push(f));
    return futures;
  };
  const [free] = await run(null);
  // What was handed out may be changed or handed on.
  const before = free.tracks.tracksTN2.slice();
  free.tracks.tracksTN2.fill(0);
  const runs = vi.spyOn(runner, "run");
  const [held] = await run(300);
  expect(held.tracks.tracksTN2[200]).toBe(300);
  const [again] = await run(null);
  expect(again.tracks.tracksTN2).toEqual(before);
  expect(runs).not.toHaveBeenCalled();
  runs.mockRestore();
});

test("a pack of another size is refused before any of its files is read", async () => {
  const manifest = JSON.parse(readFileSync(`${FOLDER}/manifest.json`, "utf8"));
  const small = { ...manifest, name: "Small", grid: { ...manifest.grid, rows: 5, columns: 7 } };
  const source = {
    label: "a test",
    manifest: async () => new TextEncoder().encode(JSON.stringify(small)),
    file: () => Promise.reject(new Error("a file was read")),
  };
  await expect(openNodeForecaster(source, 1)).rejects.toThrow(/The pack Small was made for .*5×7/);
});

test("the shipped model makes the futures of a request together, with the bits that each has alone", async () => {
  const shipped = await openNodeForecaster(await findPack("compact"), 1);
  const make = async (seeds: number[]) => {
    const futures: Future[] = [];
    let runs = 0;
    const inputs = { history: pan(20, 1), frame_interval: 1 / 16 };
    await shipped.forecast({ inputs, seeds }, (future) => futures.push(future), {
      onProgress: ({ total }) => {
        runs = total;
      },
    });
    return { futures, runs };
  };
  const together = await make([1, 2, 3]);
  const afresh = await openNodeForecaster(await findPack("compact"), 1);
  const alone: Future[] = [];
  for (const seed of [1, 2, 3]) {
    const inputs = { history: pan(20, 1), frame_interval: 1 / 16 };
    await afresh.forecast({ inputs, seeds: [seed] }, (future) => alone.push(future));
  }
  expect(together.futures).toEqual(alone);
  // The condition; then source, one evaluation and decoding, of all at once.
  expect(together.runs).toBe(4);
  await shipped.dispose();
  await afresh.dispose();
}, 60_000);
