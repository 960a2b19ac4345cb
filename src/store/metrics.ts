import type { Tracks } from "../domain/tracks.ts";
import { bulk } from "./bulk.ts";

/** Errors of one future against what really happened, px of the working frame. */
export interface FutureErrors {
  /** Mean distance over all visible points and frames. */
  readonly ade: number;
  /** Mean distance at the last frame that the truth has. */
  readonly fde: number;
}

/** Distances over points that the truth sees; null when no point is ever seen. */
export function errorsAgainst(future: Tracks, truth: Tracks): FutureErrors | null {
  const frames = Math.min(future.frameCount, truth.frameCount);
  const { pointCount } = truth;
  let sum = 0;
  let count = 0;
  let lastSum = 0;
  let lastCount = 0;
  for (let t = 0; t < frames; t++) {
    lastSum = 0;
    lastCount = 0;
    for (let n = 0; n < pointCount; n++) {
      const at = t * pointCount + n;
      if (!truth.visibilityTN[at]) continue;
      const dx = future.tracksTN2[2 * at] - truth.tracksTN2[2 * at];
      const dy = future.tracksTN2[2 * at + 1] - truth.tracksTN2[2 * at + 1];
      lastSum += Math.hypot(dx, dy);
      lastCount++;
    }
    sum += lastSum;
    count += lastCount;
  }
  if (count === 0) return null;
  return { ade: sum / count, fde: lastCount > 0 ? lastSum / lastCount : Number.NaN };
}

const cache = new WeakMap<object, WeakMap<object, FutureErrors | null>>();

/** Errors of a future in the bulk store, if its truth is known. */
export function futureErrors(futureId: string | null, historyId: string): FutureErrors | null {
  const future = futureId ? bulk.futures.get(futureId) : undefined;
  const truth = bulk.truths.get(historyId);
  if (!future || !truth) return null;
  const known = cache.get(truth) ?? new WeakMap<object, FutureErrors | null>();
  cache.set(truth, known);
  if (!known.has(future)) known.set(future, errorsAgainst(future.tracks, truth));
  return known.get(future) ?? null;
}

/** Joint minADE: the mean error of the one future that came closest as a whole. */
export function meanBest(errors: readonly FutureErrors[]): number {
  return Math.min(...errors.map(({ ade }) => ade));
}
