import { expect, test } from "vitest";
import { readNpz } from "../containers/npz.ts";
import { FIXTURE, fixtureDocument } from "../fixture.ts";
import { exportForecast, previewExport } from "./common/run.ts";
import type { ExportOptions } from "./common/types.ts";
import { readWithAll } from "./readers/cases.ts";
import {
  type ReadPoint,
  read3de,
  readAfterEffects,
  readNuke,
  readSynthEyes,
} from "./readers/matchmoving.ts";

const document = fixtureDocument();

const textOf = (format: string, options: ExportOptions) =>
  new TextDecoder().decode(exportForecast(document, format, options).bytes);

/** What a program should hold: a key a frame that shows the point, of the points that any frame shows. */
function expected(options: ExportOptions, first: number): Map<number, ReadPoint> {
  const { tracks, size, pointIds } = previewExport(document, "tapvid", options);
  const inside = (x: number, y: number) => x >= 0 && y >= 0 && x < size.width && y < size.height;
  const points = new Map<number, ReadPoint>();
  for (let n = 0; n < tracks.pointCount; n++) {
    const point: ReadPoint = new Map();
    for (let t = 0; t < tracks.frameCount; t++) {
      const i = t * tracks.pointCount + n;
      const x = tracks.tracksTN2[2 * i] + 0.5;
      const y = tracks.tracksTN2[2 * i + 1] + 0.5;
      if (tracks.visibilityTN[i] && inside(x, y)) point.set(first + t, [x, y]);
    }
    if (point.size > 0) points.set(pointIds[n], point);
  }
  return points;
}

function expectSame(read: ReadPoint[], options: ExportOptions, first: number, px: number): void {
  const wanted = [...expected(options, first).values()];
  expect(read).toHaveLength(wanted.length);
  for (const [k, want] of wanted.entries()) {
    expect([...read[k].keys()]).toEqual([...want.keys()]);
    for (const [frame, [x, y]] of want) {
      const [u, v] = read[k].get(frame) ?? [Number.NaN, Number.NaN];
      expect(Math.max(Math.abs(u - x), Math.abs(v - y))).toBeLessThan(px);
    }
  }
}

const sizeOf = (options: ExportOptions) => options.size ?? { width: 832, height: 480 };

readWithAll("nuke", "keys where a point is seen", (options) => {
  const read = readNuke(textOf("nuke", options), sizeOf(options));
  expectSame([...read.values()], options, 1, 1e-4);
});

test("nuke: a point that is hidden on the way is off there, and named by its number", () => {
  const points = [FIXTURE.occluded];
  const read = readNuke(textOf("nuke", { points }), sizeOf({})).get(`point ${FIXTURE.occluded}`);
  expect(read?.has(31)).toBe(true);
  expect(read?.has(32)).toBe(false);
  expect(read?.has(51)).toBe(false);
  expect(read?.has(52)).toBe(true);
});

test("frames can begin at another number", () => {
  const options: ExportOptions = { choices: { "first-frame": "1001" } };
  const read = readNuke(textOf("nuke", options), sizeOf(options));
  expectSame([...read.values()], {}, 1001, 1e-4);
  expect(() => textOf("nuke", { choices: { "first-frame": "7" } })).toThrow(/no first-frame “7”/);
});

readWithAll("after-effects", "keys where a point is seen", (options) => {
  const { header, properties } = readAfterEffects(textOf("after-effects", options));
  const { size, fps } = previewExport(document, "tapvid", options);
  expect(header.get("Source Width")).toBe(size.width);
  expect(header.get("Source Height")).toBe(size.height);
  expect(header.get("Units Per Second")).toBeCloseTo(fps, 5);
  expect([...properties.keys()][0]).toBe("Effects\tPoint Control #1\tPoint #2");
  expectSame([...properties.values()], options, 0, 1e-4);
});

readWithAll("3dequalizer", "keys where a point is seen", (options) => {
  const read = read3de(textOf("3dequalizer", options), sizeOf(options));
  expectSame([...read.values()], options, 1, 1e-5);
});

readWithAll("syntheyes", "keys where a point is seen", (options) => {
  const read = readSynthEyes(textOf("syntheyes", options), sizeOf(options));
  expectSame([...read.values()], options, 0, 1e-3);
});

test("blender: a script with its tracks inside, true visibility, and what it needs said", () => {
  const script = textOf("blender", { futures: [0, 1], points: [FIXTURE.leaving] });
  const base64 = [...script.matchAll(/^ {4}"([\w+/=]+)"$/gm)].map((match) => match[1]).join("");
  const arrays = readNpz(new Uint8Array(Buffer.from(base64, "base64")));
  expect([...(arrays.get("point_ids")?.data ?? [])]).toEqual([FIXTURE.leaving]);
  expect(arrays.get("visible_0")?.data.at(-1)).toBe(0);
  expect(arrays.get("tracks_1")?.shape).toEqual([82, 1, 2]);
  expect(script).toContain("WIDTH, HEIGHT = 832, 480");
});

test("points that no frame shows are left out and told", () => {
  const blind = fixtureDocument();
  for (const { tracks } of [blind.forecast.futures[0], { tracks: blind.forecast.history }]) {
    for (let t = 0; t < tracks.frameCount; t++) tracks.visibilityTN[t * tracks.pointCount + 5] = 0;
  }
  const { notices } = previewExport(blind, "nuke");
  expect(notices.join()).toMatch(/no frame shows them: 1 of 390/);
});
