import {
  type DepthGuess,
  MOVING,
  type SpaceField,
  STATIC,
  UNKNOWN,
} from "../../domain/space-field.ts";
import { medianOf } from "./adjustment.ts";
import { pinholePath } from "./cameras.ts";
import { cloneTurns } from "./heading.ts";
import type { Observations } from "./observations.ts";
import { resectAll } from "./resection.ts";
import { pointResidual } from "./residuals.ts";
import { fitTurning, medianParallaxPx } from "./turning.ts";

/** Deviation of log depth up to which a network's answer counts as sure, and the share of the still points
 * that must have it: of a camera that does not translate at most a twentieth has. */
const SURE_SIGMA = 0.3;
const SURE_SHARE = 0.2;
/** From here on a point is unknown. */
const LARGEST_SIGMA = 0.5;
const MOVES = 0.5;
const SCALES_PX = [10, 5, 3, 2, 1.5];

/** Whether a network tells enough of a clip to be believed where the adjustment tells nothing. */
export function isSure({ sigmaLogN, movingN }: DepthGuess): boolean {
  const still = [...movingN.keys()].filter((n) => movingN[n] < MOVES);
  const sure = still.filter((n) => sigmaLogN[n] < SURE_SIGMA);
  return still.length > 0 && sure.length >= SURE_SHARE * still.length;
}

/** A network's answer as a field: its depths, spreads and movers, and the cameras that its still points give. */
export function guessedField(
  observations: Observations,
  { inverseDepthN, sigmaLogN, movingN }: DepthGuess,
  focalPx: number,
  centre: readonly [number, number],
): SpaceField {
  const stateN = Uint8Array.from(movingN, (moving, n) =>
    moving >= MOVES ? MOVING : sigmaLogN[n] > LARGEST_SIGMA ? UNKNOWN : STATIC,
  );
  const scale = medianOf(inverseDepthN.filter((_, n) => stateN[n] === STATIC));
  const scaledN = inverseDepthN.map((rho) => Math.max(0.01, rho / scale));
  const cameras = cloneTurns(fitTurning(observations, focalPx, centre, "turn").cameras);
  const usedN = stateN.map((state) => (state === MOVING ? 0 : 1));
  resectAll(observations, cameras, scaledN, { free: "pose", scalesPx: SCALES_PX, usedN });
  return {
    cameras: pinholePath(cameras),
    anchorFrame: observations.anchorFrame,
    why: null,
    toldBy: "network",
    inverseDepthN: scaledN,
    sigmaLogN,
    stateN,
    residualPxN: Float32Array.from(stateN, (_, n) => {
      const { frames, squaredPx2 } = pointResidual(observations, cameras, n, scaledN[n]);
      return frames ? Math.sqrt(squaredPx2 / frames) : 0;
    }),
    parallaxPx: medianParallaxPx(observations, cameras, scaledN),
    focal: { px: focalPx, isGuess: true },
  };
}
