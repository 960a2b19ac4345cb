import { expect, test } from "vitest";
import { rgbPicture } from "./rgb-picture.ts";

test("each pixel is the mean of those that it covers, colour planes apart, in 0 to 255", () => {
  const rgba = new Uint8ClampedArray(4 * 2 * 4);
  rgba.set([10, 20, 30, 255], 0);
  rgba.set([30, 20, 30, 255], 4);
  rgba.set([200, 0, 255, 255], 8);
  const frame = { index: 0, size: { width: 4, height: 2 }, rgba };
  const picture = rgbPicture(frame, { width: 2, height: 1 });
  expect([...picture]).toEqual([10, 50, 10, 0, 15, 64]);
});
