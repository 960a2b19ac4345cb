import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { gridQueryXyN2, POINT_COUNT } from "../../domain/grid.ts";
import { createTracks, type Tracks } from "../../domain/tracks.ts";
import { simpleEnsemble } from "./ensemble.ts";
import {
  composeScenario,
  DECAYS,
  factoredScenario,
  type ScenarioParams,
  scenarioParams,
} from "./scenario.ts";

/** The grid at "now", each point with its own constant velocity, px a frame. */
function moving(frameCount: number, velocity: (n: number) => readonly [number, number]): Tracks {
  const history = createTracks(frameCount, POINT_COUNT);
  const xyN2 = gridQueryXyN2();
  history.visibilityTN.fill(1);
  for (let t = 0; t < frameCount; t++) {
    for (let n = 0; n < POINT_COUNT; n++) {
      const back = frameCount - 1 - t;
      const [u, v] = velocity(n);
      history.tracksTN2[2 * (t * POINT_COUNT + n)] = xyN2[2 * n] - back * u;
      history.tracksTN2[2 * (t * POINT_COUNT + n) + 1] = xyN2[2 * n + 1] - back * v;
    }
  }
  return history;
}

function displacement(history: Tracks, params: ScenarioParams, t: number, n: number) {
  const tracks = composeScenario(factoredScenario(history, params));
  const at = 2 * (t * POINT_COUNT + n);
  const now = 2 * ((history.frameCount - 1) * POINT_COUNT + n);
  return [0, 1].map((k) => tracks.tracksTN2[at + k] - history.tracksTN2[now + k]);
}

test("steady motion goes on, and slows by the decay", () => {
  const history = moving(20, () => [1.5, -0.5]);
  const [x, y] = displacement(history, { span: 4, cameraShare: 0.5, decay: 1 }, 39, 200);
  expect(x).toBeCloseTo(60, 1);
  expect(y).toBeCloseTo(-20, 1);
  const [slow] = displacement(history, { span: 4, cameraShare: 0, decay: 0.9 }, 80, 7);
  expect(slow).toBeCloseTo(1.5 * 9 * (1 - 0.9 ** 81), 1);
});

test("decay 0 and a single frame of history stand still", () => {
  const still = displacement(
    moving(20, () => [3, 0]),
    { span: 8, cameraShare: 0, decay: 0 },
    80,
    5,
  );
  expect(still).toEqual([0, 0]);
  const photo = moving(1, () => [3, 0]);
  expect(displacement(photo, { span: 8, cameraShare: 0, decay: 1 }, 80, 5)).toEqual([0, 0]);
});

test("the camera share takes objects out and leaves the background", () => {
  const isObject = (n: number) => n < 60;
  const history = moving(20, (n) => (isObject(n) ? [6, 2] : [1, 0]));
  const at = (cameraShare: number, n: number) =>
    displacement(history, { span: 2, cameraShare, decay: 1 }, 9, n);
  expect(at(0, 30)[0]).toBeCloseTo(60, 0);
  expect(at(1, 30)[0]).toBeLessThan(20);
  expect(at(0.5, 30)[0]).toBeCloseTo((at(0, 30)[0] + at(1, 30)[0]) / 2, 0);
  expect(at(1, 300)[0]).toBeCloseTo(10, 0);
});

test("hidden frames shorten the span; a point without a past moves with the camera", () => {
  const history = moving(20, () => [2, 1]);
  for (let t = 0; t < 19; t++) {
    if (t < 17) history.visibilityTN[t * POINT_COUNT + 4] = 0;
    history.visibilityTN[t * POINT_COUNT + 9] = 0;
    history.tracksTN2[2 * (t * POINT_COUNT + 9)] = 9999;
  }
  history.tracksTN2[2 * (11 * POINT_COUNT + 4)] = -9999;
  for (const n of [4, 9]) {
    const [x, y] = displacement(history, { span: 8, cameraShare: 0, decay: 1 }, 9, n);
    expect(x).toBeCloseTo(20, 1);
    expect(y).toBeCloseTo(10, 1);
  }
});

test("any six consecutive seeds hold every decay once, and a seed always draws the same", () => {
  for (const first of [0, 1, 17, 1000]) {
    const decays = Array.from({ length: 6 }, (_, i) => scenarioParams(first + i).decay);
    expect(decays.sort((a, b) => a - b)).toEqual([...DECAYS]);
  }
  const many = Array.from({ length: 3000 }, (_, i) => scenarioParams(i));
  const share = (keep: (p: ScenarioParams) => boolean) => many.filter(keep).length / many.length;
  expect(share((p) => p.span === 8)).toBeCloseTo(1 / 3, 1);
  expect(share((p) => p.cameraShare === 0.5)).toBeCloseTo(1 / 3, 1);
  expect(share((p) => p.span === 2 && p.decay === 1)).toBeCloseTo(1 / 18, 1);
});

test("the ensemble gives each seed the same future, whatever else is sampled", () => {
  const history = moving(30, (n) => [Math.sin(n), Math.cos(n)]);
  const [, alone] = simpleEnsemble(history, [3, 8]);
  const all = simpleEnsemble(history, [1, 8, 2]);
  expect(all.map((future) => future.seed)).toEqual([1, 8, 2]);
  expect(all[1]).toEqual(alone);
});

interface Golden extends ScenarioParams {
  readonly frames: readonly number[];
  readonly points: readonly number[];
  readonly stabilised: readonly (readonly (readonly number[])[])[];
  readonly camera: readonly (readonly number[])[];
}

test("agrees with the Python definition that models are trained with", () => {
  const golden = JSON.parse(
    readFileSync(new URL("./testdata/golden.json", import.meta.url), "utf8"),
  ) as { history: number[]; visibility: number[]; frameCount: number; cases: Golden[] };
  const history = {
    frameCount: golden.frameCount,
    pointCount: POINT_COUNT,
    tracksTN2: Float32Array.from(golden.history),
    visibilityTN: Uint8Array.from(golden.visibility),
  };
  expect(golden.cases.length).toBeGreaterThan(4);
  for (const one of golden.cases) {
    const { stabilisedTN2, cameraPathT6 } = factoredScenario(history, one);
    one.frames.forEach((t, i) => {
      one.camera[i].forEach((value, k) => {
        expect(Math.abs(cameraPathT6[6 * t + k] - value)).toBeLessThan(k % 3 === 2 ? 2e-2 : 5e-5);
      });
      one.points.forEach((n, j) => {
        one.stabilised[i][j].forEach((value, k) => {
          expect(Math.abs(stabilisedTN2[2 * (t * POINT_COUNT + n) + k] - value)).toBeLessThan(2e-2);
        });
      });
    });
  }
});
