import { LABEL } from "../../domain/exploration.ts";

/**
 * Groups of samples by their distances alone. Samples carry no scores, so a mode is where many lie:
 * greedy cover (the sample that covers most uncovered ones, again and again, as motion forecasters
 * suppress neighbours of their best), then rounds of assigning and taking medoids. A mode is shown only
 * if both halves of the samples find it.
 */

export interface FoundModes {
  readonly radiusPx: number;
  /** Sample that stands for each mode. */
  readonly medoids: readonly number[];
  /** [K] index into `medoids`, or one of LABEL. */
  readonly labelsK: Int16Array;
  readonly distancesKK: Float32Array;
}

/** Share of all pairs that count as alike. */
const ALIKE_QUANTILE = 0.1;
const MAX_MODES = 8;
/** A mode that covers fewer is no mode. */
const MIN_SHARE = 0.04;
/** Of the radius: how far from a mode's medoid a sample may lie and still belong to it. */
const REACH = 2;
const MEDOID_ROUNDS = 3;

/**
 * `distancesKK` px; `normsK`: from nothing moving; `leastPx`: futures that differ by less are alike
 * whatever the others do, and one that moves less is still.
 */
export function findModes(
  distancesKK: Float32Array,
  normsK: Float32Array,
  leastPx: number,
): FoundModes {
  const count = normsK.length;
  const moving = range(count).filter((k) => normsK[k] >= leastPx);
  const radiusPx = Math.max(leastPx, alikeRadius(distancesKK, count, moving));
  const at = distanceIn(distancesKK);
  const refined = (members: readonly number[]) =>
    refine(cover(members, at, radiusPx, MIN_SHARE * count * (members.length / moving.length)), {
      members,
      at,
      reach: REACH * radiusPx,
    });
  const halves = [0, 1].map((half) => refined(moving.filter((_, i) => i % 2 === half)));
  const medoids = refined(moving).filter((medoid) =>
    halves.every((half) => half.some((other) => at(medoid, other) < REACH * radiusPx)),
  );
  const labelsK = new Int16Array(count).fill(LABEL.still);
  for (const k of moving) labelsK[k] = nearestMode(k, medoids, at, REACH * radiusPx);
  return { radiusPx, medoids, labelsK, distancesKK };
}

type DistanceAt = (a: number, b: number) => number;

function distanceIn(distancesKK: Float32Array): DistanceAt {
  const count = Math.sqrt(distancesKK.length);
  return (a, b) => distancesKK[a * count + b];
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

function alikeRadius(distancesKK: Float32Array, count: number, of: readonly number[]): number {
  const pairs = new Float32Array((of.length * (of.length - 1)) / 2);
  let p = 0;
  for (let a = 1; a < of.length; a++) {
    for (let b = 0; b < a; b++) pairs[p++] = distancesKK[of[a] * count + of[b]];
  }
  return pairs.sort()[Math.floor(ALIKE_QUANTILE * pairs.length)] ?? 0;
}

/** Samples that cover most, none of which covers fewer than `least` that those before it left. */
function cover(
  members: readonly number[],
  at: DistanceAt,
  radius: number,
  least: number,
): readonly number[] {
  const centres: number[] = [];
  let left = [...members];
  while (centres.length < MAX_MODES && left.length > 0) {
    const covered = left.map((k) => left.filter((other) => at(k, other) < radius).length);
    const most = Math.max(...covered);
    if (most < least) break;
    const centre = left[covered.indexOf(most)];
    centres.push(centre);
    left = left.filter((k) => at(centre, k) >= radius);
  }
  return centres;
}

/** Each mode is stood for by its member that is nearest to all of them. */
function refine(
  centres: readonly number[],
  { members, at, reach }: { members: readonly number[]; at: DistanceAt; reach: number },
): readonly number[] {
  let medoids = centres;
  for (let round = 0; round < MEDOID_ROUNDS; round++) {
    const labels = members.map((k) => nearestMode(k, medoids, at, reach));
    medoids = medoids.map((medoid, m) => {
      const own = members.filter((_, i) => labels[i] === m);
      return medoidOf(own, at) ?? medoid;
    });
  }
  return medoids;
}

function medoidOf(members: readonly number[], at: DistanceAt): number | undefined {
  let best: number | undefined;
  let least = Infinity;
  for (const k of members) {
    const sum = members.reduce((total, other) => total + at(k, other), 0);
    if (sum < least) [best, least] = [k, sum];
  }
  return best;
}

function nearestMode(k: number, medoids: readonly number[], at: DistanceAt, reach: number): number {
  let label: number = LABEL.other;
  let nearest = reach;
  for (const [m, medoid] of medoids.entries()) {
    if (at(k, medoid) < nearest) [label, nearest] = [m, at(k, medoid)];
  }
  return label;
}

/** Of the distance of two samples: one that is no further than this from both lies between them. */
const BETWEEN = 0.65;
/** Of the neighbours of the emptier of two modes: with fewer halfway there is a gap. */
const VALLEY = 0.5;

/**
 * Whether samples lie as close halfway between two samples as around them, so that one way goes over
 * into the other; ways that only meet where nothing moves do not. (The mean silhouette does not tell: of a ring cut into arcs it is 0.45.)
 */
export function isConnected(
  { distancesKK, radiusPx, labelsK }: Omit<FoundModes, "medoids">,
  a: number,
  b: number,
): boolean {
  const count = Math.sqrt(distancesKK.length);
  const row = (k: number) => distancesKK.subarray(k * count, (k + 1) * count);
  const near = (k: number) => row(k).reduce((sum, d) => sum + (d < radiusPx ? 1 : 0), 0);
  const [fromA, fromB] = [row(a), row(b)];
  const reach = Math.max(BETWEEN * fromA[b], radiusPx / 2);
  const least = VALLEY * Math.min(near(a), near(b));
  for (let k = 0; k < count; k++) {
    const isBetween = k !== a && k !== b && fromA[k] <= reach && fromB[k] <= reach;
    if (isBetween && labelsK[k] !== LABEL.still && near(k) >= least) return true;
  }
  return false;
}

/** Modes that one name tells and no gap parts become one. `names`: of each mode's medoid. */
export function mergeModes(found: FoundModes, names: readonly string[]): FoundModes {
  const { medoids, labelsK, distancesKK } = found;
  const groupOf = medoids.map((_, m) => m);
  for (let m = 1; m < medoids.length; m++) {
    const same = medoids.findIndex(
      (medoid, other) =>
        other < m && names[other] === names[m] && isConnected(found, medoid, medoids[m]),
    );
    if (same >= 0) groupOf[m] = groupOf[same];
  }
  const groups = [...new Set(groupOf)];
  const merged = labelsK.map((label) => (label < 0 ? label : groups.indexOf(groupOf[label])));
  const at = distanceIn(distancesKK);
  const all = range(labelsK.length);
  return {
    ...found,
    labelsK: merged,
    medoids: groups.map((group, g) => {
      const parts = groupOf.filter((own) => own === group).length;
      const members = all.filter((k) => merged[k] === g);
      return (parts > 1 ? medoidOf(members, at) : undefined) ?? medoids[group];
    }),
  };
}

/** Whether most samples that are in modes lie in one that goes over into another one. */
export function isFan(found: FoundModes): boolean {
  const { medoids, labelsK } = found;
  const joined = medoids.map((a) => medoids.some((b) => a !== b && isConnected(found, a, b)));
  const inModes = labelsK.filter((label) => label >= 0);
  return 2 * inModes.filter((label) => joined[label]).length > inModes.length;
}

/**
 * Numbers of modes, from 1, in the order of `medoids`: a mode that was there before keeps its number,
 * told by a medoid no further than `radiusPx` from its own. `before`: number by medoid; the earlier
 * samples are still the first ones.
 */
export function numberModes(
  medoids: readonly number[],
  before: ReadonlyMap<number, number>,
  distance: (a: number, b: number) => number,
  radiusPx: number,
): number[] {
  const free = new Map(before);
  const kept = medoids.map((medoid) => {
    const near = [...free.keys()].sort((a, b) => distance(medoid, a) - distance(medoid, b))[0];
    if (near === undefined || distance(medoid, near) >= radiusPx) return null;
    const number = free.get(near);
    free.delete(near);
    return number ?? null;
  });
  let next = Math.max(0, ...before.values());
  return kept.map((number) => number ?? ++next);
}
