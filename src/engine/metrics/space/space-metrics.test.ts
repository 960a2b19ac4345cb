import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { rankCorrelation } from "../rank-correlation.ts";
import { depthScore, stepError, trajectoryError } from "./depth-and-pose.ts";
import { curveDisagreement, stillJitter } from "./field.ts";
import { pointMapEpe, worldTracking } from "./points.ts";
import { type TapVid3d, type TapVid3dScaling, tapVid3d } from "./tapvid3d.ts";

type Lists = Record<
  | "truth"
  | "visibility"
  | "predicted"
  | "told"
  | "query"
  | "turned"
  | "depth"
  | "guess"
  | "centres"
  | "walked",
  number[]
>;
type Numbers = Record<
  | "frameCount"
  | "pointCount"
  | "pointMapEpe"
  | "stillJitter"
  | "curveDisagreement"
  | "trajectoryError"
  | "stepError"
  | "rankCorrelation",
  number
>;
type Pairs = Record<"worldTracking" | "worldTrackingMedianNorm" | "depthScore", object>;

const golden = JSON.parse(
  readFileSync(new URL("../testdata/space-golden.json", import.meta.url), "utf8"),
) as Lists &
  Numbers &
  Pairs & { focalPx: [number, number]; tapvid3d: Record<TapVid3dScaling, TapVid3d> };

const { frameCount, pointCount, truth, predicted } = golden;
const tracks = (xyzTN3: number[], visibilityTN: number[]) => ({
  frameCount,
  pointCount,
  xyzTN3,
  visibilityTN,
});

function expectClose(actual: object, expected: object): void {
  for (const [name, value] of Object.entries(expected)) {
    expect((actual as Record<string, number>)[name], name).toBeCloseTo(value as number, 6);
  }
}

describe("against an independent computation in numpy", () => {
  it.each(["median", "per-trajectory", "local-neighbourhood", "none"] as const)(
    "TAPVid-3D, scaled: %s",
    (scaling) => {
      const options = { focalPx: golden.focalPx, scaling, queryFrameN: golden.query };
      const score = tapVid3d(
        tracks(truth, golden.visibility),
        tracks(predicted, golden.told),
        options,
      );
      expectClose(score, golden.tapvid3d[scaling]);
    },
  );

  it("world tracking, point maps and the field's own two", () => {
    const { turned } = golden;
    expectClose(worldTracking(truth, turned), golden.worldTracking);
    expectClose(worldTracking(truth, turned, "median-norm"), golden.worldTrackingMedianNorm);
    expect(pointMapEpe(truth, turned)).toBeCloseTo(golden.pointMapEpe, 6);
    expect(stillJitter(truth, pointCount, 3.5)).toBeCloseTo(golden.stillJitter, 6);
    expect(curveDisagreement(truth, turned, 3.5)).toBeCloseTo(golden.curveDisagreement, 6);
  });

  it("depths, camera paths and ranks", () => {
    expectClose(depthScore(golden.depth, golden.guess), golden.depthScore);
    expect(trajectoryError(golden.centres, golden.walked)).toBeCloseTo(golden.trajectoryError, 6);
    expect(stepError(golden.centres, golden.walked)).toBeCloseTo(golden.stepError, 6);
    const rounded = (values: number[]) => values.map((v) => Math.round(10 * v));
    const ranks = rankCorrelation(rounded(golden.depth), rounded(golden.guess));
    expect(ranks).toBeCloseTo(golden.rankCorrelation, 6);
  });
});

describe("scale of the world", () => {
  it("changes nothing that aligns, and the absolute scores alone", () => {
    const larger = predicted.map((v) => 3 * v);
    const score = (xyz: number[], scaling: TapVid3dScaling) =>
      tapVid3d(tracks(truth, golden.visibility), tracks(xyz, golden.told), {
        focalPx: golden.focalPx,
        scaling,
        queryFrameN: golden.query,
      });
    for (const scaling of ["median", "per-trajectory", "local-neighbourhood"] as const) {
      expectClose(score(larger, scaling), score(predicted, scaling));
    }
    expect(score(truth, "none").apd).toBe(1);
    expect(
      score(
        truth.map((v) => 3 * v),
        "none",
      ).apd,
    ).toBeLessThan(0.1);
    expectClose(worldTracking(truth, larger), worldTracking(truth, predicted));
    expect(pointMapEpe(truth, larger)).toBeCloseTo(pointMapEpe(truth, predicted), 9);
  });

  it("a perfect prediction scores 1, and nothing that is hidden counts against it", () => {
    const own = tracks(truth, golden.visibility);
    expect(tapVid3d(own, own, { focalPx: golden.focalPx })).toEqual({ apd: 1, aj: 1, oa: 1 });
    expect(worldTracking(truth, truth).epe).toBeLessThan(1e-6);
  });
});
