import type { Size } from "../../domain/clip.ts";
import type { Job } from "../../domain/job.ts";
import {
  DEFAULT_FOV_DEGREES,
  focalPxOfFov,
  frameCentre,
  type PinholePath,
} from "../../domain/pinhole.ts";
import {
  type DepthGuess,
  MOVING,
  type SpaceField,
  STATIC,
  UNKNOWN,
  type Unknowable,
} from "../../domain/space-field.ts";
import { adjust, type Estimate, fallingScales, medianOf } from "./adjustment.ts";
import { Attempts } from "./attempts.ts";
import {
  explainsMore,
  heldPoints,
  isBare,
  pickGuess,
  standsStill,
  withBarePoints,
} from "./bare.ts";
import { copyCameras, pickCameras, pinholePath, stillCameras } from "./cameras.ts";
import { type Certainty, judgeCertainty } from "./certainty.ts";
import { guessedField, isBelieved, isSure, mixedField } from "./guess.ts";
import { type Observations, pickFrames, pickPoints, spreadFrames } from "./observations.ts";
import { outwardFrames, resectFrame } from "./resection.ts";
import { triangulate } from "./residuals.ts";
import { findStart, LEAST_RIVAL_RATIO } from "./start.ts";
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
const LARGEST_SIGMA = 0.5;
/** Where so many points move by themselves, so little parallax is theirs as likely as the camera's. */
const SWAYING_SHARE = 0.33;
const SLIGHT_PX = 4;
const LEAST_FRAMES_SHARE = 0.15;
/** Seen in fewer frames, a point that fits no still scene is lost as likely as moving. */
const LEAST_MOVING_SHARE = 0.35;

export interface EstimateOptions {
  /** Where it is known; else it is guessed, and found where parallax allows. */
  readonly focalPx?: number | undefined;
  /** What a network tells: one more start of the adjustment, what its answer is mixed with, and the answer where it
   * finds none. */
  readonly guess?: DepthGuess | undefined;
}

/**
 * Cameras and inverse depths from 2-D tracks alone, anchored at the frame of the query points, and
 * what is known of them. Says "unknown" of a clip whose camera does not translate, of points that
 * move by themselves and of those that noise hides. Where all frames together fit no still scene, as
 * on a drive whose tracks slip with time, those around the anchor alone are asked. Points that no texture
 * holds have no say in it, where that is known and enough others are left.
 */
export function estimateSpace(
  observations: Observations,
  size: Size,
  options: EstimateOptions = {},
  job?: Job,
): SpaceField {
  const attempts = new Attempts(job);
  const whole = estimateSpan(observations, size, options, attempts.tick);
  const { textureN } = observations;
  const held = textureN ? heldPoints(textureN) : null;
  const byHeld = held && toldByHeld(observations, held, whole.field, size, options, attempts);
  if (byHeld) return byHeld;
  const all = withGuess(
    observations,
    inParts(observations, whole, size, options, attempts),
    options,
    size,
  );
  const isEmpty = textureN && isBare(textureN) && all.why === "no-translation";
  return isEmpty ? { ...all, why: "bare" } : all;
}

/** What the points tell that hold, for all; null where they tell no more than all points do. */
function toldByHeld(
  observations: Observations,
  held: readonly number[],
  all: SpaceField,
  size: Size,
  options: EstimateOptions,
  attempts: Attempts,
): SpaceField | null {
  if (all.why === "no-translation") {
    // Where a camera that stays explains all, what has texture may be what moves by itself.
    const keyed = pickFrames(observations, keyFrames(observations));
    const { cameras } = bestTurning(keyed, size.width, frameCentre(size));
    if (standsStill(keyed, cameras, held)) return null;
  }
  attempts.next();
  const picked = pickPoints(observations, held);
  const { guess } = options;
  const own = { ...options, ...(guess && { guess: pickGuess(guess, held) }) };
  const whole = estimateSpan(picked, size, own, attempts.tick);
  const field = inParts(picked, whole, size, own, attempts);
  if (!field.cameras || !explainsMore(field, all)) return null;
  return withBarePoints(observations, held, withGuess(picked, field, own, size));
}

/** What the tracks told, with what a network tells: its answer alone where they told none and it is believed. */
function withGuess(
  observations: Observations,
  told: SpaceField,
  { guess, focalPx }: EstimateOptions,
  size: Size,
): SpaceField {
  const { cameras, why, focal } = told;
  if (!guess || why === "too-few-points" || why === "no-still-scene") return told;
  if (cameras) return mixedField(observations, { ...told, cameras }, guess);
  const guessed = guessedField(observations, guess, focalPx ?? focal.px, frameCentre(size));
  return isBelieved(guess, guessed) ? guessed : told;
}

/** The estimate of all frames; where it slipped, that of shorter spans of them. */
function inParts(
  observations: Observations,
  whole: SpanEstimate,
  size: Size,
  options: EstimateOptions,
  attempts: Attempts,
): SpaceField {
  const tick = attempts.tick;
  if (whole.field.cameras || whole.typicalPx < SLIPPED_PX) return whole.field;
  for (const frames of SHORTER_SPANS) {
    attempts.next();
    const { field, span } = estimateAround(observations, frames, size, options, tick) ?? {};
    if (!field?.cameras || !span) continue;
    if (isFlat(field)) break;
    return { ...field, ...overAllFrames(observations, span, field, field.cameras, tick) };
  }
  return whole.field;
}

/** A still scene that leaves so much of the median track, px, is not held by what it is told from. */
const SLIPPED_PX = 0.8;
/** Frames up to and from the anchor. */
const SHORTER_SPANS = [25, 15];

/**
 * Points all as deep as each other: over so few frames a camera that turns looks like one that passes
 * a wall.
 */
function isFlat({ inverseDepthN, stateN }: SpaceField): boolean {
  const known = inverseDepthN.filter((_, n) => stateN[n] === STATIC).sort();
  const at = (share: number) => Math.log(known[Math.floor(share * (known.length - 1))]);
  return known.length === 0 || at(0.75) - at(0.25) < LEAST_SPREAD;
}

const LEAST_SPREAD = 0.2;

function estimateAround(
  observations: Observations,
  frames: number,
  size: Size,
  options: EstimateOptions,
  tick: () => void,
) {
  const { tracks, anchorFrame } = observations;
  const all = Array.from({ length: tracks.frameCount }, (_, t) => t);
  const span = all.filter((t) => Math.abs(t - anchorFrame) < frames);
  if (span.length === all.length) return null;
  return { span, field: estimateSpan(pickFrames(observations, span), size, options, tick).field };
}

/** Cameras of frames beyond a span: each by resection, starting from its neighbour's towards it. */
function overAllFrames(
  observations: Observations,
  span: readonly number[],
  { inverseDepthN, stateN }: SpaceField,
  known: PinholePath,
  onStep: () => void,
): Pick<SpaceField, "cameras" | "anchorFrame"> {
  const { tracks, anchorFrame } = observations;
  const [first, last] = [span[0], span[span.length - 1]];
  const cameras = stillCameras(tracks.frameCount, known.focalPxT[0], known.centre);
  for (let t = 0; t < tracks.frameCount; t++) {
    const from = Math.min(Math.max(t, first), last) - first;
    cameras.focalPxT[t] = known.focalPxT[from];
    cameras.rotationT9.set(known.rotationT9.subarray(9 * from, 9 * from + 9), 9 * t);
    cameras.translationT3.set(known.translationT3.subarray(3 * from, 3 * from + 3), 3 * t);
  }
  const usedN = stateN.map((state) => (state === STATIC ? 1 : 0));
  for (const t of outwardFrames(tracks.frameCount, anchorFrame)) {
    if (t >= first && t <= last) continue;
    onStep();
    const near = t < first ? t + 1 : t - 1;
    cameras.rotationT9.copyWithin(9 * t, 9 * near, 9 * near + 9);
    cameras.translationT3.copyWithin(3 * t, 3 * near, 3 * near + 3);
    const options = { free: "pose", scalesPx: [6, 3, 2, 1.5], usedN } as const;
    resectFrame(observations, cameras, inverseDepthN, t, options);
  }
  return { cameras: pinholePath(cameras), anchorFrame };
}

interface SpanEstimate {
  readonly field: SpaceField;
  /** What a still scene leaves of the median point, px. */
  readonly typicalPx: number;
}

function keyFrames({ tracks, anchorFrame }: Observations): number[] {
  return spreadFrames(tracks.frameCount, anchorFrame, KEY_FRAMES);
}

function estimateSpan(
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
    const freed = { scalesPx: fallingScales(1.5, 1, 10), focalDeviation: 0.25, onStep: tick };
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
  const certainty = judgeCertainty(keyed, keyEstimate, turning);
  const cameras = onAllFrames(observations, keys, keyEstimate, tick);
  const field = judgedField(keyed, { ...keyEstimate, cameras }, certainty, {
    anchorFrame,
    parallaxPx,
    focal: { px: foundFocal, isGuess: focalPx === undefined && !findsFocal },
  });
  const moving = field.stateN.filter((state) => state === MOVING).length;
  if (parallaxPx < SLIGHT_PX && moving > SWAYING_SHARE * pointCount) {
    const unsure = nothingKnown(observations, "no-still-scene", startFocal, parallaxPx);
    return { field: unsure, typicalPx };
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

/** What is said of each point: still, moving or unknown; depths and ways of the camera in median depths. */
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
  const known = Array.from(inverseDepthN).filter((_, n) => stateN[n] === STATIC);
  const scale = known.length ? medianOf(known) : 1;
  const scaled = copyCameras(cameras);
  for (let i = 0; i < scaled.translationT3.length; i++) scaled.translationT3[i] *= scale;
  return {
    ...rest,
    cameras: pinholePath(scaled),
    why: null,
    inverseDepthN: Float32Array.from(inverseDepthN, (rho) => Math.max(0.01, rho / scale)),
    sigmaLogN: Float32Array.from(sigmaLogN),
    stateN,
    residualPxN: Float32Array.from(residualPxN),
  };
}

function nothingKnown(
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
