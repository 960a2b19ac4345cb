import type { Size } from "../../domain/clip.ts";
import type { Constraints } from "../../domain/constraints.ts";
import type { Future } from "../../domain/forecast.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { composeScenario, factoredScenario, spanMotion } from "../scenario/scenario.ts";
import type { Kriging, Weighing } from "./gain.ts";

/** How plain motion goes on: with the velocity of so many frames, which a frame later is so much less. */
const PLAIN = { span: 4, cameraShare: 0, decay: 0.95 };
/** A future counts as borne out by so many pins before there is one. */
const TRUSTED_PINS = 12;
/** A future keeps this much of its departure from plain motion, however little bears it out. */
const LEAST = 0.5;
/** Where the two are no farther apart than this, px, the future is left alone. */
const NOISE_PX = 1;
/** Frames in which what pins tell of a future falls to 1/e once nothing is held any more. */
const TOLD_FRAMES = 16;

/** The future that needs no model: everything goes on as it moved of late, ever slower. */
export function plainFuture(history: Tracks, size: Size, frameCount: number): Future {
  const motion = spanMotion(history, PLAIN.span, size);
  const scenario = factoredScenario(history, PLAIN, motion, frameCount);
  const { cameraPathT6 } = scenario;
  return { seed: 0, tracks: composeScenario(scenario, size), cameraPathT6 };
}

/**
 * How much of a future's departure from plain motion its pins bear out, 0.5 to 1: each pin is foretold
 * from the others, by the future and by plain motion, and of the two weighed against each other the
 * future's share is the one that comes nearest (least squares; with a single pin both are taken as they
 * are). Foretold from the others a pin lacks (A⁻¹·r)ₚ / (A⁻¹)ₚₚ, the leave-one-out residual of kriging.
 * `weighedPT`, `plainPT`: A⁻¹·r of the residuals [P][2T] px of either.
 */
export function shareBorneOut(
  { weightTN, frameCount, pointCount }: Constraints,
  { points }: Kriging,
  { inverseDiagonalP }: Weighing,
  weighedPT: readonly Float64Array[],
  plainPT: readonly Float64Array[],
): number {
  let [shared, squared] = [0, 0];
  for (const [p, point] of points.entries()) {
    for (let t = 0; t < frameCount; t++) {
      if (!(weightTN[t * pointCount + point] > 0)) continue;
      shared += NOISE_PX ** 2;
      squared += NOISE_PX ** 2;
      for (let i = 2 * t; i < 2 * t + 2; i++) {
        const lacks = plainPT[p][i] / inverseDiagonalP[p];
        const departs = (plainPT[p][i] - weighedPT[p][i]) / inverseDiagonalP[p];
        shared += lacks * departs;
        squared += departs * departs;
      }
    }
  }
  const told = points.length / (points.length + TRUSTED_PINS);
  return Math.min(1, Math.max(LEAST, 1 + told * (shared / squared - 1)));
}

/** How much of it holds in each frame: all until `release`, the last frame in which any point is held. */
export function toldT(frameCount: number, release: number): Float64Array {
  return Float64Array.from({ length: frameCount }, (_, t) =>
    Math.exp(-Math.max(0, t - release) / TOLD_FRAMES),
  );
}
