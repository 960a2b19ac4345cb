import { describe, expect, it } from "vitest";
import type { Size } from "../../domain/clip.ts";
import { displaySize, fitPicture, type Orientation, UPRIGHT } from "../../domain/fitting.ts";
import {
  type Picture,
  type PixelLayout,
  packedByteLength,
  packedPlaces,
  pictureFromBytes,
  type YuvColour,
} from "./picture.ts";
import { PictureRenderer } from "./render.ts";
import { resamplePlane, triangleTaps } from "./resample.ts";

const BT709: YuvColour = { matrix: "bt709", fullRange: false };

function picture(layout: PixelLayout, size: Size, bytes: Uint8Array, colour = BT709): Picture {
  return pictureFromBytes(bytes, layout, size, packedPlaces(layout, size), colour);
}

function flat(layout: PixelLayout, size: Size, y: number, u: number, v: number): Uint8Array {
  const wide = layout.endsWith("p10");
  const bytes = new Uint8Array(packedByteLength(layout, size));
  const places = packedPlaces(layout, size);
  const put = (from: number, to: number, values: number[]) => {
    for (let i = from, k = 0; i < to; i += wide ? 2 : 1, k++) {
      const value = values[k % values.length];
      bytes[i] = wide ? (value << 2) & 255 : value;
      if (wide) bytes[i + 1] = value >> 6;
    }
  };
  if (layout === "nv12") {
    put(0, places[1].offset, [y]);
    put(places[1].offset, bytes.length, [u, v]);
  } else {
    put(0, places[1].offset, [y]);
    put(places[1].offset, places[2].offset, [u]);
    put(places[2].offset, bytes.length, [v]);
  }
  return bytes;
}

function render(
  source: Picture,
  size: Size,
  fit: "cover" | "letterbox" = "cover",
  orientation: Orientation = UPRIGHT,
): Uint8ClampedArray {
  const display = displaySize(source.size, 1, orientation);
  const fitting = fitPicture(display, size, fit);
  return new PictureRenderer({ orientation, display, fitting, size }).render(source);
}

/** Grey RGBA picture whose pixel (x, y) has the value of `at`. */
function grey(size: Size, at: (x: number, y: number) => number): Picture {
  const bytes = new Uint8Array(4 * size.width * size.height).fill(255);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      bytes.fill(at(x, y), 4 * (y * size.width + x), 4 * (y * size.width + x) + 3);
    }
  }
  return picture("rgba", size, bytes);
}

const reds = (rgba: Uint8ClampedArray) => Array.from(rgba).filter((_, i) => i % 4 === 0);

describe("colour", () => {
  const size = { width: 7, height: 5 };
  const layouts = ["420", "422", "444", "420p10", "422p10", "444p10", "nv12"] as const;

  for (const layout of layouts) {
    it(`${layout}: pure red in BT.709 is red, at odd sizes too`, () => {
      const source = picture(layout, size, flat(layout, size, 63, 102, 240));
      const rgba = render(source, { width: 11, height: 4 });
      for (let i = 0; i < rgba.length; i += 4) {
        expect(Math.abs(rgba[i] - 255)).toBeLessThanOrEqual(2);
        expect(rgba[i + 1]).toBeLessThanOrEqual(2);
        expect(rgba[i + 2]).toBeLessThanOrEqual(2);
        expect(rgba[i + 3]).toBe(255);
      }
    });
  }

  it("knows the other matrices and full range", () => {
    const cases = [
      [{ matrix: "bt601", fullRange: false }, 81, 90, 240],
      [{ matrix: "bt2020", fullRange: false }, 74, 97, 240],
      [{ matrix: "bt601", fullRange: true }, 76, 85, 255],
      // Red: Y = R/4, Cg = −R/4, Co = R/2.
      [{ matrix: "ycgco", fullRange: false }, 71, 72, 240],
      [{ matrix: "ycgco", fullRange: true }, 64, 64, 255],
    ] as const;
    for (const [colour, y, u, v] of cases) {
      const source = picture("444", size, flat("444", size, y, u, v), colour);
      const [r, g, b] = render(source, size);
      expect(Math.max(255 - r, g, b)).toBeLessThanOrEqual(2);
    }
  });

  it("shows what is transparent over black", () => {
    const one = { width: 1, height: 1 };
    const source = picture("rgba", one, Uint8Array.of(200, 100, 50, 128));
    expect(Array.from(render(source, one))).toEqual([100, 50, 25, 255]);
  });
});

describe("geometry", () => {
  const size = { width: 3, height: 2 };
  const counted = grey(size, (x, y) => 10 * (y * 3 + x));
  const turned = { width: 2, height: 3 };

  it("copies a picture of the target's size", () => {
    expect(reds(render(counted, size))).toEqual([0, 10, 20, 30, 40, 50]);
  });

  it("turns clockwise, then mirrors", () => {
    const at = (rotation: Orientation["rotation"], flip: boolean, to: Size) =>
      reds(render(counted, to, "cover", { rotation, flip }));
    expect(at(90, false, turned)).toEqual([30, 0, 40, 10, 50, 20]);
    expect(at(180, false, size)).toEqual([50, 40, 30, 20, 10, 0]);
    expect(at(270, false, turned)).toEqual([20, 50, 10, 40, 0, 30]);
    expect(at(0, true, size)).toEqual([20, 10, 0, 50, 40, 30]);
    expect(at(90, true, turned)).toEqual([0, 30, 10, 40, 20, 50]);
  });

  it("crops the right part of a turned picture", () => {
    const wide = grey({ width: 4, height: 2 }, (x, y) => 10 * (y * 4 + x));
    const square = { width: 2, height: 2 };
    const rgba = render(wide, square, "cover", { rotation: 90, flip: false });
    expect(reds(rgba)).toEqual([50, 10, 60, 20]);
  });

  it("leaves an opaque black border around a letterboxed picture", () => {
    const white = grey({ width: 2, height: 2 }, () => 255);
    const rgba = render(white, { width: 4, height: 2 }, "letterbox");
    expect(reds(rgba)).toEqual([0, 255, 255, 0, 0, 255, 255, 0]);
    expect(Array.from(rgba).filter((_, i) => i % 4 === 3)).toEqual(new Array(8).fill(255));
  });
});

describe("scaling", () => {
  it("keeps a ramp straight and a flat plane flat", () => {
    const samples = Uint8Array.from({ length: 100 }, (_, i) => 2 * i);
    const plane = { samples, offset: 0, stride: 100, step: 1, width: 100, height: 1 };
    for (const length of [10, 25, 40, 61, 150, 200]) {
      const out = resamplePlane(plane, triangleTaps(100, 0, 100, length), triangleTaps(1, 0, 1, 1));
      const scale = 100 / length;
      for (let i = Math.ceil(length * 0.1); i < length * 0.9; i++) {
        expect(Math.abs(out[i] - 2 * ((i + 0.5) * scale - 0.5))).toBeLessThanOrEqual(1);
      }
    }
  });

  it("averages when it shrinks, so that fine stripes do not alias", () => {
    const samples = Uint8Array.from({ length: 128 }, (_, i) => (i % 2) * 200);
    const plane = { samples, offset: 0, stride: 128, step: 1, width: 128, height: 1 };
    const out = resamplePlane(plane, triangleTaps(128, 0, 128, 32), triangleTaps(1, 0, 1, 1));
    for (const value of out.subarray(1, -1)) expect(Math.abs(value - 100)).toBeLessThanOrEqual(7);
  });

  it("has weights that sum to one everywhere, edges included", () => {
    for (const [input, from, to, output] of [
      [5, 0, 5, 832],
      [1280, 16, 1264, 832],
      [720, -0.25, 719.75, 7],
      [1, 0, 1, 9],
    ]) {
      const { count, start, weights } = triangleTaps(input, from, to, output);
      for (let i = 0; i < output; i++) {
        const row = weights.subarray(i * count, (i + 1) * count);
        expect(row.reduce((a, b) => a + b)).toBe(1 << 14);
        expect(start[i]).toBeGreaterThanOrEqual(0);
        expect(start[i] + count).toBeLessThanOrEqual(input);
      }
    }
  });
});
