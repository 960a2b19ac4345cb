import { describe, expect, test } from "vitest";
import type { Future } from "../../domain/forecast.ts";
import { gridQueryXyN2, POINT_COUNT } from "../../domain/grid.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { plainFutures } from "./borne-out.ts";
import { planCompletion } from "./complete.ts";
import { futureOf, historyOf, hold, type Motion, noConstraints, positionAt } from "./testing.ts";

const FRAMES = 24;
const QUERY = gridQueryXyN2();
/** Everything moves to the right; the future has every point leave that on its own. */
const history = historyOf(() => [2, 0]);
const strays: Motion = (x, y) => [2 + Math.sin(x / 9) * 1.5, Math.sin(y / 7 + x / 5) * 1.5];
const future = futureOf(strays, FRAMES);
const [plain] = plainFutures(history, WORKING_SIZE, FRAMES);

/** Sixteen points held all the time where another future has them. */
function heldAsIn(other: Future) {
  const constraints = noConstraints(FRAMES);
  const points = Array.from({ length: 16 }, (_, i) => 12 + 24 * i);
  for (const point of points)
    for (let t = 0; t < FRAMES; t++)
      hold(constraints, [t, point], positionAt(other.tracks, t, point));
  return { constraints, points };
}

/** Mean distance of the points that are not held from another future, at the end, px. */
function apart(a: Future, b: Future, but: readonly number[]): number {
  const others = [...Array(POINT_COUNT).keys()].filter((n) => !but.includes(n));
  const away = others.map((n) => {
    const [ax, ay] = positionAt(a.tracks, FRAMES - 1, n);
    const [bx, by] = positionAt(b.tracks, FRAMES - 1, n);
    return Math.hypot(ax - bx, ay - by);
  });
  return away.reduce((sum, px) => sum + px, 0) / away.length;
}

describe("what pins bear out of a future", () => {
  test("plain motion goes on as of late, ever slower, and one picture stands still", () => {
    const [x] = positionAt(plain.tracks, 1, 100);
    expect(x - QUERY[200]).toBeCloseTo(2 * (0.95 + 0.95 ** 2), 3);
    const picture = { ...historyOf(() => [0, 0]), frameCount: 1 };
    const [still] = plainFutures(
      {
        ...picture,
        tracksTN2: picture.tracksTN2.slice(-2 * POINT_COUNT),
        visibilityTN: picture.visibilityTN.slice(-POINT_COUNT),
      },
      WORKING_SIZE,
      FRAMES,
    );
    expect(positionAt(still.tracks, FRAMES - 1, 100)[0]).toBeCloseTo(QUERY[200], 4);
  });

  test("a future that the pins bear out keeps all that it does", () => {
    const { constraints } = heldAsIn(future);
    const done = planCompletion(constraints, history, WORKING_SIZE).complete(future);
    expect(done.tracks.tracksTN2).toEqual(future.tracks.tracksTN2);
  });

  test("where the pins do as plain motion does, the points beside them come nearer to it", () => {
    const { constraints, points } = heldAsIn(plain);
    const done = planCompletion(constraints, history, WORKING_SIZE).complete(future);
    for (const point of points)
      for (const i of [0, 1])
        expect(positionAt(done.tracks, 20, point)[i]).toBeCloseTo(
          positionAt(plain.tracks, 20, point)[i],
          3,
        );
    expect(apart(done, plain, points)).toBeLessThan(0.8 * apart(future, plain, points));
  });

  test("where the pins stop, or go on as fast, so does the plain motion that others come nearer to", () => {
    const [, stands, steady] = plainFutures(history, WORKING_SIZE, FRAMES);
    for (const other of [stands, steady]) {
      const { constraints, points } = heldAsIn(other);
      const done = planCompletion(constraints, history, WORKING_SIZE).complete(future);
      expect(apart(done, other, points)).toBeLessThan(0.8 * apart(future, other, points));
    }
  });

  test("a single pin says little of what others do, and nothing of what stands apart", () => {
    const halves: Motion = (x) => (x < 400 ? [2, 0] : [0, 0]);
    const drawn = futureOf((x, y) => (x < 400 ? strays(x, y) : [0, 0]), FRAMES);
    const constraints = noConstraints(FRAMES);
    const [pinned] = plainFutures(historyOf(halves), WORKING_SIZE, FRAMES);
    for (let t = 0; t < FRAMES; t++) hold(constraints, [t, 100], positionAt(pinned.tracks, t, 100));
    const done = planCompletion(constraints, historyOf(halves), WORKING_SIZE).complete(drawn);
    for (const n of [...Array(POINT_COUNT).keys()].filter((n) => QUERY[2 * n] > 600)) {
      const [x, y] = positionAt(done.tracks, FRAMES - 1, n);
      expect(Math.hypot(x - QUERY[2 * n], y - QUERY[2 * n + 1])).toBeLessThan(0.5);
    }
  });
});
