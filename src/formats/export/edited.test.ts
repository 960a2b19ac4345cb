import Papa from "papaparse";
import { describe, expect, test } from "vitest";
import { dragOf } from "../../domain/edits/drag.ts";
import { planCompletion } from "../../engine/completion/complete.ts";
import { compileEdits } from "../../engine/edits/compile.ts";
import { readNpy } from "../containers/npy.ts";
import { readNpz } from "../containers/npz.ts";
import type { ForecastDocument } from "../document/types.ts";
import { fixtureDocument } from "../fixture.ts";
import { WORKING_SIZE } from "./common/place.ts";
import { exportForecast, previewExport } from "./common/run.ts";
import type { ExportOptions } from "./common/types.ts";
import { readAtiFile, readTapVid } from "./readers/arrays.ts";
import {
  designerPosition,
  parseJsonTracks,
  readAtiFrames,
  videoxFunTracks,
  type Xy,
} from "./readers/generators.ts";
import {
  type ReadPoint,
  read3de,
  readAfterEffects,
  readNuke,
  readSynthEyes,
} from "./readers/matchmoving.ts";

/** Frames after "now" that the drag holds. */
const HELD = 60;

const drag = dragOf(
  { id: "d", name: "Drag" },
  [0, HELD - 1],
  [
    [300, 200, 0],
    [341.37, 232.81, 1000],
  ],
  "even",
);

function edited() {
  const fixture = fixtureDocument();
  const { history, futures } = fixture.forecast;
  const constraints = compileEdits([drag], history, futures[0].tracks.frameCount);
  if (!constraints) throw new Error("the drag asks nothing");
  const plan = planCompletion(constraints, history, WORKING_SIZE);
  const forecast = {
    ...fixture.forecast,
    fps: 16,
    edits: [drag],
    futures: futures.map((future) => plan.complete(future)),
  };
  const document: ForecastDocument = { ...fixture, forecast };
  return { document, constraints };
}

const { document, constraints } = edited();
const held = [...constraints.weightTN.subarray(0, constraints.pointCount).keys()].filter(
  (n) => constraints.weightTN[n] === 1,
);

/** Where the drag wants a point, edge px; frame 0 is "now". */
function wanted(point: number, frame: number): Xy {
  const i = 2 * ((frame - 1) * constraints.pointCount + point);
  return { x: constraints.positionsTN2[i] + 0.5, y: constraints.positionsTN2[i + 1] + 0.5 };
}

const edge = ([x, y]: readonly number[], shift = 0): Xy => ({ x: x + shift, y: y + shift });

/** What the format's consumer reads of column `n` in a frame, edge px. */
type Reader = (bytes: Uint8Array, n: number, frame: number, count: number) => Xy;

const FROM_NOW: ExportOptions = { segment: "future", points: held };
const PARSED = { header: true, dynamicTyping: true, skipEmptyLines: true } as const;

/** A program that keeps a point's keys by frame number, from `first` on. */
function keyed(read: (file: string) => Map<string, ReadPoint>, first: number): Reader {
  return (bytes, n, frame) => {
    const key = [...read(text(bytes)).values()][n].get(first + frame);
    return edge(key ?? [Number.NaN, Number.NaN]);
  };
}

function toldTimingPx(format: string, options: ExportOptions): number {
  const { notices } = previewExport(document, format, options);
  return Number(/and ([\d.]+) px in timing/.exec(notices.join())?.[1]);
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const READERS: Readonly<Record<string, { px: number; options: ExportOptions; read: Reader }>> = {
  "wan-move": {
    px: 4e-5,
    options: {},
    read(_, n, frame, count) {
      const { files = [] } = exportForecast(document, "wan-move", {});
      const [file] = files.filter(({ name }) => name.endsWith("tracks.npy"));
      const { data } = readNpy(file.bytes);
      return edge([0, 1].map((axis) => Number(data[2 * (frame * count + n) + axis])));
    },
  },
  "comfyui-ati": {
    px: 0.0051,
    options: { frames: 81 },
    read: (bytes, n, frame) => readAtiFrames(text(bytes), 81)[n][frame],
  },
  ltx: {
    px: 0.0051,
    options: { size: WORKING_SIZE, fps: 16, frames: 81 },
    read: (bytes, n, frame) => parseJsonTracks(text(bytes))[n][frame],
  },
  "kjnodes-spline": {
    // As of Wan2GP: the middle of the pixel in which the point lies.
    px: 0.5001,
    options: {},
    read(bytes, n, frame) {
      const { x, y } = parseJsonTracks(text(bytes))[n][frame];
      return edge([x, y], 0.5);
    },
  },
  wan2gp: {
    px: 0.5001,
    options: {},
    read(bytes, n, frame, count) {
      const { data } = readNpy(bytes);
      const at = 2 * (frame * count + n);
      const { width, height } = WORKING_SIZE;
      return edge(
        [Math.round(Number(data[at]) * width), Math.round(Number(data[at + 1]) * height)],
        0.5,
      );
    },
  },
  "comfyui-wanmove": {
    px: 0.0051,
    options: {},
    read: (bytes, n, frame) => parseJsonTracks(text(bytes))[n][frame],
  },
  "comfyui-tracks": {
    px: 4e-5,
    options: {},
    read(bytes, n, frame, count) {
      const path = readNpz(bytes).get("track_path");
      return edge([0, 1].map((axis) => Number(path?.data[2 * (frame * count + n) + axis])));
    },
  },
  ati: {
    px: 1e-4,
    options: { fps: 16 },
    read: (bytes, n, frame) => readAtiFile(bytes)[n].points[frame],
  },
  "videox-fun": {
    px: 0.5001,
    options: { points: held.slice(0, 9) },
    read: (bytes, n, frame) => edge(videoxFunTracks(text(bytes))[n][frame], 0.5),
  },
  "wan2gp-motion-designer": {
    // Its trajectories keep an even pace: how far they are off is told.
    px: 0.05 + toldTimingPx("wan2gp-motion-designer", { points: held }),
    options: { points: held },
    read(bytes, n, frame) {
      const { layers } = JSON.parse(text(bytes));
      return designerPosition(layers[n], frame) ?? { x: Number.NaN, y: Number.NaN };
    },
  },
  tapvid: {
    px: 1e-3,
    options: {},
    read: (bytes, n, frame) => readTapVid(bytes, [832, 480])[n].points[frame],
  },
  csv: {
    px: 0.00051,
    options: { futures: [0], segment: "future" },
    read(bytes, n, frame, count) {
      const { data } = Papa.parse<{ x: number; y: number }>(text(bytes), PARSED);
      const { x, y } = data[frame * count + n];
      return edge([x, y], 0.5);
    },
  },
  nuke: { px: 1e-4, options: FROM_NOW, read: keyed((file) => readNuke(file, WORKING_SIZE), 1) },
  "after-effects": {
    px: 1e-4,
    options: FROM_NOW,
    read: keyed((file) => readAfterEffects(file).properties, 0),
  },
  "3dequalizer": {
    px: 1e-5,
    options: FROM_NOW,
    read: keyed((file) => read3de(file, WORKING_SIZE), 1),
  },
  syntheyes: {
    px: 1e-3,
    options: FROM_NOW,
    read: keyed((file) => readSynthEyes(file, WORKING_SIZE), 0),
  },
  trajloom: {
    px: 4e-5,
    options: { segment: "future" },
    read(bytes, n, frame) {
      const tracks = readNpz(bytes).get("tracks");
      const [, frames] = tracks?.shape ?? [];
      return edge(
        [0, 1].map((axis) => Number(tracks?.data[2 * (n * frames + frame) + axis])),
        0.5,
      );
    },
  },
};

describe.each(Object.entries(READERS))("%s", (format, { px, options, read }) => {
  test("reads edited points where the drag wants them, to the format's rounding", () => {
    const { bytes } = exportForecast(document, format, options);
    const { pointIds } = previewExport(document, format, options);
    const columns = held.map((point) => pointIds.indexOf(point)).filter((n) => n >= 0);
    expect(columns.length).toBeGreaterThan(4);
    let worst = 0;
    for (const n of [columns[0], columns[columns.length - 1]]) {
      for (let frame = 1; frame <= HELD; frame += 11) {
        const got = read(bytes, n, frame, pointIds.length);
        const want = wanted(pointIds[n], frame);
        worst = Math.max(worst, Math.abs(got.x - want.x), Math.abs(got.y - want.y));
      }
    }
    expect(worst).toBeLessThanOrEqual(px);
  });
});

test("few tracks are those of edits first, then spread over the picture", () => {
  const few = previewExport(document, "ati", { tracks: 12 });
  expect(few.pointIds).toHaveLength(12);
  expect(held.every((point) => few.pointIds.includes(point))).toBe(true);
  expect(few.notices.join()).toContain("Kept 12 of");
  const spread = { ...document, forecast: { ...document.forecast, edits: [] } };
  const { pointIds } = previewExport(spread, "ati", { tracks: 4 });
  const xs = [...pointIds].map((n) => document.forecast.queryXyN2[2 * n]);
  expect(Math.max(...xs) - Math.min(...xs)).toBeGreaterThan(700);
  expect(() => previewExport(document, "ati", { tracks: 0 })).toThrow(/no number of tracks/);
});

test("a denser grid is written where the consumer takes it, and refused elsewhere", () => {
  const plain = previewExport(document, "wan-move", {});
  const dense = previewExport(document, "wan-move", { spacing: 16 });
  expect(dense.pointIds.length).toBeGreaterThan(3 * plain.pointIds.length);
  const { files = [] } = exportForecast(document, "wan-move", { spacing: 16, tracks: 512 });
  const [tracks] = files.filter(({ name }) => name.endsWith("tracks.npy"));
  expect(readNpy(tracks.bytes).shape).toEqual([1, 81, 512, 2]);
  expect(() => previewExport(document, "wan-move", { spacing: 4 })).toThrow(/no usable spacing/);
  expect(() => previewExport(document, "wan-move", { spacing: 16, points: [1] })).toThrow(
    /spacing/,
  );
  expect(() => previewExport(document, "trajloom", { spacing: 16 })).toThrow(/does not let you/);
});
