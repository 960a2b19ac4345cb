import { expect, test } from "vitest";
import { gridQueryXyN2, POINT_COUNT, WORKING_HEIGHT, WORKING_WIDTH } from "../../domain/grid.ts";
import { restOf } from "./at-rest.ts";
import { factorCholesky } from "./cholesky.ts";
import { planCompletion } from "./complete.ts";
import { futureOf, historyOf, hold, type Motion, noConstraints, positionAt } from "./testing.ts";

const SIZE = { width: WORKING_WIDTH, height: WORKING_HEIGHT };
const QUERY = gridQueryXyN2();
const still: Motion = () => [0, 0];
/** What the model makes of a still scene: things stir, and the camera drifts by 0.4 px a frame. */
const stirs: Motion = (x, y) => [0.4 + 0.3 * Math.sin(x / 90), 0.3 * Math.cos(y / 70)];
const roamed = (of: (n: number) => number) =>
  Float64Array.from({ length: POINT_COUNT }, (_, n) => of(n));

test("a thing pulled over a held table leaves the wall behind it where it was", () => {
  const constraints = noConstraints();
  const held = new Set<number>();
  for (let n = 0; n < POINT_COUNT; n++) {
    const [x, y] = [QUERY[2 * n], QUERY[2 * n + 1]];
    const isThing = Math.hypot(x - 705, y - 280) < 64;
    const isTable = x > 60 && x < 560 && y > 390 && y < 460;
    if (!isThing && !isTable) continue;
    held.add(n);
    for (let t = 0; t < 24; t++) hold(constraints, [t, n], [isThing ? x - 9 * (t + 1) : x, y]);
  }
  const future = futureOf(stirs);
  for (let t = 0; t < 24; t++) future.cameraPathT6?.set([0.4 * (t + 1)], 6 * t + 2);
  const { tracks } = planCompletion(constraints, historyOf(still), SIZE).complete(future);
  const ways: number[] = [];
  for (let n = 0; n < POINT_COUNT; n++) {
    const isWall =
      QUERY[2 * n + 1] < 380 && Math.hypot(QUERY[2 * n] - 705, QUERY[2 * n + 1] - 280) > 160;
    const [x, y] = positionAt(tracks, 23, n);
    const [freeX, freeY] = positionAt(future.tracks, 23, n);
    if (isWall && !held.has(n)) ways.push(Math.hypot(x - freeX, y - freeY));
  }
  ways.sort((a, b) => a - b);
  // Held ground tells that the camera stands: 10 px of drift are taken out.
  expect(ways[ways.length >> 1]).toBeLessThan(12);
  expect(ways[Math.floor(0.9 * ways.length)]).toBeLessThan(40);
});

test("a scene that moved is left to its motion, one that only wanders is at rest", () => {
  expect(
    restOf(
      roamed((n) => (n % 4 ? 0.2 : 40)),
      QUERY,
    ),
  ).toBeNull();
  const wanders = restOf(
    roamed((n) => (n % 8 ? 1 : 3)),
    QUERY,
  );
  expect(wanders?.kept(0, 389)).toBeLessThan(0.1);
  expect(wanders?.body(40, 41)).toBeGreaterThan(0.8);
});

test("what moved in a scene at rest is not parted by place, and all of it is definite", () => {
  const rest = restOf(
    roamed((n) => (n < 30 ? 50 : 0.5)),
    QUERY,
  );
  expect(rest?.kept(0, 25)).toBeCloseTo(1, 3);
  const points = [...Array(65).keys()].map((i) => 6 * i);
  for (const of of [rest?.kept, rest?.body]) {
    const matrix = Float64Array.from({ length: 65 * 65 }, (_, i) => {
      const [a, b] = [Math.floor(i / 65), i % 65];
      return (of?.(points[a], points[b]) ?? Number.NaN) + (a === b ? 1e-6 : 0);
    });
    expect(() => factorCholesky(matrix, 65)).not.toThrow();
  }
});
