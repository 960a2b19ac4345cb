import {
  MOVING,
  type SpaceField,
  STATIC,
  UNKNOWN,
  type Unknowable,
} from "../../domain/space-field.ts";
import { type Estimate, medianOf } from "./adjustment.ts";
import { copyCameras, pinholePath } from "./cameras.ts";
import type { Certainty } from "./certainty.ts";
import { anchorPositions, type Observations } from "./observations.ts";
import { depthAround } from "./surface.ts";

const LARGEST_SIGMA = 0.5;
const LEAST_FRAMES_SHARE = 0.15;
/** Seen in fewer frames, a point that fits no still scene is lost as likely as moving. */
const LEAST_MOVING_SHARE = 0.35;
/** What deviations are told as, so that 2σ covers 90 to 98 % of made-up scenes; states are judged before. */
export const COVERING = 0.95;
/** From so much parallax on, still scenes of made-up and of real clips leave the typical log depth less unsure than this. */
const AMPLE_PX = 20;
const LARGEST_TYPICAL_SIGMA = 0.16 * COVERING;
/** Deviation of a point's log depth from its surround's, beside which its own counts where nothing is sure. */
export const SURROUND_SIGMA = 0.5;
/** Inverse depth of what is farther than can be told. */
const LEAST_DEPTH = 0.01;

/**
 * What is said of each point: still, moving or unknown; depths and ways of the camera in median depths. A point of
 * which nothing is known lies the nearer to its surround the less its own track says.
 */
export function judgedField(
  keyed: Observations,
  { cameras, inverseDepthN }: Pick<Estimate, "cameras" | "inverseDepthN">,
  certainty: Certainty,
  rest: Pick<SpaceField, "anchorFrame" | "parallaxPx" | "focal">,
): SpaceField {
  const { frameCount, pointCount, visibilityTN } = keyed.tracks;
  const { sigmaLogN, residualPxN } = certainty;
  const typicalPx = Math.max(0.2, medianOf(residualPxN));
  const movesPx = Math.max(0.8, 3 * Math.min(typicalPx, 1.5));
  const stateN = new Uint8Array(pointCount);
  for (let n = 0; n < pointCount; n++) {
    let seen = 0;
    for (let t = 0; t < frameCount; t++) seen += visibilityTN[t * pointCount + n];
    const sigma = sigmaLogN[n] * Math.max(0.05, Math.abs(inverseDepthN[n]));
    const isBehind = inverseDepthN[n] < -2 * sigma - 0.05;
    if (seen < LEAST_FRAMES_SHARE * frameCount) stateN[n] = UNKNOWN;
    else if (residualPxN[n] > movesPx || isBehind) {
      stateN[n] = seen < LEAST_MOVING_SHARE * frameCount ? UNKNOWN : MOVING;
    } else if (sigmaLogN[n] > LARGEST_SIGMA) stateN[n] = UNKNOWN;
    else stateN[n] = STATIC;
  }
  const still = [...stateN.keys()].filter((n) => stateN[n] === STATIC);
  const scale = still.length ? medianOf(still.map((n) => inverseDepthN[n])) : 1;
  const scaled = copyCameras(cameras);
  for (let i = 0; i < scaled.translationT3.length; i++) scaled.translationT3[i] *= scale;
  const depthN = Float32Array.from(inverseDepthN, (rho) => Math.max(LEAST_DEPTH, rho / scale));
  const anchorN2 = anchorPositions(keyed);
  for (const [n, state] of stateN.entries()) {
    if (state !== UNKNOWN || still.length === 0) continue;
    const around = depthAround(n, still, anchorN2, depthN);
    const trust = 1 / (1 + (sigmaLogN[n] / SURROUND_SIGMA) ** 2);
    depthN[n] = around * (depthN[n] / around) ** trust;
  }
  return {
    ...rest,
    cameras: pinholePath(scaled),
    why: null,
    inverseDepthN: depthN,
    sigmaLogN: Float32Array.from(sigmaLogN, (sigma) => COVERING * sigma),
    stateN,
    residualPxN: Float32Array.from(residualPxN),
  };
}

/** Whether depths are as unsure as so much parallax leaves none of a still scene: its parts tell different cameras. */
export function isInconsistent({
  stateN,
  sigmaLogN,
  parallaxPx,
}: Pick<SpaceField, "stateN" | "sigmaLogN" | "parallaxPx">): boolean {
  const sigmas = sigmaLogN.filter((_, n) => stateN[n] === STATIC);
  return parallaxPx > AMPLE_PX && sigmas.length > 0 && medianOf(sigmas) > LARGEST_TYPICAL_SIGMA;
}

/** Whether still points are as deep as each other: their log depths lie within `least` between the quartiles. */
export function isFlat(
  { stateN, inverseDepthN }: Pick<SpaceField, "stateN" | "inverseDepthN">,
  least: number,
): boolean {
  const known = inverseDepthN.filter((_, n) => stateN[n] === STATIC).sort();
  const at = (share: number) => Math.log(known[Math.floor(share * (known.length - 1))]);
  return known.length === 0 || at(0.75) - at(0.25) < least;
}

/** The field of tracks that tell no depth. */
export function nothingKnown(
  { tracks, anchorFrame }: Observations,
  why: Unknowable,
  focalPx: number,
  parallaxPx = 0,
): SpaceField {
  const { pointCount } = tracks;
  return {
    cameras: null,
    anchorFrame,
    why,
    inverseDepthN: new Float32Array(pointCount).fill(1),
    sigmaLogN: new Float32Array(pointCount).fill(Infinity),
    stateN: new Uint8Array(pointCount),
    residualPxN: new Float32Array(pointCount),
    parallaxPx,
    focal: { px: focalPx, isGuess: true },
  };
}
