import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Tracks } from "../../domain/tracks.ts";
import { parzenNll } from "./parzen.ts";
import {
  auroc,
  leastDistance,
  rmsDistance,
  rmsEnergyScore,
  variogramScore,
} from "./picture-scores.ts";

const golden = JSON.parse(
  readFileSync(new URL("./testdata/photo-golden.json", import.meta.url), "utf8"),
) as {
  frameCount: number;
  pointCount: number;
  truth: number[];
  visibility: number[];
  futures: number[][];
  xy: number[];
  pairs: number[];
  frames: number[];
  distances: number[];
  energyScore: number;
  leastDistance: { counts: number[]; values: number[] };
  variogramScore: number;
  parzen: { width: number; dimensions: number; nll: number };
  moving: number[];
  movingScore: number[];
  auroc: number;
};

/** Positions of displacements since "now". */
function tracksOf(displacements: readonly number[]): Tracks {
  const { frameCount, pointCount, xy, visibility } = golden;
  return {
    frameCount,
    pointCount,
    tracksTN2: Float32Array.from(displacements, (v, i) => v + xy[i % xy.length]),
    visibilityTN: Uint8Array.from(visibility),
  };
}

const truth = tracksOf(golden.truth);
const futures = golden.futures.map(tracksOf);

test("scores agree with an independent computation in numpy", () => {
  const distances = futures.map((future) => rmsDistance(future, truth, truth.visibilityTN));
  distances.forEach((d, k) => {
    expect(d).toBeCloseTo(golden.distances[k], 4);
  });
  expect(rmsEnergyScore(futures, truth)).toBeCloseTo(golden.energyScore, 4);
  const { counts, values } = golden.leastDistance;
  counts.forEach((n, i) => {
    expect(leastDistance(distances, n)).toBeCloseTo(values[i], 4);
  });
  const pairs = { pairsM2: golden.pairs, frames: golden.frames, xyN2: golden.xy };
  expect(variogramScore(futures, truth, pairs)).toBeCloseTo(golden.variogramScore, 4);
  const { width, dimensions, nll } = golden.parzen;
  const squares = distances.map((d) => (d * d * dimensions) / 2);
  expect(parzenNll(squares, dimensions, width)).toBeCloseTo(nll, 2);
  const moving = golden.moving.map((v) => v === 1);
  expect(auroc(golden.movingScore, moving)).toBeCloseTo(golden.auroc, 6);
});

test("the least of all is the least, the least of one is the mean, however many there are", () => {
  const distances = Array.from({ length: 400 }, (_, k) => 1 + ((k * 37) % 400));
  expect(leastDistance(distances, 400)).toBeCloseTo(1, 6);
  expect(leastDistance(distances, 1)).toBeCloseTo(200.5, 6);
  // Of the whole numbers to K the expected least of n is (K + 1)/(n + 1).
  expect(leastDistance(distances, 50)).toBeCloseTo(401 / 51, 6);
});
