import { describe, expect, test } from "vitest";
import { cellCentre, inverseDepthAt, normalisedRelief, type Relief } from "./relief.ts";

const SIZE = { width: 80, height: 40 };

const reliefOf = (columns: number, rows: number, values: readonly number[]): Relief => ({
  source: "imported",
  columns,
  rows,
  inverseDepth: Float32Array.from(values),
});

describe("inverse depth of a place in the picture", () => {
  test("is the cell's own at its centre and linear between centres", () => {
    const relief = reliefOf(2, 2, [1, 1.1, 1.05, 1.15]);
    const [x, y] = cellCentre(relief, SIZE, 1, 0);
    expect([x, y]).toEqual([59.5, 9.5]);
    expect(inverseDepthAt(relief, SIZE, x, y)).toBeCloseTo(1.1, 6);
    expect(inverseDepthAt(relief, SIZE, 39.5, 19.5)).toBeCloseTo(1.075, 6);
  });

  test("does not mix what lies in front with what lies behind", () => {
    const relief = reliefOf(2, 2, [1, 4, 1, 4]);
    expect(inverseDepthAt(relief, SIZE, 38, 20)).toBe(1);
    expect(inverseDepthAt(relief, SIZE, 41, 20)).toBe(4);
  });

  test("goes on as at the border outside the outer centres, also of a single cell", () => {
    const relief = reliefOf(2, 1, [1, 1.1]);
    expect(inverseDepthAt(relief, SIZE, -500, 1000)).toBeCloseTo(1, 6);
    expect(inverseDepthAt(relief, SIZE, 79, -3)).toBeCloseTo(1.1, 6);
    expect(inverseDepthAt(reliefOf(1, 1, [2]), SIZE, 12, 30)).toBe(2);
  });
});

describe("the median of a relief", () => {
  test("of what is known becomes 1", () => {
    const relief = { ...reliefOf(3, 1, [2, 4, 100]), known: Uint8Array.of(1, 1, 0) };
    const { inverseDepth } = normalisedRelief(relief);
    expect([...inverseDepth.subarray(0, 2)]).toEqual([
      expect.closeTo(2 / 3, 6),
      expect.closeTo(4 / 3, 6),
    ]);
  });

  test("is asked of positive numbers only", () => {
    expect(() => normalisedRelief(reliefOf(2, 1, [1, 0]))).toThrow(RangeError);
    expect(() => normalisedRelief({ ...reliefOf(1, 1, [1]), known: Uint8Array.of(0) })).toThrow(
      "nothing is known",
    );
  });
});
