import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createTracks, type Tracks } from "../../domain/tracks.ts";
import { ade, fde, minAde, minFde, vepe } from "./displacement.ts";
import { coverage, energyScore, spread, spreadMapTN } from "./ensemble-scores.ts";
import { divCurlEnergy, flowSmoothTv } from "./smoothness.ts";

const golden = JSON.parse(
  readFileSync(new URL("./testdata/golden.json", import.meta.url), "utf8"),
) as {
  rows: number;
  frameCount: number;
  pointCount: number;
  truth: number[];
  visibility: number[];
  futures: number[][];
  ade: number[];
  fde: number[];
  energyScore: number;
  spread: number;
  coverage50: number;
  spreadMap: number[];
  flowSmoothTv: number;
  divCurlEnergy: number;
  vepe: number;
};

function tracksOf(positions: ArrayLike<number>, visibility: ArrayLike<number>, points: number) {
  return {
    frameCount: visibility.length / points,
    pointCount: points,
    tracksTN2: Float32Array.from(positions),
    visibilityTN: Uint8Array.from(visibility),
  } satisfies Tracks;
}

describe("against an independent computation in numpy", () => {
  const truth = tracksOf(golden.truth, golden.visibility, golden.pointCount);
  const all = golden.visibility.map(() => 1);
  const futures = golden.futures.map((f) => tracksOf(f, all, golden.pointCount));

  test("errors of single futures and the best of them", () => {
    futures.forEach((future, k) => {
      expect(ade(future, truth)).toBeCloseTo(golden.ade[k], 4);
      expect(fde(future, truth)).toBeCloseTo(golden.fde[k], 4);
    });
    expect(minAde(futures, truth)).toBeCloseTo(Math.min(...golden.ade), 4);
    expect(minFde(futures, truth)).toBeCloseTo(Math.min(...golden.fde), 4);
    const pairs = futures.slice(0, 2).map((predicted) => ({ predicted, truth }));
    expect(vepe(pairs)).toBeCloseTo(golden.vepe, 4);
  });

  test("scores of the ensemble", () => {
    expect(energyScore(futures, truth)).toBeCloseTo(golden.energyScore, 4);
    expect(spread(futures, truth.visibilityTN)).toBeCloseTo(golden.spread, 4);
    expect(coverage(futures, truth, 0.5)).toBeCloseTo(golden.coverage50, 6);
    expect(() => coverage(futures, truth, 0.9)).toThrow("19");
    spreadMapTN(futures).forEach((value, i) => {
      expect(value).toBeCloseTo(golden.spreadMap[i], 3);
    });
  });

  test("smoothness over the grid", () => {
    expect(flowSmoothTv(truth, golden.rows)).toBeCloseTo(golden.flowSmoothTv, 6);
    expect(divCurlEnergy(truth, golden.rows)).toBeCloseTo(golden.divCurlEnergy, 6);
  });
});

test("one future's energy score is its error; a rigid motion is perfectly smooth", () => {
  const truth = createTracks(6, 390);
  truth.visibilityTN.fill(1);
  const shifted = { ...truth, tracksTN2: truth.tracksTN2.map((_, i) => (i % 2 === 0 ? 3 : 4)) };
  expect(energyScore([shifted], truth)).toBeCloseTo(5, 5);
  const rigid = { ...truth, tracksTN2: truth.tracksTN2.map((_, i) => Math.floor(i / 780) * 2) };
  expect(flowSmoothTv(rigid, 15)).toBe(0);
  expect(divCurlEnergy(rigid, 15)).toBe(0);
});

test("a shorter truth is compared over its own frames; an unknown truth has no error", () => {
  const future = createTracks(81, 2);
  const truth = { ...createTracks(3, 2), visibilityTN: Uint8Array.of(1, 1, 1, 0, 0, 0) };
  truth.tracksTN2.set([0, 3, 0, 0, 0, 6]);
  expect(ade(future, truth)).toBeCloseTo(3);
  expect(fde(future, truth)).toBeCloseTo(3);
  expect(ade(future, createTracks(3, 2))).toBeNaN();
});

const REFERENCE = new URL("../../../../shared/reference/metrics_tiny.json", import.meta.url);

test.runIf(existsSync(REFERENCE))("gives the benchmark's own values", () => {
  const expected = JSON.parse(readFileSync(REFERENCE, "utf8")) as {
    grid_hw: [number, number];
    vepe_px: number;
    flowsmooth_tv_video_mean: number;
    per_video: Record<string, number>[];
  };
  const read = safetensors(new URL("metrics_tiny.safetensors", REFERENCE));
  const points = expected.grid_hw[0] * expected.grid_hw[1];
  const [rows] = expected.grid_hw;
  const videos = expected.per_video.map((_, i) => {
    const seen = read(`gt_visibility_tn_${i}`);
    return {
      truth: tracksOf(read(`gt_tracks_tn2_${i}`), seen, points),
      predicted: tracksOf(read(`pred_tracks_tn2_${i}`), seen, points),
    };
  });
  expected.per_video.forEach((video, i) => {
    const { truth, predicted } = videos[i];
    expect(ade(predicted, truth)).toBeCloseTo(video.epe_px, 4);
    expect(flowSmoothTv(predicted, rows)).toBeCloseTo(video.flowsmooth_tv, 5);
    expect(flowSmoothTv(truth, rows)).toBeCloseTo(video.gt_flowsmooth_tv, 5);
    expect(divCurlEnergy(predicted, rows)).toBeCloseTo(video.divcurl_energy, 6);
  });
  expect(vepe(videos)).toBeCloseTo(expected.vepe_px, 4);
});

/** Reads float32 and uint8 tensors of a .safetensors file by name. */
function safetensors(url: URL): (name: string) => Float32Array | Uint8Array {
  const file = readFileSync(url);
  const size = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + size).toString()) as Record<
    string,
    { dtype: string; data_offsets: [number, number] }
  >;
  return (name) => {
    const { dtype, data_offsets } = header[name];
    const bytes = Uint8Array.from(
      file.subarray(8 + size + data_offsets[0], 8 + size + data_offsets[1]),
    );
    return dtype === "F32" ? new Float32Array(bytes.buffer) : bytes;
  };
}
