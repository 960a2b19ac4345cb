import { expect, test } from "vitest";
import { candidatesFor, mostWelcome } from "./preference.ts";
import { createSketch, SKETCH_SIZE } from "./sketch.ts";
import { leftMover, shiftField } from "./testing.ts";

const sight = leftMover();
const sketch = createSketch(sight);
function folded(x: number, y: number) {
  const row = new Float32Array(SKETCH_SIZE);
  sketch.fold(shiftField(sight, x, y), row);
  return row;
}

test("what is liked is varied in turn; without a wish all is drawn anew", () => {
  const liked = [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
  ];
  const parts = [
    { name: "shape", from: 0, length: 2 },
    { name: "camera", from: 2, length: 2, rests: true },
  ];
  const own = { sight: { latentSize: 4, parts }, heldParts: ["camera"] };
  const all = candidatesFor({ liked }, own, 0.1, 50);
  expect(all[2].parents).toEqual([{ z: liked[0], weight: 1 }]);
  expect(all[3].z[1]).toBeGreaterThan(0.5);
  expect(candidatesFor({ liked: [] }, own, 0.1, 50)[0].parents).toBeUndefined();
  expect(candidatesFor({ liked }, own, 0.1, 50)).toEqual(all);
  expect(all.every(({ z }) => z[2] === 0 && z[3] === 0)).toBe(true);
  const free = candidatesFor({ liked }, { ...own, heldParts: [] }, 0.1, 50);
  expect(free.every(({ z }) => z[2] !== 0 && z[3] !== 0)).toBe(true);
});

test("a candidate nearer to what is disliked than to what is liked is passed over", () => {
  const liked = [folded(50, 0)];
  const disliked = [folded(0, -50)];
  expect(mostWelcome([folded(5, -45), folded(45, -5)], liked, disliked)).toBe(1);
  expect(mostWelcome([folded(5, -45), folded(-20, 10), folded(3, -40)], [], disliked)).toBe(1);
  expect(mostWelcome([folded(5, -45)], liked, [])).toBe(0);
});
