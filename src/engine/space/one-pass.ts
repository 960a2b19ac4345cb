import { CONTROL_POINTS } from "../../domain/curve-basis.ts";
import {
  type DepthGuess,
  MOVING,
  type PathGuess,
  type SpaceCurves,
  type SpaceField,
  STATIC,
} from "../../domain/space-field.ts";
import { medianOf } from "./adjustment.ts";
import { directionOf } from "./cameras.ts";
import { guessedField } from "./guess.ts";
import { anchorPositions, type Observations } from "./observations.ts";

/** A guess that tells the way of camera and points, too. */
export type PassGuess = DepthGuess & { readonly path: PathGuess };

export function tellsPath(guess: DepthGuess): guess is PassGuess {
  return guess.path !== undefined;
}

/**
 * The answer of one forward pass: depths, spreads, movers, cameras and curves as the network tells them, and nothing
 * adjusted.
 */
export function onePass(
  observations: Observations,
  guess: PassGuess,
  focalPx: number,
  centre: readonly [number, number],
): { readonly field: SpaceField; readonly curves: SpaceCurves } {
  const field = guessedField(observations, guess, focalPx, centre);
  return { field, curves: toldCurves(observations, guess.path, field) };
}

/** Root mean square residual of the typical still point, up to which an answer meets its tracks, px. */
const MET_PX = 1.5;

/** Whether what is told to stand still is seen where its tracks are. */
export function meetsTracks({ stateN, residualPxN }: SpaceField): boolean {
  const residuals = residualPxN.filter((_, n) => stateN[n] === STATIC);
  return residuals.length > 0 && medianOf(residuals) < MET_PX;
}

/**
 * Control points [N,K,3], world, of a field with cameras: a mover goes its told way from where the anchor sees it, at
 * its depth there; what does not move stays.
 */
export function toldCurves(
  observations: Observations,
  { wayNK3 }: PathGuess,
  { cameras, stateN, inverseDepthN }: SpaceField,
): SpaceCurves {
  if (!cameras) throw new RangeError("no curve can be drawn: no depth is known");
  const anchorN2 = anchorPositions(observations);
  const focalPx = cameras.focalPxT[observations.anchorFrame];
  const controlNK3 = wayNK3.map((way, i) => {
    const n = Math.floor(i / (3 * CONTROL_POINTS));
    const d = directionOf(anchorN2[2 * n], anchorN2[2 * n + 1], focalPx, cameras.centre);
    return (d[i % 3] + (stateN[n] === MOVING ? way : 0)) / inverseDepthN[n];
  });
  return { controlNK3, controlCount: CONTROL_POINTS, residual: 0 };
}
