import { WORKING_HEIGHT, WORKING_WIDTH } from "../../domain/grid.ts";

/** Fits are done in units of half the frame width around its centre: the ridge acts alike on all. */
const CENTRE_X = (WORKING_WIDTH - 1) / 2;
const CENTRE_Y = (WORKING_HEIGHT - 1) / 2;
const UNIT = WORKING_WIDTH / 2;
const RIDGE = 1e-2;
/** Residuals below this are tracker noise, px: they never lower a weight. */
const MIN_SCALE_PX = 0.05;
const ROUNDS = 6;

/**
 * A vector field [2] that is affine in position, row-major [3,2]: coefficients of x', y' and 1,
 * where x' = (x − 415.5) / 416, y' = (y − 239.5) / 416.
 */
export type AffineField = Float64Array;

/** The field's value at a videoPx position. */
export function affineAt(field: AffineField, x: number, y: number): [number, number] {
  const u = (x - CENTRE_X) / UNIT;
  const v = (y - CENTRE_Y) / UNIT;
  return [u * field[0] + v * field[2] + field[4], u * field[1] + v * field[3] + field[5]];
}

/**
 * Robust affine fit of values [N,2] at positions [N,2] (videoPx): Huber weights by iteratively
 * reweighted least squares (Holland and Welsch, 1977). The scale is the weighted mean residual, so
 * a weight is min(1, scale / residual). Points whose entry in `useN` is 0 are left out; without any
 * point the field is 0.
 */
export function robustAffine(
  xyN2: Float32Array,
  valuesN2: Float64Array,
  useN: Uint8Array,
): AffineField {
  const n = useN.length;
  const weights = Float64Array.from(useN);
  let field: AffineField = new Float64Array(6);
  for (let round = 0; round < ROUNDS; round++) {
    field = weightedAffine(xyN2, valuesN2, weights);
    const residuals = new Float64Array(n);
    let sum = 0;
    let total = 0;
    for (let i = 0; i < n; i++) {
      const [u, v] = affineAt(field, xyN2[2 * i], xyN2[2 * i + 1]);
      const dx = valuesN2[2 * i] - u;
      const dy = valuesN2[2 * i + 1] - v;
      residuals[i] = Math.sqrt(dx * dx + dy * dy + 1e-12);
      sum += weights[i] * residuals[i];
      total += weights[i];
    }
    const scale = Math.max(MIN_SCALE_PX, sum / Math.max(total, 1e-6));
    for (let i = 0; i < n; i++) weights[i] = useN[i] * Math.min(1, scale / residuals[i]);
  }
  return field;
}

function weightedAffine(
  xyN2: Float32Array,
  valuesN2: Float64Array,
  weights: Float64Array,
): AffineField {
  let [a, b, c, d, e, f] = [RIDGE, 0, 0, RIDGE, 0, RIDGE];
  const moment = new Float64Array(6);
  for (let i = 0; i < weights.length; i++) {
    const w = weights[i];
    if (w === 0) continue;
    const u = (xyN2[2 * i] - CENTRE_X) / UNIT;
    const v = (xyN2[2 * i + 1] - CENTRE_Y) / UNIT;
    a += w * u * u;
    b += w * u * v;
    c += w * u;
    d += w * v * v;
    e += w * v;
    f += w;
    for (let k = 0; k < 2; k++) {
      const value = w * valuesN2[2 * i + k];
      moment[k] += u * value;
      moment[2 + k] += v * value;
      moment[4 + k] += value;
    }
  }
  return solveSymmetric3([a, b, c, d, e, f], moment);
}

/** Solves the symmetric system [[a,b,c],[b,d,e],[c,e,f]] X = moment [3,2] by the adjugate. */
function solveSymmetric3([a, b, c, d, e, f]: readonly number[], moment: Float64Array): AffineField {
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
  const [xx, xy, yx, yy, cx, cy] = field;
  out[at] = 1 + (s * xx) / UNIT;
  out[at + 1] = (s * yx) / UNIT;
  out[at + 2] = s * (cx - (xx * CENTRE_X + yx * CENTRE_Y) / UNIT);
  out[at + 3] = (s * xy) / UNIT;
  out[at + 4] = 1 + (s * yy) / UNIT;
  out[at + 5] = s * (cy - (xy * CENTRE_X + yy * CENTRE_Y) / UNIT);
}
