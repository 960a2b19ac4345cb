import type { Size } from "../../domain/clip.ts";
import type { Job } from "../../domain/job.ts";
import { frameCentre } from "../../domain/pinhole.ts";
import type { SpaceField } from "../../domain/space-field.ts";
import { Attempts } from "./attempts.ts";
import {
  explainsMore,
  heldPoints,
  isBare,
  pickGuess,
  standsStill,
  withBarePoints,
} from "./bare.ts";
import { withGround } from "./ground.ts";
import { guessedField, isBelieved, mixedField } from "./guess.ts";
import { type Observations, pickFrames, pickPoints } from "./observations.ts";
import { meetsTracks } from "./one-pass.ts";
import { inShorterSpans } from "./shorter-spans.ts";
import { type EstimateOptions, estimateSpan, keyFrames } from "./span.ts";
import { bestTurning } from "./turning.ts";

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
  if (held && byHeld) return withGround(observations, held, byHeld, size);
  const all = withGuess(
    observations,
    inShorterSpans(observations, whole, size, options, attempts),
    options,
    size,
  );
  const isEmpty = textureN && isBare(textureN) && all.why === "no-translation";
  if (isEmpty) return { ...all, why: "bare" };
  return held ? withGround(observations, held, all, size) : all;
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
  const field = inShorterSpans(picked, whole, size, own, attempts);
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
  const { path, ...depths } = guess;
  const asked = [focalPx ?? focal.px, frameCentre(size)] as const;
  // Whether it is believed, its depths say: with its own cameras or without as many clips have a relief.
  const guessed = guessedField(observations, depths, ...asked);
  if (!isBelieved(guess, guessed)) return told;
  if (!path) return guessed;
  const underItsCameras = guessedField(observations, guess, ...asked);
  return meetsTracks(underItsCameras) ? underItsCameras : guessed;
}
