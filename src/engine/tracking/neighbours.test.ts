import { expect, test } from "vitest";
import { gridQueryXyN2 } from "../../domain/grid.ts";
import { fitSharedAffine, nearestNeighbours } from "./neighbours.ts";

test("neighbours are the nearest others, the lower number first where two are as far away", () => {
  const xyN2 = gridQueryXyN2();
  const n = xyN2.length / 2;
  const found = nearestNeighbours(xyN2, 12);
  for (const i of [0, 25, 200, n - 1]) {
    const far = (j: number) =>
      (xyN2[2 * j] - xyN2[2 * i]) ** 2 + (xyN2[2 * j + 1] - xyN2[2 * i + 1]) ** 2;
    const expected = [...Array(n).keys()]
      .filter((j) => j !== i)
      .sort((a, b) => far(a) - far(b) || a - b)
      .slice(0, 12);
    expect([...found.slice(12 * i, 12 * i + 12)]).toEqual(expected);
  }
  expect([...nearestNeighbours(Float32Array.of(0, 0, 5, 5), 12)]).toEqual([1, 0]);
  expect(nearestNeighbours(Float32Array.of(3, 3), 12)).toHaveLength(0);
});

test("the shared motion is that of most points by weight, whatever the others do", () => {
  const fromN2 = Float64Array.from(gridQueryXyN2());
  const n = fromN2.length / 2;
  const toN2 = fromN2.map((value, c) => value * 1.02 + (c % 2 ? -3 : 5));
  const weightN = new Float64Array(n).fill(1);
  // Two fifths go their own way; one that goes far weighs nothing.
  for (let i = 0; i < n; i += 5) for (const k of [i, i + 1]) toN2[2 * k] += 90;
  toN2[20] = 1e9;
  weightN[10] = 0;
  const map = fitSharedAffine(fromN2, toN2, weightN, 1);
  const expected = [1.02, 0, 5, 0, 1.02, -3];
  for (const [c, value] of expected.entries()) expect(map[c]).toBeCloseTo(value, 1);
  expect([...fitSharedAffine(fromN2, toN2, new Float64Array(n), 1)]).toEqual([1, 0, 0, 0, 1, 0]);
});
