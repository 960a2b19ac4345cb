import { withoutCamera } from "../../domain/camera-view.ts";
import { framesWithin } from "../../domain/edits/kind.ts";
import type { Box } from "../../domain/edits/placing.ts";
import type { WishEdit } from "../../domain/edits/wish.ts";
import type { Edit } from "../../domain/edits.ts";
import type { Future } from "../../domain/forecast.ts";
import { randomStream, STREAM } from "../random/philox.ts";

/** What was drawn for the sake of wishes, and how much of it counts. */
export interface Weighed {
  readonly drawn: number;
  readonly kept: number;
  /** (Σw)² / Σw²: as many futures that meet the wishes equally well would weigh as much (Kish, 1965). */
  readonly effective: number;
}

/** The wishes of a list that are on. */
export function wishesIn(edits: readonly Edit[]): readonly WishEdit[] {
  return edits.filter((edit): edit is WishEdit => edit.kind === "wish" && edit.on);
}

/** What a point that is seen lacks to be hidden, px. */
const SEEN_PX = 32;

/**
 * How far a future is from the wish, px, 0 where it meets it: the mean over its points of how far each
 * leaves the box at most (`inside`), comes to it at least (`arrives`), or that and 32 px while it is seen
 * (`behind`).
 */
export function wishMiss(edit: WishEdit, future: Pick<Future, "tracks" | "cameraPathT6">): number {
  const { frameCount, pointCount, tracksTN2, visibilityTN } =
    edit.space === "scene" ? withoutCamera(future) : future.tracks;
  const [first, last] = framesWithin(edit.frames, frameCount);
  const points = edit.points.filter((n) => n < pointCount);
  let sum = 0;
  for (const n of points) {
    let [most, least] = [0, Number.POSITIVE_INFINITY];
    for (let t = first; t <= last; t++) {
      const i = t * pointCount + n;
      const outside = distanceTo(edit.box, tracksTN2[2 * i], tracksTN2[2 * i + 1]);
      const seen = edit.wants === "behind" && visibilityTN[i] > 0 ? SEEN_PX : 0;
      most = Math.max(most, outside);
      least = Math.min(least, outside + seen);
    }
    sum += edit.wants === "inside" ? most : least;
  }
  return points.length > 0 ? sum / points.length : 0;
}

function distanceTo([ax, ay, bx, by]: Box, x: number, y: number): number {
  const dx = Math.max(0, Math.min(ax, bx) - x, x - Math.max(ax, bx));
  const dy = Math.max(0, Math.min(ay, by) - y, y - Math.max(ay, by));
  return Math.hypot(dx, dy);
}

/** So many futures are drawn at once for each that is kept, and at least in all. */
const DRAWN_FOR_ONE = 4;
const FEWEST_DRAWN = 32;
/** Fewer effective ones than that are drawn for once more. */
export const FEWEST_EFFECTIVE = 4;

/** Rounds of draws that wishes take at most. */
export const MOST_ROUNDS = 2;

/**
 * Seeds to choose from: `own`, and the first whole numbers that neither they nor `taken` are, so that the
 * same wishes have the same choice again.
 */
export function candidateSeeds(
  own: readonly number[],
  taken: readonly number[],
  rounds: number,
): number[] {
  const count = rounds * Math.max(FEWEST_DRAWN, DRAWN_FOR_ONE * own.length);
  const used = new Set([...own, ...taken]);
  const seeds = [...own];
  for (let seed = 1; seeds.length < count; seed++) if (!used.has(seed)) seeds.push(seed);
  return seeds;
}

/** How far a future is from all wishes, each in units of what it takes for little. */
export function wishEnergy(wishes: readonly WishEdit[], future: Future): number {
  return wishes.reduce((sum, wish) => {
    const scale = wish.strength === "exact" ? 1 : wish.strength;
    return sum + wishMiss(wish, future) / scale;
  }, 0);
}

export function effectiveNumber(energies: readonly number[]): number {
  const least = Math.min(...energies);
  const weights = energies.map((energy) => Math.exp(least - energy));
  const sum = weights.reduce((a, b) => a + b, 0);
  return sum ** 2 / weights.reduce((a, b) => a + b * b, 0);
}

/**
 * `count` of the futures, none twice, drawn by weights exp(−energy): the largest of −energy + a Gumbel
 * number of the future's own seed (Kool, van Hoof and Welling, 2019), so that a future that was kept is
 * kept again. Those of the seeds `own` come first, the others in the order of their numbers.
 */
export function keepWeighed(
  futures: readonly Future[],
  energies: readonly number[],
  count: number,
  own: readonly number[],
): Future[] {
  const key = (future: Future, k: number) => {
    const uniform = randomStream(future.seed, STREAM.wish).uniform();
    return -energies[k] - Math.log(-Math.log(Math.min(1 - 1e-9, Math.max(1e-9, uniform))));
  };
  const ranked = futures.map((future, k) => ({ future, key: key(future, k) }));
  const kept = ranked.sort((a, b) => b.key - a.key).slice(0, count);
  const seeds = kept.map(({ future }) => future).sort((a, b) => a.seed - b.seed);
  const isOwn = ({ seed }: Future) => own.includes(seed);
  return [...seeds.filter(isOwn), ...seeds.filter((future) => !isOwn(future))];
}

/** In words for the user. */
export function weighedWords({ drawn, kept, effective }: Weighed): string {
  return `${drawn} futures were drawn for what is wished, ${kept} kept; ${effective.toFixed(1)} count.`;
}
