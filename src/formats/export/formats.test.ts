import { describe, expect, test } from "vitest";
import { POINT_COUNT } from "../../domain/grid.ts";
import { readNpy } from "../containers/npy.ts";
import { readNpz } from "../containers/npz.ts";
import { crc32, readZip } from "../containers/zip.ts";
import { FIXTURE, fixtureDocument } from "../fixture.ts";
import { exportForecast, previewExport } from "./common/run.ts";
import type { ExportOptions } from "./common/types.ts";
import { EXPORT_FORMATS } from "./registry.ts";

type Coordinates = { x: number; y: number }[][];

const document = fixtureDocument();
const { history, futures } = document.forecast;
const HIDDEN = { x: -4096, y: -4096 };

function text(format: string, options?: ExportOptions): string {
  return new TextDecoder().decode(exportForecast(document, format, options).bytes);
}

/** Edge pixels of a point `frame` frames after "now". */
function truth(n: number, frame: number, future = 0): { x: number; y: number } {
  const tracks = frame === 0 ? history : futures[future].tracks;
  const i = 2 * ((frame === 0 ? 80 : frame - 1) * POINT_COUNT + n);
  return { x: tracks.tracksTN2[i] + 0.5, y: tracks.tracksTN2[i + 1] + 0.5 };
}

/** Column of a point in a generator's file, where the point hidden at "now" is missing. */
function column(n: number): number {
  return n > FIXTURE.hiddenAtNow ? n - 1 : n;
}

const CENT = 0.005 + 1e-9;

describe("comfyui-wanmove", () => {
  const tracks = JSON.parse(text("comfyui-wanmove")) as Coordinates;

  test("is a bare array without apostrophes, 81 points a track, now first", () => {
    expect(text("comfyui-wanmove")).not.toContain("'");
    expect(tracks).toHaveLength(POINT_COUNT - 1);
    expect(new Set(tracks.map((track) => track.length))).toEqual(new Set([81]));
    expect(tracks[0][0]).toEqual({ x: 16.5, y: 16.5 });
  });

  test("follows the asymmetric path, x and y and time in their places", () => {
    const path = tracks[column(FIXTURE.asymmetric)];
    for (const frame of [0, 1, 40, 80]) {
      const { x, y } = truth(FIXTURE.asymmetric, frame);
      expect(Math.abs(path[frame].x - x)).toBeLessThan(CENT);
      expect(Math.abs(path[frame].y - y)).toBeLessThan(CENT);
    }
  });

  test("hides the occlusion and the exit, and nothing else", () => {
    const occluded = tracks[column(FIXTURE.occluded)];
    occluded.forEach((point, t) => {
      if (t >= 31 && t <= 50) expect(point).toEqual(HIDDEN);
      else expect(point.x).toBeGreaterThan(0);
    });
    const leaving = tracks[column(FIXTURE.leaving)];
    const exit = leaving.findIndex((point) => point.x === HIDDEN.x);
    expect(truth(FIXTURE.leaving, exit - 1).x).toBeLessThan(832);
    expect(truth(FIXTURE.leaving, exit).x).toBeGreaterThanOrEqual(832);
    expect(tracks.flat().filter((point) => point.x !== HIDDEN.x && point.x >= 832)).toEqual([]);
  });

  test("puts every still grid point well inside its 8-px latent cell", () => {
    for (const track of tracks) {
      const inCell = track[0].x % 8;
      expect(inCell).toBeGreaterThan(0.25);
      expect(inCell).toBeLessThan(7.75);
    }
  });

  test("tells in the sidecar what the file cannot", () => {
    const [sidecar] = exportForecast(document, "comfyui-wanmove").sidecars;
    const meta = JSON.parse(new TextDecoder().decode(sidecar.bytes));
    expect(meta).toMatchObject({ format: "comfyui-wanmove", future: 1, frames: 81, width: 832 });
    expect(meta.dropped).toEqual([
      { pointId: FIXTURE.hiddenAtNow, reason: "hidden at the first frame" },
    ]);
    expect(meta.points).toHaveLength(389);
  });
});

test("comfyui-ati: 121 points out of which the reader gets the 81 of comfyui-wanmove", () => {
  const plain = JSON.parse(text("comfyui-wanmove")) as Coordinates;
  const ati = JSON.parse(text("comfyui-ati")) as Coordinates;
  expect(new Set(ati.map((track) => track.length))).toEqual(new Set([121]));
  const looks = [0, ...Array.from({ length: 80 }, (_, j) => 1 + Math.floor((3 * j + 1) / 2))];
  for (const [n, track] of ati.entries()) {
    // Where some of four frames are hidden, these stand at the mean of the others.
    const read = looks.map((index, t) => (plain[n][t].x === HIDDEN.x ? HIDDEN : track[index]));
    expect(read).toEqual(plain[n]);
  }
  const skipped = ati[column(FIXTURE.asymmetric)][2];
  const [a, b] = plain[column(FIXTURE.asymmetric)].slice(1, 3);
  expect(Math.abs(skipped.x - (a.x + b.x) / 2)).toBeLessThan(0.011);
});

describe("kjnodes-spline", () => {
  test("coordinates are the pixels that hold the points", () => {
    const tracks = JSON.parse(text("kjnodes-spline")) as Coordinates;
    const path = tracks[column(FIXTURE.asymmetric)];
    for (const frame of [0, 33, 80]) {
      const { x, y } = truth(FIXTURE.asymmetric, frame);
      expect(path[frame]).toEqual({ x: Math.floor(x), y: Math.floor(y) });
    }
    expect(tracks[column(FIXTURE.occluded)][40]).toEqual(HIDDEN);
  });

  test("splines have few control points and their errors are told", () => {
    const points = [FIXTURE.asymmetric, FIXTURE.leaving];
    const result = exportForecast(document, "kjnodes-spline", { points });
    const [store, meta] = result.sidecars.map(({ bytes }) =>
      JSON.parse(new TextDecoder().decode(bytes)),
    );
    expect(store).toHaveLength(2);
    for (const spline of store) {
      expect(Object.keys(spline)).toEqual(["points", "color", "name"]);
      expect(spline.points.length).toBeLessThanOrEqual(12);
    }
    expect(store[0].points[0]).toEqual({ x: 208, y: 176 });
    expect(store[0].points.at(-1)).toEqual({ x: 508, y: 206 });
    for (const note of meta.splines) expect(note.shapeErrorPx).toBeLessThanOrEqual(2);
    expect(meta.splines[0].timingErrorPx).toBeGreaterThan(5); // it speeds up; the spline cannot
    expect(previewExport(document, "kjnodes-spline", { points }).notices.join()).toMatch(/timing/);
  });
});

test("wan-move: two arrays, visible exactly where the point is in the picture", () => {
  const { files, bytes } = exportForecast(document, "wan-move");
  expect(files?.map(({ name }) => name)).toEqual(["tracks.npy", "visibility.npy"]);
  expect([...readZip(bytes).keys()]).toEqual(["tracks.npy", "visibility.npy"]);
  const [tracks, visibility] = (files ?? []).map((file) => readNpy(file.bytes));
  expect(tracks).toMatchObject({ shape: [1, 81, 389, 2], dtype: "float32" });
  expect(visibility).toMatchObject({ shape: [1, 81, 389], dtype: "bool" });
  const n = column(FIXTURE.occluded);
  const shown = Array.from({ length: 81 }, (_, t) => visibility.data[t * 389 + n]);
  expect(shown.indexOf(0)).toBe(31);
  expect(shown.lastIndexOf(0)).toBe(50);
  const at = 2 * (80 * 389 + column(FIXTURE.asymmetric));
  const want = truth(FIXTURE.asymmetric, 80);
  expect([tracks.data[at], tracks.data[at + 1]]).toEqual([want.x, want.y].map(Math.fround));
});

test("wan2gp: the reader's rounding lands on the pixel that holds the point", () => {
  for (const size of [
    { width: 832, height: 480 },
    { width: 1279, height: 721 },
  ]) {
    const array = readNpy(exportForecast(document, "wan2gp", { size }).bytes);
    const preview = previewExport(document, "wan2gp", { size });
    expect(array.shape).toEqual([81, preview.pointIds.length, 2]);
    expect(Math.max(...array.data)).toBeLessThan(1);
    preview.tracks.visibilityTN.forEach((visible, i) => {
      if (!visible) {
        expect(array.data[2 * i]).toBe(-1);
        return;
      }
      const x = Math.round(Math.fround(array.data[2 * i] * size.width));
      const y = Math.round(Math.fround(array.data[2 * i + 1] * size.height));
      if (x !== preview.tracks.tracksTN2[2 * i] || y !== preview.tracks.tracksTN2[2 * i + 1]) {
        throw new Error(`sample ${i} lands on ${x}, ${y}`);
      }
    });
  }
});

test("ati: a torch file of an npz of (x, y, visibility) · 8", () => {
  const files = readZip(exportForecast(document, "ati").bytes);
  expect([...files.keys()]).toEqual(["archive/data.pkl", "archive/version"]);
  const pickled = files.get("archive/data.pkl") as Uint8Array;
  // PROTO 2, GLOBAL _codecs.encode, BINUNICODE with 4 bytes of length, text, 'latin1', call, STOP.
  const intro = "\u0080\u0002c_codecs\nencode\nX";
  expect(String.fromCharCode(...pickled.subarray(0, intro.length))).toBe(intro);
  const start = intro.length + 4;
  const length = new DataView(pickled.buffer, pickled.byteOffset).getUint32(intro.length, true);
  expect(pickled.length - start - length).toBe(14);
  const content = new TextDecoder().decode(pickled.subarray(start, start + length));
  const npz = Uint8Array.from(content, (char) => char.charCodeAt(0));
  const array = readNpz(npz).get("array");
  expect(array).toMatchObject({ shape: [389, 121, 1, 3], dtype: "float32" });
  const at = 3 * (column(FIXTURE.asymmetric) * 121 + 120);
  const want = truth(FIXTURE.asymmetric, 80);
  expect([...(array?.data.slice(at, at + 3) ?? [])]).toEqual(
    [want.x * 8, want.y * 8, 8].map(Math.fround),
  );
  const hidden = 3 * (column(FIXTURE.occluded) * 121 + 60);
  expect(array?.data[hidden + 2]).toBe(0);
});

test("trajloom: 162 frames, every point, queries at now", () => {
  const arrays = readNpz(exportForecast(document, "trajloom").bytes);
  expect(arrays.get("tracks")).toMatchObject({ shape: [390, 162, 2], dtype: "float32" });
  expect(arrays.get("visibility")).toMatchObject({ shape: [390, 162], dtype: "uint8" });
  expect(arrays.get("query_xy")?.data).toEqual(document.forecast.queryXyN2);
  const n = FIXTURE.hiddenAtNow;
  expect(arrays.get("visibility")?.data[n * 162 + 80]).toBe(0);
  expect(arrays.get("visibility")?.data[n * 162 + 91]).toBe(1);
});

test("trajloom: fewer than 162 frames are told, with the frames that lead a past in counted", () => {
  const whole = previewExport(document, "trajloom").notices.join();
  expect(whole).not.toMatch(/want 162 frames/);
  const { notices } = previewExport(document, "trajloom", { frames: 100 });
  const file = readNpz(exportForecast(document, "trajloom", { frames: 100 }).bytes);
  const written = file.get("tracks")?.shape[1];
  expect(written).toBeLessThan(162);
  expect(notices.join()).toContain(`want 162 frames; this file has ${written}.`);
});

test("trajloom-benchmark: the run directory, frame 0 after now, with the real continuation", () => {
  const { files } = exportForecast(document, "trajloom-benchmark", { futures: [1] });
  const shapes = (files ?? []).map(({ name, bytes }) =>
    name.endsWith(".npy") ? [name, readNpy(bytes).dtype, ...readNpy(bytes).shape] : [name],
  );
  expect(shapes).toEqual([
    ["pred_tracks.npy", "float32", 81, 390, 2],
    ["pred_visibility.npy", "uint8", 81, 390],
    ["query_xy.npy", "int64", 390, 2],
    ["gt_tracks.npy", "float32", 60, 390, 2],
    ["gt_visibility.npy", "uint8", 60, 390],
    ["meta.json"],
  ]);
  const pred = readNpy(files?.[0].bytes ?? new Uint8Array());
  expect(
    Buffer.compare(Buffer.from(pred.data.buffer), Buffer.from(futures[1].tracks.tracksTN2.buffer)),
  ).toBe(0);
});

test("tapvid: points from 0 to 1, occluded where hidden, queries (t, y, x)", () => {
  const arrays = readNpz(exportForecast(document, "tapvid").bytes);
  expect(arrays.get("points")?.shape).toEqual([390, 82, 2]);
  const n = FIXTURE.asymmetric;
  expect(arrays.get("points")?.data[2 * n * 82]).toBeCloseTo(208.5 / 832, 6);
  expect(arrays.get("points")?.data[2 * n * 82 + 1]).toBeCloseTo(176.5 / 480, 6);
  const query = arrays.get("query_points")?.data.slice(3 * n, 3 * n + 3) ?? [];
  expect([...query]).toEqual([0, 176.5 / 480, 208.5 / 832].map(Math.fround));
  expect(arrays.get("occluded")?.data[FIXTURE.hiddenAtNow * 82]).toBe(1);
});

test("csv: a row a point and frame, several futures in one file", () => {
  const rows = text("csv", { futures: [0, 1], points: [FIXTURE.asymmetric] })
    .trimEnd()
    .split("\n");
  expect(rows).toHaveLength(1 + 2 * 82);
  expect(rows[0]).toBe("layer,future,frame,secs_from_now,point,x,y,visible");
  expect(rows[1]).toBe("future,1,0,0,136,208,176,1");
  expect(rows[165 - 1]).toMatch(/^future,2,81,3\.375,136,/);
});

test("rerun: a Python script with its data inside", () => {
  const script = text("rerun", { futures: [0, 1], points: [3] });
  const base64 = [...script.matchAll(/^ {4}"([\w+/=]+)"$/gm)].map((match) => match[1]).join("");
  const arrays = readNpz(new Uint8Array(Buffer.from(base64, "base64")));
  expect([...arrays.keys()]).toEqual(["tracks_0", "visible_0", "tracks_1", "visible_1"]);
  expect(arrays.get("tracks_1")?.shape).toEqual([82, 1, 2]);
  expect(script).toContain('NAMES = ["future_1","future_2"]');
});

test.each(EXPORT_FORMATS.map(({ name }) => name))(
  "%s: equal input gives equal bytes and finite numbers",
  (format) => {
    const once = exportForecast(document, format).bytes;
    expect(crc32(exportForecast(fixtureDocument(), format).bytes)).toBe(crc32(once));
    if (!exportForecast(document, format).files && once[0] !== 0x50) {
      const text = new TextDecoder("latin1").decode(once).replace(/"[\w+/=]{40,}"/g, "");
      expect(text).not.toMatch(/NaN|Infinity|null,/);
    }
  },
);

test("ltx: 24 a second, 121 frames, the size of the official workflow; other lengths are told", () => {
  const preview = previewExport(document, "ltx");
  expect(preview).toMatchObject({ frameCount: 121, fps: 24, size: { width: 896, height: 512 } });
  expect(preview.notices.join()).not.toMatch(/8k \+ 1|real speed/);
  expect(previewExport(document, "ltx", { frames: 120 }).notices.join()).toMatch(/113 and 121/);
});

test("what Wan makes is told where something else is asked", () => {
  const asked = { frames: 82, size: { width: 830, height: 480 } };
  const told = previewExport(document, "comfyui-wanmove", asked).notices.join();
  expect(told).toMatch(/81 and 85/);
  expect(told).toMatch(/832×480/);
  expect(() => exportForecast(document, "wan-move", { frames: 97 })).toThrow(/choose the frames/);
});

test("wan-move: what generate.py makes of a size is told, and its own sizes are quiet", () => {
  const told = previewExport(document, "wan-move").notices.join();
  expect(told).toMatch(/generate.py makes 832×464 of a picture of 832×480/);
  for (const size of [
    { width: 832, height: 464 },
    { width: 464, height: 832 },
    { width: 1280, height: 720 },
  ]) {
    expect(previewExport(document, "wan-move", { size }).notices.join()).not.toMatch(/generate.py/);
  }
});

test("kjnodes-spline: a track that is hidden on the way tells its end, and its timing over all frames", () => {
  const points = [FIXTURE.occluded];
  const { sidecars } = exportForecast(document, "kjnodes-spline", { points });
  const meta = JSON.parse(new TextDecoder().decode(sidecars[1].bytes));
  expect(meta.splines[0].followedFrames).toBe(31);
  expect(meta.splines[0].timingErrorPx).toBeGreaterThan(5);
  expect(previewExport(document, "kjnodes-spline", { points }).notices.join()).toMatch(/end early/);
});
