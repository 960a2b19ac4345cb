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
  /** Points without a pin that stand in truth (pin-sets.ts): what pins elsewhere make of them. */
  readonly ground: Readonly<Record<GroundKind, Ground>>;
  /** Share of true coordinates between the least and the greatest future: 78 % of 8 drawn well. */
  readonly coverage: number;
  /** Mean error of each group of the set. */
  readonly groups: Readonly<Record<string, number>>;
}

/** All still points; those that the free future leaves within 1 px of their place in the mean; the others. */
export type GroundKind = "all" | "at rest" | "taken away";

/** px; NaN = no such points, or the way has no free futures. */
export interface Ground {
  /** Part of the still points' known positions, of all futures together. */
  readonly share: number;
  /** How far they are moved from where the free future has them: the leak. */
  readonly moved: number;
  /** Their distance from the truth in the free future, and after completion. */
  readonly freeError: number;
  readonly error: number;
}

/** `free`: the same futures without pins, in the same order; null where the way has none. */
export function score(
  futures: readonly Tracks[],
  free: readonly Tracks[] | null,
  truth: Tracks,
  set: PinSet,
  xyN2: Float32Array,
): Scores {
  const others = masked(truth, (_, n) => !set.pinnedN[n]);
  const error = (mask: Tracks) =>
    mean(futures.map((f) => meanDistance(f, mask, mask.visibilityTN)));
  const still = stillPoints(truth, xyN2);
  const isGround = (n: number) => still[n] > 0 && !set.pinnedN[n];
  return {
    energy: energyScore(futures, others),
    error: error(others),
    minAde: Math.min(...futures.map((f) => meanDistance(f, others, others.visibilityTN))),
    adherence: mean(futures.map((future) => distanceFromPins(future, set))),
    ground: groundOf(futures, free ?? [], truth, xyN2, isGround),
    coverage:
      futures.length > 1
        ? coverage(futures, others, (futures.length - 1) / (futures.length + 1))
        : Number.NaN,
    groups: Object.fromEntries(
      Object.entries(set.groups).map(([name, group]) => [name, error(masked(truth, group))]),
    ),
  };
}

/** The truth with only the positions known that `takes` accepts. */
function masked(truth: Tracks, takes: (frame: number, point: number) => boolean): Tracks {
  const { pointCount } = truth;
  const visibilityTN = truth.visibilityTN.map((seen, i) =>
    takes(Math.floor(i / pointCount), i % pointCount) ? seen : 0,
  );
  return { ...truth, visibilityTN };
}

const AT_REST_PX = 1;

function groundOf(
  futures: readonly Tracks[],
  free: readonly Tracks[],
  truth: Tracks,
  xyN2: Float32Array,
  isGround: (n: number) => boolean,
): Scores["ground"] {
  const away = (a: Float32Array, i: number, b: Float32Array, j: number) =>
    Math.hypot(a[2 * i] - b[2 * j], a[2 * i + 1] - b[2 * j + 1]);
  const none = () => ({ frames: 0, moved: 0, freeError: 0, error: 0 });
  const sums = { all: none(), "at rest": none(), "taken away": none() };
  for (const [k, { tracksTN2: freeTN2 }] of free.entries()) {
    const { tracksTN2 } = futures[k];
    for (let n = 0; n < truth.pointCount; n++) {
      if (!isGround(n)) continue;
      const point = none();
      let freely = 0;
      for (let i = n; i < truth.visibilityTN.length; i += truth.pointCount) {
        if (!truth.visibilityTN[i]) continue;
        point.frames++;
        point.moved += away(tracksTN2, i, freeTN2, i);
        point.freeError += away(freeTN2, i, truth.tracksTN2, i);
        point.error += away(tracksTN2, i, truth.tracksTN2, i);
        freely += away(freeTN2, i, xyN2, n);
      }
      const isAtRest = freely < AT_REST_PX * point.frames;
      for (const sum of [sums.all, sums[isAtRest ? "at rest" : "taken away"]]) {
        sum.frames += point.frames;
        sum.moved += point.moved;
        sum.freeError += point.freeError;
        sum.error += point.error;
      }
    }
  }
  const of = ({ frames, moved, freeError, error }: ReturnType<typeof none>): Ground => ({
    share: frames / sums.all.frames,
    moved: moved / frames,
    freeError: freeError / frames,
    error: error / frames,
  });
  return {
    all: of(sums.all),
    "at rest": of(sums["at rest"]),
    "taken away": of(sums["taken away"]),
  };
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
