import {
  type DepthGuess,
  MOVING,
  type PathGuess,
  type SpaceField,
  STATIC,
  UNKNOWN,
} from "../../domain/space-field.ts";
import { medianOf } from "./adjustment.ts";
import { type Cameras, pinholePath, stillCameras } from "./cameras.ts";
import { cloneTurns } from "./heading.ts";
import { COVERING, SURROUND_SIGMA } from "./judged-field.ts";
import type { Observations } from "./observations.ts";
import { outwardFrames, resectAll, resectFrame } from "./resection.ts";
import { pointResidual } from "./residuals.ts";
import { stretchOf } from "./stretch.ts";
import { fitTurning, medianParallaxPx } from "./turning.ts";

/** Deviation of log depth up to which a network's answer counts as sure, and the share of the still points
 * that must have it: of a camera that does not translate at most a twentieth has. */
const SURE_SIGMA = 0.3;
const SURE_SHARE = 0.2;
/** Most parallax of made-up scenes in which the adjustment told nothing and the network was right was 11 px. */
const MEASURABLE_PX = 12;
/** From here on a point is unknown. */
const LARGEST_SIGMA = 0.5;
const MOVES = 0.5;
const SCALES_PX = [10, 5, 3, 2, 1.5];
/** Part of the network in the typical depth from which on an answer is called one of both. */
const TOLD_BY_BOTH = 0.1;
const LEAST_SIGMA = 1e-3;
const SURROUND_VARIANCE = (COVERING * SURROUND_SIGMA) ** 2;

/**
 * Whether a network is believed where the adjustment tells nothing: where it is sure, and sees too little
 * parallax for the adjustment, which would have told more.
 */
export function isBelieved(guess: DepthGuess, { parallaxPx }: SpaceField): boolean {
  return isSure(guess) && parallaxPx < MEASURABLE_PX;
}

/** Whether a network's depths are good enough to start from. */
export function isSure({ sigmaLogN, movingN }: DepthGuess): boolean {
  const still = [...movingN.keys()].filter((n) => movingN[n] < MOVES);
  const sure = still.filter((n) => sigmaLogN[n] < SURE_SIGMA);
  return still.length > 0 && sure.length >= SURE_SHARE * still.length;
}

/** A network's answer as a field: its depths, spreads and movers, and its cameras; of a pack that tells none, those
 * that its still points give. Depths are those that meet the tracks, where it tells such. */
export function guessedField(
  observations: Observations,
  { inverseDepthN, sigmaLogN, movingN, path }: DepthGuess,
  focalPx: number,
  centre: readonly [number, number],
): SpaceField {
  const stateN = Uint8Array.from(movingN, (moving, n) =>
    moving >= MOVES ? MOVING : sigmaLogN[n] > LARGEST_SIGMA ? UNKNOWN : STATIC,
  );
  const { scale, scaledN } = inMedians(path?.metDepthN ?? inverseDepthN, stateN);
  const cameras = path
    ? toldCameras(path, focalPx, centre, scale)
    : resected(observations, scaledN, stateN, focalPx, centre);
  return {
    anchorFrame: observations.anchorFrame,
    why: null,
    toldBy: "network",
    inverseDepthN: scaledN,
    sigmaLogN,
    stateN,
    focal: { px: focalPx, isGuess: true },
    ...seenBy(observations, cameras, scaledN),
  };
}

function toldCameras(
  { rotationT9, translationT3 }: PathGuess,
  focalPx: number,
  centre: readonly [number, number],
  scale: number,
): Cameras {
  const cameras = stillCameras(translationT3.length / 3, focalPx, centre);
  cameras.rotationT9.set(rotationT9);
  cameras.translationT3.set(translationT3.map((t) => t * scale));
  return cameras;
}

function resected(
  observations: Observations,
  inverseDepthN: Float32Array,
  stateN: Uint8Array,
  focalPx: number,
  centre: readonly [number, number],
): Cameras {
  const cameras = cloneTurns(fitTurning(observations, focalPx, centre, "turn").cameras);
  const usedN = stateN.map((state) => (state === MOVING ? 0 : 1));
  resectAll(observations, cameras, inverseDepthN, { free: "pose", scalesPx: SCALES_PX, usedN });
  return cameras;
}

/**
 * The mean of what the adjustment and a network tell, in log depth and by their deviations, the network's depths
 * stretched as those are that are measured: where parallax is small the adjustment's deviation is the larger one, and
 * the network decides. The deviation of the mean knows how far they are apart. A surround that a network contradicts counts
 * the less the fewer points it is made of. Movers stay as they are; the cameras are found again.
 */
export function mixedField(
  observations: Observations,
  told: SpaceField & { readonly cameras: NonNullable<SpaceField["cameras"]> },
  guess: DepthGuess,
): SpaceField {
  const { stateN } = told;
  const points = [...stateN.keys()];
  const still = points.filter((n) => stateN[n] === STATIC && guess.movingN[n] < MOVES);
  if (still.length === 0) return told;
  const variancesOf = (n: number) =>
    [told.sigmaLogN[n], COVERING * guess.sigmaLogN[n]].map(
      (sigma) => Math.max(LEAST_SIGMA, sigma) ** 2,
    );
  const variances = points.map(variancesOf);
  const apartVariance = (n: number) => variances[n][0] + variances[n][1];
  const measuredOf = (n: number) => Math.log(told.inverseDepthN[n]);
  const guessedOf = (n: number) => Math.log(guess.inverseDepthN[n]);
  const stretch = stretchOf(still.map(measuredOf), still.map(guessedOf), still.map(apartVariance));
  const apart = (n: number) => measuredOf(n) - stretch * guessedOf(n);
  const shift = weightedMedian(
    still.map(apart),
    still.map((n) => 1 / apartVariance(n)),
  );
  const lying = points.filter((n) => stateN[n] !== MOVING);
  const unknownShare = lying.filter((n) => stateN[n] === UNKNOWN).length / lying.length;
  const mixedN = told.inverseDepthN.slice();
  const sigmaLogN = told.sigmaLogN.slice();
  const states = stateN.slice();
  const shares: number[] = [];
  for (const n of lying) {
    const [own, others] = variances[n];
    const off = shift - apart(n);
    const around = SURROUND_VARIANCE + (unknownShare * off) ** 2;
    // The depth of an unknown point is the mean of its own and its surround's already.
    const held = stateN[n] === UNKNOWN ? 1 / (1 / own + 1 / around) : own;
    const share = held / (held + others);
    mixedN[n] *= Math.exp(share * off);
    sigmaLogN[n] = Math.sqrt(1 / (1 / own + 1 / others) + share * (1 - share) * off * off);
    states[n] = sigmaLogN[n] > LARGEST_SIGMA ? UNKNOWN : STATIC;
    if (stateN[n] === STATIC) shares.push(share);
  }
  const { scale, scaledN } = inMedians(mixedN, states);
  const cameras = camerasAt(observations, told.cameras, scale, scaledN, states);
  return {
    ...told,
    inverseDepthN: scaledN,
    sigmaLogN,
    stateN: states,
    ...seenBy(observations, cameras, scaledN),
    ...(medianOf(shares) > TOLD_BY_BOTH ? { toldBy: "both" } : { parallaxPx: told.parallaxPx }),
  };
}

/** Inverse depths in units that make the median of the still points 1. */
function inMedians(inverseDepthN: Float32Array, stateN: Uint8Array) {
  const known = inverseDepthN.filter((_, n) => stateN[n] === STATIC);
  const scale = known.length ? medianOf(known) : 1;
  return { scale, scaledN: inverseDepthN.map((rho) => Math.max(0.01, rho / scale)) };
}

/** The cameras in the new unit, each found again from where it was. */
function camerasAt(
  observations: Observations,
  known: NonNullable<SpaceField["cameras"]>,
  scale: number,
  inverseDepthN: Float32Array,
  stateN: Uint8Array,
): Cameras {
  const cameras = stillCameras(known.frameCount, known.focalPxT[0], known.centre);
  cameras.focalPxT.set(known.focalPxT);
  cameras.rotationT9.set(known.rotationT9);
  cameras.translationT3.set(known.translationT3.map((t) => t * scale));
  const usedN = stateN.map((state) => (state === STATIC ? 1 : 0));
  for (const t of outwardFrames(known.frameCount, observations.anchorFrame)) {
    resectFrame(observations, cameras, inverseDepthN, t, {
      free: "pose",
      scalesPx: [3, 2, 1.5],
      usedN,
    });
  }
  return cameras;
}

function seenBy(observations: Observations, cameras: Cameras, inverseDepthN: Float32Array) {
  return {
    cameras: pinholePath(cameras),
    residualPxN: inverseDepthN.map((rho, n) => {
      const { frames, squaredPx2 } = pointResidual(observations, cameras, n, rho);
      return frames ? Math.sqrt(squaredPx2 / frames) : 0;
    }),
    parallaxPx: medianParallaxPx(observations, cameras, inverseDepthN),
  };
}

/** The value with as much weight below as above it. */
function weightedMedian(values: readonly number[], weights: readonly number[]): number {
  const order = [...values.keys()].sort((a, b) => values[a] - values[b]);
  const half = weights.reduce((sum, w) => sum + w, 0) / 2;
  let below = 0;
  for (const i of order) {
    below += weights[i];
    if (below >= half) return values[i];
  }
  return values[order[order.length - 1]];
}
