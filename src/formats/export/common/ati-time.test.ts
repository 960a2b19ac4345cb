import { expect, test } from "vitest";
import { ATI_FRAMES, ATI_POINTS, atiFrameOfPoint, atiPointIndex } from "./ati-time.ts";

test("the reader's 81 looks at 121 points find the 81 frames, in order and exactly", () => {
  const frames = atiFrameOfPoint();
  expect(frames).toHaveLength(ATI_POINTS);
  const looks = Array.from({ length: ATI_FRAMES }, (_, j) => atiPointIndex(j));
  expect(looks.map((index) => frames[index])).toEqual(looks.map((_, j) => j));
  expect(looks.slice(0, 6)).toEqual([0, 1, 3, 4, 6, 7]);
  expect(looks[80]).toBe(120);
});

test("skipped points lie halfway between their neighbours", () => {
  const frames = atiFrameOfPoint();
  expect(frames[2]).toBe(1.5);
  expect([...frames].every((v, i) => i === 0 || v > frames[i - 1])).toBe(true);
});
