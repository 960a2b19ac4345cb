import { expect, it } from "vitest";
import { expRotation, rotationAngle } from "./rotation.ts";
import { applySimilarity, fitSimilarity } from "./similarity.ts";

it("fitSimilarity finds scale, turn and shift of points", () => {
  const points = Float64Array.from({ length: 60 }, (_, i) => Math.sin(i * i));
  const made = { scale: 2.5, rotation9: expRotation(0.4, -1.2, 2), shift: [3, -1, 7] as const };
  const found = fitSimilarity(points, applySimilarity(made, points));
  expect(found.scale).toBeCloseTo(2.5, 9);
  expect(rotationAngle(found.rotation9, made.rotation9)).toBeLessThan(1e-6);
  expect(found.shift[2]).toBeCloseTo(7, 9);
  expect(() => fitSimilarity([0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 1])).toThrow(RangeError);
});
