import { expect, test } from "vitest";
import { bendThroughPins, stabilisedPins } from "./bend.ts";

/** Two points over five frames; the first is pinned at frames 1 and 3. */
function pins() {
  const mask = new Float32Array(10);
  const tracks = new Float32Array(20);
  for (const [t, x, y] of [
    [1, 10, 4],
    [3, 30, 0],
  ]) {
    mask[2 * t] = 1;
    tracks.set([x, y], 4 * t);
  }
  return { mask, tracks };
}

test("a pinned path passes through its pins, straight between them, and keeps its way after", () => {
  const path = new Float32Array(20);
  for (let t = 0; t < 5; t++) path.set([t + 1, 0, 7, 7], 4 * t);
  bendThroughPins(path, Float32Array.of(0, 0, 7, 7), pins());
  const ofPoint = (i: number) =>
    [0, 1, 2, 3, 4].map((t) => [...path.slice(4 * t + 2 * i).slice(0, 2)]);
  expect(ofPoint(0)).toEqual([
    [5, 2],
    [10, 4],
    [20, 2],
    [30, 0],
    [31, 0],
  ]);
  expect(ofPoint(1)).toEqual(Array(5).fill([7, 7]));
});

test("pins under a camera, seen through it again, are the pins", () => {
  const camera = Float32Array.of(1.1, 0.2, -30, -0.1, 0.9, 12);
  const path = new Float32Array(30);
  for (let t = 0; t < 5; t++) path.set(camera, 6 * t);
  const still = stabilisedPins(pins(), path);
  const [a, b, c, d, e, f] = camera;
  const [x, y] = still.tracks.subarray(12, 14);
  expect(a * x + b * y + c).toBeCloseTo(30, 4);
  expect(d * x + e * y + f).toBeCloseTo(0, 4);
  expect(still.tracks.subarray(0, 4).every((v) => v === 0)).toBe(true);
});
