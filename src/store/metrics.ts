import type { Tracks } from "../domain/tracks.ts";
import { ade, fde } from "../engine/metrics/displacement.ts";
import { bulk } from "./bulk.ts";

/** Errors of one future against what really happened, px of the working frame. */
export interface FutureErrors {
  /** Mean distance over all visible points and frames. */
  readonly ade: number;
  /** Mean distance where each point is last seen. */
  readonly fde: number;
}

/** Distances over positions that the truth sees; null when no point is ever seen. */
function errorsAgainst(future: Tracks, truth: Tracks): FutureErrors | null {
  const errors = { ade: ade(future, truth), fde: fde(future, truth) };
  return Number.isFinite(errors.ade) ? errors : null;
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
