import type { LatentChoice, PictureSight } from "../../domain/latent.ts";
import { childOf, drawLetGo, holdParts, varied } from "./latent.ts";
import { rowDistance, SKETCH_SIZE } from "./sketch.ts";

/** Latents that the user wants more of, and those that he has seen enough of. */
export interface Preferences {
  readonly liked: readonly (readonly number[])[];
  readonly disliked: readonly (readonly number[])[];
}

/** Latents drawn for one wish: more than are needed, for some are turned down. */
export const CANDIDATES = 24;

/**
 * Candidates for the next future: variations of those that are liked, in turn, or fresh draws where
 * none is. The same seed gives the same ones.
 */
export function candidatesFor(
  { liked }: Pick<Preferences, "liked">,
  {
    sight,
    heldParts,
  }: {
    readonly sight: Pick<PictureSight, "latentSize" | "parts">;
    readonly heldParts: readonly string[];
  },
  strength: number,
  seed: number,
): LatentChoice[] {
  return Array.from({ length: CANDIDATES }, (_, k) => {
    const own = seed + k;
    const parent = liked[k % liked.length];
    if (!parent) return { z: Array.from(drawLetGo(own, sight, heldParts)) };
    const made = holdParts(varied(parent, strength, own), parent, sight.parts, heldParts);
    return childOf(made, [{ z: parent, weight: 1 }]);
  });
}

/**
 * The candidate that is furthest from all that is disliked, measured in how far it is from what is
 * liked: a candidate nearer to a disliked future than to its parent is taken only where all are.
 * Sketches (sketch.ts), each [Q]. Index into `candidates`.
 */
export function mostWelcome(
  candidates: readonly Float32Array[],
  liked: readonly Float32Array[],
  disliked: readonly Float32Array[],
): number {
  if (disliked.length === 0) return 0;
  const nearest = (own: Float32Array, others: readonly Float32Array[]) =>
    Math.min(...others.map((other) => sketchDistance(own, other)));
  const fits = candidates.findIndex(
    (own) => liked.length > 0 && nearest(own, disliked) > nearest(own, liked),
  );
  if (fits >= 0) return fits;
  const away = candidates.map((own) => nearest(own, disliked));
  return away.indexOf(Math.max(...away));
}

function sketchDistance(a: Float32Array, b: Float32Array): number {
  const rows = new Float32Array(2 * SKETCH_SIZE);
  rows.set(a);
  rows.set(b, SKETCH_SIZE);
  return rowDistance(rows, 0, 1);
}
