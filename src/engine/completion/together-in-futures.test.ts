import { expect, test } from "vitest";
import type { Future } from "../../domain/forecast.ts";
import { GRID_COLUMNS, gridQueryXyN2 } from "../../domain/grid.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { planCompletion } from "./complete.ts";
import { futureOf, historyOf, hold, type Motion, noConstraints, positionAt } from "./testing.ts";
import { REFERENCE_SEEDS, togetherInFutures } from "./together-in-futures.ts";

const QUERY = gridQueryXyN2();
const point = (row: number, column: number) => row * GRID_COLUMNS + column;
const BODY = [point(7, 12), point(7, 13), point(6, 12), point(6, 13)];
const LEFT = point(7, 3);
const RIGHT = point(7, 23);

/** All went right alike in the past; in the futures the middle goes with what is left of it, or right, and the other part its own way. */
const past: Motion = () => [1.5, 0];
const futuresWhere = (isWith: (x: number) => boolean): readonly Future[] =>
  REFERENCE_SEEDS.map((seed) => {
    const [middle, beside] = [6 * Math.cos(2.4 * seed), 6 * Math.sin(seed)];
    return { ...futureOf((x) => (isWith(x) ? [1.5 + middle, 0] : [1.5, beside])), seed };
  });
const withLeft = futuresWhere((x) => x < 555);
const withRight = futuresWhere((x) => x > 277);

test("what futures do together is their covariance, in px²; few futures tell none", () => {
  const together = togetherInFutures(withLeft);
  expect(together?.(BODY[0], LEFT)).toBeCloseTo(together?.(BODY[0], BODY[0]) ?? 0, 3);
  expect(Math.abs(together?.(BODY[0], RIGHT) ?? 1)).toBeLessThan(1e-3);
  // 24 frames, ten moments in their middles: the velocity's variance times the mean of (t + 1)².
  const velocities = REFERENCE_SEEDS.map((seed) => 6 * Math.cos(2.4 * seed));
  const mean = velocities.reduce((sum, v) => sum + v, 0) / 8;
  const variance = velocities.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 7;
  const moments = [1, 3, 6, 8, 10, 13, 15, 18, 20, 22];
  const frames = moments.reduce((sum, t) => sum + (t + 1) ** 2, 0) / 10;
  const own = variance * frames;
  expect((together?.(LEFT, LEFT) ?? 0) / (own * (own / (own + 64)) ** 2)).toBeCloseTo(1, 3);
  expect(togetherInFutures(withLeft.slice(0, 3))).toBeNull();
});

test("what the model's futures take along goes with a body that is held, what they do not goes less", () => {
  const constraints = noConstraints();
  for (const p of BODY)
    hold(constraints, [23, p], [QUERY[2 * p] + 1.5 * 24 + 60, QUERY[2 * p + 1]]);
  const free = futureOf(past);
  const shiftOf = (ensemble: readonly Future[]) => {
    const plan = planCompletion(constraints, historyOf(past), WORKING_SIZE, { ensemble });
    const { tracks } = plan.complete(free);
    return (n: number) => positionAt(tracks, 23, n)[0] - positionAt(free.tracks, 23, n)[0];
  };
  const [left, right] = [shiftOf(withLeft), shiftOf(withRight)];
  for (const of of [left, right]) expect(of(BODY[0])).toBeCloseTo(60, 3);
  expect(left(LEFT)).toBeGreaterThan(1.2 * right(LEFT));
  expect(right(RIGHT)).toBeGreaterThan(1.2 * left(RIGHT));
});

test("what futures differ by no more than noise in tells nothing: a scene stays when a thing in it is pulled", () => {
  const trembling = REFERENCE_SEEDS.map((seed) => futureOf(() => [Math.cos(2.4 * seed) / 16, 0]));
  const constraints = noConstraints();
  for (const p of BODY) hold(constraints, [23, p], [QUERY[2 * p] + 60, QUERY[2 * p + 1]]);
  const shiftOf = (of: readonly Future[]) => {
    const plan = planCompletion(
      constraints,
      historyOf(() => [0, 0]),
      WORKING_SIZE,
      { ensemble: of },
    );
    return positionAt(plan.complete(futureOf(() => [0, 0])).tracks, 23, LEFT)[0] - QUERY[2 * LEFT];
  };
  expect(shiftOf(trembling)).toBeLessThan(shiftOf([]) + 0.5);
});
