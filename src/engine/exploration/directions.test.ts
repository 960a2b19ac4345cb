import { expect, test } from "vitest";
import { differenceLatents, leadingDirections } from "./directions.ts";
import { leftMover, shiftField } from "./testing.ts";

const sight = leftMover();

/** Moves right by 50 px a unit along (z₀+z₁)/√2, up by 10 a unit of z₂; z₃ does nothing. */
function fieldsOf(latents: Float32Array) {
  return Array.from({ length: latents.length / 4 }, (_, k) => {
    const [a, b, c] = latents.subarray(4 * k, 4 * k + 3);
    return shiftField(sight, (50 * (a + b)) / Math.SQRT2, -10 * c);
  });
}

test("sliders go along what changes the picture most, and are named by it", () => {
  const fields = fieldsOf(differenceLatents([0.3, -1, 0.5, 2]));
  const found = leadingDirections(sight, fields, 3);
  expect(found).toHaveLength(2);
  const [first, second] = found;
  expect(Math.abs(first.stepL[0] + first.stepL[1]) / Math.SQRT2).toBeCloseTo(1, 3);
  expect(first.name).toMatch(/^left part, to the (left|right)$/);
  expect(Math.abs(second.stepL[2])).toBeCloseTo(1, 3);
  expect(second.name).toMatch(/^left part, (up|down)ward$/);
});

test("held numbers are left alone", () => {
  const fields = fieldsOf(differenceLatents([0, 0, 0, 0]));
  const [first] = leadingDirections(sight, fields, 1, (i) => i < 2);
  expect(Math.abs(first.stepL[2])).toBeCloseTo(1, 3);
  expect(first.stepL[0]).toBeCloseTo(0, 6);
});
