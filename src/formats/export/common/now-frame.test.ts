import { unzlibSync } from "fflate";
import { expect, test } from "vitest";
import type { Frame } from "../../../domain/clip.ts";
import { crc32 } from "../../containers/zip.ts";
import { nowFramePng, nowFrameReadSize } from "./now-frame.ts";

/** Red = x, green = y, so that a crop and an exchange of axes show. */
function ramp(width: number, height: number): Frame {
  const rgba = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    rgba.set([(i % width) % 256, Math.floor(i / width) % 256, 7, 255], 4 * i);
  }
  return { index: 0, size: { width, height }, rgba };
}

function decode(png: Uint8Array) {
  const view = new DataView(png.buffer, png.byteOffset);
  const chunks = new Map<string, Uint8Array>();
  for (let at = 8; at < png.length; ) {
    const length = view.getUint32(at);
    const type = new TextDecoder().decode(png.subarray(at + 4, at + 8));
    expect(view.getUint32(at + 8 + length)).toBe(crc32(png.subarray(at + 4, at + 8 + length)));
    chunks.set(type, png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const header = chunks.get("IHDR") as Uint8Array;
  const width = new DataView(header.buffer, header.byteOffset).getUint32(0);
  const rows = unzlibSync(chunks.get("IDAT") as Uint8Array);
  const pixel = (x: number, y: number) => [
    ...rows.subarray(y * (1 + 3 * width) + 1 + 3 * x, y * (1 + 3 * width) + 4 + 3 * x),
  ];
  return { types: [...chunks.keys()], width, height: rows.length / (1 + 3 * width), pixel };
}

test("a PNG of the frame, pixel for pixel", () => {
  const png = decode(nowFramePng(ramp(832, 480), { width: 832, height: 480 }));
  expect(png).toMatchObject({ types: ["IHDR", "IDAT", "IEND"], width: 832, height: 480 });
  expect(png.pixel(0, 0)).toEqual([0, 0, 7]);
  expect(png.pixel(831, 479)).toEqual([831 % 256, 479 % 256, 7]);
});

test("another shape is cut like the tracks of the export", () => {
  const size = { width: 480, height: 480 };
  const read = nowFrameReadSize(size);
  expect(read).toEqual({ width: 832, height: 480 });
  const png = decode(nowFramePng(ramp(read.width, read.height), size));
  expect(png).toMatchObject({ width: 480, height: 480 });
  expect(png.pixel(0, 5)).toEqual([176, 5, 7]);
  expect(nowFrameReadSize({ width: 1664, height: 960 })).toEqual({ width: 1664, height: 960 });
});
