import type { PictureSight } from "../../domain/latent.ts";
import { nameField } from "./naming.ts";

/** A step of the latent by which the field changes as much as it can, at right angles to those before. */
export interface LatentDirection {
  /** [L], of length 1: one standard deviation. */
  readonly stepL: Float32Array;
  /** What it adds, in words. */
  readonly name: string;
}

/** Central differences of this step: small against the prior's deviation of 1. */
const STEP = 0.05;
const SWEEPS = 30;

/** The latents [2L,L] whose fields `leadingDirections` wants: z + and − a step along every number. */
export function differenceLatents(z: ArrayLike<number>): Float32Array {
  const size = z.length;
  const out = new Float32Array(2 * size * size);
  for (let i = 0; i < 2 * size; i++) {
    out.set(Array.from(z), i * size);
    out[i * size + (i >> 1)] += i % 2 === 0 ? STEP : -STEP;
  }
  return out;
}

/**
 * Leading right singular vectors of ∂field/∂z at a latent, every point weighed by the probability that
 * it moves. `fields`: those of `differenceLatents`. Numbers that `isHeld` accepts stay as they are.
 */
export function leadingDirections(
  sight: PictureSight,
  fields: readonly Float32Array[],
  count: number,
  isHeld: (index: number) => boolean = () => false,
): LatentDirection[] {
  const size = fields.length / 2;
  const pointCount = sight.movingN.length;
  const columns = Array.from({ length: size }, (_, i) => {
    const [more, less] = [fields[2 * i], fields[2 * i + 1]];
    return isHeld(i)
      ? new Float32Array(more.length)
      : more.map((v, k) => (v - less[k]) / (2 * STEP));
  });
  const gram = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let k = 0; k < columns[a].length; k++) {
        sum += sight.movingN[k % pointCount] * columns[a][k] * columns[b][k];
      }
      gram[a * size + b] = gram[b * size + a] = sum;
    }
  }
  const { values, vectors } = symmetricEigen(gram, size);
  const order = [...values.keys()].sort((a, b) => values[b] - values[a]).slice(0, count);
  return order
    .filter((index) => values[index] > 0)
    .map((index) => {
      const stepL = Float32Array.from({ length: size }, (_, i) => vectors[i * size + index]);
      const change = new Float32Array(columns[0].length);
      for (const [i, column] of columns.entries()) {
        for (let k = 0; k < change.length; k++) change[k] += stepL[i] * column[k];
      }
      return { stepL, name: nameField(sight, change) };
    });
}

/** Eigenvalues and eigenvectors (columns) of a symmetric matrix, by Jacobi's rotations. */
function symmetricEigen(matrix: Float64Array, size: number) {
  const a = matrix.slice();
  const v = new Float64Array(size * size);
  for (let i = 0; i < size; i++) v[i * size + i] = 1;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const off = a[p * size + q];
        if (Math.abs(off) <= 1e-14 * Math.abs(a[p * size + p] + a[q * size + q])) continue;
        const theta = (a[q * size + q] - a[p * size + p]) / (2 * off);
        const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        rotate(a, v, { size, p, q, c, s: t * c });
      }
    }
  }
  return { values: Float64Array.from({ length: size }, (_, i) => a[i * size + i]), vectors: v };
}

function rotate(
  a: Float64Array,
  v: Float64Array,
  { size, p, q, c, s }: { size: number; p: number; q: number; c: number; s: number },
): void {
  const turn = (m: Float64Array, i: number, j: number) => {
    const [x, y] = [m[i], m[j]];
    m[i] = c * x - s * y;
    m[j] = s * x + c * y;
  };
  for (let k = 0; k < size; k++) turn(a, k * size + p, k * size + q);
  for (let k = 0; k < size; k++) turn(a, p * size + k, q * size + k);
  for (let k = 0; k < size; k++) turn(v, k * size + p, k * size + q);
}
