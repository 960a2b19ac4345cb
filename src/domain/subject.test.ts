import { expect, test } from "vitest";
import { assumedRelief, defaultAssumed } from "./edits/depth.ts";
import { gridQueryXyN2 } from "./grid.ts";
import { inverseDepthAt } from "./relief.ts";
import { layerOfSubject, pointsOnSubject } from "./subject.ts";

const SIZE = { width: 832, height: 480 };
/** Somebody who stands right of the middle: x 520 … 624, y 120 … 360. */
const mask = {
  columns: 32,
  rows: 20,
  levels: Float32Array.from({ length: 640 }, (_, i) => {
    const [column, row] = [i % 32, Math.floor(i / 32)];
    return column >= 20 && column < 24 && row >= 5 && row < 15 ? 0.9 : 0.1;
  }),
};

test("points on the subject are picked, no others", () => {
  const startN2 = gridQueryXyN2();
  const points = pointsOnSubject(mask, startN2, SIZE);
  const inside = [...startN2.keys()]
    .filter((i) => i % 2 === 0)
    .filter((i) => {
      const [x, y] = [startN2[i], startN2[i + 1]];
      return x > 519 && x < 624 && y > 119 && y < 360;
    });
  expect(points).toEqual(inside.map((i) => i / 2));
  expect(points.length).toBeGreaterThan(15);
});

test("as a layer the subject stands upright on the ground at its foot", () => {
  const layer = layerOfSubject(mask, SIZE);
  if (!layer) throw new Error("no layer");
  const relief = assumedRelief({ ...defaultAssumed(SIZE), layers: [layer] }, SIZE);
  const at = (x: number, y: number) => inverseDepthAt(relief, SIZE, x, y);
  // Its head is as near as its feet, and they as near as the ground beside them.
  expect(at(572, 140)).toBeCloseTo(at(572, 340), 3);
  expect(at(572, 140)).toBeCloseTo(at(700, 356), 1);
  expect(at(572, 140)).toBeGreaterThan(1.3 * at(400, 140));
  expect(layerOfSubject({ ...mask, levels: new Float32Array(640) }, SIZE)).toBeNull();
});
