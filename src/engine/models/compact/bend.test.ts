import { expect, test } from "vitest";
import { type Constraints, createConstraints } from "../../../domain/constraints.ts";
import { bendThrough, stabilised } from "./bend.ts";

/** Two points over five frames; the first is asked for at frames 1 and 3. */
function constraints(weight = 1): Constraints {
  const made = createConstraints(5, 2);
  for (const [t, x, y] of [
    [1, 10, 4],
    [3, 30, 0],
  ]) {
    made.weightTN[2 * t] = weight;
    made.positionsTN2.set([x, y], 4 * t);
  }
  return made;
}

function bent(weight?: number) {
  const path = new Float32Array(20);
  for (let t = 0; t < 5; t++) path.set([t + 1, 0, 7, 7], 4 * t);
  bendThrough(path, Float32Array.of(0, 0, 7, 7), constraints(weight));
  return (i: number) => [0, 1, 2, 3, 4].map((t) => [...path.slice(4 * t + 2 * i).slice(0, 2)]);
}

test("a path passes through its positions, straight between them, and goes on as before after", () => {
  const ofPoint = bent();
  expect(ofPoint(0)).toEqual([
    [5, 2],
    [10, 4],
    [20, 2],
    [30, 0],
    [31, 0],
  ]);
  expect(ofPoint(1)).toEqual(Array(5).fill([7, 7]));
});

test("half the weight moves it half the way", () => {
  expect(bent(0.5)(0)[1]).toEqual([6, 2]);
  expect(bent(0.5)(0)[3]).toEqual([17, 0]);
});

test("positions under a camera, seen through it again, are the same", () => {
  const camera = Float32Array.of(1.1, 0.2, -30, -0.1, 0.9, 12);
  const path = new Float32Array(30);
  for (let t = 0; t < 5; t++) path.set(camera, 6 * t);
  const still = stabilised(constraints(), path);
  const [a, b, c, d, e, f] = camera;
  const [x, y] = still.positionsTN2.subarray(12, 14);
  expect(a * x + b * y + c).toBeCloseTo(30, 4);
  expect(d * x + e * y + f).toBeCloseTo(0, 4);
  expect(still.positionsTN2.subarray(0, 4).every((v) => v === 0)).toBe(true);
});
