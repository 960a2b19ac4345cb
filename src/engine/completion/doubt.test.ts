import { describe, expect, test } from "vitest";
import { GRID_COLUMNS, gridQueryXyN2 } from "../../domain/grid.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { planCompletion } from "./complete.ts";
import { doubtOf, drawnShare } from "./doubt.ts";
import { futureOf, hold, type Motion, movingTracks, noConstraints, positionAt } from "./testing.ts";
import { togetherInPast } from "./together-in-past.ts";

const QUERY = gridQueryXyN2();
const point = (row: number, column: number) => row * GRID_COLUMNS + column;
const BODY = [point(7, 12), point(7, 13), point(6, 12), point(6, 13)];
const FAR = point(2, 3);

/** The camera follows a body to the right: it stays in the picture, and all else goes by to the left. */
const isBody = (x: number, y: number) => Math.abs(x - 416) < 60 && Math.abs(y - 224) < 60;
const followed: Motion = (x, y) => (isBody(x, y) ? [0.05, 0] : [-4, 0]);
/** All goes by, the body with it. */
const carried: Motion = () => [-4, 0];
const past = (motion: Motion) => movingTracks(81, 80, motion);

describe("what went together in all of the past", () => {
  test("ground and ground did, a body that the camera followed and the ground did not", () => {
    const together = togetherInPast(past(followed));
    expect(together(FAR, point(12, 20))).toBeGreaterThan(0.99);
    expect(together(BODY[0], BODY[3])).toBeGreaterThan(0.99);
    expect(Math.abs(together(BODY[0], FAR))).toBeLessThan(0.3);
    expect(togetherInPast(past(carried))(BODY[0], FAR)).toBeGreaterThan(0.99);
  });

  test("what stood stood together, in a past of two frames too", () => {
    expect(togetherInPast(past(() => [0, 0]))(3, 300)).toBeCloseTo(1, 9);
    const two = togetherInPast(movingTracks(2, 1, followed));
    expect(two(FAR, point(12, 20))).toBeGreaterThan(0.99);
    expect(two(BODY[0], FAR)).toBeLessThan(0.5);
  });
});

describe("what points held on one body tell of the rest", () => {
  const spread = [2, 6, 9, 13].flatMap((row) => [3, 9, 15, 21].map((column) => point(row, column)));

  test("little of the camera, as far as they are on one body", () => {
    expect(doubtOf(BODY, QUERY)).toBeGreaterThan(0.85);
    expect(doubtOf(BODY.slice(0, 1), QUERY)).toBe(1);
    expect(doubtOf(spread, QUERY)).toBeLessThan(0.05);
    expect(doubtOf([], QUERY)).toBe(0);
  });

  /** How far a far point is taken along, px, when the body is told to go 60 px down. */
  const taken = (motion: Motion, seed: number) => {
    const constraints = noConstraints();
    for (const n of BODY)
      for (let t = 0; t < 24; t++) {
        const [vx] = motion(QUERY[2 * n], QUERY[2 * n + 1]);
        hold(constraints, [t, n], [QUERY[2 * n] + vx * (t + 1), QUERY[2 * n + 1] + 2.5 * (t + 1)]);
      }
    const future = { ...futureOf(motion), seed };
    const cameraPathT6 = future.cameraPathT6?.slice();
    for (let t = 0; t < 24; t++) cameraPathT6?.set([1, 0, -4 * (t + 1), 0, 1, 0], 6 * t);
    const plan = planCompletion(constraints, past(motion), WORKING_SIZE);
    const done = plan.complete({ ...future, ...(cameraPathT6 ? { cameraPathT6 } : {}) });
    return {
      far: positionAt(done.tracks, 23, FAR)[1] - QUERY[2 * FAR + 1],
      body: positionAt(done.tracks, 23, point(6, 14))[1] - QUERY[2 * point(6, 14) + 1],
    };
  };

  test("a scene goes along with what it always went with, and stays where the camera followed", () => {
    expect(taken(followed, 5).far).toBeLessThan(0.5 * taken(carried, 5).far);
  });

  test("futures draw how much of it they take along by their seeds alone, the body follows in each", () => {
    const drawn = Array.from({ length: 8 }, (_, k) => drawnShare(1 + k, 1, 4));
    const shares = drawn.map(({ along, across }) => Math.hypot(along, across));
    const sorted = shares.toSorted((a, b) => a - b);
    sorted.forEach((share, k) => {
      expect(Math.abs(share - (1.5 * (k + 0.5)) / 8)).toBeLessThan(0.15);
    });
    const turned = drawn
      .map(({ along, across }) => Math.atan2(across, along))
      .sort((a, b) => a - b);
    expect(turned[0]).toBeLessThan(-0.9);
    expect(turned[7]).toBeGreaterThan(0.9);
    turned.slice(1).forEach((angle, k) => {
      expect(angle - turned[k]).toBeLessThan(0.8);
    });
    for (const { along } of drawn) expect(along).toBeGreaterThan(0);
    expect(drawnShare(7, 0, 4).across).toBe(0);
    expect(drawnShare(7, 1, 1).across).toBe(0);
    const [least, most] = [5, 8];
    expect(shares[least - 1]).toBeLessThan(0.2);
    expect(shares[most - 1]).toBeGreaterThan(1.3);
    expect(taken(carried, most).far).toBeGreaterThan(2 * taken(carried, least).far);
    expect(taken(carried, least).body).toBeGreaterThan(0.75 * taken(carried, most).body);
    expect(taken(carried, most)).toEqual(taken(carried, most));
  });
});
