import { expect, test } from "vitest";
import { toggledPoints } from "./toggledPoints.ts";

test("a click picks one point out, with Shift beside the others, and again lifts it", () => {
  expect(toggledPoints([], 4, false)).toEqual([4]);
  expect(toggledPoints([1, 2], 4, false)).toEqual([4]);
  expect(toggledPoints([1, 2], 4, true)).toEqual([1, 2, 4]);
  expect(toggledPoints([1, 2], 2, true)).toEqual([1]);
  expect(toggledPoints([1, 2], 2, false)).toEqual([]);
});

test("a click beside everything lifts all, but not with Shift; no change is the same list", () => {
  const picked = [1, 2];
  expect(toggledPoints(picked, null, false)).toEqual([]);
  expect(toggledPoints(picked, null, true)).toBe(picked);
  const none: number[] = [];
  expect(toggledPoints(none, null, false)).toBe(none);
});
