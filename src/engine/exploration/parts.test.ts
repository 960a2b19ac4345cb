import { expect, test } from "vitest";
import { displacementsTN2, endOfField, motionOfField, tracksOfField } from "./field.ts";
import { directionWords, distinctNames, nameField } from "./naming.ts";
import { shareOf, sharesOf } from "./share.ts";
import { createSketch, rowDistance, SKETCH_SIZE } from "./sketch.ts";
import { leftMover, shiftField, timeRows } from "./testing.ts";

const sight = leftMover();

test("a field is its coefficients times the time basis, from every point's own place", () => {
  const field = shiftField(sight, 3, -4);
  const moved = displacementsTN2(sight, field);
  const { tracksTN2, visibilityTN } = tracksOfField(sight, field);
  const last = 2 * 390 * 80;
  expect(tracksTN2[last]).toBeCloseTo(sight.queryXyN2[0] + moved[last], 4);
  const end = endOfField(sight, field);
  for (const [i, v] of end.entries()) expect(v).toBeCloseTo(moved[last + i], 3);
  const rms = (n: number) =>
    Math.sqrt(
      Array.from({ length: 81 }, (_, t) => 2 * (t * 390 + n)).reduce(
        (sum, i) => sum + moved[i] ** 2 + moved[i + 1] ** 2,
        0,
      ) / 81,
    );
  const motion = motionOfField(sight, field);
  for (const n of [0, 3, 30, 389]) expect(motion[n]).toBeCloseTo(rms(n), 3);
  expect(motion[0]).toBeCloseTo(5, 3);
  expect(visibilityTN[0]).toBe(1);
  expect(tracksOfField(sight, shiftField(sight, -900, 0)).visibilityTN[390 * 80]).toBe(0);
});

test("sketches are as far apart as the futures that they stand for", () => {
  const sketch = createSketch(sight);
  const fields = [
    [0, 0],
    [60, 0],
    [0, 60],
    [30, 30],
    [61, 2],
  ].map(([x, y]) => shiftField(sight, x, y));
  const rows = new Float32Array(fields.length * SKETCH_SIZE);
  fields.forEach((field, k) => {
    sketch.fold(field, rows.subarray(k * SKETCH_SIZE, (k + 1) * SKETCH_SIZE));
  });
  // The ground, 0.01 each, takes a 50th of the weight.
  expect(rowDistance(rows, 0, 1)).toBeGreaterThan(0.85 * 60);
  expect(rowDistance(rows, 0, 1)).toBeLessThan(1.15 * 60);
  expect(rowDistance(rows, 1, 2) / (60 * Math.SQRT2)).toBeCloseTo(1, 0);
  expect(rowDistance(rows, 1, 4)).toBeLessThan(4);
});

test("names say where and which way, never of the ground", () => {
  expect(nameField(sight, shiftField(sight, 0, -50))).toBe("left part, upward");
  expect(nameField(sight, shiftField(sight, 40, 40))).toBe("left part, down and right");
  const [away, wave] = timeRows();
  const swing = shiftField(sight, 50, 0, 1);
  shiftField(sight, (-50 * wave[80]) / away[80], 0).forEach((v, i) => {
    swing[i] += v;
  });
  expect(nameField(sight, swing)).toBe("left part, to and fro");
  expect(nameField(sight, shiftField(sight, 0, 0))).toBe("nothing moves");
  const everywhere = { ...sight, movingN: new Float32Array(390).fill(1) };
  expect(nameField(sight, shiftField(everywhere, -50, 0))).toBe("whole picture, to the left");
  expect(directionWords(-1, 0.01)).toBe("to the left");
  expect(directionWords(-1, -0.01)).toBe("to the left");
});

test("modes of one name are told apart by how far they go", () => {
  const names = ["a", "a", "b", "a"];
  expect(distinctNames(names, [1, 9, 5, 4])).toEqual(["a, a little", "a, far", "b", "a"]);
  expect(distinctNames(["a", "a"], [3, 3])).toEqual(["a", "a (2)"]);
});

test("the interval of a share is Wilson's", () => {
  const { low, high } = shareOf(40, 200);
  expect(low).toBeCloseTo(0.1504, 3);
  expect(high).toBeCloseTo(0.2609, 3);
  expect(shareOf(0, 200).low).toBe(0);
  expect(shareOf(0, 200).high).toBeGreaterThan(0.01);
});

test("shares go by what came to pass where the model tells, sum to 1 and stay with more samples", () => {
  const happened = { still: [-0.7, 2.3], other: 0.1, sources: 70 } as const;
  const { still, other, modes } = sharesOf({ still: 160, other: 0, modes: [30, 10] }, happened);
  // models/tests/test_photo_metrics.py has the same numbers.
  const told = [still, other, ...modes].map(({ share }) => share);
  expect(told.map((v) => v.toFixed(4))).toEqual(["0.4975", "0.0502", "0.3392", "0.1131"]);
  expect(told.reduce((sum, v) => sum + v, 0)).toBeCloseTo(1, 12);
  // As wide as a share of 70 draws at least.
  expect(still.high - still.low).toBeGreaterThan(0.23);
  const more = sharesOf({ still: 640, other: 0, modes: [120, 40] }, happened);
  expect(more.still.share).toBeCloseTo(still.share, 12);
  expect(more.modes[0].high).toBeLessThan(modes[0].high);
  // Where nothing moves in any sample, what moved after all went as none of them does.
  const none = sharesOf({ still: 200, other: 0, modes: [] }, happened);
  expect(none.still.share + none.other.share).toBeCloseTo(1, 12);
  expect(none.other.share).toBeGreaterThan(0.3);
});
