import { expect, test } from "vitest";
import { leftMover, shiftField } from "../../engine/exploration/testing.ts";
import { futureLines } from "./drawFutures.ts";

test("what sways along with the movers is left out of a mode's picture; a still one is empty", () => {
  const sight = leftMover();
  const field = shiftField(sight, 60, 0);
  // The ground sways by a sixth of it.
  sight.movingN.forEach((moving, n) => {
    if (moving < 0.5) field[n] = 10 * Math.sqrt(sight.frameCount);
  });
  const { points } = futureLines(sight, field);
  expect(points.length).toBeGreaterThan(50);
  expect(points.every((n) => sight.movingN[n] > 0.5)).toBe(true);
  expect(futureLines(sight, shiftField(sight, 3, 0)).points).toEqual([]);
});
