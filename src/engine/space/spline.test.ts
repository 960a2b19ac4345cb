import { describe, expect, it } from "vitest";
import { basisAt, curvePoint } from "../../domain/curve-basis.ts";
import { fitCurves } from "./spline.ts";

/** The textbook recursion over explicit knots. */
function coxDeBoor(knots: readonly number[], i: number, degree: number, t: number): number {
  if (degree === 0) {
    const isLast = t === 1 && knots[i + 1] === 1 && knots[i] < 1;
    return (knots[i] <= t && t < knots[i + 1]) || isLast ? 1 : 0;
  }
  const left = knots[i + degree] - knots[i];
  const right = knots[i + degree + 1] - knots[i + 1];
  return (
    (left ? ((t - knots[i]) / left) * coxDeBoor(knots, i, degree - 1, t) : 0) +
    (right ? ((knots[i + degree + 1] - t) / right) * coxDeBoor(knots, i + 1, degree - 1, t) : 0)
  );
}

const ends = (inner: readonly number[]) => [0, 0, 0, 0, ...inner, 1, 1, 1, 1];
const thirds = (count: number) =>
  ends(
    Array.from({ length: count - 1 }, (_, i) => (i + 1) / count).flatMap((knot) => [
      knot,
      knot,
      knot,
    ]),
  );

describe("basisAt", () => {
  it.each([4, 7, 10])("published curves of %i points are Cox and de Boor's", (count) => {
    const knots = thirds((count - 1) / 3);
    for (let i = 0; i <= 1000; i++) {
      const t = i / 1000;
      const { first, weights } = basisAt("bezier", count, t);
      expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 14);
      for (let k = 0; k < count; k++) {
        const own = k >= first && k < first + 4 ? weights[k - first] : 0;
        expect(Math.abs(own - coxDeBoor(knots, k, 3, t))).toBeLessThan(1e-12);
      }
    }
  });

  it.each([4, 10, 16])("smooth curves of %i points are Cox and de Boor's", (count) => {
    const spans = count - 3;
    const knots = ends(Array.from({ length: spans - 1 }, (_, i) => (i + 1) / spans));
    for (let i = 0; i <= 200; i++) {
      const { first, weights } = basisAt("smooth", count, i / 200);
      for (let k = 0; k < count; k++) {
        const own = k >= first && k < first + 4 ? weights[k - first] : 0;
        expect(Math.abs(own - coxDeBoor(knots, k, 3, i / 200))).toBeLessThan(1e-9);
      }
    }
  });

  it("meets the first and the last control point", () => {
    const control = Array.from({ length: 30 }, (_, i) => Math.sin(i));
    expect(curvePoint("bezier", control, 3, 0)).toEqual(control.slice(0, 3));
    expect(curvePoint("bezier", control, 3, 1)).toEqual(control.slice(27));
  });

  it("refuses sizes that are not published", () => {
    expect(() => basisAt("bezier", 8, 0.5)).toThrow(RangeError);
    expect(() => basisAt("smooth", 3, 0.5)).toThrow(RangeError);
  });
});

describe("fitCurves", () => {
  it("meets a swing of 10 px at 1 Hz over 81 frames at 30 a second within 0.1 px", () => {
    const frames = 81;
    const swing = Float32Array.from(
      { length: frames },
      (_, t) => 10 * Math.sin((2 * Math.PI * t) / 30),
    );
    const { residual } = fitCurves(swing, new Uint8Array(frames).fill(1), frames, 1);
    expect(residual).toBeLessThan(0.1);
  });

  it("goes on evenly where a point is hidden", () => {
    const frames = 41;
    const line = Float32Array.from({ length: frames }, (_, t) => (t > 10 && t < 30 ? 999 : 2 * t));
    const seen = Uint8Array.from({ length: frames }, (_, t) => (t > 10 && t < 30 ? 0 : 1));
    const { controlNKD } = fitCurves(line, seen, frames, 1);
    expect(curvePoint("smooth", controlNKD, 1, 0.5)[0]).toBeCloseTo(40, 1);
  });
});
