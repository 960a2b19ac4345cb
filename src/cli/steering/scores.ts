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
  /** The same of those that the free future leaves within 1 px of their place, and which share they are. */
  readonly leakAtRest: number;
  readonly atRest: number;
  /** How much farther from their true places still points are than in the free future; below 0: nearer. */
  readonly harm: number;
  /** Share of true coordinates between the least and the greatest future: 78 % of 8 drawn well. */
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
  const others = masked(truth, (_, n) => !set.pinnedN[n]);
  const error = (mask: Tracks) =>
    mean(futures.map((f) => meanDistance(f, mask, mask.visibilityTN)));
  const ground = stillPoints(truth, xyN2);
  const moved = free?.map((f, k) =>
    movedGround(futures[k], f, truth, xyN2, (n) => ground[n] > 0 && !set.pinnedN[n]),
  );
  return {
    energy: energyScore(futures, others),
    error: error(others),
    minAde: Math.min(...futures.map((f) => meanDistance(f, others, others.visibilityTN))),
    adherence: mean(futures.map((future) => distanceFromPins(future, set))),
    leak: mean(moved?.map(({ leak }) => leak) ?? []),
    leakAtRest: mean((moved ?? []).map(({ leakAtRest }) => leakAtRest).filter(Number.isFinite)),
    atRest: mean(moved?.map(({ atRest }) => atRest) ?? []),
    harm: mean(moved?.map(({ harm }) => harm) ?? []),
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

function movedGround(
  future: Tracks,
  free: Tracks,
  truth: Tracks,
  xyN2: Float32Array,
  isGround: (n: number) => boolean,
) {
  const away = (a: Float32Array, i: number, b: Float32Array, j: number) =>
    Math.hypot(a[2 * i] - b[2 * j], a[2 * i + 1] - b[2 * j + 1]);
  let [leak, harm, seen, restLeak, restSeen] = [0, 0, 0, 0, 0];
  for (let n = 0; n < truth.pointCount; n++) {
    if (!isGround(n)) continue;
    let [moved, worse, freely, frames] = [0, 0, 0, 0];
    for (let i = n; i < truth.visibilityTN.length; i += truth.pointCount) {
      if (!truth.visibilityTN[i]) continue;
      moved += away(future.tracksTN2, i, free.tracksTN2, i);
      worse += away(future.tracksTN2, i, truth.tracksTN2, i);
      worse -= away(free.tracksTN2, i, truth.tracksTN2, i);
      freely += away(free.tracksTN2, i, xyN2, n);
      frames++;
    }
    leak += moved;
    harm += worse;
    seen += frames;
    if (freely >= AT_REST_PX * frames) continue;
    restLeak += moved;
    restSeen += frames;
  }
  const [leakAtRest, atRest] = [restLeak / restSeen, restSeen / seen];
  return { leak: leak / seen, harm: harm / seen, leakAtRest, atRest };
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
