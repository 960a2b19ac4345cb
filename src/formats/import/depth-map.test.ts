import { zlibSync } from "fflate";
import { expect, test } from "vitest";
import { assumedRelief, defaultAssumed } from "../../domain/edits/depth.ts";
import { FormatError } from "../../domain/errors.ts";
import { inverseDepthAt } from "../../domain/relief.ts";
import { writeNpy } from "../containers/npy.ts";
import { writeNpz } from "../containers/npz.ts";
import { readGreyPng } from "../containers/png-grey.ts";
import { depthOverFrame, looksLikeDepthMap, readDepthMap } from "./depth-map.ts";

const FRAME = { width: 832, height: 480 };
const CLIP = { displaySize: { width: 1280, height: 720 }, fit: "cover" } as const;

/** A PNG of grey rows, each with its own filter; checksums are not read. */
function pngOf(width: number, bits: 8 | 16, rows: readonly (readonly number[])[]): Uint8Array {
  const step = bits / 8;
  const split = rows.map((row) =>
    row.flatMap((value) => (step === 2 ? [value >> 8, value & 255] : [value])),
  );
  const data: number[] = [];
  for (const [y, row] of split.entries()) {
    const filter = y % 3;
    data.push(filter);
    for (const [x, byte] of row.entries()) {
      const before = filter === 1 ? (row[x - step] ?? 0) : filter === 2 ? split[y - 1][x] : 0;
      data.push((byte - before) & 255);
    }
  }
  const chunk = (type: string, content: Uint8Array) => {
    const head = new Uint8Array(8);
    new DataView(head.buffer).setUint32(0, content.length);
    for (let i = 0; i < 4; i++) head[4 + i] = type.charCodeAt(i);
    return [...head, ...content, 0, 0, 0, 0];
  };
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, rows.length);
  header.set([bits, 0, 0, 0, 0], 8);
  return Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk("IHDR", header),
    ...chunk("IDAT", zlibSync(Uint8Array.from(data))),
    ...chunk("IEND", new Uint8Array()),
  ]);
}

test("a PNG of 16 bits keeps all of them", () => {
  const rows = [
    [0, 1, 65_535],
    [300, 301, 7],
    [5, 40_000, 40_001],
  ];
  expect([...readGreyPng(pngOf(3, 16, rows)).values]).toEqual(rows.flat());
  expect(() => readGreyPng(pngOf(3, 16, rows).subarray(0, 60))).toThrow(FormatError);
});

test("a bright place of a picture is near, by the usual ratio", () => {
  const rows = Array.from({ length: 18 }, () => Array.from({ length: 32 }, (_, x) => 8 * x));
  const { depth, depthRatio } = depthOverFrame(
    readDepthMap(pngOf(32, 8, rows), "d.png"),
    CLIP,
    FRAME,
  );
  const relief = assumedRelief({ ...defaultAssumed(FRAME), depth, depthRatio }, FRAME);
  expect(depthRatio).toBeCloseTo(5, 1);
  expect(inverseDepthAt(relief, FRAME, 800, 240)).toBeGreaterThan(
    4 * inverseDepthAt(relief, FRAME, 20, 240),
  );
});

test("an array of depths gives their ratios back, in any unit", () => {
  // A slope from 2 m at the left to 20 m at the right of the clip's picture, linear in inverse depth.
  const [width, height] = [320, 180];
  const metres = Array.from({ length: width * height }, (_, i) => {
    const share = (i % width) / (width - 1);
    return 1 / (0.5 + share * (0.05 - 0.5));
  });
  const npz = writeNpz([
    { name: "depth", shape: [height, width], dtype: "float32", values: metres },
  ]);
  const { depth, depthRatio } = depthOverFrame(readDepthMap(npz, "a.npz"), CLIP, FRAME);
  const relief = assumedRelief({ ...defaultAssumed(FRAME), depth, depthRatio }, FRAME);
  const middle = inverseDepthAt(relief, FRAME, 415.5, 239.5);
  const quarter = inverseDepthAt(relief, FRAME, 207.5, 239.5);
  expect(quarter / middle).toBeCloseTo(0.3875 / 0.275, 1);
});

test("what is no map is refused with what to open", () => {
  const line = writeNpy([4], "float32", [1, 2, 3, 4]);
  expect(() => readDepthMap(line, "a.npy")).toThrow("no map");
  const sky = writeNpy([4, 4], "float32", [0, 0, Number.NaN, ...Array(13).fill(-1)]);
  expect(() => readDepthMap(sky, "a.npy")).toThrow("No depth");
  const photo = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]);
  expect(() => readDepthMap(photo, "a.jpg")).toThrow("a.jpg is not a depth map");
});

test("a dropped array is a map beyond doubt only in the shape of a picture", () => {
  const pictures = [CLIP.displaySize, FRAME];
  const array = (...shape: number[]) => ({
    ...{ name: "a", shape, dtype: "float32" as const },
    values: Array<number>(shape.reduce((a, b) => a * b)).fill(1),
  });
  const isMap = (...arrays: ReturnType<typeof array>[]) =>
    looksLikeDepthMap(writeNpz(arrays), "a.npz", pictures);
  expect(isMap(array(90, 160))).toBe(true);
  expect(isMap({ ...array(90, 160), name: "depth" }, array(3))).toBe(true);
  // Visibility of a grid, one track, a video, two arrays without a name for depth.
  expect(isMap(array(81, 390))).toBe(false);
  expect(isMap(array(81, 1, 2))).toBe(false);
  expect(isMap(array(9, 90, 160, 3))).toBe(false);
  expect(isMap(array(90, 160), { ...array(90, 160), name: "b" })).toBe(false);
});
