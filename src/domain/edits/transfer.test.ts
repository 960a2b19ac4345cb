import { expect, test } from "vitest";
import { gridQueryXyN2 } from "../grid.ts";
import type { Motion } from "./motion.ts";
import { boxToBox, byPairs, maskToMask, placed } from "./placing.ts";
import { type TransferEdit, transferKind, transferOf } from "./transfer.ts";

const startN2 = gridQueryXyN2();
const scene = { startN2, frameCount: 40 };
const FRAMES = 41;
type Place = readonly [number, number];

/** Where a place of the source is after t frames: turning and growing around (300, 200), and drifting. */
function turned([x, y]: Place, t: number): Place {
  const [angle, grown] = [0.01 * t, 1 + 0.004 * t];
  const [dx, dy] = [x - 300, y - 200];
  const [c, s] = [grown * Math.cos(angle), grown * Math.sin(angle)];
  return [300 + c * dx - s * dy + 0.5 * t, 200 + s * dx + c * dy];
}

/** Made of scattered points, none of them on the grid of the target. */
function motionOf(move: (at: Place, t: number) => Place, camera?: readonly number[]): Motion {
  const starts = Array.from({ length: 15 * 26 }, (_, i): Place => {
    const [column, row] = [i % 26, Math.floor(i / 26)];
    return [column * 33.3 + 5 * Math.sin(7 * i), row * 33.3 + 5 * Math.cos(3 * i)];
  });
  const pathsNM = starts.map((at) => Array.from({ length: FRAMES }, (_, t) => move(at, t)).flat());
  const seenN = starts.map(() => "1".repeat(FRAMES));
  return { from: "made", fps: 16, pathsNM, seenN, ...(camera ? { cameraM: [...camera] } : {}) };
}

const edit = (motion: Motion, part: Partial<TransferEdit> = {}): TransferEdit => ({
  ...transferOf({ id: "a", name: "A" }, motion, { frameCount: 40, fps: 16 }),
  ...part,
});

/** Farthest that any path is from where `wanted` says, px. */
function worst(made: TransferEdit, wanted: (at: Place, t: number) => Place): number {
  const paths = transferKind.paths(made, scene);
  expect(paths.length).toBeGreaterThan(10);
  return Math.max(
    ...paths.flatMap(({ point, positionsT2 }) =>
      Array.from({ length: positionsT2.length / 2 }, (_, i) => {
        const [x, y] = wanted([startN2[2 * point], startN2[2 * point + 1]], i + 1);
        return Math.hypot(positionsT2[2 * i] - x, positionsT2[2 * i + 1] - y);
      }),
    ),
  );
}

test("the whole of a turning, growing motion, between its tracks: within 0.1 px", () => {
  expect(worst(edit(motionOf(turned)), turned)).toBeLessThan(0.1);
});

test("gain scales what moves, speed its time, and another rate keeps its seconds", () => {
  const motion = motionOf(turned);
  const scaled = (at: Place, t: number): Place => {
    const [x, y] = turned(at, t);
    return [at[0] + 2 * (x - at[0]), at[1] + 2 * (y - at[1])];
  };
  expect(worst(edit(motion, { gain: 2 }), scaled)).toBeLessThan(0.2);
  expect(worst(edit(motion, { speed: 0.5 }), (at, t) => turned(at, t / 2))).toBeLessThan(0.1);
  expect(worst(edit(motion, { fps: 32 }), (at, t) => turned(at, t / 2))).toBeLessThan(0.1);
});

test("box to box: only the points in the box move, by the box's scale", () => {
  const part = {
    place: "box",
    fromBox: [200, 100, 400, 300],
    toBox: [500, 200, 600, 400],
  } as const;
  const boxed = edit(motionOf(turned), {
    ...part,
    fromBox: [200, 100, 400, 300],
    toBox: [500, 200, 600, 400],
  });
  const map = boxToBox(part.fromBox, part.toBox);
  const back = boxToBox(part.toBox, part.fromBox);
  const wanted = (at: Place, t: number): Place => placed(map, ...turned(placed(back, ...at), t));
  expect(worst(boxed, wanted)).toBeLessThan(0.1);
  const points = transferKind.paths(boxed, scene).map(({ point }) => startN2[2 * point]);
  expect(Math.min(...points)).toBeGreaterThanOrEqual(500);
  expect(Math.max(...points)).toBeLessThanOrEqual(600);
});

test("matched points and masks: moved, turned and scaled onto one another", () => {
  const map = [0, -2, 700, 2, 0, -300] as const;
  const there = [
    [100, 50],
    [180, 50],
    [180, 90],
    [100, 90],
    [140, 70],
  ] as const;
  const pairs = there.map(([x, y]) => [x, y, ...placed(map, x, y)] as const);
  for (const count of [2, 3, 5]) {
    const made = byPairs(pairs.slice(0, count));
    map.forEach((v, i) => {
      expect(made[i]).toBeCloseTo(v, 6);
    });
  }
  const mask = maskToMask(
    there,
    there.map(([x, y]) => placed(map, x, y)),
  );
  // A quarter turn of an axis is one back as well; both lay mask on mask.
  const here = there.map(([x, y]) => placed(mask, x, y));
  const wanted = there.map(([x, y]) => placed(map, x, y));
  for (const [x, y] of here) {
    expect(Math.min(...wanted.map(([u, v]) => Math.hypot(u - x, v - y)))).toBeLessThan(1e-6);
  }
  const back = byPairs(pairs.map(([a, b, c, d]) => [c, d, a, b]));
  // Beyond its tracks a motion is not known.
  const points = Array.from({ length: startN2.length / 2 }, (_, n) => n).filter((n) => {
    const [x, y] = placed(back, startN2[2 * n], startN2[2 * n + 1]);
    return x > 40 && x < 780 && y > 40 && y < 440;
  });
  const turn = edit(motionOf(turned), {
    place: "pairs",
    points,
    pairs: pairs.map(([a, b, c, d]) => [a, b, c, d]),
  });
  expect(worst(turn, (at, t) => placed(map, ...turned(placed(back, ...at), t)))).toBeLessThan(0.1);
});

test("the source's camera stays out, or comes along", () => {
  const camera = Array.from({ length: FRAMES }, (_, t) => [1, 0, -3 * t, 0, 1, t]).flat();
  const motion = motionOf(turned, camera);
  expect(worst(edit(motion), turned)).toBeLessThan(0.1);
  const along = (at: Place, t: number): Place => {
    const [x, y] = turned(at, t);
    return [x - 3 * t, y + t];
  };
  expect(worst(edit(motion, { camera: true }), along)).toBeLessThan(0.1);
});

test("hidden tracks tell nothing; a short motion ends free, holds, or plays again", () => {
  const motion = motionOf(turned);
  const hidden = { ...motion, seenN: motion.seenN.map(() => `${"1".repeat(20)}${"0".repeat(21)}`) };
  expect(transferKind.paths(edit(hidden), scene)[0].positionsT2).toHaveLength(2 * 19);
  const long = { ...scene, frameCount: 81 };
  const lengthOf = (ends: TransferEdit["ends"]) =>
    transferKind.paths(edit(motion, { ends, frames: [0, 80] }), long)[0].positionsT2.length / 2;
  expect(lengthOf("free")).toBe(40);
  expect(lengthOf("hold")).toBe(81);
  const back = transferKind.paths(edit(motion, { ends: "back", frames: [0, 80] }), long)[0];
  const start = startN2.subarray(2 * back.point, 2 * back.point + 2);
  expect(Math.abs(back.positionsT2[2 * 79] - start[0])).toBeLessThan(0.1);
});
