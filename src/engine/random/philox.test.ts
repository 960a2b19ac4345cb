import { expect, test } from "vitest";
import { philox4x32, randomStream, type Words4 } from "./philox.ts";

const ALL = 0xffffffff;

// Known answers published with the algorithm (Random123, kat_vectors).
test.each<[Words4, [number, number], Words4]>([
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [ALL, ALL, ALL, ALL],
    [ALL, ALL],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
])("gives the published answers", (counter, key, expected) => {
  expect(philox4x32(counter, key)).toEqual(expected);
});

test("a stream repeats, and seeds and streams differ", () => {
  const draw = (seed: number, stream: number) => {
    const random = randomStream(seed, stream);
    return Array.from({ length: 6 }, () => random.uniform());
  };
  expect(draw(7, 1)).toEqual(draw(7, 1));
  expect(draw(7, 1)).not.toEqual(draw(8, 1));
  expect(draw(7, 1)).not.toEqual(draw(7, 2));
  expect(draw(7, 1)).not.toEqual(draw(7 + 2 ** 32, 1));
});

test("normals have the moments of N(0,1) and neighbouring seeds are independent", () => {
  const size = 100_001;
  const a = new Float32Array(size);
  const b = new Float32Array(size);
  randomStream(1, 2).fillNormal(a);
  randomStream(2, 2).fillNormal(b);
  const mean = (f: (i: number) => number) => a.reduce((sum, _, i) => sum + f(i), 0) / size;
  expect(mean((i) => a[i])).toBeCloseTo(0, 1);
  expect(mean((i) => a[i] ** 2)).toBeCloseTo(1, 1);
  expect(mean((i) => a[i] ** 4) / 3).toBeCloseTo(1, 1);
  expect(Math.abs(mean((i) => a[i] * b[i]))).toBeLessThan(0.02);
  expect(Math.abs(mean((i) => a[i] * a[(i + 1) % size]))).toBeLessThan(0.02);
});

test("a seed that is not whole is refused", () => {
  expect(() => randomStream(1.5, 1)).toThrow(RangeError);
});
