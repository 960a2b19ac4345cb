import { expect, test } from "vitest";
import { motionLikeness } from "./likeness.ts";
import { alikeInFuture } from "./sampled-alike.ts";
import { spreadsOf } from "./spreads.ts";
import { futureOf, historyOf, type Motion } from "./testing.ts";

const SIZE = { width: 832, height: 480 };
/** The left half of the picture goes on, the right half stands. */
const halves: Motion = (x) => (x < 416 ? [3, 0] : [0, 0]);
const { tracks } = futureOf(halves);
const nowN2 = historyOf(halves).tracksTN2.slice(-2 * tracks.pointCount);
const [LEFT, ALSO_LEFT, RIGHT] = [0, 27, 25];

test("what a future takes apart shares less, the more so the more is held", () => {
  const many = alikeInFuture(tracks, nowN2, 16);
  expect(many(LEFT, ALSO_LEFT)).toBeCloseTo(1, 6);
  expect(many(LEFT, RIGHT)).toBeLessThan(0.65);
  expect(many(LEFT, RIGHT)).toBeGreaterThanOrEqual(0.5);
  const few = alikeInFuture(tracks, nowN2, 4);
  expect(few(LEFT, RIGHT)).toBeGreaterThan(many(LEFT, RIGHT) + 0.1);
  expect(alikeInFuture(tracks, nowN2, 1)(LEFT, RIGHT)).toBe(1);
});

test("a point that stood is surer of its place than one that crept as far in a future", () => {
  const future = futureOf(halves);
  const objects = (past: Motion) => {
    const likeness = motionLikeness(historyOf(past), SIZE);
    return spreadsOf(future, nowN2, likeness, SIZE).objectN;
  };
  const stood = objects(() => [0, 0]);
  const crept = objects((x, y) => [0.3 * Math.sin(x), 0.3 * Math.cos(y)]);
  expect(stood[RIGHT]).toBeLessThan(0.5 * crept[RIGHT]);
});

test("what a future leaves at rest is surer of its place than what it takes away, but never sure", () => {
  const likeness = motionLikeness(
    historyOf((x, y) => [0.3 * Math.sin(x), 0.3 * Math.cos(y)]),
    SIZE,
  );
  const future = futureOf((x) => (x < 416 ? [3, 0] : [0.5, 0]));
  const resting = spreadsOf(futureOf(halves), nowN2, likeness, SIZE);
  const taken = spreadsOf(future, nowN2, likeness, SIZE);
  for (const kind of ["cameraN", "objectN"] as const) {
    expect(resting[kind][RIGHT]).toBeLessThan(0.2 * taken[kind][RIGHT]);
    expect(resting[kind][RIGHT]).toBeGreaterThan(0);
  }
});
