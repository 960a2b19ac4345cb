/**
 * Curves over t in [0,1] as K control points of a cubic B-spline.
 * - `smooth`: our own tracks. Uniform clamped knots, continuous curvature (C²), K ≥ 4.
 * - `bezier`: what Trace Anything publishes. Inner knots threefold, so (K−1)/3 cubic Bézier pieces
 *   joined without a common tangent (C⁰); K is 4, 7 or 10.
 */
export type CurveBasis = "smooth" | "bezier";

/** Control points of our own tracks: a swing of 10 px at 1 Hz is met within 0.03 px over 81 frames. */
export const CONTROL_POINTS = 16;

/** The four weights that are not zero at a time, and the control point that the first belongs to. */
export interface BasisAt {
  readonly first: number;
  readonly weights: readonly [number, number, number, number];
}

/** @throws RangeError for a K that the basis does not have. */
export function basisAt(basis: CurveBasis, controlCount: number, time: number): BasisAt {
  const t = Math.min(1, Math.max(0, time));
  return basis === "bezier" ? bezierAt(controlCount, t) : smoothAt(controlCount, t);
}

function bezierAt(controlCount: number, t: number): BasisAt {
  if (![4, 7, 10].includes(controlCount)) {
    throw new RangeError(`a published curve has 4, 7 or 10 control points, not ${controlCount}`);
  }
  const pieces = (controlCount - 1) / 3;
  const piece = Math.min(Math.floor(t * pieces), pieces - 1);
  const u = t * pieces - piece;
  const v = 1 - u;
  return { first: 3 * piece, weights: [v * v * v, 3 * u * v * v, 3 * u * u * v, u * u * u] };
}

function smoothAt(controlCount: number, t: number): BasisAt {
  if (!(controlCount >= 4)) throw new RangeError("a cubic spline has at least 4 control points");
  const spans = controlCount - 3;
  const span = Math.min(Math.floor(t * spans), spans - 1);
  const at = t * spans;
  const knot = (i: number) => Math.min(spans, Math.max(0, i - 3));
  // Cox and de Boor, only the four functions that live on this span.
  const values: [number, number, number, number] = [1, 0, 0, 0];
  const s = span + 3;
  for (let degree = 1; degree <= 3; degree++) {
    let carry = 0;
    for (let r = 0; r < degree; r++) {
      const right = knot(s + r + 1);
      const left = knot(s + 1 - degree + r);
      const share = values[r] / (right - left);
      values[r] = carry + (right - at) * share;
      carry = (at - left) * share;
    }
    values[degree] = carry;
  }
  return { first: span, weights: values };
}

/** The point of a curve [K,D] at a time; D numbers. */
export function curvePoint(
  basis: CurveBasis,
  controlKD: ArrayLike<number>,
  dimensions: number,
  time: number,
): number[] {
  const { first, weights } = basisAt(basis, controlKD.length / dimensions, time);
  return Array.from({ length: dimensions }, (_, d) => {
    let sum = 0;
    for (let i = 0; i < 4; i++) sum += weights[i] * controlKD[(first + i) * dimensions + d];
    return sum;
  });
}
