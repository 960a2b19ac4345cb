import { expect, test } from "vitest";
import type { Exploration } from "../../domain/exploration.ts";
import { representatives } from "./representatives.ts";
import { SKETCH_SIZE } from "./sketch.ts";

test("the middle stands for all first, then what it leaves out; no sample stands twice", () => {
  const places = [0, 1, 2, 50, 51];
  const sketchKQ = new Float32Array(places.length * SKETCH_SIZE);
  places.forEach((place, k) => {
    sketchKQ[k * SKETCH_SIZE] = place;
  });
  const exploration = { sketchKQ, seeds: [1, 2, 3, 4, 5] } as unknown as Exploration;
  expect(representatives(exploration, 1)).toEqual([2]);
  expect(representatives(exploration, 2)).toEqual([2, 3]);
  expect(representatives(exploration, 9).toSorted()).toEqual([0, 1, 2, 3, 4]);
});
