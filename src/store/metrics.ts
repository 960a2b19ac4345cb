import type { Future } from "../domain/forecast.ts";
import type { Tracks } from "../domain/tracks.ts";
import { ade, fde } from "../engine/metrics/displacement.ts";
import type { Bulk } from "./bulk.ts";

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

/** Errors of the futures in the bulk store, each computed once. */
export class ErrorsOfFutures {
  readonly #known = new WeakMap<Tracks, WeakMap<Future, FutureErrors | null>>();

  constructor(private readonly bulk: Bulk) {}

  /** Null where the future or its truth is not known, or the truth sees no point. */
  of(futureId: string | null, historyId: string): FutureErrors | null {
    const future = futureId ? this.bulk.futures.get(futureId) : undefined;
    const truth = this.bulk.truths.get(historyId);
    if (!future || !truth) return null;
    const known = this.#known.get(truth) ?? new WeakMap<Future, FutureErrors | null>();
    this.#known.set(truth, known);
    if (!known.has(future)) known.set(future, errorsAgainst(future.tracks, truth));
    return known.get(future) ?? null;
  }
}

/** Joint minADE: the mean error of the one future that came closest as a whole. */
export function meanBest(errors: readonly FutureErrors[]): number {
  return Math.min(...errors.map(({ ade }) => ade));
}
