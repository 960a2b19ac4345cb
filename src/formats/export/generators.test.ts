import { describe, expect, test } from "vitest";
import type { Size } from "../../domain/clip.ts";
import { readNpy } from "../containers/npy.ts";
import { readNpz } from "../containers/npz.ts";
import { FIXTURE, fixtureDocument } from "../fixture.ts";
import { exportForecast, previewExport } from "./common/run.ts";
import type { ExportOptions } from "./common/types.ts";
import { readWithAll, SIZES } from "./readers/cases.ts";
import {
  type DesignerLayer,
  designerPosition,
  meansOfFour,
  parseJsonTracks,
  readAtiFrames,
  sparseTrack,
  videoxFunTracks,
  wanMoveCells,
  type Xy,
} from "./readers/generators.ts";
import { exportFormat } from "./registry.ts";

const document = fixtureDocument();

function written(format: string, options: ExportOptions) {
  const { bytes, sidecars } = exportForecast(document, format, options);
  const { tracks, size, pointIds } = previewExport(document, format, options);
  const { pointCount, frameCount, tracksTN2, visibilityTN } = tracks;
  const exact = previewExport(document, "csv", given(options, format)).tracks;
  return {
    bytes,
    sidecars: sidecars.map((file) => new TextDecoder().decode(file.bytes)),
    text: new TextDecoder().decode(bytes),
    size,
    pointIds,
    pointCount,
    frameCount,
    /** Edge px; null where the reader should see nothing. */
    at(n: number, t: number): Xy | null {
      const i = t * pointCount + n;
      if (!visibilityTN[i]) return null;
      return { x: tracksTN2[2 * i] + 0.5, y: tracksTN2[2 * i + 1] + 0.5 };
    },
    /** Edge px of the point, seen or not, not rounded. */
    exactly(n: number, t: number): Xy {
      const column = options.points ? options.points.indexOf(pointIds[n]) : pointIds[n];
      const i = 2 * (t * exact.pointCount + column);
      return { x: exact.tracksTN2[i] + 0.5, y: exact.tracksTN2[i + 1] + 0.5 };
    },
  };
}

/** The same moments and size for a format that has no defaults of its own. */
function given(options: ExportOptions, format: string): ExportOptions {
  const { segment, frames, fps, size } = exportFormat(format).defaults;
  return {
    segment,
    ...(frames === undefined ? {} : { frames }),
    ...(fps === undefined ? {} : { fps }),
    ...(size === undefined ? {} : { size }),
    ...options,
  };
}

const far = (a: Xy, b: Xy) => Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y));

for (const format of ["comfyui-wanmove", "ltx", "kjnodes-spline"]) {
  readWithAll(format, "a point an output frame, hidden ones far outside", (options) => {
    const file = written(format, options);
    const tracks = parseJsonTracks(file.text);
    expect(tracks).toHaveLength(file.pointCount);
    for (const [n, track] of tracks.entries()) {
      expect(track).toHaveLength(file.frameCount);
      for (const [t, point] of track.entries()) {
        const want = file.at(n, t);
        if (!want) expect(point).toEqual({ x: -4096, y: -4096 });
        else if (format === "kjnodes-spline") expect(far(point, want)).toBeLessThanOrEqual(0.5);
        else expect(far(point, want)).toBeLessThan(0.0051);
      }
    }
  });
}

describe("comfyui-ati", () => {
  const read = (options: ExportOptions) => {
    const file = written("comfyui-ati", options);
    const tracks = readAtiFrames(file.text, file.frameCount);
    // Above 121 frames several share a point, which lies between them.
    const slack = file.frameCount > 121 ? 3 : 0.0051;
    for (const [n, track] of tracks.entries()) {
      for (const [t, point] of track.entries()) {
        const want = file.at(n, t);
        if (want && point.x >= 0) expect(far(point, want)).toBeLessThan(slack);
      }
    }
  };
  readWithAll(
    "comfyui-ati",
    "the reader's frames are those that were meant",
    read,
    (options) =>
      // This length stops the reader.
      options.frames !== 121,
  );
  test.each([5, 25, 161])("%i frames", (frames) => read({ frames }));

  test.each([121, 241])("a length of %i stops the reader and is refused", (frames) => {
    const text = JSON.stringify([Array.from({ length: 121 }, () => ({ x: 1, y: 1 }))]);
    expect(() => readAtiFrames(text, frames)).toThrow(/frames, not/);
    expect(() => exportForecast(document, "comfyui-ati", { frames })).toThrow(/cannot read ATI/);
    expect(() => previewExport(document, "comfyui-ati", { frames })).toThrow(/cannot read ATI/);
  });

  test("four frames of which some are hidden keep the mean of the seen ones; hidden fours stay outside", () => {
    const file = written("comfyui-ati", { points: [FIXTURE.occluded] });
    const [track] = readAtiFrames(file.text, file.frameCount);
    let partly = 0;
    for (const [g, mean] of meansOfFour(track).entries()) {
      const seen = [1, 2, 3, 4].flatMap((k) => file.at(0, 4 * g + k) ?? []);
      if (seen.length === 0) {
        expect(mean.x).toBe(-4096);
        continue;
      }
      const want = (pick: "x" | "y") =>
        seen.reduce((sum, point) => sum + point[pick], 0) / seen.length;
      expect(far(mean, { x: want("x"), y: want("y") })).toBeLessThan(0.011);
      if (seen.length < 4) partly++;
    }
    expect(partly).toBe(2);
  });
});

readWithAll("comfyui-tracks", "cells with true visibility", (options) => {
  const file = written("comfyui-tracks", options);
  const arrays = readNpz(file.bytes);
  const path = arrays.get("track_path");
  const seen = arrays.get("track_visibility");
  expect(path).toMatchObject({ dtype: "float32", shape: [file.frameCount, file.pointCount, 2] });
  expect(seen).toMatchObject({ dtype: "bool", shape: [file.frameCount, file.pointCount] });
  for (let n = 0; n < file.pointCount; n++) {
    const at = (t: number) => t * file.pointCount + n;
    const track = Array.from({ length: file.frameCount }, (_, t) => ({
      x: path?.data[2 * at(t)] ?? Number.NaN,
      y: path?.data[2 * at(t) + 1] ?? Number.NaN,
    }));
    const cells = wanMoveCells(track, file.size, (t) => seen?.data[at(t)] === 1);
    expect(cells[0]).not.toBeNull();
    for (const [k, cell] of cells.entries()) {
      const want = file.at(n, 4 * k);
      expect(cell).toBe(want && `${Math.floor(want.x / 8)},${Math.floor(want.y / 8)}`);
    }
  }
});

test("comfyui-tracks: the node that loads it comes along", () => {
  const { sidecars } = written("comfyui-tracks", {});
  expect(sidecars[0]).toMatch(/NODE_CLASS_MAPPINGS/);
});

/** Python's round: halves to the even side. */
function roundEven(value: number): number {
  const down = Math.floor(value);
  const half = value - down === 0.5;
  return half ? down + (down % 2) : Math.round(value);
}

test.each<[string, Size]>(
  [...SIZES, { width: 1279, height: 721 }].map((size) => [`${size.width}×${size.height}`, size]),
)("wan2gp at %s: the right pixel at its own size, the right cell at others", (_, size) => {
  const file = written("wan2gp", { size });
  const exact = written("comfyui-tracks", { size });
  const { data } = readNpy(file.bytes);
  let wrong = 0;
  let seen = 0;
  for (let n = 0; n < file.pointCount; n++) {
    for (let t = 0; t < file.frameCount; t++) {
      const i = 2 * (t * file.pointCount + n);
      const want = exact.at(n, t);
      if (!want) {
        expect(data[i]).toBe(-1);
        continue;
      }
      expect(roundEven(data[i] * size.width)).toBe(Math.floor(want.x));
      expect(roundEven(data[i + 1] * size.height)).toBe(Math.floor(want.y));
      for (const [width, height] of [
        [832, 480],
        [1280, 720],
        [720, 1280],
      ]) {
        seen++;
        const cells = [roundEven(data[i] * width), roundEven(data[i + 1] * height)];
        const true_ = [(want.x * width) / size.width, (want.y * height) / size.height];
        if (cells.some((cell, k) => Math.floor(cell / 8) !== Math.floor(true_[k] / 8))) wrong++;
      }
    }
  }
  // At an odd size the pixel and the cells can ask for different things; the pixel wins.
  expect(wrong / seen).toBeLessThan(size.width % 16 === 0 ? 0.002 : 0.01);
});

readWithAll("ltx", "the editor's own points keep time", (options) => {
  const file = written("ltx", options);
  const store = JSON.parse(file.sidecars[0]) as Xy[][];
  expect(store).toHaveLength(file.pointCount);
  let near = 0;
  let farthest = 0;
  for (const [n, points] of store.entries()) {
    for (const [t, point] of sparseTrack(points, file.frameCount).entries()) {
      const px = far(point, file.exactly(n, t));
      if (px < 2) near++;
      if (file.at(n, t)) farthest = Math.max(farthest, px);
    }
  }
  const told = previewExport(document, "ltx", options).notices.join();
  const overrun = Number(/by up to (\d+) px/.exec(told)?.[1] ?? 2);
  // Whole pixels of the reader, whole pixels of the notice.
  expect(farthest).toBeLessThan(overrun + 1.5);
  // Where a motion stops at once, the spline runs past it.
  expect(near / (file.pointCount * file.frameCount)).toBeGreaterThan(0.95);
});

readWithAll("wan2gp-motion-designer", "motion designer, %s", (options) => {
  const file = written("wan2gp-motion-designer", options);
  const definition = JSON.parse(file.text);
  expect(definition).toMatchObject({
    resolution: file.size,
    renderMode: "trajectory",
    scene: { totalFrames: file.frameCount },
  });
  const layers = definition.layers as DesignerLayer[];
  expect(layers).toHaveLength(file.pointCount);
  const notices = previewExport(document, "wan2gp-motion-designer", options).notices.join();
  const told = Number(/and ([\d.]+) px in timing/.exec(notices)?.[1]);
  for (const [n, layer] of layers.entries()) {
    for (let t = 0; t < file.frameCount; t++) {
      const want = file.at(n, t);
      const read = designerPosition(layer, t);
      if (t <= layer.endFrame && want && read) {
        expect(Math.hypot(read.x - want.x, read.y - want.y)).toBeLessThan(told + 0.05);
      } else if (!want) expect(read).toBeNull();
    }
  }
});

readWithAll("videox-fun", "at most nine texts of whole pixels", (options) => {
  const file = written("videox-fun", options);
  const tracks = videoxFunTracks(file.text);
  expect(tracks.length).toBe(Math.min(9, file.pointCount));
  for (const track of tracks) {
    expect(track).toHaveLength(file.frameCount);
    expect(track.flat().every(Number.isInteger)).toBe(true);
    const [x, y] = track[0];
    expect(x >= 0 && y >= 0 && x < file.size.width && y < file.size.height).toBe(true);
  }
  const told = previewExport(document, "videox-fun", options).notices.join();
  expect(/takes 9 tracks/.test(told)).toBe(file.pointCount > 9);
});
