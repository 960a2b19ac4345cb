import type { Size } from "../../domain/clip.ts";
import type { Future } from "../../domain/forecast.ts";
import { HORIZON_FRAMES, WORKING_SIZE } from "../../domain/studio-defaults.ts";
import type { Tracks } from "../../domain/tracks.ts";
import {
  composeScenario,
  factoredScenario,
  type SpanMotion,
  scenarioParams,
  spanMotion,
} from "./scenario.ts";

/** Draws scenarios of one history, whose frame has `size`; velocities are measured once a span. */
export function scenarioSource(history: Tracks, size: Size = WORKING_SIZE) {
  const motions = new Map<number, SpanMotion>();
  return (seed: number, frameCount = HORIZON_FRAMES) => {
    const params = scenarioParams(seed);
    const motion = motions.get(params.span) ?? spanMotion(history, params.span, size);
    motions.set(params.span, motion);
    return factoredScenario(history, params, motion, frameCount);
  };
}

/**
 * The "simple ensemble": one scenario a seed, composed. A layer to compare a forecast with: a model
 * that is no better than this has learnt nothing.
 */
export function simpleEnsemble(
  history: Tracks,
  seeds: readonly number[],
  frameCount = HORIZON_FRAMES,
): Future[] {
  const draw = scenarioSource(history);
  return seeds.map((seed) => {
    const scenario = draw(seed, frameCount);
    return { seed, tracks: composeScenario(scenario), cameraPathT6: scenario.cameraPathT6 };
  });
}
