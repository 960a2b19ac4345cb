import type { Exploration } from "../../domain/exploration.ts";
import { pairwiseKK } from "./sketch.ts";

/**
 * Indices of the samples that stand for all: each next one of `count` lowers most the mean distance of
 * the samples to the nearest one chosen; the first is the medoid. As `models/foretrack/photo/metrics.py`
 * has it, with points weighed by the probability that they move.
 */
export function representatives({ sketchKQ, seeds }: Exploration, count: number): number[] {
  const size = seeds.length;
  const betweenKK = pairwiseKK(sketchKQ);
  const nearestK = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  const chosen: number[] = [];
  while (chosen.length < Math.min(count, size)) {
    let [best, least] = [0, Number.POSITIVE_INFINITY];
    for (let k = 0; k < size; k++) {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += Math.min(nearestK[i], betweenKK[k * size + i]);
      if (sum < least && !chosen.includes(k)) [best, least] = [k, sum];
    }
    chosen.push(best);
    for (let i = 0; i < size; i++) nearestK[i] = Math.min(nearestK[i], betweenKK[best * size + i]);
  }
  return chosen;
}
