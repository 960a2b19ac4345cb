import { expect, test } from "vitest";
import { gridQueryXyN2, STUDIO_GRID } from "../../domain/grid.ts";
import { createTracks } from "../../domain/tracks.ts";
import { stabilised } from "./stabilised.ts";

const START = gridQueryXyN2();

/** Points 40 to 59 go down by 30 px; `pan` px to the right for all. */
function tracksUnder(pan: number, frames = 1) {
  const tracks = createTracks(frames, 390);
  for (let i = 0; i < tracks.tracksTN2.length; i++) {
    const n = (i >> 1) % 390;
    const own = i % 2 === 1 && n >= 40 && n < 60 ? 30 : 0;
    tracks.tracksTN2[i] = START[i % 780] + own + (i % 2 === 0 ? pan : 0);
  }
  tracks.visibilityTN.fill(1);
  return tracks;
}

test("a pan is taken out of all points, and what moves by itself keeps its way", () => {
  for (const pan of [0, 60]) {
    const { tracksTN2, visibilityTN } = stabilised(tracksUnder(pan), START, STUDIO_GRID);
    const off = (n: number) => [
      tracksTN2[2 * n] - START[2 * n],
      tracksTN2[2 * n + 1] - START[2 * n + 1],
    ];
    expect(Math.hypot(...off(300))).toBeLessThan(1);
    expect(off(50)[1]).toBeCloseTo(30, 0);
    expect(visibilityTN.every(Boolean)).toBe(true);
  }
});

test("nothing is known from the frame on whose camera its points do not tell", () => {
  const few = tracksUnder(60, 3);
  few.visibilityTN.fill(0, 390 + 50, 780);
  const { visibilityTN } = stabilised(few, START, STUDIO_GRID);
  expect(visibilityTN.subarray(0, 390).every(Boolean)).toBe(true);
  expect(visibilityTN.subarray(390).some(Boolean)).toBe(false);
});
