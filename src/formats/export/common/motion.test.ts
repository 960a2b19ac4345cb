import { describe, expect, test } from "vitest";
import { FormatError } from "../../../domain/errors.ts";
import { MOVING, STATIC } from "../../../domain/space-field.ts";
import { reverseFrames, sliceFrames, type Tracks } from "../../../domain/tracks.ts";
import { pinholePath } from "../../../engine/space/cameras.ts";
import { curvesOf } from "../../../engine/space/lift.ts";
import { makeScene } from "../../../engine/space/testing.ts";
import type { ForecastDocument } from "../../document/types.ts";
import { fixtureDocument } from "../../fixture.ts";
import { exportFormat } from "../registry.ts";
import { lacksSpace } from "./motion.ts";
import { previewExport } from "./run.ts";
import type { ExportSegment } from "./types.ts";

const scene = makeScene({
  ...{ seed: 3, move: "walk", parallaxPx: 65, moving: 0.25, noisePx: 0, frameCount: 31 },
});
const { tracks: history, anchorFrame } = scene.observations;
const N = history.pointCount;
const start = history.tracksTN2.slice(2 * anchorFrame * N);
const isStill = (n: number) => scene.movingN[n] === 0;

/** A scene known exactly in space; its future goes the same way back. */
function known(): ForecastDocument {
  const cameras = pinholePath(scene.cameras);
  const back = pinholePath(reversed());
  const tracks = sliceFrames(reverseFrames(history), 1, history.frameCount);
  const field = {
    ...{ cameras, anchorFrame, why: null, parallaxPx: 65 },
    inverseDepthN: Float32Array.from(scene.inverseDepthN),
    sigmaLogN: new Float32Array(N).fill(0.02),
    stateN: Uint8Array.from({ length: N }, (_, n) => (isStill(n) ? STATIC : MOVING)),
    residualPxN: new Float32Array(N),
    focal: { px: 700, isGuess: false },
  };
  const curves = curvesOf(history, anchorFrame, cameras, field);
  return {
    clip: { name: "walk.mp4", displaySize: { width: 832, height: 480 }, fit: "cover" },
    forecast: {
      ...{ queryXyN2: start, history, futures: [{ seed: 1, tracks }] },
      ...{ fps: 24, nowSecs: 1.25, packId: "fixture", sampler: null },
    },
    space: {
      ...{ field, queryXyN2: start, curves },
      lifted: [{ cameras: back, rigidityPx: 0, curves }],
    },
  };
}

function reversed() {
  const { frameCount, rotationT9, translationT3, focalPxT } = scene.cameras;
  const back = Array.from({ length: frameCount }, (_, t) => frameCount - 1 - t);
  const picked = (values: Float64Array, width: number) =>
    Float64Array.from(back.flatMap((t) => [...values.subarray(width * t, width * t + width)]));
  return {
    ...scene.cameras,
    focalPxT: picked(focalPxT, 1),
    rotationT9: picked(rotationT9, 9),
    translationT3: picked(translationT3, 3),
  };
}

const written = (document: ForecastDocument, motion: string, segment: ExportSegment): Tracks =>
  previewExport(document, "csv", { segment, choices: { motion } }).tracks;

function problemOf(act: () => unknown): FormatError {
  try {
    act();
  } catch (error) {
    if (error instanceof FormatError) return error;
  }
  throw new Error("it went through");
}

const asksForRelief = (document: ForecastDocument) =>
  lacksSpace(exportFormat("csv"), { choices: { motion: "objects" } }, document);

/** Largest distance over frames and the chosen points, px. */
function farthest(a: Tracks, at: (t: number, n: number) => readonly number[], of = isStill) {
  let worst = 0;
  for (let i = 0; i < a.frameCount * N; i++) {
    if (!of(i % N)) continue;
    const [x, y] = at(Math.floor(i / N), i % N);
    worst = Math.max(worst, Math.hypot(a.tracksTN2[2 * i] - x, a.tracksTN2[2 * i + 1] - y));
  }
  return worst;
}

describe("camera and objects apart, in space", () => {
  const document = known();
  const all = written(document, "all", "both");

  test("what stands still stays where it is at “now”, past and future; what moves goes on moving", () => {
    const objects = written(document, "objects", "both");
    const atNow = (_: number, n: number) => [start[2 * n], start[2 * n + 1]];
    expect(farthest(objects, atNow)).toBeLessThan(0.02);
    expect(farthest(objects, atNow, (n) => !isStill(n))).toBeGreaterThan(10);
  });

  test("the camera alone moves still things as they were seen, and lets movers stand", () => {
    const camera = written(document, "camera", "both");
    const asSeen = (t: number, n: number) => [
      all.tracksTN2[2 * (t * N + n)],
      all.tracksTN2[2 * (t * N + n) + 1],
    ];
    expect(farthest(camera, asSeen)).toBeLessThan(0.02);
    expect(farthest(camera, asSeen, (n) => !isStill(n))).toBeGreaterThan(10);
    const hidden = camera.visibilityTN.filter((visible) => !visible).length;
    expect(hidden / camera.visibilityTN.length).toBeLessThan(0.3);
  });

  test("says how it was told apart", () => {
    const { notices } = previewExport(document, "csv", { choices: { motion: "objects" } });
    expect(notices[0]).toContain("Only what objects do");
  });
});

describe("without a relief", () => {
  const { space: _, ...flat } = fixtureDocument();

  test("futures by their camera path; of the past nothing can be told", () => {
    const future = flat.forecast.futures[0];
    const path = new Float32Array(6 * future.tracks.frameCount);
    for (let t = 0; t < future.tracks.frameCount; t++) path.set([1, 0, t + 1, 0, 1, 0], 6 * t);
    const moved = { ...flat.forecast, futures: [{ ...future, cameraPathT6: path }] };
    const document = { ...flat, forecast: moved };
    const seen = written(document, "all", "future");
    const objects = written(document, "objects", "future");
    const camera = written(document, "camera", "future");
    const { pointCount } = seen;
    const last = 2 * (seen.frameCount - 1) * pointCount;
    expect(seen.tracksTN2[last] - objects.tracksTN2[last]).toBeCloseTo(future.tracks.frameCount, 2);
    expect(camera.tracksTN2[last] - camera.tracksTN2[0]).toBeCloseTo(future.tracks.frameCount, 2);
    expect(() => written(document, "objects", "both")).toThrow("camera moves is not known");
  });

  test("only the chosen futures are told apart: one that cannot be does not stand in the way", () => {
    const [first] = flat.forecast.futures;
    const path = new Float32Array(6 * first.tracks.frameCount);
    for (let t = 0; t < first.tracks.frameCount; t++) path.set([1, 0, 2, 0, 1, 0], 6 * t);
    const { cameraPathT6: _, ...unknown } = first;
    const futures = [unknown, { ...first, cameraPathT6: path }];
    const document = { ...flat, forecast: { ...flat.forecast, futures } };
    const options = { choices: { motion: "objects" }, segment: "future" } as const;
    const at = (motion: string) => {
      const { tracks } = previewExport(document, "csv", {
        ...options,
        choices: { motion },
        futures: [1],
      });
      return tracks.tracksTN2[2 * (tracks.frameCount - 1) * tracks.pointCount];
    };
    expect(at("all") - at("objects")).toBeCloseTo(2, 2);
    const both = () => previewExport(document, "csv", { ...options, futures: [0, 1] });
    expect(both).toThrow("camera moves is not known of the future");
  });

  test("a photo is not sent to find a relief that it cannot have; its past is one picture", () => {
    const { forecast } = flat;
    const [{ cameraPathT6: _, ...future }] = forecast.futures;
    const last = forecast.history.frameCount - 1;
    const history = sliceFrames(forecast.history, last, last + 1);
    const photo = { ...flat, forecast: { ...forecast, history, futures: [future] } };
    expect(written(photo, "objects", "past").tracksTN2).toEqual(
      written(photo, "all", "past").tracksTN2,
    );
    const problem = problemOf(() => written(photo, "camera", "future"));
    expect(problem.remedy).toContain("a model that tells the camera apart");
    expect(problem.remedy).not.toContain("relief");
    expect(asksForRelief(photo)).toBe(false);
  });

  test("a relief of denser points is told from none", () => {
    const { forecast } = flat;
    const { space } = known();
    const [{ cameraPathT6: _, ...future }] = forecast.futures;
    const field = space && { ...space.field, stateN: new Uint8Array(3000) };
    const dense = {
      ...{ ...flat, forecast: { ...forecast, futures: [future] } },
      ...(space && field ? { space: { ...space, field } } : {}),
    };
    expect(problemOf(() => written(dense, "objects", "past")).remedy).toContain("other points");
    expect(problemOf(() => written(dense, "objects", "future")).remedy).toContain("other points");
    expect(asksForRelief(dense)).toBe(true);
    expect(asksForRelief(known())).toBe(false);
  });
});
