import type { Size } from "../../domain/clip.ts";

const RIDGE = 1e-2;
/** Residuals below this are tracker noise, px: they never lower a weight. */
const MIN_SCALE_PX = 0.05;
const ROUNDS = 6;

/**
 * A vector field [2] that is affine in position. Positions are taken in units of half the frame's
 * width around its centre, so that the ridge acts alike on all coefficients.
 */
export interface AffineField {
  /** Row-major [3,2]: of x' = (x − centreX) / unit, of y' = (y − centreY) / unit, and of 1. */
  readonly coefficients: Float64Array;
  /** videoPx. */
  readonly centreX: number;
  readonly centreY: number;
  /** px. */
  readonly unit: number;
}

function zeroField({ width, height }: Size): AffineField {
  const coefficients = new Float64Array(6);
  return { coefficients, centreX: (width - 1) / 2, centreY: (height - 1) / 2, unit: width / 2 };
}

/** The field's value at a videoPx position. */
export function affineAt(field: AffineField, x: number, y: number): [number, number] {
  const { coefficients: k } = field;
  const u = (x - field.centreX) / field.unit;
  const v = (y - field.centreY) / field.unit;
  return [u * k[0] + v * k[2] + k[4], u * k[1] + v * k[3] + k[5]];
}

/**
 * Robust affine fit of values [N,2] at positions [N,2] (videoPx): Huber weights by iteratively
 * reweighted least squares (Holland and Welsch, 1977). The scale is the weighted mean residual, so
 * a weight is min(1, scale / residual). Points whose entry in `useN` is 0 are left out; without any
 * point the field is 0. `size`: of the frame that the positions lie in.
 */
export function robustAffine(
  xyN2: Float32Array,
  valuesN2: Float64Array,
  useN: Uint8Array,
  size: Size,
): AffineField {
  const n = useN.length;
  const field = zeroField(size);
  const { centreX, centreY, unit, coefficients: k } = field;
  const uvN2 = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    uvN2[2 * i] = (xyN2[2 * i] - centreX) / unit;
    uvN2[2 * i + 1] = (xyN2[2 * i + 1] - centreY) / unit;
  }
  const weights = Float64Array.from(useN);
  const residuals = new Float64Array(n);
  for (let round = 0; round < ROUNDS; round++) {
    k.set(weightedAffine(uvN2, valuesN2, weights));
    let sum = 0;
    let total = 0;
    for (let i = 0; i < n; i++) {
      const u = uvN2[2 * i];
      const v = uvN2[2 * i + 1];
      const dx = valuesN2[2 * i] - (u * k[0] + v * k[2] + k[4]);
      const dy = valuesN2[2 * i + 1] - (u * k[1] + v * k[3] + k[5]);
      residuals[i] = Math.sqrt(dx * dx + dy * dy + 1e-12);
      sum += weights[i] * residuals[i];
      total += weights[i];
    }
    const scale = Math.max(MIN_SCALE_PX, sum / Math.max(total, 1e-6));
    for (let i = 0; i < n; i++) weights[i] = useN[i] * Math.min(1, scale / residuals[i]);
  }
  return field;
}

/** `uvN2`: positions in units of the field. */
function weightedAffine(
  uvN2: Float64Array,
  valuesN2: Float64Array,
  weights: Float64Array,
): Float64Array {
  let [a, b, c, d, e, f] = [RIDGE, 0, 0, RIDGE, 0, RIDGE];
  let [ux, uy, vx, vy, sumX, sumY] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < weights.length; i++) {
    const w = weights[i];
    if (w === 0) continue;
    const u = uvN2[2 * i];
    const v = uvN2[2 * i + 1];
    a += w * u * u;
    b += w * u * v;
    c += w * u;
    d += w * v * v;
    e += w * v;
    f += w;
    const x = w * valuesN2[2 * i];
    const y = w * valuesN2[2 * i + 1];
    ux += u * x;
    uy += u * y;
    vx += v * x;
    vy += v * y;
    sumX += x;
    sumY += y;
  }
  return solveSymmetric3([a, b, c, d, e, f], Float64Array.of(ux, uy, vx, vy, sumX, sumY));
}

/** Solves the symmetric system [[a,b,c],[b,d,e],[c,e,f]] X = moment [3,2] by the adjugate. */
function solveSymmetric3(
  [a, b, c, d, e, f]: readonly number[],
  moment: Float64Array,
): Float64Array {
  const inverse = [
    [d * f - e * e, c * e - b * f, b * e - c * d],
    [c * e - b * f, a * f - c * c, b * c - a * e],
    [b * e - c * d, b * c - a * e, a * d - b * b],
  ];
  const determinant = a * inverse[0][0] + b * inverse[0][1] + c * inverse[0][2];
  const out = new Float64Array(6);
  for (let row = 0; row < 3; row++) {
    for (let k = 0; k < 2; k++) {
      const [p, q, r] = inverse[row];
      out[2 * row + k] = (p * moment[k] + q * moment[2 + k] + r * moment[4 + k]) / determinant;
    }
  }
  return out;
}

/**
 * The map p → p + s·field(p) as (a,b,c,d,e,f) of domain/forecast.ts: x' = a·x + b·y + c,
 * y' = d·x + e·y + f, videoPx.
 */
export function writeAffineMap(field: AffineField, s: number, out: Float32Array, at: number): void {
  const { centreX, centreY, unit } = field;
  const [xx, xy, yx, yy, cx, cy] = field.coefficients;
  out[at] = 1 + (s * xx) / unit;
  out[at + 1] = (s * yx) / unit;
  out[at + 2] = s * (cx - (xx * centreX + yx * centreY) / unit);
  out[at + 3] = (s * xy) / unit;
  out[at + 4] = 1 + (s * yy) / unit;
  out[at + 5] = s * (cy - (xy * centreX + yy * centreY) / unit);
}
