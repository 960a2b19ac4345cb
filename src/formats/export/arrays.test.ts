import Papa from "papaparse";
import { describe, expect, test } from "vitest";
import { readNpz } from "../containers/npz.ts";
import { fixtureDocument } from "../fixture.ts";
import { exportForecast, previewExport } from "./common/run.ts";
import type { ExportOptions } from "./common/types.ts";
import {
  type ReadTrack,
  readAtiFile,
  readBenchmarkRun,
  readTapVid,
  readTrajLoom,
  readWanMove,
} from "./readers/arrays.ts";
import { readWithAll } from "./readers/cases.ts";
import { wanMoveCells } from "./readers/generators.ts";

const document = fixtureDocument();

/** What a reader should hold: `shift` from our pixel centres, with as many frames in front. */
function expectTracks(
  read: readonly ReadTrack[],
  format: string,
  options: ExportOptions,
  { shift, px, lead = 0 }: { shift: number; px: number; lead?: number },
): void {
  const { tracks } = previewExport(document, format, options);
  const { frameCount, pointCount, tracksTN2, visibilityTN } = tracks;
  expect(read).toHaveLength(pointCount);
  let worst = 0;
  for (const [n, { points, seen }] of read.entries()) {
    expect(points).toHaveLength(frameCount + lead);
    expect(seen.slice(0, lead)).not.toContain(true);
    for (let t = 0; t < frameCount; t++) {
      const i = t * pointCount + n;
      if (seen[t + lead] !== (visibilityTN[i] === 1)) throw new Error(`point ${n}, frame ${t}`);
      if (!seen[t + lead]) continue;
      const { x, y } = points[t + lead];
      const [u, v] = [tracksTN2[2 * i] + shift, tracksTN2[2 * i + 1] + shift];
      worst = Math.max(worst, Math.abs(x - u), Math.abs(y - v));
    }
  }
  expect(worst).toBeLessThan(px);
}

readWithAll("ati", "81 frames with true visibility", (options) => {
  const read = readAtiFile(exportForecast(document, "ati", options).bytes);
  expectTracks(read, "ati", options, { shift: 0.5, px: 1e-4 });
});

readWithAll("wan-move", "positions, and the cells it makes of them", (options) => {
  const { files = [] } = exportForecast(document, "wan-move", options);
  const read = readWanMove(files[0].bytes, files[1].bytes);
  expectTracks(read, "wan-move", options, { shift: 0.5, px: 1e-4 });
  const { size } = previewExport(document, "wan-move", options);
  for (const { points, seen } of read) {
    const cells = wanMoveCells(points, size, (t) => seen[t]);
    // The feature of frame 0 is carried along: without a cell there the reader takes a corner's.
    expect(cells[0]).not.toBeNull();
    expect(cells).toHaveLength(21);
  }
});

test.each([49, 97, 121])("wan-move: %i frames would stop the reader and are refused", (frames) => {
  expect(() => exportForecast(document, "wan-move", { frames })).toThrow(/choose the frames/);
});

describe("trajloom", () => {
  readWithAll("trajloom", "points first, hidden frames in front of a short past", (options) => {
    const read = readTrajLoom(exportForecast(document, "trajloom", options).bytes);
    const { tracks } = previewExport(document, "trajloom", options);
    const lead = (read[0]?.points.length ?? 0) - tracks.frameCount;
    expectTracks(read, "trajloom", options, { shift: 0, px: 1e-6, lead });
  });

  test("its default is what the loaders and models want", () => {
    const read = readTrajLoom(exportForecast(document, "trajloom").bytes);
    expect(read).toHaveLength(390);
    expect(read[0].points).toHaveLength(162);
  });
});

readWithAll("trajloom-benchmark", "tracks", (options) => {
  const { files = [] } = exportForecast(document, "trajloom-benchmark", options);
  const byName = new Map(files.map(({ name, bytes }) => [name, bytes]));
  const { tracks } = readBenchmarkRun(byName, "pred");
  expectTracks(tracks, "trajloom-benchmark", options, { shift: 0, px: 1e-6 });
  expect(readBenchmarkRun(byName, "gt").tracks[0].points).toHaveLength(60);
});

test("trajloom-benchmark: all points make the grid that its metrics need", () => {
  const { files = [] } = exportForecast(document, "trajloom-benchmark");
  const byName = new Map(files.map(({ name, bytes }) => [name, bytes]));
  expect(readBenchmarkRun(byName, "pred").isGrid).toBe(true);
});

readWithAll("tapvid", "tapnet's pixels count from the edge", (options) => {
  const { bytes } = exportForecast(document, "tapvid", options);
  const { size } = previewExport(document, "tapvid", options);
  const tapnet = readTapVid(bytes, [size.width, size.height]);
  expectTracks(tapnet, "tapvid", options, { shift: 0.5, px: 1e-3 });
  // CoTracker's scale puts the last edge onto the last centre: half a pixel off at the sides, none in the middle.
  const cotracker = readTapVid(bytes, [size.width - 1, size.height - 1]);
  expectTracks(cotracker, "tapvid", options, { shift: 0, px: 0.51 });
});

interface CsvRow {
  readonly frame: number;
  readonly point: number;
  readonly x: number;
  readonly y: number;
  readonly visible: number;
  readonly secs_from_now: number;
}

readWithAll("csv", "a row a point and frame", (options) => {
  const text = new TextDecoder().decode(exportForecast(document, "csv", options).bytes);
  const { data, errors } = Papa.parse<CsvRow>(text, {
    header: true,
    dynamicTyping: true,
    skipEmptyLines: true,
  });
  expect(errors).toEqual([]);
  const { pointIds, fps } = previewExport(document, "csv", options);
  const tracks = Array.from(pointIds, (id) => {
    const rows = data.filter(({ point }) => point === id);
    expect(rows.map(({ frame }) => frame)).toEqual(rows.map((__, t) => t));
    return { points: rows, seen: rows.map(({ visible }) => visible === 1) };
  });
  expectTracks(tracks, "csv", options, { shift: 0, px: 0.00051 });
  const step = data.filter(({ point }) => point === pointIds[0]);
  expect(step[1].secs_from_now - step[0].secs_from_now).toBeCloseTo(1 / fps, 5);
});

test.each(["trajloom", "tapvid"])(
  "%s: where fewer frames are asked for than lie before “now”, the queries are those of the last, and it is told",
  (format) => {
    const options: ExportOptions = { frames: 49, fps: 16, segment: "both" };
    const arrays = readNpz(exportForecast(document, format, options).bytes);
    const queries = arrays.get(format === "tapvid" ? "query_points" : "query_xy");
    expect(queries?.shape[0]).toBe(390);
    expect([...(queries?.data ?? [])].every((value) => Number.isFinite(Number(value)))).toBe(true);
    if (format === "tapvid") expect(queries?.data[0]).toBe(48);
    expect(previewExport(document, format, options).notices.join()).toMatch(/“Now” comes after/);
  },
);
