import type { Forecast } from "../domain/forecast.ts";
import { type PinholePath, stillPinholePath } from "../domain/pinhole.ts";
import { joinFrames } from "../domain/resampling.ts";
import {
  MOVING,
  type SpaceField,
  type SpaceOfForecast,
  STATIC,
  UNKNOWN,
} from "../domain/space-field.ts";
import { WORKING_SIZE } from "../domain/studio-defaults.ts";
import { reverseFrames, sliceFrames } from "../domain/tracks.ts";
import { curvesOf } from "../engine/space/lift.ts";
import { makeScene } from "../engine/space/testing.ts";
import type { ForecastDocument } from "./document/types.ts";

const FOCAL_PX = 700;

/**
 * The forecast of the fixture in space: a camera that walks, ground that is nearer lower down, `moving`
 * points that move by themselves and the very last point unknown.
 */
export function fixtureSpace(
  { history, futures, queryXyN2 }: Forecast,
  moving: readonly number[],
): SpaceOfForecast {
  const { pointCount, frameCount } = history;
  const field: SpaceField = {
    cameras: walk(frameCount),
    anchorFrame: frameCount - 1,
    why: null,
    inverseDepthN: Float32Array.from(
      { length: pointCount },
      (_, n) => 0.4 + queryXyN2[2 * n + 1] / 400,
    ),
    sigmaLogN: new Float32Array(pointCount).fill(0.05),
    stateN: Uint8Array.from({ length: pointCount }, (_, n) =>
      n === pointCount - 1 ? UNKNOWN : moving.includes(n) ? MOVING : STATIC,
    ),
    residualPxN: new Float32Array(pointCount).fill(0.3),
    parallaxPx: 60,
    focal: { px: FOCAL_PX, isGuess: false },
  };
  if (!field.cameras) throw new Error("the fixture has cameras");
  return {
    field,
    queryXyN2,
    curves: curvesOf(history, frameCount - 1, field.cameras, field),
    lifted: futures.map(({ tracks }) => {
      const now = sliceFrames(history, frameCount - 1, frameCount);
      const cameras = walk(tracks.frameCount + 1, 1);
      const curves = curvesOf(joinFrames(now, tracks), 0, cameras, field);
      return { cameras, rigidityPx: 0.5, curves };
    }),
    rgbN3: Uint8Array.from({ length: 3 * pointCount }, (_, i) => (i * 37) % 256),
  };
}

/**
 * A forecast whose tracks are those of a made-up scene, so that its place in space can be found: a walk
 * past still things, a quarter of the points moving; the future goes the same way back.
 */
export function sceneDocument(): ForecastDocument {
  const { observations } = makeScene({
    ...{ seed: 3, move: "walk", parallaxPx: 65, moving: 0.25, noisePx: 0, frameCount: 31 },
  });
  const { tracks: history } = observations;
  const back = reverseFrames(history);
  const tracks = sliceFrames(back, 1, back.frameCount);
  return {
    clip: { name: "walk.mp4", displaySize: { width: 1280, height: 720 }, fit: "cover" },
    forecast: {
      queryXyN2: history.tracksTN2.slice(2 * (history.frameCount - 1) * history.pointCount),
      history,
      futures: [{ seed: 1, tracks }],
      fps: 24,
      nowSecs: 1.25,
      packId: "fixture",
      sampler: null,
    },
  };
}

/** Forwards and to the right, turning a little: to the origin, or on from it. */
function walk(frameCount: number, after: 0 | 1 = 0): PinholePath {
  const path = stillPinholePath(frameCount, FOCAL_PX, WORKING_SIZE);
  for (let t = 0; t < frameCount; t++) {
    const age = (after ? -t : frameCount - 1 - t) / (frameCount - 1);
    const [c, s] = [Math.cos(0.1 * age), Math.sin(0.1 * age)];
    path.rotationT9.set([c, 0, s, 0, 1, 0, -s, 0, c], 9 * t);
    path.translationT3.set([0.1 * age, 0.02 * age, 0.3 * age], 3 * t);
  }
  return path;
}
