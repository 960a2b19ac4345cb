import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PackError } from "../../domain/errors.ts";
import type { PackManifest } from "../../domain/pack/manifest.ts";
import type { Forecaster, ForecastRequest, FuturesExplorer } from "../../domain/ports.ts";
import { testedLater } from "./tested-later.ts";

const WRONG = new PackError("wrong numbers", "choose another pack");
const REQUEST: ForecastRequest = { inputs: {}, seeds: [1] };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What was done with it, in turn. */
function watched(test: () => Promise<void> = async () => undefined) {
  const log: string[] = [];
  const forecaster: Forecaster = {
    manifest: { id: "tiny" } as PackManifest,
    backend: { backend: "wasm", threads: 1, reason: "test" },
    async forecast({ seeds }) {
      if (seeds.length === 0) throw new Error("no seed");
      log.push("forecast");
    },
    explorer: {
      fields: async () => new Float32Array([log.push("fields")]),
    } as Partial<FuturesExplorer> as FuturesExplorer,
    dispose: async () => void log.push("disposed"),
  };
  const later = testedLater(forecaster, () => {
    log.push("test");
    return test();
  });
  return { log, later };
}

test("where nobody asks for anything the pack is tested soon, once", async () => {
  const { log, later } = watched();
  expect(log).toEqual([]);
  await vi.runAllTimersAsync();
  expect(log).toEqual(["test"]);
  await later.forecast(REQUEST, () => undefined);
  await later.forecast(REQUEST, () => undefined);
  expect(log).toEqual(["test", "forecast", "forecast"]);
});

test("forecasts that wait come first, and the test soon after the last of them", async () => {
  const { log, later } = watched();
  await later.forecast(REQUEST, () => undefined);
  await vi.advanceTimersByTimeAsync(100);
  await later.forecast(REQUEST, () => undefined);
  expect(log).toEqual(["forecast", "forecast"]);
  await vi.runAllTimersAsync();
  expect(log).toEqual(["forecast", "forecast", "test"]);
});

test("a forecast that fails leaves the test to come", async () => {
  const { log, later } = watched();
  await expect(later.forecast({ ...REQUEST, seeds: [] }, () => undefined)).rejects.toThrow(
    "no seed",
  );
  await vi.runAllTimersAsync();
  expect(log).toEqual(["test"]);
});

test("of a pack that gives wrong numbers nothing is had any more", async () => {
  const { log, later } = watched(() => Promise.reject(WRONG));
  await later.forecast(REQUEST, () => undefined);
  await vi.runAllTimersAsync();
  await expect(later.forecast(REQUEST, () => undefined)).rejects.toBe(WRONG);
  await expect(later.forecast(REQUEST, () => undefined)).rejects.toBe(WRONG);
  await expect(later.explorer?.fields("a", new Float32Array())).rejects.toBe(WRONG);
  expect(log).toEqual(["forecast", "test"]);
});

test("a test that fails while nobody asks is heard of by who asks next", async () => {
  const { log, later } = watched(() => Promise.reject(WRONG));
  await vi.runAllTimersAsync();
  await expect(later.forecast(REQUEST, () => undefined)).rejects.toBe(WRONG);
  expect(log).toEqual(["test"]);
});

test("what is explored comes from a pack that has been tested", async () => {
  const { log, later } = watched();
  await later.explorer?.fields("a", new Float32Array());
  expect(log).toEqual(["test", "fields"]);
});

test("what is closed before its test is not tested any more", async () => {
  const { log, later } = watched();
  await later.dispose();
  await vi.runAllTimersAsync();
  expect(log).toEqual(["disposed"]);
});
