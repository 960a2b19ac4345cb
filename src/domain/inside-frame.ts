import type { Size } from "./clip.ts";

/**
 * Whether a position (videoPx, 0 = centre of the first pixel) lies on the frame: on the area of its
 * pixels, so −0.5 ≤ x < width − 0.5 and −0.5 ≤ y < height − 0.5. NaN lies nowhere.
 *
 * The only definition in TypeScript; `inside` in Python is the same. Both test suites read
 * `testdata/inside-frame.json`.
 */
export function isInsideFrame(x: number, y: number, { width, height }: Size): boolean {
  return x >= -0.5 && x < width - 0.5 && y >= -0.5 && y < height - 0.5;
}
