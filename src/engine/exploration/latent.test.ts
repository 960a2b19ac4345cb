import { expect, test } from "vitest";
import { between, blended, drawLatent, holdParts, varied } from "./latent.ts";

const norm = (z: ArrayLike<number>) => Math.hypot(...Array.from(z));
const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;

test("a seed draws the same numbers everywhere, whatever else is drawn", () => {
  expect(drawLatent(7, 18)).toEqual(drawLatent(7, 18));
  expect([...drawLatent(7, 18)].slice(0, 4)).toEqual([...drawLatent(7, 4)]);
  expect(drawLatent(8, 18)).not.toEqual(drawLatent(7, 18));
});

test("a variation is as likely as what it varies, and as near as its strength says", () => {
  const lengths: number[] = [];
  const near: number[] = [];
  for (let seed = 1; seed <= 500; seed++) {
    const z = drawLatent(seed, 18);
    const child = varied(z, 0.3, seed + 1000);
    lengths.push(norm(child) ** 2 / 18);
    near.push(norm(child.map((v, i) => v - z[i])) ** 2 / 18);
  }
  expect(mean(lengths)).toBeCloseTo(1, 1);
  // (√(1−s²) − 1)² + s²
  expect(mean(near)).toBeCloseTo((Math.sqrt(0.91) - 1) ** 2 + 0.09, 2);
  expect(varied(drawLatent(1, 18), 0, 5)).toEqual(drawLatent(1, 18));
});

test("between two futures the circle keeps the size that the straight line loses", () => {
  const [a, b] = [drawLatent(1, 18), drawLatent(2, 18)];
  const sizes = [norm(a), norm(b)];
  const middle = norm(between(a, b, 0.5));
  expect(middle).toBeCloseTo((sizes[0] + sizes[1]) / 2, 4);
  expect(norm(between(a, b, 0.5, true))).toBeLessThan(0.9 * middle);
  for (const straight of [false, true]) {
    const [start, end] = [between(a, b, 0, straight), between(a, b, 1, straight)];
    for (let i = 0; i < 18; i++) {
      expect(start[i]).toBeCloseTo(a[i], 5);
      expect(end[i]).toBeCloseTo(b[i], 5);
    }
  }
  expect(between(a, a, 0.3).every(Number.isFinite)).toBe(true);
  expect(
    between(
      a,
      a.map((v) => -v),
      0.5,
    ).every(Number.isFinite),
  ).toBe(true);
  expect(between(new Float32Array(18), b, 0.5).every(Number.isFinite)).toBe(true);
});

test("a blend has the mean size of its parents; held parts stay", () => {
  const parents = [1, 2, 3].map((seed) => ({ z: drawLatent(seed, 18), weight: 1 / 3 }));
  expect(norm(blended(parents))).toBeCloseTo(mean(parents.map(({ z }) => norm(z))), 4);
  const parts = [
    { name: "shape", from: 0, length: 12 },
    { name: "size", from: 12, length: 2 },
  ];
  const [z, kept] = [drawLatent(1, 18), drawLatent(2, 18)];
  const held = holdParts(z, kept, parts, ["size"]);
  expect([...held.subarray(12, 14)]).toEqual([...kept.subarray(12, 14)]);
  expect([...held.subarray(0, 12)]).toEqual([...z.subarray(0, 12)]);
  expect([...held.subarray(14)]).toEqual([...z.subarray(14)]);
});
