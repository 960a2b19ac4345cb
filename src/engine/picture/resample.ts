import type { Plane } from "./picture.ts";

export const WEIGHT_BITS = 14;
/** The first pass keeps bits below the sample until it has 15: 255 << 7 fits 16 bits. */
export const FIRST_PASS_BITS = 15;

/** Output i = sum over k of weights[i * count + k] * input[start[i] + k]; weights sum to 1 << 14. */
export interface Taps {
  readonly count: number;
  readonly start: Int32Array;
  readonly weights: Int32Array;
}

/**
 * Weights of the triangle filter that maps [from, to) of an axis with `inputLength` samples to
 * `outputLength` samples. It widens when it shrinks (no aliasing) and is linear when it enlarges.
 * Samples beyond the ends repeat the end.
 */
export function triangleTaps(
  inputLength: number,
  from: number,
  to: number,
  outputLength: number,
): Taps {
  const scale = (to - from) / outputLength;
  const support = Math.max(1, scale);
  const last = inputLength - 1;
  const count = Math.min(inputLength, Math.ceil(2 * support));
  const start = new Int32Array(outputLength);
  const weights = new Int32Array(outputLength * count);
  const row = new Float64Array(count);
  for (let i = 0; i < outputLength; i++) {
    const centre = from + (i + 0.5) * scale - 0.5;
    const low = Math.floor(centre - support) + 1;
    const high = Math.ceil(centre + support) - 1;
    const first = Math.min(Math.max(0, low), inputLength - count);
    row.fill(0);
    let sum = 0;
    for (let s = low; s <= high; s++) {
      const weight = 1 - Math.abs(s - centre) / support;
      row[Math.min(last, Math.max(0, s)) - first] += weight;
      sum += weight;
    }
    start[i] = first;
    let left = 1 << WEIGHT_BITS;
    let largest = 0;
    for (let k = 0; k < count; k++) {
      const weight = Math.round((row[k] / sum) * (1 << WEIGHT_BITS));
      weights[i * count + k] = weight;
      left -= weight;
      if (row[k] > row[largest]) largest = k;
    }
    weights[i * count + largest] += left;
  }
  return { count, start, weights };
}

/** Scales `plane` by separable taps in integers: the same bits on every machine. */
export function resamplePlane(
  plane: Plane,
  across: Taps,
  down: Taps,
  bits: 8 | 10 = 8,
): Uint8Array | Uint16Array {
  const kept = FIRST_PASS_BITS - bits;
  const width = across.start.length;
  const height = down.start.length;
  const firstRow = down.start[0];
  const rowCount = down.start[height - 1] + down.count - firstRow;
  const rows = resampleRows(plane, across, firstRow, rowCount, kept);
  const out = bits === 8 ? new Uint8Array(width * height) : new Uint16Array(width * height);
  resampleColumns(rows, width, down, firstRow, kept, out);
  return out;
}

/** Rows between the passes: kept, since a fresh megabyte a plane costs more than filling it. */
let scratch = new Uint16Array(0);

/** Two and three taps cover most clips and are written out: the general loop takes twice the time. */
function resampleRows(
  plane: Plane,
  across: Taps,
  firstRow: number,
  rowCount: number,
  kept: number,
): Uint16Array {
  const { samples, step, stride } = plane;
  const { count, start, weights } = across;
  const width = start.length;
  const shift = WEIGHT_BITS - kept;
  const half = 1 << (shift - 1);
  if (scratch.length < rowCount * width) scratch = new Uint16Array(rowCount * width);
  const rows = scratch;
  for (let r = 0; r < rowCount; r++) {
    const row = plane.offset + (firstRow + r) * stride;
    const base = r * width;
    if (count === 2) {
      for (let x = 0, w = 0; x < width; x++, w += 2) {
        const from = row + start[x] * step;
        const sum = weights[w] * samples[from] + weights[w + 1] * samples[from + step];
        rows[base + x] = (sum + half) >> shift;
      }
    } else if (count === 3) {
      for (let x = 0, w = 0; x < width; x++, w += 3) {
        const from = row + start[x] * step;
        const sum =
          weights[w] * samples[from] +
          weights[w + 1] * samples[from + step] +
          weights[w + 2] * samples[from + 2 * step];
        rows[base + x] = (sum + half) >> shift;
      }
    } else {
      for (let x = 0, w = 0; x < width; x++) {
        let from = row + start[x] * step;
        let sum = half;
        for (let k = 0; k < count; k++, w++, from += step) sum += weights[w] * samples[from];
        rows[base + x] = sum >> shift;
      }
    }
  }
  return rows;
}

function resampleColumns(
  rows: Uint16Array,
  width: number,
  down: Taps,
  firstRow: number,
  kept: number,
  out: Uint8Array | Uint16Array,
): void {
  const { count, start, weights } = down;
  const height = start.length;
  const sums = new Int32Array(width);
  const shift = WEIGHT_BITS + kept;
  const half = 1 << (shift - 1);
  for (let y = 0; y < height; y++) {
    const base = y * width;
    const from = (start[y] - firstRow) * width;
    const w = y * count;
    if (count === 2) {
      const [a, b] = [weights[w], weights[w + 1]];
      for (let x = 0; x < width; x++) {
        out[base + x] = (a * rows[from + x] + b * rows[from + width + x] + half) >> shift;
      }
    } else if (count === 3) {
      const [a, b, c] = [weights[w], weights[w + 1], weights[w + 2]];
      for (let x = 0; x < width; x++) {
        const i = from + x;
        const sum = a * rows[i] + b * rows[i + width] + c * rows[i + 2 * width];
        out[base + x] = (sum + half) >> shift;
      }
    } else {
      sums.fill(half);
      for (let k = 0; k < count; k++) {
        const weight = weights[w + k];
        if (weight === 0) continue;
        const row = from + k * width;
        for (let x = 0; x < width; x++) sums[x] += weight * rows[row + x];
      }
      for (let x = 0; x < width; x++) out[base + x] = sums[x] >> shift;
    }
  }
}
