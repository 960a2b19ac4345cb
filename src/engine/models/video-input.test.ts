import { expect, test } from "vitest";
import type { Frame } from "../../domain/clip.ts";
import { VideoInput } from "./video-input.ts";

function frameOf(value: (x: number, y: number, c: number) => number): Frame {
  const size = { width: 8, height: 4 };
  const rgba = new Uint8ClampedArray(8 * 4 * 4).fill(255);
  for (let y = 0; y < 4; y++) {
    for (let x = 0; x < 8; x++) {
      for (let c = 0; c < 3; c++) rgba[4 * (y * 8 + x) + c] = value(x, y, c);
    }
  }
  return { index: 0, size, rgba };
}

test("a quarter of the size between the middle pixels, in [-1,1], channels first", () => {
  const video = new VideoInput(1);
  video.add(frameOf((x, y, c) => (c === 0 ? 10 * x + y : c === 1 ? 255 : 0)));
  // 2×2 means of x 1,2 | 5,6 and y 1,2.
  const red = [15 + 1.5, 55 + 1.5].map((v) => v / 127.5 - 1);
  const got = [...video.finish()];
  [...red, 1, 1, -1, -1].forEach((v, i) => {
    expect(got[i]).toBeCloseTo(v, 6);
  });
});

test("missing early frames repeat the first one", () => {
  const video = new VideoInput(3);
  video.add(frameOf(() => 0));
  video.add(frameOf(() => 255));
  const [a, , b, , c] = video.finish();
  expect([a, b, c]).toEqual([-1, -1, 1]);
});
