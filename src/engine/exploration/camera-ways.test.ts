import { expect, test } from "vitest";
import { amountsOf, cameraWays, furtherLatents, nameCamera, withAmounts } from "./camera-ways.ts";

const part = { name: "camera", from: 2, length: 4, rests: true };
const IDENTITY = [1, 0, 0, 0, 1, 0];

/** One frame: rests below −0.8, then pans by 10 px a unit and way. */
function pathOf(z: Float32Array): Float32Array {
  const [far, x, y] = z.subarray(2);
  const px = far > -0.8 ? 10 * (far + 1.8) : 0;
  return Float32Array.of(1, 0, px * x, 0, 1, px * y);
}

const further = furtherLatents(part, 6);
const ways = cameraWays(
  part,
  Array.from({ length: further.length / 6 }, (_, k) => pathOf(further.subarray(6 * k, 6 * k + 6))),
);

test("a slider leaves rest where the camera does, and a camera at rest is all zeros", () => {
  expect(ways.restsBelow).toBeLessThanOrEqual(-0.8);
  expect(ways.restsBelow).toBeGreaterThan(-1);
  expect(amountsOf(ways, [5, 6, 0, 0, 0, 0])).toEqual([0, 0, 0]);
  expect(amountsOf(ways, [5, 6, -2, 1, 1, 1])).toEqual([0, 0, 0]);
  expect([...withAmounts(ways, [5, 6, 1, 2, 3, 4], [0, 0, 0])]).toEqual([5, 6, 0, 0, 0, 0]);
});

test("amounts give the camera again that they were taken from", () => {
  const z = [5, 6, 0.7, 1, -2, 0.5];
  const again = withAmounts(ways, z, amountsOf(ways, z));
  expect(again[2]).toBeCloseTo(0.7, 5);
  const [a, b] = [pathOf(Float32Array.from(z)), pathOf(again)];
  expect(b[2] / b[5]).toBeCloseTo(a[2] / a[5], 5);
  expect([...again.subarray(0, 2)]).toEqual([5, 6]);
});

test("more of one way goes further along it, the other end the other way", () => {
  const at = (amount: number) => pathOf(withAmounts(ways, new Float32Array(6), [amount, 0, 0]))[2];
  expect(at(-2)).toBeCloseTo(-at(2), 4);
  expect(at(0)).toBe(0);
  expect(at(0.3)).toBeGreaterThan(0);
  expect(at(2)).toBeGreaterThan(2 * at(0.3));
});

test("a camera is named by where it goes, not where the picture goes", () => {
  const frame = { width: 832, height: 480 };
  const named = (...last: number[]) => nameCamera(Float32Array.from([...IDENTITY, ...last]), frame);
  expect(named(1, 0, -30, 0, 1, 0)).toBe("camera, to the right");
  expect(named(1, 0, 0, 0, 1, 30)).toBe("camera, upward");
  expect(named(1.2, 0, -83, 0, 1.2, -48)).toBe("camera, closer");
  expect(named(...IDENTITY)).toBe("camera, at rest");
});
