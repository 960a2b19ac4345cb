import { expect, test } from "vitest";
import { barRows, pulledFrames } from "./editBars.ts";

test("a bar keeps its length and stays within the horizon as it is moved", () => {
  expect(pulledFrames([10, 20], "whole", 5, 81)).toEqual([15, 25]);
  expect(pulledFrames([10, 20], "whole", -50, 81)).toEqual([0, 10]);
  expect(pulledFrames([10, 20], "whole", 500, 81)).toEqual([70, 80]);
  expect(pulledFrames([0, 80], "whole", 3, 81)).toEqual([0, 80]);
});

test("its ends are trimmed, to one frame at least", () => {
  expect(pulledFrames([10, 20], "first", 4, 81)).toEqual([14, 20]);
  expect(pulledFrames([10, 20], "first", 40, 81)).toEqual([20, 20]);
  expect(pulledFrames([10, 20], "first", -40, 81)).toEqual([0, 20]);
  expect(pulledFrames([10, 20], "last", -40, 81)).toEqual([10, 10]);
  expect(pulledFrames([10, 20], "last", 99, 81)).toEqual([10, 80]);
});

test("bars that would cover each other lie in rows of their own", () => {
  const frames = [
    [0, 80],
    [5, 10],
    [20, 30],
    [12, 12],
    [40, 41],
  ] as const;
  expect(barRows(frames.map(([a, b]) => ({ frames: [a, b] })))).toEqual([0, 1, 1, 2, 1]);
});
