import { describe, expect, test } from "vitest";
import { gridQueryXyN2 } from "../../domain/grid.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { factorCholesky } from "./cholesky.ts";
import { motionLikeness } from "./likeness.ts";
import { historyOf } from "./testing.ts";
import { togetherInScenarios } from "./together.ts";

const QUERY = gridQueryXyN2();
const at = (is: (x: number, y: number) => boolean) =>
  [...Array(QUERY.length / 2).keys()].filter((n) => is(QUERY[2 * n], QUERY[2 * n + 1]));

describe("what scenarios do together", () => {
  const [above, below] = [at((x, y) => x > 700 && y < 240), at((x, y) => x > 700 && y >= 240)];
  const ground = at((x) => x < 500);
  const history = historyOf((x, y) => (x > 700 ? (y < 240 ? [3, 0] : [-3, 0]) : [0, 0]));
  const together = togetherInScenarios(history, WORKING_SIZE);

  test("points of one body go together, those of two that part do not, nor does the ground", () => {
    expect(together(above[0], above[9])).toBeGreaterThan(0.95);
    expect(together(above[0], below[0])).toBeLessThan(0.05);
    expect(together(ground[0], above[0])).toBeLessThan(0.3);
  });

  test("what stands stands together, and each point goes with itself", () => {
    expect(together(ground[0], ground[90])).toBeGreaterThan(0.95);
    for (const n of [above[0], ground[0]]) expect(together(n, n)).toBeCloseTo(1, 9);
    const still = togetherInScenarios(
      historyOf(() => [0, 0]),
      WORKING_SIZE,
    );
    expect(still(3, 300)).toBeCloseTo(1, 9);
  });
});

test("the likeness that holds it is definite, however points move", () => {
  // Noise of a sine: every point on its own way.
  const history = historyOf((x, y) => [3 * Math.sin(x * y), 3 * Math.cos(x + 7 * y)]);
  const likeness = motionLikeness(history, WORKING_SIZE);
  const points = [...Array(64).keys()].map((i) => 6 * i);
  for (const of of [likeness.camera, likeness.object]) {
    const matrix = Float64Array.from({ length: 64 * 64 }, (_, i) => {
      const [a, b] = [Math.floor(i / 64), i % 64];
      return of(points[a], points[b]) + (a === b ? 1e-6 : 0);
    });
    expect(() => factorCholesky(matrix, 64)).not.toThrow();
  }
});
