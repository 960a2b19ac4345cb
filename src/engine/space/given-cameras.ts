import type { Size } from "../../domain/clip.ts";
import type { Job } from "../../domain/job.ts";
import { throwIfCancelled } from "../../domain/job.ts";
import type { PinholePath } from "../../domain/pinhole.ts";
import { type SpaceField, STATIC } from "../../domain/space-field.ts";
import { medianOf } from "./adjustment.ts";
import { anchoredPath } from "./anchored.ts";
import type { Cameras } from "./cameras.ts";
import { judgeCertainty } from "./certainty.ts";
import { judgedField } from "./judged-field.ts";
import type { Observations } from "./observations.ts";
import { pointResidual, triangulate } from "./residuals.ts";
import { bestTurning, medianParallaxPx } from "./turning.ts";

/** Largest way of the camera in median depths that depths are first looked for with. */
const FIRST_WAY = 0.3;
const ROUNDS = 3;
/** A point that a camera misses by more tells nothing of the scale. */
const GOOD_PX = 3;

/**
 * The field under cameras that another program found, one a frame of the tracks, videoPx: each point's
 * inverse depth is what its track says under them; what is known of it, and whether it moves, is judged as
 * of cameras of our own. The scale of the file's world is left out: the median depth is 1.
 */
export function fieldOfCameras(
  observations: Observations,
  size: Size,
  given: PinholePath,
  job?: Job,
): SpaceField {
  const { pointCount } = observations.tracks;
  const cameras = unitWay(anchoredPath(given, observations.anchorFrame));
  const inverseDepthN = new Float64Array(pointCount);
  for (let round = 0; round < ROUNDS; round++) {
    for (let n = 0; n < pointCount; n++) {
      if (n % 100 === 0) throwIfCancelled(job);
      inverseDepthN[n] = triangulate(observations, cameras, n);
    }
    job?.onProgress?.({ stage: "Relief", done: round + 1, total: ROUNDS });
    const good = [...inverseDepthN].filter((rho, n) => {
      const { squaredPx2, frames } = pointResidual(observations, cameras, n, rho);
      return rho > 0 && frames > 0 && squaredPx2 < GOOD_PX * GOOD_PX * frames;
    });
    const middle = good.length > 0 ? medianOf(good) : 1;
    if (!(middle > 0)) break;
    // Depths and ways of the camera scale together.
    for (let i = 0; i < cameras.translationT3.length; i++) cameras.translationT3[i] *= middle;
    for (let n = 0; n < pointCount; n++) inverseDepthN[n] /= middle;
  }
  const turning = bestTurning(observations, size.width, cameras.centre);
  const certainty = judgeCertainty(observations, { cameras, inverseDepthN, cost: 0 }, turning);
  const { anchorFrame } = observations;
  const field = judgedField(observations, { cameras, inverseDepthN }, certainty, {
    anchorFrame,
    parallaxPx: medianParallaxPx(observations, cameras, inverseDepthN),
    focal: { px: cameras.focalPxT[anchorFrame], isGuess: false },
  });
  if (field.stateN.includes(STATIC)) return field;
  return { ...field, cameras: null, why: "no-translation" };
}

function unitWay(path: PinholePath): Cameras {
  const { frameCount, centre, focalPxT, rotationT9, translationT3 } = path;
  let most = 0;
  for (let t = 0; t < frameCount; t++) {
    most = Math.max(most, Math.hypot(...translationT3.subarray(3 * t, 3 * t + 3)));
  }
  return {
    ...{ frameCount, centre },
    focalPxT: Float64Array.from(focalPxT),
    rotationT9: Float64Array.from(rotationT9),
    translationT3: Float64Array.from(translationT3, (v) => (most > 0 ? (v * FIRST_WAY) / most : 0)),
  };
}
