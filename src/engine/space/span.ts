import type { Size } from "../../domain/clip.ts";
import { DEFAULT_FOV_DEGREES, focalPxOfFov, frameCentre } from "../../domain/pinhole.ts";
import {
  type DepthGuess,
  MOVING,
  type SpaceField,
  type Unknowable,
} from "../../domain/space-field.ts";
import { adjust, type Estimate, fallingScales, medianOf } from "./adjustment.ts";
import { copyCameras, pickCameras } from "./cameras.ts";
import { type Certainty, judgeCertainty } from "./certainty.ts";
import { isSure } from "./guess.ts";
import { isFlat, isInconsistent, judgedField, nothingKnown } from "./judged-field.ts";
import { type Observations, pickFrames, pickPoints, spreadFrames } from "./observations.ts";
import { camerasWithoutParts } from "./parts.ts";
import { resectFrame } from "./resection.ts";
import { triangulate } from "./residuals.ts";
import { findStart, LEAST_RIVAL_RATIO, sharpScalePx } from "./start.ts";
import { bestTurning, medianParallaxPx } from "./turning.ts";

/** Below this the focal length trades against relief, which can even turn inside out. */
const FOCAL_PARALLAX_PX = 25;
const KEY_FRAMES = 21;
const SEARCHED_POINTS = 500;
const LEAST_POINTS = 24;

/** Evidence of translation that a point needs, over the noise, and the share that must have it. */
const EVIDENT = 4;
const EVIDENT_SHARE = 0.35;
/** Where a rival relief fits worse by this factor, fewer points need evidence: on a drive those ahead have none. */
const CLEAR_RIVAL_RATIO = 1.1;
/** Less than this is drift as likely as depth: in general, and where few points have evidence. */
const LEAST_PARALLAX_PX = 1;
const CLEAR_PARALLAX_PX = 1.5;
const CLEAR_EVIDENT_SHARE = 0.25;
/** Least share of points that a still scene explains. */
const STILL_SHARE = 0.3;
/** Log depths spread less between their quartiles where a long lens turns: hand-held pans have up to 0.1, a desk seen
 * from above 0.13, other real scenes 0.27 and more. */
const LEAST_SPREAD = 0.12;
/** Where so many points move by themselves, so little parallax is theirs as likely as the camera's. */
const SWAYING_SHARE = 0.33;
const SLIGHT_PX = 4;

export interface EstimateOptions {
  /** Where it is known; else it is guessed, and found where parallax allows. */
  readonly focalPx?: number | undefined;
  /** What a network tells: one more start of the adjustment, what its answer is mixed with, and the answer where it
   * finds none. */
  readonly guess?: DepthGuess | undefined;
}

/** What the tracks of a span of frames tell. */
export interface SpanEstimate {
  readonly field: SpaceField;
  /** What a still scene leaves of the median point, px. */
  readonly typicalPx: number;
}

/** Frames that are adjusted together; cameras of the others are found from them. */
export function keyFrames({ tracks, anchorFrame }: Observations): number[] {
  return spreadFrames(tracks.frameCount, anchorFrame, KEY_FRAMES);
}

/** Cameras, depths and what is known of them, from all frames of the observations together. */
export function estimateSpan(
  observations: Observations,
  size: Size,
  { focalPx, guess }: EstimateOptions,
  tick: () => void,
): SpanEstimate {
  const { tracks, anchorFrame } = observations;
  const { frameCount, pointCount } = tracks;
  const centre = frameCentre(size);
  const startFocal = focalPx ?? focalPxOfFov(DEFAULT_FOV_DEGREES, size);
  if (pointCount < LEAST_POINTS || frameCount < 3) {
    return { field: nothingKnown(observations, "too-few-points", startFocal), typicalPx: 0 };
  }
  const keys = keyFrames(observations);
  const keyed = pickFrames(observations, keys);
  const stride = Math.max(1, Math.ceil(pointCount / SEARCHED_POINTS));
  const searchedPoints = Array.from(
    { length: Math.ceil(pointCount / stride) },
    (_, i) => i * stride,
  );
  const searched = stride > 1 ? pickPoints(keyed, searchedPoints) : keyed;
  const turning = bestTurning(searched, size.width, centre);
  tick();
  const guessN =
    guess && isSure(guess)
      ? Float64Array.from(searchedPoints, (n) => guess.inverseDepthN[n])
      : undefined;
  const start = findStart(searched, startFocal, centre, {
    ...(guessN && { guessN }),
    onStep: tick,
  });
  const { rivalRatio, isForetold } = start;
  let { estimate } = start;
  const parallaxPx = medianParallaxPx(searched, estimate.cameras, estimate.inverseDepthN);
  const findsFocal = focalPx === undefined && parallaxPx >= FOCAL_PARALLAX_PX;
  if (findsFocal) {
    const sharpPx = sharpScalePx(searched, [estimate]);
    const freed = { scalesPx: fallingScales(1.5, sharpPx, 10), focalDeviation: 0.25, onStep: tick };
    estimate = adjust(searched, estimate, freed);
  }
  const judged = judgeCertainty(searched, estimate, turning);
  const why = unknowable(searched, estimate, judged, { rivalRatio, parallaxPx });
  const foundFocal = estimate.cameras.focalPxT[searched.anchorFrame];
  const typicalPx = medianOf(judged.residualPxN);
  if (why) {
    return { field: nothingKnown(observations, why, startFocal, parallaxPx), typicalPx };
  }
  const keyEstimate = stride > 1 ? onAllPoints(keyed, estimate, tick) : estimate;
  const sharpPx = sharpScalePx(searched, [estimate]);
  const parts = camerasWithoutParts(searched, estimate, sharpPx, tick);
  const certainty = judgeCertainty(keyed, keyEstimate, turning, parts);
  const cameras = onAllFrames(observations, keys, keyEstimate, tick);
  const field = judgedField(keyed, { ...keyEstimate, cameras }, certainty, {
    anchorFrame,
    parallaxPx,
    focal: { px: foundFocal, isGuess: focalPx === undefined && !findsFocal },
  });
  const moving = field.stateN.filter((state) => state === MOVING).length;
  const sways = parallaxPx < SLIGHT_PX && moving > SWAYING_SHARE * pointCount;
  if (sways || isInconsistent(field)) {
    const unsure = nothingKnown(observations, "no-still-scene", startFocal, parallaxPx);
    return { field: unsure, typicalPx };
  }
  // A longer lens than is thought that turns looks like one that passes a wall.
  if (focalPx === undefined && isFlat(field, LEAST_SPREAD)) {
    return { field: nothingKnown(observations, "ambiguous", startFocal, parallaxPx), typicalPx };
  }
  return { field: isForetold ? { ...field, toldBy: "both" as const } : field, typicalPx };
}

function unknowable(
  { tracks }: Observations,
  { inverseDepthN }: Estimate,
  { evidenceN, residualPxN }: Certainty,
  { rivalRatio, parallaxPx }: { readonly rivalRatio: number; readonly parallaxPx: number },
): Unknowable | null {
  const { pointCount } = tracks;
  const typicalPx = medianOf(residualPxN);
  const explained = Array.from({ length: pointCount }, (_, n) => n).filter(
    (n) => residualPxN[n] < Math.max(1.5, 3 * Math.min(1, typicalPx)) && inverseDepthN[n] > -0.2,
  );
  if (explained.length < STILL_SHARE * pointCount) return "no-still-scene";
  const evident = explained.filter((n) => evidenceN[n] > EVIDENT).length / explained.length;
  const isClear = rivalRatio >= CLEAR_RIVAL_RATIO && parallaxPx >= CLEAR_PARALLAX_PX;
  const least = isClear ? CLEAR_EVIDENT_SHARE : EVIDENT_SHARE;
  if (evident < least || parallaxPx < LEAST_PARALLAX_PX) return "no-translation";
  return rivalRatio < LEAST_RIVAL_RATIO ? "ambiguous" : null;
}

/** Inverse depths of all points under cameras that some of them gave, then all together. */
function onAllPoints(keyed: Observations, { cameras }: Estimate, onStep: () => void): Estimate {
  const inverseDepthN = Float64Array.from({ length: keyed.tracks.pointCount }, (_, n) => {
    if (n % 100 === 0) onStep();
    return triangulate(keyed, cameras, n);
  });
  const start = { cameras: copyCameras(cameras), inverseDepthN };
  return adjust(keyed, start, { scalesPx: [1.5, 1, 1, 1], focalDeviation: null, onStep });
}

/** Cameras of the frames between key frames: each by resection from the nearer key. */
function onAllFrames(
  observations: Observations,
  keys: readonly number[],
  { cameras, inverseDepthN }: Estimate,
  onStep: () => void,
) {
  const { frameCount } = observations.tracks;
  if (keys.length === frameCount) return cameras;
  const nearest = Array.from({ length: frameCount }, (_, t) =>
    keys.reduce((best, key, i) => (Math.abs(key - t) < Math.abs(keys[best] - t) ? i : best), 0),
  );
  const all = pickCameras(cameras, nearest);
  for (let t = 0; t < frameCount; t++) {
    if (keys.includes(t)) continue;
    onStep();
    resectFrame(observations, all, inverseDepthN, t, { free: "pose", scalesPx: [6, 3, 2, 1.5] });
  }
  return all;
}
