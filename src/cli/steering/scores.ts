import { constrainedPoints } from "../../domain/constraints.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { meanDistance } from "../../engine/metrics/displacement.ts";
import { coverage, energyScore } from "../../engine/metrics/ensemble-scores.ts";
import { type PinSet, stillPoints } from "./pin-sets.ts";

/** What one way makes of one case and one set of pins; px, except coverage. NaN = nothing to score. */
export interface Scores {
  readonly energy: number;
  /** Mean error of one future at points without a pin. */
  readonly error: number;
  readonly minAde: number;
  /** Mean distance from the pins, at pinned points and frames. */
  readonly adherence: number;
  /** How far still points without a pin are moved from where the free future has them. */
  readonly leak: number;
  /** Share of true coordinates inside the 90 % interval. */
  readonly coverage: number;
  /** Mean error of each group of the set. */
  readonly groups: Readonly<Record<string, number>>;
}

/** `free`: the same futures without pins, in the same order; null where the way has none. */
export function score(
  futures: readonly Tracks[],
  free: readonly Tracks[] | null,
  truth: Tracks,
  set: PinSet,
  xyN2: Float32Array,
): Scores {
  const others = masked(truth, (n) => !set.pinnedN[n]);
  const error = (mask: Tracks) =>
    mean(futures.map((f) => meanDistance(f, mask, mask.visibilityTN)));
  const ground = stillPoints(truth, xyN2);
  const stays = masked(truth, (n) => ground[n] > 0 && !set.pinnedN[n]);
  const moved = free?.map((f, k) => meanDistance(futures[k], f, stays.visibilityTN));
  return {
    energy: energyScore(futures, others),
    error: error(others),
    minAde: Math.min(...futures.map((f) => meanDistance(f, others, others.visibilityTN))),
    adherence: mean(futures.map((future) => distanceFromPins(future, set))),
    leak: moved ? mean(moved) : Number.NaN,
    coverage: futures.length > 1 ? coverage(futures, others, 0.9) : Number.NaN,
    groups: Object.fromEntries(
      Object.entries(set.groups).map(([name, group]) => [
        name,
        error(masked(truth, (n) => group[n] > 0)),
      ]),
    ),
  };
}

/** The truth with only the points that `takes` accepts known. */
function masked(truth: Tracks, takes: (n: number) => boolean): Tracks {
  const { pointCount } = truth;
  const visibilityTN = truth.visibilityTN.map((seen, i) => (takes(i % pointCount) ? seen : 0));
  return { ...truth, visibilityTN };
}

function distanceFromPins(future: Tracks, { constraints }: PinSet): number {
  const { positionsTN2, weightTN, pointCount } = constraints;
  const distances: number[] = [];
  for (const n of constrainedPoints(constraints)) {
    for (let i = n; i < future.visibilityTN.length; i += pointCount) {
      if (!(weightTN[i] > 0)) continue;
      const dx = future.tracksTN2[2 * i] - positionsTN2[2 * i];
      const dy = future.tracksTN2[2 * i + 1] - positionsTN2[2 * i + 1];
      distances.push(Math.hypot(dx, dy));
    }
  }
  return mean(distances);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
