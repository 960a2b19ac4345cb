import { describe, expect, test } from "vitest";
import { bodyOf } from "../../domain/edits/body.ts";
import { dragOf } from "../../domain/edits/drag.ts";
import type { Forecast } from "../../domain/forecast.ts";
import { POINT_COUNT } from "../../domain/grid.ts";
import { isInsideFrame } from "../../domain/inside-frame.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { planCompletion } from "../completion/complete.ts";
import { futureOf, historyOf, type Motion } from "../completion/testing.ts";
import { compileEdits } from "./compile.ts";
import { denserForecast } from "./denser.ts";

/** A block that goes down by 3 px a frame over ground that stands. */
const block: Motion = (x, y) =>
  Math.abs(x - 400) < 100 && Math.abs(y - 240) < 100 ? [0, 3] : [0, 0];

function forecastOf(motion: Motion): Forecast {
  const history = historyOf(motion);
  return {
    queryXyN2: history.tracksTN2.slice(-2 * POINT_COUNT),
    history,
    futures: [futureOf(motion)],
    fps: 16,
    nowSecs: 1,
    packId: "test",
    sampler: null,
  };
}

describe("a denser forecast", () => {
  test("keeps its own points to the bit and fills the cells between them evenly", () => {
    const forecast = forecastOf(block);
    const dense = denserForecast(forecast, 16, WORKING_SIZE);
    const [{ tracks }] = dense.futures;
    expect(dense.queryXyN2.length / 2).toBeGreaterThan(3 * POINT_COUNT);
    expect(tracks.pointCount).toBe(dense.history.pointCount);
    const row = 2 * 23 * tracks.pointCount;
    expect(tracks.tracksTN2.slice(row, row + 2 * POINT_COUNT)).toEqual(
      forecast.futures[0].tracks.tracksTN2.slice(2 * 23 * POINT_COUNT),
    );
    expect(dense.history.tracksTN2.slice(-2 * tracks.pointCount)).toEqual(dense.queryXyN2);
  });

  test("two things do not smear into each other", () => {
    const dense = denserForecast(forecastOf(block), 16, WORKING_SIZE);
    const [{ tracks }] = dense.futures;
    let worst = 0;
    for (let n = POINT_COUNT; n < tracks.pointCount; n++) {
      const down =
        tracks.tracksTN2[2 * (23 * tracks.pointCount + n) + 1] - dense.queryXyN2[2 * n + 1];
      worst = Math.max(worst, Math.min(Math.abs(down), Math.abs(down - 72)));
    }
    expect(worst).toBeLessThan(1);
  });

  test("what the camera does is exact at new points", () => {
    const zoom: Motion = (x, y) => [0.02 * (x - 415.5), 0.02 * (y - 239.5)];
    const forecast = forecastOf(zoom);
    const cameraPathT6 = new Float32Array(6 * 24);
    for (let t = 0; t < 24; t++) {
      const s = 1 + 0.02 * (t + 1);
      cameraPathT6.set([s, 0, (1 - s) * 415.5, 0, s, (1 - s) * 239.5], 6 * t);
    }
    const futures = [{ ...forecast.futures[0], cameraPathT6 }];
    const dense = denserForecast({ ...forecast, futures }, 8, WORKING_SIZE);
    const [{ tracks }] = dense.futures;
    let worst = 0;
    for (let n = 0; n < tracks.pointCount; n++) {
      const [x, y] = dense.queryXyN2.subarray(2 * n);
      const o = 2 * (23 * tracks.pointCount + n);
      const [dx, dy] = zoom(x, y).map((v) => 24 * v);
      const miss = Math.hypot(tracks.tracksTN2[o] - x - dx, tracks.tracksTN2[o + 1] - y - dy);
      worst = Math.max(worst, miss);
    }
    expect(worst).toBeLessThan(0.01);
  });

  test("what the camera goes along with stays seen, and what it leaves behind is not", () => {
    // The block keeps its place on the screen while the ground goes left by 30 px a frame.
    const followed: Motion = (x, y) => (block(x, y)[1] > 0 ? [0, 0] : [-30, 0]);
    const forecast = forecastOf(followed);
    const cameraPathT6 = new Float32Array(6 * 24);
    for (let t = 0; t < 24; t++) cameraPathT6.set([1, 0, -30 * (t + 1), 0, 1, 0], 6 * t);
    const [{ tracks: own, seed }] = forecast.futures;
    const visibilityTN = own.visibilityTN.map((_, i) =>
      isInsideFrame(own.tracksTN2[2 * i], own.tracksTN2[2 * i + 1], WORKING_SIZE) ? 1 : 0,
    );
    const futures = [{ seed, tracks: { ...own, visibilityTN }, cameraPathT6 }];
    const dense = denserForecast({ ...forecast, futures }, 16, WORKING_SIZE);
    const [{ tracks }] = dense.futures;
    let inBlock = 0;
    for (let n = POINT_COUNT; n < tracks.pointCount; n++) {
      const [x, y] = dense.queryXyN2.subarray(2 * n);
      const o = 23 * tracks.pointCount + n;
      const [endX, endY] = tracks.tracksTN2.subarray(2 * o);
      if (!isInsideFrame(endX, endY, WORKING_SIZE)) expect(tracks.visibilityTN[o]).toBe(0);
      if (Math.abs(x - 400) > 70 || Math.abs(y - 240) > 70) continue;
      inBlock++;
      expect(tracks.visibilityTN[o]).toBe(1);
    }
    expect(inBlock).toBeGreaterThan(30);
  });

  test("a drag takes its new points along exactly, in a future that obeys it and in no other", () => {
    const forecast = forecastOf(block);
    const path = [[300, 100, 0] as const, [360, 140, 1000] as const];
    const drag = dragOf({ id: "d", name: "Drag" }, [0, 23], path, "even");
    const constraints = compileEdits([drag], forecast.history, 24);
    if (!constraints) throw new Error("the drag asks nothing");
    const done = planCompletion(constraints, forecast.history, WORKING_SIZE).complete(
      forecast.futures[0],
    );
    const edited = { ...forecast, edits: [drag], futures: [done, forecast.futures[0]] };
    const dense = denserForecast(edited, 8, WORKING_SIZE);
    const wanted = compileEdits([drag], { ...dense.history }, 24);
    const last = 23 * dense.history.pointCount;
    let held = 0;
    let [exact, missed] = [0, 0];
    for (let n = POINT_COUNT; n < dense.history.pointCount; n++) {
      if (!wanted?.weightTN[last + n]) continue;
      held++;
      const [x, y] = wanted.positionsTN2.subarray(2 * (last + n));
      const [obeys, other] = dense.futures.map(({ tracks }) => tracks.tracksTN2);
      exact += obeys[2 * (last + n)] === x && obeys[2 * (last + n) + 1] === y ? 1 : 0;
      missed += Math.abs(other[2 * (last + n)] - x) > 5 ? 1 : 0;
    }
    expect(held).toBeGreaterThan(100);
    expect(exact).toBe(held);
    expect(missed).toBe(held);
  });

  test("new points on the far side of a body that turned are hidden like its own", () => {
    const forecast = forecastOf(() => [0, 0]);
    const names = { id: "b", name: "Ball" };
    const samples: [number, number, number][] = [
      [400, 240, 0],
      [500, 240, 1000],
    ];
    const ball = { ...bodyOf(names, "ball", [400, 240], [100, 100], 24), samples };
    const constraints = compileEdits([ball], forecast.history, 24);
    if (!constraints) throw new Error("the ball asks nothing");
    const plan = planCompletion(constraints, forecast.history, WORKING_SIZE);
    const futures = [plan.complete(forecast.futures[0])];
    const dense = denserForecast({ ...forecast, edits: [ball], futures }, 8, WORKING_SIZE);
    const wanted = compileEdits([ball], dense.history, 24);
    const [{ tracks }] = dense.futures;
    const last = 23 * tracks.pointCount;
    let hidden = 0;
    for (let n = POINT_COUNT; n < tracks.pointCount; n++) {
      if (wanted?.visibilityTN?.[last + n] !== 0) continue;
      hidden++;
      expect(tracks.visibilityTN[last + n]).toBe(0);
    }
    expect(hidden).toBeGreaterThan(50);
  });
});
