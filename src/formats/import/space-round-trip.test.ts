import { beforeAll, describe, expect, test } from "vitest";
import { MOVING, type SpaceField, STATIC } from "../../domain/space-field.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { reliefEstimator } from "../../engine/space/estimator.ts";
import { fieldFromFile } from "../../engine/space/from-file.ts";
import { writeNpz } from "../containers/npz.ts";
import type { ForecastDocument } from "../document/types.ts";
import { exportForecast } from "../export/common/run.ts";
import { sceneDocument } from "../fixture-space.ts";
import { importProposed } from "./testing.ts";

let document: ForecastDocument;
let found: SpaceField;

beforeAll(async () => {
  const scene = sceneDocument();
  const { history, queryXyN2 } = scene.forecast;
  const { field, curves } = await reliefEstimator.estimate({
    ...{ tracks: history, anchorFrame: history.frameCount - 1, size: WORKING_SIZE },
    ...{ columns: 26, rows: 15 },
  });
  document = { ...scene, space: { field, queryXyN2, curves, lifted: [] } };
  found = field;
}, 120_000);

/** The field that a file tells at the grid, "now" being its last frame. */
function told(bytes: Uint8Array, name: string) {
  const { imported, inspection } = importProposed(bytes, name);
  const { space, tracks } = imported;
  if (!space) throw new Error("the file tells nothing in space");
  const answer = fieldFromFile({
    ...{ space, tracks, queryXyQ2: document.forecast.queryXyN2, size: WORKING_SIZE },
    fileFrameT: Float64Array.from({ length: tracks.frameCount }, (_, t) => t),
    ...{ columns: 26, rows: 15 },
  });
  return { ...answer, imported, inspection };
}

/** Relative to each other, both have a median of 1 over their own points. */
function expectSameRelief({ field }: { readonly field: SpaceField }, within: number): void {
  const still = [...found.stateN.keys()].filter(
    (n) => found.stateN[n] === STATIC && field.stateN[n] === STATIC,
  );
  expect(still.length).toBeGreaterThan(0.9 * found.stateN.filter((s) => s === STATIC).length);
  const ratios = still.map((n) => field.inverseDepthN[n] / found.inverseDepthN[n]);
  const middle = ratios.slice().sort((a, b) => a - b)[ratios.length >> 1];
  for (const ratio of ratios) expect(Math.abs(ratio / middle - 1)).toBeLessThan(within);
  const moving = [...found.stateN.keys()].filter((n) => found.stateN[n] === MOVING);
  const same = moving.filter((n) => field.stateN[n] === MOVING).length;
  expect(same).toBeGreaterThan(0.9 * moving.length);
}

describe("what is exported in space comes back", () => {
  test("3-D tracks: cameras, depth and what moves, within rounding", () => {
    const bytes = exportForecast(document, "tracks-3d", { segment: "past" }).bytes;
    const back = told(bytes, "scene.npz");
    expect(back.inspection.looksLike).toBe("SpatialTrackerV2 or TAPIP3D (positions in space)");
    expect(back.inspection.now).toEqual({ frame: 30, secs: 1.25 });
    expectSameRelief(back, 1e-4);
    expect(back.relief?.source).toBe("parallax");
    const { cameras } = back.field;
    if (!cameras || !found.cameras) throw new Error("no cameras");
    cameras.rotationT9.forEach((value, i) => {
      expect(value).toBeCloseTo(found.cameras?.rotationT9[i] ?? Number.NaN, 5);
    });
    expect(back.field.focal.px).toBeCloseTo(found.focal.px, 3);
  });

  test("a Foretrack field, of the same points and without tracks of them", () => {
    const { bytes } = exportForecast(document, "space-field", {});
    const back = told(bytes, "field.npz");
    expect(back.inspection.looksLike).toContain("Foretrack field");
    expectSameRelief(back, 1e-4);
  });
});

test("TAPVid-3D: places before the camera, with poses where the file has them", () => {
  const [T, N] = [5, 4];
  const at = (n: number) => [0.3 * n - 0.45, 0.2 * (n % 2) - 0.1, 2 + n];
  // The camera goes 0.1 to the right a frame: the world goes to the left before it.
  const xyz = Array.from({ length: T * N }, (_, i) => {
    const [x, y, z] = at(i % N);
    return [x - 0.1 * Math.floor(i / N), y, z];
  }).flat();
  const poses = Array.from({ length: T }, (_, t) => [
    ...[1, 0, 0, -0.1 * t],
    ...[0, 1, 0, 0],
    ...[0, 0, 1, 0],
    ...[0, 0, 0, 1],
  ]).flat();
  const bytes = writeNpz([
    { name: "tracks_XYZ", shape: [T, N, 3], dtype: "float32", values: xyz },
    { name: "visibility", shape: [T, N], dtype: "bool", values: new Uint8Array(T * N).fill(1) },
    { name: "fx_fy_cx_cy", shape: [4], dtype: "float32", values: [700, 700, 415.5, 239.5] },
    { name: "extrinsics_w2c", shape: [T, 4, 4], dtype: "float32", values: poses },
  ]);
  const { imported } = importProposed(bytes, "clip.npz", { sourceSize: WORKING_SIZE });
  const { space, tracks } = imported;
  if (!space) throw new Error("nothing in space");
  const { field } = fieldFromFile({
    ...{ space, tracks, size: WORKING_SIZE, columns: 8, rows: 6 },
    queryXyQ2: tracks.tracksTN2.slice(2 * (T - 1) * N),
    fileFrameT: Float64Array.from({ length: T }, (_, t) => t),
  });
  expect([...field.stateN]).toEqual([STATIC, STATIC, STATIC, STATIC]);
  for (let n = 1; n < N; n++) {
    expect(field.inverseDepthN[0] / field.inverseDepthN[n]).toBeCloseTo((2 + n) / 2, 4);
  }
});
