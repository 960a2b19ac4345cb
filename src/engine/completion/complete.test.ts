import { describe, expect, test } from "vitest";
import { VISIBILITY_FREE } from "../../domain/constraints.ts";
import { FormatError } from "../../domain/errors.ts";
import { GRID_COLUMNS, gridQueryXyN2, WORKING_HEIGHT, WORKING_WIDTH } from "../../domain/grid.ts";
import { planCompletion } from "./complete.ts";
import { futureOf, historyOf, hold, type Motion, noConstraints, positionAt } from "./testing.ts";

const SIZE = { width: WORKING_WIDTH, height: WORKING_HEIGHT };
const QUERY = gridQueryXyN2();
const point = (row: number, column: number) => row * GRID_COLUMNS + column;

/** A body of 3×3 cells that moves right by 2 px a frame; everything else stands. */
const isBody = (x: number, y: number) => Math.abs(x - 400) < 50 && Math.abs(y - 240) < 50;
const oneMover: Motion = (x, y) => (isBody(x, y) ? [2, 0] : [0, 0]);
const still: Motion = () => [0, 0];
const CENTRE = point(7, 12);

function farthest(movedTN2: Float32Array, fromTN2: Float32Array, of: (n: number) => boolean) {
  const count = QUERY.length / 2;
  let most = 0;
  for (let i = 0; i < movedTN2.length / 2; i++) {
    if (!of(i % count)) continue;
    const [dx, dy] = [movedTN2[2 * i] - fromTN2[2 * i], movedTN2[2 * i + 1] - fromTN2[2 * i + 1]];
    most = Math.max(most, Math.hypot(dx, dy));
  }
  return most;
}

describe("completion of a sampled future", () => {
  test("without constraints the future stays as it is", () => {
    const future = futureOf(oneMover);
    const { tracks, cameraPathT6 } = planCompletion(
      noConstraints(),
      historyOf(oneMover),
      SIZE,
    ).complete(future);
    expect(tracks).toEqual(future.tracks);
    expect(cameraPathT6).toEqual(future.cameraPathT6);
  });

  test("an exact constraint is met exactly, between two the path is straight, after it the shift stays", () => {
    const constraints = noConstraints();
    hold(constraints, [5, CENTRE], [420, 300]);
    hold(constraints, [15, CENTRE], [440, 200]);
    const future = futureOf(oneMover);
    const { tracks } = planCompletion(constraints, historyOf(oneMover), SIZE).complete(future);
    expect(positionAt(tracks, 5, CENTRE)[1]).toBeCloseTo(300, 4);
    expect(positionAt(tracks, 15, CENTRE)[0]).toBeCloseTo(440, 4);
    expect(positionAt(tracks, 10, CENTRE)[1]).toBeCloseTo(250, 3);
    const [x, y] = positionAt(tracks, 23, CENTRE);
    expect([x - 440, y]).toEqual([expect.closeTo(16, 3), expect.closeTo(200, 3)]);
  });

  test("a pin takes its body along and leaves what stands", () => {
    const constraints = noConstraints();
    hold(constraints, [23, CENTRE], [QUERY[2 * CENTRE] + 48, QUERY[2 * CENTRE + 1] - 80]);
    const future = futureOf(oneMover);
    const { tracks } = planCompletion(constraints, historyOf(oneMover), SIZE).complete(future);
    const inBody = (n: number) => isBody(QUERY[2 * n], QUERY[2 * n + 1]);
    const [, y] = positionAt(tracks, 23, point(7, 13));
    expect(QUERY[2 * point(7, 13) + 1] - y).toBeGreaterThan(60);
    expect(farthest(tracks.tracksTN2, future.tracks.tracksTN2, (n) => !inBody(n))).toBeLessThan(1);
  });

  test("pins on the ground of a still scene move the picture as a camera does", () => {
    const constraints = noConstraints();
    const pan = (n: number, dx: number) =>
      hold(constraints, [23, n], [QUERY[2 * n] + dx, QUERY[2 * n + 1]]);
    for (const row of [1, 5, 9, 13])
      for (const column of [2, 7, 12, 17, 22]) pan(point(row, column), 40);
    const future = futureOf(still);
    const done = planCompletion(constraints, historyOf(still), SIZE).complete(future);
    const [x, y] = positionAt(done.tracks, 23, CENTRE);
    expect(x - QUERY[2 * CENTRE]).toBeGreaterThan(28);
    expect(Math.abs(y - QUERY[2 * CENTRE + 1])).toBeLessThan(1);
    // The camera path tells the same as the ground.
    const [a, b, c] = done.cameraPathT6?.slice(6 * 23) ?? [];
    const cameraX = a * QUERY[2 * CENTRE] + b * QUERY[2 * CENTRE + 1] + c;
    expect(Math.abs(cameraX - x)).toBeLessThan(4);
  });

  test("a thing that rests and is pulled takes its neighbours along, not the scene that stands", () => {
    const constraints = noConstraints();
    const [x, y] = [QUERY[2 * CENTRE], QUERY[2 * CENTRE + 1]];
    for (let t = 0; t < 24; t++) hold(constraints, [t, CENTRE], [x + 4 * (t + 1), y]);
    const future = futureOf(still);
    const { tracks } = planCompletion(constraints, historyOf(still), SIZE).complete(future);
    const beside = positionAt(tracks, 23, point(7, 13))[0] - QUERY[2 * point(7, 13)];
    expect(beside).toBeGreaterThan(48);
    const isFar = (n: number) => Math.hypot(QUERY[2 * n] - x, QUERY[2 * n + 1] - y) > 300;
    expect(farthest(tracks.tracksTN2, future.tracks.tracksTN2, isFar)).toBeLessThan(16);
  });

  test("after a drag what stood stays soon, what was on the move goes on, and a lone pin shifts what follows", () => {
    const [x, y] = [QUERY[2 * CENTRE], QUERY[2 * CENTRE + 1]];
    const drag = noConstraints(81);
    for (let t = 0; t < 12; t++) hold(drag, [t, CENTRE], [x + 2 * (t + 1), y + 3 * (t + 1)]);
    const slides = (motion: Motion) => {
      const plan = planCompletion(drag, historyOf(motion), SIZE);
      const { tracks } = plan.complete(futureOf(motion, 81));
      return positionAt(tracks, 80, CENTRE)[1] - positionAt(tracks, 11, CENTRE)[1];
    };
    const moment = (3 * 0.85) / 0.15;
    expect(slides(still)).toBeCloseTo(moment, 0);
    expect(slides(oneMover)).toBeGreaterThan(4 * moment);
    const comesToRest = noConstraints(81);
    for (let t = 0; t < 24; t++) {
      const part = Math.min(1, (t + 1) / 12);
      hold(comesToRest, [t, CENTRE], [x + 2 * (t + 1), y + 36 * part]);
    }
    const rests = planCompletion(comesToRest, historyOf(oneMover), SIZE);
    const rested = rests.complete(futureOf(oneMover, 81)).tracks;
    expect(positionAt(rested, 80, CENTRE)[1]).toBeCloseTo(y + 36, 3);
    const pin = noConstraints();
    hold(pin, [11, CENTRE], [x + 24, y + 36]);
    const after = planCompletion(pin, historyOf(oneMover), SIZE).complete(futureOf(oneMover));
    expect(positionAt(after.tracks, 23, CENTRE)[1]).toBeCloseTo(y + 36, 3);
  });

  test("after the last pin the scene goes back to the camera that the future has", () => {
    const constraints = noConstraints(81);
    const pans: Motion = () => [1.5, 0];
    for (const row of [1, 5, 9, 13])
      for (const column of [2, 7, 12, 17, 22]) {
        const n = point(row, column);
        for (let t = 0; t < 16; t++)
          hold(constraints, [t, n], [QUERY[2 * n] + 1.5 * (t + 1), QUERY[2 * n + 1] + 3 * (t + 1)]);
      }
    const { tracks } = planCompletion(constraints, historyOf(pans), SIZE).complete(
      futureOf(pans, 81),
    );
    const below = (t: number) => positionAt(tracks, t, CENTRE)[1] - QUERY[2 * CENTRE + 1];
    expect(below(15)).toBeGreaterThan(36);
    expect(below(80)).toBeLessThan(0.9 * below(15));
  });

  test("a soft constraint is met the less the softer it is", () => {
    const distance = (weight: number, sigma?: number) => {
      const constraints = noConstraints();
      const [x, y] = [QUERY[2 * CENTRE] + 48, QUERY[2 * CENTRE + 1] + 60];
      hold(constraints, [23, CENTRE], [x, y], weight);
      const sigmaTN = new Float32Array(constraints.weightTN.length).fill(sigma ?? 0);
      const { tracks } = planCompletion(
        { ...constraints, sigmaTN },
        historyOf(oneMover),
        SIZE,
      ).complete(futureOf(oneMover));
      return Math.abs(positionAt(tracks, 23, CENTRE)[1] - y);
    };
    expect(distance(1)).toBeLessThan(1e-3);
    expect(distance(1, 8)).toBeGreaterThan(0.5);
    expect(distance(1, 32)).toBeGreaterThan(distance(1, 8));
    expect(distance(0.25)).toBeGreaterThan(distance(0.5));
  });

  test("a camera that is asked for replaces the future's own, exactly", () => {
    const future = futureOf(oneMover);
    const cameraPathT6 = new Float32Array(24 * 6);
    for (let t = 0; t < 24; t++) cameraPathT6.set([1, 0, 3 * (t + 1), 0, 1, 0], 6 * t);
    const constraints = { ...noConstraints(), cameraPathT6 };
    const done = planCompletion(constraints, historyOf(oneMover), SIZE).complete(future);
    expect(done.cameraPathT6).toEqual(cameraPathT6);
    const [x] = positionAt(done.tracks, 23, CENTRE);
    expect(x - positionAt(future.tracks, 23, CENTRE)[0]).toBeCloseTo(72, 3);
  });

  test("what leaves the frame is hidden, what is brought back is seen, what is told holds", () => {
    const corner = point(0, 0);
    const history = historyOf(still);
    const away = noConstraints();
    hold(away, [23, corner], [-40, 16]);
    const gone = planCompletion(away, history, SIZE).complete(futureOf(still));
    expect(gone.tracks.visibilityTN[23 * 390 + corner]).toBe(0);
    const leaving: Motion = () => [-10, 0];
    const future = futureOf(leaving);
    future.tracks.visibilityTN[23 * 390 + corner] = 0;
    const back = noConstraints();
    hold(back, [23, corner], [16, 16]);
    const seen = planCompletion(back, historyOf(leaving), SIZE).complete(future);
    expect(seen.tracks.visibilityTN[23 * 390 + corner]).toBe(1);
    const visibilityTN = new Uint8Array(back.weightTN.length).fill(VISIBILITY_FREE);
    visibilityTN[23 * 390 + corner] = 0;
    const hidden = { ...back, visibilityTN };
    const told = planCompletion(hidden, historyOf(leaving), SIZE).complete(future);
    expect(told.tracks.visibilityTN[23 * 390 + corner]).toBe(0);
  });

  test("a future whose camera folds the picture is completed too", () => {
    const future = futureOf(still);
    future.cameraPathT6?.set([0, 0, 0, 0, 0, 0], 6 * 20);
    const constraints = noConstraints();
    hold(constraints, [23, CENTRE], [500, 200]);
    const { tracks } = planCompletion(constraints, historyOf(still), SIZE).complete(future);
    expect(positionAt(tracks, 23, CENTRE)[0]).toBeCloseTo(500, 3);
  });

  test("the history of a photo is enough, and other shapes are refused", () => {
    const constraints = noConstraints();
    hold(constraints, [23, CENTRE], [500, 200]);
    const photo = historyOf(still);
    const one = { ...photo, frameCount: 1, tracksTN2: photo.tracksTN2.slice(-QUERY.length) };
    const plan = planCompletion(constraints, one, SIZE);
    expect(positionAt(plan.complete(futureOf(still)).tracks, 23, CENTRE)[0]).toBeCloseTo(500, 3);
    expect(() => plan.complete(futureOf(still, 30))).toThrow(FormatError);
  });

  test("64 pins over the whole future stay solvable, also on the same place", () => {
    const constraints = noConstraints();
    for (let k = 0; k < 64; k++) {
      for (let t = 0; t < 24; t++) hold(constraints, [t, 6 * k], [100 + k, 100 + t]);
    }
    const { tracks } = planCompletion(constraints, historyOf(still), SIZE).complete(
      futureOf(still),
    );
    expect(tracks.tracksTN2.every(Number.isFinite)).toBe(true);
    expect(positionAt(tracks, 12, 6 * 63)).toEqual([expect.closeTo(163), expect.closeTo(112)]);
  });
});
