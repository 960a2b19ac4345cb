import type { PictureSight } from "../../domain/latent.ts";
import { randomStream } from "../random/philox.ts";

/** Numbers of a sketch. Squared distances of sketches scatter by √(2/Q): 6 %. */
export const SKETCH_SIZE = 512;
/** Any fixed number: the same picture is always folded alike. */
const SEED = 20160;
const STREAM = 11;

/** Folds fields [C,2,N] to SKETCH_SIZE numbers. */
export interface Sketch {
  /** `out`: [Q], is overwritten. */
  fold(fieldCN: Float32Array, out: Float32Array): void;
}

/**
 * A count sketch (Charikar, Chen and Farach-Colton, 2002): every coefficient is added, with a random
 * sign, to one of Q buckets, which keeps squared distances on average. Coefficients are weighed first so
 * that the distance of two futures is the root mean square of their positions' distance, px, over
 * frames and points, each point with the probability that it moves: the ground does not count.
 */
export function createSketch({ movingN, frameCount, timeBasisCT }: PictureSight): Sketch {
  const pointCount = movingN.length;
  const size = 2 * pointCount * (timeBasisCT.length / frameCount);
  const random = randomStream(SEED, STREAM);
  const total = movingN.reduce((sum, v) => sum + v, 0) || 1;
  const buckets = new Uint16Array(size);
  const scales = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    buckets[i] = random.below(SKETCH_SIZE);
    const sign = random.uniform() < 0.5 ? -1 : 1;
    scales[i] = sign * Math.sqrt(movingN[i % pointCount] / (total * frameCount));
  }
  return {
    fold(fieldCN, out) {
      out.fill(0);
      for (let i = 0; i < size; i++) out[buckets[i]] += scales[i] * fieldCN[i];
    },
  };
}

/** Euclidean distance of rows `a` and `b` of [K,Q]. */
export function rowDistance(
  rowsKQ: Float32Array,
  a: number,
  b: number,
  size = SKETCH_SIZE,
): number {
  let sum = 0;
  for (let q = 0, i = a * size, j = b * size; q < size; q++, i++, j++) {
    const d = rowsKQ[i] - rowsKQ[j];
    sum += d * d;
  }
  return Math.sqrt(sum);
}

/** All pairwise distances [K,K] of the rows of [K,Q]. */
export function pairwiseKK(rowsKQ: Float32Array, size = SKETCH_SIZE): Float32Array {
  const count = rowsKQ.length / size;
  const out = new Float32Array(count * count);
  for (let a = 1; a < count; a++) {
    for (let b = 0; b < a; b++) {
      out[a * count + b] = out[b * count + a] = rowDistance(rowsKQ, a, b, size);
    }
  }
  return out;
}

/** [K]: distance of every row from nothing moving. */
export function rowNorms(rowsKQ: Float32Array, size = SKETCH_SIZE): Float32Array {
  const norms = new Float32Array(rowsKQ.length / size);
  for (let i = 0; i < rowsKQ.length; i++) norms[Math.floor(i / size)] += rowsKQ[i] * rowsKQ[i];
  return norms.map(Math.sqrt);
}

/**
 * The rows with their lengths n drawn in to m·ln(1 + n/m), m the middle length or `leastPx`: as a
 * person would group them, twice as far the same way is nearer than as far another way.
 */
export function drawnIn(rowsKQ: Float32Array, leastPx: number, size = SKETCH_SIZE): Float32Array {
  const norms = rowNorms(rowsKQ, size);
  const middle = Math.max(leastPx, norms.slice().sort()[norms.length >> 1] ?? 0);
  const factors = norms.map((n) => (n > 0 ? (middle * Math.log1p(n / middle)) / n : 1));
  return rowsKQ.map((v, i) => v * factors[Math.floor(i / size)]);
}
