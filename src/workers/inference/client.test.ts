import { afterEach, expect, test, vi } from "vitest";
import { CancelledError, PackError, RuntimeLostError } from "../../domain/errors.ts";
import type { Future } from "../../domain/forecast.ts";
import { throwIfCancelled } from "../../domain/job.ts";
import type { PackLocation } from "../../domain/pack/location.ts";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import type { Forecaster, ForecastRequest } from "../../domain/ports.ts";
import { createTracks } from "../../domain/tracks.ts";
import { InProcessThread } from "../channel/in-process.ts";
import { inspectWorkerPack, openWorkerForecaster } from "./client.ts";
import { type InspectPack, inferenceHandlers, type OpenForecaster } from "./server.ts";

const LOCATION: PackLocation = { kind: "url", url: "https://studio.example/packs/tiny/" };

const inspectNone: InspectPack = async () => {
  throw new PackError("no manifest", "choose another folder");
};

function threadOf(open: OpenForecaster): InProcessThread {
  return InProcessThread.serving(inferenceHandlers(open, inspectNone));
}

/** One future a turn; `fail` may throw before a seed is sampled. */
function slowForecaster(log: number[], fail: (seed: number) => void = () => undefined): Forecaster {
  return {
    manifest: { id: "tiny" } as PackManifest,
    backend: { backend: "wasm", threads: 1, reason: "test" },
    async forecast(request, onFuture, job) {
      for (const seed of request.seeds) {
        throwIfCancelled(job);
        await new Promise((done) => setTimeout(done, 1));
        fail(seed);
        log.push(seed);
        job?.onProgress?.({ stage: "forecast", done: log.length, total: request.seeds.length });
        onFuture({
          seed,
          tracks: createTracks(1, 2),
          cameraPathT6: new Float32Array(6).fill(seed),
        });
      }
    },
    dispose: async () => undefined,
  };
}

function request(seeds: number[]): ForecastRequest {
  return { inputs: { history: createTracks(3, 2), frame_interval: 1 / 16 }, seeds };
}

test("futures, progress, manifest and backend come across", async () => {
  const log: number[] = [];
  const client = await openWorkerForecaster(LOCATION, {
    startThread: () => threadOf(async () => slowForecaster(log)),
  });
  expect(client.manifest.id).toBe("tiny");
  expect(client.backend.reason).toBe("test");
  const futures: Future[] = [];
  const done: number[] = [];
  await client.forecast(request([4, 9]), (future) => futures.push(future), {
    onProgress: (progress) => done.push(progress.done),
  });
  expect(futures.map((f) => [f.seed, f.cameraPathT6?.[0]])).toEqual([
    [4, 4],
    [9, 9],
  ]);
  expect(done).toEqual([1, 2]);
});

test("a cancel rejects at once, stops the work, and the next forecast runs", async () => {
  const log: number[] = [];
  const client = await openWorkerForecaster(LOCATION, {
    startThread: () => threadOf(async () => slowForecaster(log)),
  });
  const controller = new AbortController();
  const seeds = Array.from({ length: 500 }, (_, i) => i);
  const cancelled = client.forecast(request(seeds), () => controller.abort(), controller);
  await expect(cancelled).rejects.toBeInstanceOf(CancelledError);
  await client.forecast(request([1000]), () => undefined);
  expect(log.length).toBeLessThan(50);
  expect(log.at(-1)).toBe(1000);
});

test("a pack that cannot be loaded says why and leaves no worker behind", async () => {
  const worker = threadOf(async () => {
    throw new PackError("altered", "download again");
  });
  const opened = openWorkerForecaster(LOCATION, { startThread: () => worker });
  await expect(opened).rejects.toMatchObject({ name: "PackError", remedy: "download again" });
  expect(worker.terminated).toBe(true);
});

test("a lost device or a dead thread costs a restart, and no future twice", async () => {
  const log: number[] = [];
  const workers: InProcessThread[] = [];
  let losses = 1;
  const lose = (seed: number) => {
    if (seed === 3 && losses-- > 0) throw new RuntimeLostError("the device stopped", "again");
    if (seed === 5 && workers.length === 2) workers[1].crash();
  };
  const client = await openWorkerForecaster(LOCATION, {
    startThread: () => {
      workers.push(threadOf(async () => slowForecaster(log, lose)));
      return workers.at(-1)!;
    },
  });
  const seeds: number[] = [];
  await client.forecast(request([1, 2, 3, 4, 5, 6]), (future) => seeds.push(future.seed));
  expect(seeds).toEqual([1, 2, 3, 4, 5, 6]);
  expect(workers.map((worker) => worker.terminated)).toEqual([true, true, false]);
});

test("a device that stays lost ends in RuntimeLostError, after a try with WebAssembly", async () => {
  const preferences: string[] = [];
  const client = await openWorkerForecaster(LOCATION, {
    startThread: () =>
      threadOf(async ({ preference }) => {
        preferences.push(preference);
        return slowForecaster([], () => {
          throw new Error("Aborted()");
        });
      }),
  });
  const failed = client.forecast(request([1]), () => undefined);
  await expect(failed).rejects.toMatchObject({
    name: "RuntimeLostError",
    message: "The model stopped: Aborted()",
  });
  expect(preferences).toEqual(["auto", "auto", "wasm"]);
});

afterEach(() => {
  vi.useRealTimers();
});

test("a worker that hangs after a cancel is replaced", async () => {
  vi.useFakeTimers();
  const workers: InProcessThread[] = [];
  const log: number[] = [];
  const opened = openWorkerForecaster(LOCATION, {
    startThread: () => {
      const hangs = workers.length === 0;
      const model = slowForecaster(log);
      const stuck: Forecaster = { ...model, forecast: () => new Promise(() => undefined) };
      workers.push(threadOf(async () => (hangs ? stuck : model)));
      return workers.at(-1)!;
    },
  });
  await vi.advanceTimersByTimeAsync(100);
  const client = await opened;
  const controller = new AbortController();
  const cancelled = client.forecast(request([1]), () => undefined, controller);
  const outcome = expect(cancelled).rejects.toBeInstanceOf(CancelledError);
  await vi.advanceTimersByTimeAsync(100);
  controller.abort();
  await outcome;
  const next = client.forecast(request([2]), () => undefined);
  await vi.advanceTimersByTimeAsync(60_000);
  await next;
  expect(log).toEqual([2]);
  expect(workers.map((worker) => worker.terminated)).toEqual([true, false]);
});

test("errors of the request come back as they are, without a restart", async () => {
  const workers: InProcessThread[] = [];
  const client = await openWorkerForecaster(LOCATION, {
    startThread: () => {
      workers.push(
        threadOf(async () =>
          slowForecaster([], () => {
            throw new PackError("not a number", "another seed");
          }),
        ),
      );
      return workers[0];
    },
  });
  await expect(client.forecast(request([1]), () => undefined)).rejects.toBeInstanceOf(PackError);
  expect(workers).toHaveLength(1);
  expect(workers[0].terminated).toBe(false);
});

test("a runtime that stands still is started again, and no future comes twice", async () => {
  vi.useFakeTimers();
  const log: number[] = [];
  const workers: InProcessThread[] = [];
  const stuck = slowForecaster(log);
  const standsStill: Forecaster = {
    ...stuck,
    forecast: (asked, onFuture, job) =>
      asked.seeds[0] === 3 && workers.length === 1
        ? new Promise(() => onFuture({ seed: 3, tracks: createTracks(1, 2) }))
        : stuck.forecast(asked, onFuture, job),
  };
  const startThread = () => {
    const worker = threadOf(async () => standsStill);
    workers.push(worker);
    return worker;
  };
  const opening = openWorkerForecaster(LOCATION, { startThread });
  await vi.advanceTimersByTimeAsync(10);
  const client = await opening;
  const seeds: number[] = [];
  const first = client.forecast(request([1]), ({ seed }) => seeds.push(seed));
  await vi.advanceTimersByTimeAsync(50);
  await first;
  const second = client.forecast(request([3, 4]), ({ seed }) => seeds.push(seed));
  await vi.advanceTimersByTimeAsync(50_000);
  expect(workers).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(20_000);
  await second;
  expect(workers.map(({ terminated }) => terminated)).toEqual([true, false]);
  expect(seeds).toEqual([1, 3, 4]);
});

test("the first forecast may take its time: nothing is known of this machine yet", async () => {
  vi.useFakeTimers();
  const workers: InProcessThread[] = [];
  const model = slowForecaster([]);
  const slow: Forecaster = {
    ...model,
    async forecast(asked, onFuture, job) {
      await new Promise((done) => setTimeout(done, 300_000));
      await model.forecast(asked, onFuture, job);
    },
  };
  const opening = openWorkerForecaster(LOCATION, {
    startThread: () => {
      workers.push(threadOf(async () => slow));
      return workers[workers.length - 1];
    },
  });
  await vi.advanceTimersByTimeAsync(10);
  const client = await opening;
  // The second is judged by the first.
  for (const seed of [1, 2]) {
    const forecast = client.forecast(request([seed]), () => undefined);
    await vi.advanceTimersByTimeAsync(300_100);
    await forecast;
  }
  expect(workers).toHaveLength(1);
});

test("a cancel while a lost model is loaded again is seen at once, and no seed is sampled", async () => {
  const log: number[] = [];
  const threads: InProcessThread[] = [];
  let loaded: () => void = () => undefined;
  const client = await openWorkerForecaster(LOCATION, {
    startThread: () => {
      const isFirst = threads.length === 0;
      threads.push(
        threadOf(async () => {
          if (!isFirst) await new Promise<void>((done) => (loaded = done));
          return slowForecaster(log);
        }),
      );
      return threads[threads.length - 1];
    },
  });
  threads[0].crash();
  const controller = new AbortController();
  const cancelled = client.forecast(request([1, 2, 3]), () => undefined, controller);
  const outcome = expect(cancelled).rejects.toBeInstanceOf(CancelledError);
  await new Promise((done) => setTimeout(done, 20));
  controller.abort();
  await outcome;
  loaded();
  // The load goes on for the next one who asks.
  await client.forecast(request([4]), () => undefined);
  expect(log).toEqual([4]);
  expect(threads).toHaveLength(2);
});

test("what was cancelled before it was asked starts no thread and samples nothing", async () => {
  const log: number[] = [];
  let started = 0;
  const startThread = () => {
    started++;
    return threadOf(async () => slowForecaster(log));
  };
  const job = { signal: AbortSignal.abort() };
  await expect(openWorkerForecaster(LOCATION, { startThread }, job)).rejects.toBeInstanceOf(
    CancelledError,
  );
  await expect(inspectWorkerPack(LOCATION, { startThread }, job)).rejects.toBeInstanceOf(
    CancelledError,
  );
  expect(started).toBe(0);
  const client = await openWorkerForecaster(LOCATION, { startThread });
  const forecast = client.forecast(request([1]), () => undefined, job);
  await expect(forecast).rejects.toBeInstanceOf(CancelledError);
  await client.forecast(request([2]), () => undefined);
  expect(log).toEqual([2]);
});

test("a cancel while the pack is loaded for the first time ends the thread", async () => {
  const thread = threadOf(() => new Promise(() => undefined));
  const controller = new AbortController();
  const opening = openWorkerForecaster(LOCATION, { startThread: () => thread }, controller);
  controller.abort();
  await expect(opening).rejects.toBeInstanceOf(CancelledError);
  expect(thread.terminated).toBe(true);
});

test("a pack is inspected on a thread of its own, which ends with the answer", async () => {
  const thread = threadOf(async () => slowForecaster([]));
  const inspected = inspectWorkerPack(LOCATION, { startThread: () => thread });
  await expect(inspected).rejects.toMatchObject({ name: "PackError", message: "no manifest" });
  expect(thread.terminated).toBe(true);
});

test("two forecasts under way survive the same loss with one reload", async () => {
  const log: number[] = [];
  const threads: InProcessThread[] = [];
  const client = await openWorkerForecaster(LOCATION, {
    startThread: () => {
      threads.push(threadOf(async () => slowForecaster(log)));
      return threads[threads.length - 1];
    },
  });
  const heard: number[] = [];
  const onFuture = ({ seed }: Future) => {
    heard.push(seed);
    if (seed === 2) threads[0].crash();
  };
  await Promise.all([
    client.forecast(request([1, 2, 3]), onFuture),
    client.forecast(request([11, 12, 13]), onFuture),
  ]);
  expect(heard.sort((a, b) => a - b)).toEqual([1, 2, 3, 11, 12, 13]);
  expect(threads).toHaveLength(2);
});
