import { expect, test } from "vitest";
import { gridQueryXyN2 } from "../grid.ts";
import { bandPass, withoutTrend } from "./band.ts";
import { type MagnifyEdit, magnifyBounds, magnifyKind, magnifyOf } from "./magnify.ts";

const startN2 = gridQueryXyN2();
const scene = { startN2, frameCount: 80 };
const FRAMES = 81;
const FPS = 16;
/** A chest: it breathes up and down by a third of a pixel, 0.4 times a second, and drifts right. */
const chest = Array.from({ length: 390 }, (_, n) => n).filter((n) => {
  return Math.hypot(startN2[2 * n] - 400, startN2[2 * n + 1] - 240) < 100;
});
const breath = (t: number) => 0.3 * (1 - Math.cos((2 * Math.PI * 0.4 * t) / FPS));
const drift = (t: number) => 0.1 * t;

function edit(part: Partial<MagnifyEdit> = {}, noise = 0): MagnifyEdit {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 32 - 0.5;
  };
  const pathsNM = chest.map((n) =>
    Array.from({ length: FRAMES }, (_, t) => [
      startN2[2 * n] + drift(t) + noise * Math.sqrt(12) * random(),
      startN2[2 * n + 1] + breath(t) + noise * Math.sqrt(12) * random(),
    ]).flat(),
  );
  const motion = { from: "made", fps: FPS, pathsNM, seenN: [] };
  return { ...magnifyOf({ id: "a", name: "A" }, chest, motion), ...part };
}

function worst(made: MagnifyEdit, wanted: (t: number) => readonly [number, number]): number {
  const paths = magnifyKind.paths(made, scene);
  expect(paths).toHaveLength(chest.length);
  return Math.max(
    ...paths.flatMap(({ point, positionsT2 }) =>
      Array.from({ length: 80 }, (_, f) => {
        const [x, y] = wanted(f + 1);
        const dx = positionsT2[2 * f] - startN2[2 * point] - x;
        return Math.hypot(dx, positionsT2[2 * f + 1] - startN2[2 * point + 1] - y);
      }),
    ),
  );
}

test("all frequencies, unsmoothed: every motion by the gain", () => {
  const made = edit({ smoothFrames: 0, gain: 10 });
  expect(worst(made, (t) => [10 * drift(t), 10 * breath(t)])).toBeLessThan(0.1);
});

test("a band around the breath magnifies it and leaves the drift: within 0.1 px", () => {
  const made = edit({ lowHz: 0.25, highHz: 0.6, gain: 8, smoothFrames: 0 });
  // What a band-pass keeps of the breath is known; of a drift it keeps nothing.
  const all = Float64Array.from({ length: FRAMES }, (_, t) => breath(t));
  const dy = bandPass(withoutTrend(all), FPS, [0.25, 0.6]);
  expect(worst(made, (t) => [drift(t), breath(t) + 7 * (dy[t] - dy[0])])).toBeLessThan(0.1);
  expect(worst(made, (t) => [drift(t), 8 * breath(t)])).toBeLessThan(1);
});

test("smoothing tells noise from motion, and the bound says how much is borne", () => {
  const quiet = magnifyBounds(edit({}, 0.02), scene);
  const loud = magnifyBounds(edit({}, 0.15), scene);
  expect(quiet.noise / loud.noise).toBeGreaterThan(5);
  // Left over of 0.15 px: less than a tenth of it, so a gain of some 30 makes a pixel of it.
  expect(loud.noise).toBeGreaterThan(15);
  expect(loud.noise).toBeLessThan(60);
  const made = edit({ gain: 10, highHz: 1 }, 0.15);
  expect(worst(made, (t) => [10 * drift(t), 10 * breath(t)])).toBeLessThan(3.5);
});

test("points whose cell would fold over keep to less", () => {
  const half = edit();
  const pathsNM = half.motion.pathsNM.map((path, i) => {
    const goes = startN2[2 * chest[i]] < 400 ? 1 : -1;
    return path.map((v, k) => (k % 2 ? v : path[0] + goes * 0.02 * (k >> 1)));
  });
  const made = { ...half, motion: { ...half.motion, pathsNM }, gain: 50, smoothFrames: 0 };
  const bounds = magnifyBounds(made, scene);
  expect(bounds.fold).toBeLessThan(20);
  // Only those at the seam keep to less, and what is told of them is what they do.
  expect(bounds.heldBack).toBeGreaterThan(0);
  expect(bounds.heldBack).toBeLessThan(chest.length);
  expect(magnifyBounds({ ...made, gain: 2 }, scene)).toMatchObject({ heldBack: 0, least: 2 });
  const paths = magnifyKind.paths(made, scene);
  const xAt = (n: number) => paths.find(({ point }) => point === n)?.positionsT2[2 * 79] ?? 0;
  const middle = 7 * 26 + 12;
  expect(xAt(middle)).toBeGreaterThan(xAt(middle - 1));
  const gains = paths.map(({ point, positionsT2 }) => {
    const i = chest.indexOf(point);
    return (positionsT2[2 * 79] - startN2[2 * point]) / (pathsNM[i][2 * 80] - pathsNM[i][0]);
  });
  expect(Math.min(...gains)).toBeCloseTo(bounds.least, 1);
  expect(gains.filter((gain) => gain < 49).length).toBe(bounds.heldBack);
});

test("a point that crosses its neighbour of itself keeps nobody from the gain", () => {
  const band = { lowHz: 0.35, highHz: 0.6, gain: 8, smoothFrames: 0 };
  // Over and back once, far slower than the band.
  const crossing = (t: number) => 22.5 * (1 - Math.cos((2 * Math.PI * t) / FRAMES));
  const calm = edit(band);
  const middle = Math.floor(chest.length / 2);
  const pathsNM = calm.motion.pathsNM.map((path, i) =>
    i === middle ? path.map((v, k) => v + (k % 2 === 0 ? crossing(k / 2) : 0)) : path,
  );
  const crossed = { ...calm, motion: { ...calm.motion, pathsNM } };
  const most = (made: MagnifyEdit, i: number) => {
    const { positionsT2 } = magnifyKind.paths(made, scene)[i];
    return Math.max(...positionsT2.filter((_, k) => k % 2 === 1)) - startN2[2 * chest[i] + 1];
  };
  for (const i of chest.keys()) {
    if (i !== middle) expect(most(crossed, i)).toBeGreaterThan(0.8 * most(calm, i));
  }
  expect(magnifyBounds(crossed, scene).least).toBeGreaterThan(2);
});
