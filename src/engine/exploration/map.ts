import type { FuturesMap } from "../../domain/exploration.ts";

/** Power iterations of both axes together; the leading two of hundreds of samples part quickly. */
const ITERATIONS = 60;
/** Samples at a rim of the map whose mean motion its arrow shows. */
const RIM_SAMPLES = 12;

/**
 * The plane of the two leading principal components of the rows of [K,Q], px. `endsK2`: mean
 * displacement of each sample's movers at the end, by which the axes point right and down where they
 * can.
 */
export function mapOf(rowsKQ: Float32Array, size: number, endsK2: Float32Array): FuturesMap {
  const count = rowsKQ.length / size;
  const centred = centredRows(rowsKQ, size);
  const axes: Float32Array[] = [];
  const scores: Float32Array[] = [];
  for (let axis = 0; axis < 2; axis++) {
    const direction = leading(centred, size, axes, axis);
    const score = product(centred, size, direction);
    const sign = covariance(score, endsK2, axis) < 0 ? -1 : 1;
    axes.push(direction);
    scores.push(score.map((v) => sign * v));
  }
  const total = centred.reduce((sum, v) => sum + v * v, 0) || 1;
  const explained = (score: Float32Array) => score.reduce((sum, v) => sum + v * v, 0) / total;
  const placesK2 = new Float32Array(2 * count);
  for (let k = 0; k < count; k++) placesK2.set([scores[0][k], scores[1][k]], 2 * k);
  const rim = (score: Float32Array, sign: number) => rimMotion(score, sign, endsK2);
  return {
    placesK2,
    explained: [explained(scores[0]), explained(scores[1])],
    rim: {
      left: rim(scores[0], -1),
      right: rim(scores[0], 1),
      top: rim(scores[1], -1),
      bottom: rim(scores[1], 1),
    },
  };
}

function centredRows(rowsKQ: Float32Array, size: number): Float32Array {
  const count = rowsKQ.length / size;
  const mean = new Float64Array(size);
  for (let i = 0; i < rowsKQ.length; i++) mean[i % size] += rowsKQ[i] / count;
  return rowsKQ.map((v, i) => v - mean[i % size]);
}

/** Unit vector that most of the variance lies along, at right angles to those before. */
function leading(
  rows: Float32Array,
  size: number,
  before: readonly Float32Array[],
  axis: number,
): Float32Array {
  // Any start that is not at right angles to the answer; the same one every time.
  let v = Float32Array.from({ length: size }, (_, i) => Math.cos((axis + 1) * (i + 1)));
  for (let i = 0; i < ITERATIONS; i++) {
    const score = product(rows, size, v);
    const next = new Float32Array(size);
    for (let k = 0, at = 0; k < score.length; k++) {
      for (let q = 0; q < size; q++, at++) next[q] += score[k] * rows[at];
    }
    for (const other of before) {
      const along = next.reduce((sum, value, q) => sum + value * other[q], 0);
      for (let q = 0; q < size; q++) next[q] -= along * other[q];
    }
    const length = Math.hypot(...next);
    if (!(length > 0)) break;
    v = next.map((value) => value / length);
  }
  return v;
}

function product(rows: Float32Array, size: number, v: Float32Array): Float32Array {
  const out = new Float32Array(rows.length / size);
  for (let k = 0, at = 0; k < out.length; k++) {
    for (let q = 0; q < size; q++, at++) out[k] += rows[at] * v[q];
  }
  return out;
}

function covariance(score: Float32Array, endsK2: Float32Array, axis: number): number {
  return score.reduce((sum, v, k) => sum + v * endsK2[2 * k + axis], 0);
}

function rimMotion(score: Float32Array, sign: number, endsK2: Float32Array): [number, number] {
  const furthest = [...score.keys()]
    .sort((a, b) => sign * (score[b] - score[a]))
    .slice(0, RIM_SAMPLES);
  const mean = (axis: number) =>
    furthest.reduce((sum, k) => sum + endsK2[2 * k + axis], 0) / furthest.length;
  return [mean(0), mean(1)];
}

/** Samples whose blend a place on the map shows. */
const NEIGHBOURS = 6;

/** The nearest samples to a place on the map and their shares, by inverse squared distance; sum 1. */
export function neighboursOnMap(
  placesK2: Float32Array,
  x: number,
  y: number,
): { readonly index: number; readonly weight: number }[] {
  const away = (k: number) => (placesK2[2 * k] - x) ** 2 + (placesK2[2 * k + 1] - y) ** 2;
  const all = Array.from({ length: placesK2.length / 2 }, (_, index) => ({
    index,
    squared: away(index),
  }));
  const nearest = all.sort((a, b) => a.squared - b.squared).slice(0, NEIGHBOURS);
  const exact = nearest[0];
  // On a sample itself there is nothing to blend.
  const scale = (nearest.at(-1)?.squared ?? 0) * 1e-6;
  if (exact && exact.squared <= scale) return [{ index: exact.index, weight: 1 }];
  const sum = nearest.reduce((total, { squared }) => total + 1 / squared, 0);
  return nearest.map(({ index, squared }) => ({ index, weight: 1 / squared / sum }));
}
