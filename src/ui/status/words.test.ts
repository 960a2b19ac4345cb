import { expect, test } from "vitest";
import { backendWords, formatBytes, formatSecs, timeLeft } from "./words.ts";

test("the foot of the page tells what the model runs on", () => {
  const reason = "made by the test";
  expect(backendWords({ backend: "webgpu", threads: 1, reason })).toBe("Model on the GPU (WebGPU)");
  expect(backendWords({ backend: "wasm", threads: 1, reason })).toContain("WebAssembly, 1 thread)");
  expect(backendWords({ backend: "wasm", threads: 4, reason })).toContain("4 threads");
});

test("the time left goes by the pace so far", () => {
  expect(timeLeft(1, 4, 4000)).toBe("about 12 s left");
  expect(timeLeft(9, 10, 9000)).toBe("about a second left");
  expect(timeLeft(1, 100, 4000)).toBe("about 7 min left");
});

test("no time is told before there is enough to tell it by, nor at the end", () => {
  expect(timeLeft(0, 4, 4000)).toBe("");
  expect(timeLeft(1, 4, 499)).toBe("");
  expect(timeLeft(4, 4, 4000)).toBe("");
  expect(timeLeft(1, 0, 4000)).toBe("");
});

test("seconds and bytes take the unit that people read them in", () => {
  expect([0.4, 99.4, 100, 150].map(formatSecs)).toEqual(["0 s", "99 s", "2 min", "3 min"]);
  expect([999, 1500, 2_340_000, 3.456e9].map(formatBytes)).toEqual([
    "999 B",
    "2 kB",
    "2.3 MB",
    "3.46 GB",
  ]);
});
