import { describe, expect, test } from "vitest";
import { gridQueryXyN2 } from "../../domain/grid.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
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
