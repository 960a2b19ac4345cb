import { expect, test } from "vitest";
import { mapScale } from "./mapScale.ts";

const frame = { width: 272, height: 190, margin: 22 };
/** A ring of calm futures, and one that goes a hundred times as far. */
const places = Float32Array.from([10, 0, 0, 10, -10, 0, 0, -10, 1000, 300]);

test("one wild future leaves room for the calm ones, and all lie inside", () => {
  const { pixelOf } = mapScale(places, frame);
  const [x, y] = pixelOf(10, 0);
  expect(x - frame.width / 2).toBeGreaterThan(15);
  expect(y).toBe(frame.height / 2);
  const [far, low] = pixelOf(1000, 300);
  expect(far).toBeCloseTo(frame.width - frame.margin, 3);
  expect(low).toBeLessThan(frame.height - frame.margin);
});

test("a place on the canvas is the one that is drawn there", () => {
  const { pixelOf, placeOf } = mapScale(places, frame);
  for (const place of [
    [0, 0],
    [3, -4],
    [-200, 50],
    [1000, 300],
  ] as const) {
    const [x, y] = pixelOf(place[0], place[1]);
    const again = placeOf(x, y);
    expect(again[0]).toBeCloseTo(place[0], 6);
    expect(again[1]).toBeCloseTo(place[1], 6);
  }
});

test("a map without samples, or with all in one place, is still a map", () => {
  for (const none of [new Float32Array(), new Float32Array(8)]) {
    const { pixelOf, placeOf } = mapScale(none, frame);
    expect(pixelOf(0, 0)).toEqual([136, 95]);
    expect(placeOf(200, 120).every(Number.isFinite)).toBe(true);
  }
});
