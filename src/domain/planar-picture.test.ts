import { expect, it } from "vitest";
import { planarFrom, rgbaFrom } from "./planar-picture.ts";

/** A picture of blocks of 2×2, each in a colour of its own. */
function blocks(width: number, height: number): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255);
  const levels = [0, 51, 128, 204, 255];
  for (let i = 0; i < width * height; i++) {
    const k = ((i % width) >> 1) + 7 * (Math.floor(i / width) >> 1);
    rgba[4 * i] = levels[k % 5];
    rgba[4 * i + 1] = levels[(k >> 1) % 5];
    rgba[4 * i + 2] = levels[(k * 3) % 5];
  }
  return rgba;
}

it.each([
  { width: 64, height: 48 },
  { width: 7, height: 5 },
])("a picture of $width×$height comes back within two levels, in 3/8 of its bytes", (size) => {
  const rgba = blocks(size.width, size.height);
  const planar = planarFrom({ rgba, size });
  const back = rgbaFrom(planar);
  const worst = rgba.reduce((most, value, i) => Math.max(most, Math.abs(value - back[i])), 0);
  expect(worst).toBeLessThanOrEqual(2);
  const bytes = planar.luma.length + planar.chroma.length;
  if (size.width === 64) expect(bytes).toBe((rgba.length * 3) / 8);
});

it("grey stays grey, and brightness is kept for every pixel", () => {
  const size = { width: 4, height: 2 };
  const rgba = Uint8ClampedArray.from({ length: 32 }, (_, k) =>
    k % 4 === 3 ? 255 : 30 * (k >> 2),
  );
  expect([...rgbaFrom(planarFrom({ rgba, size }))]).toEqual([...rgba]);
});
