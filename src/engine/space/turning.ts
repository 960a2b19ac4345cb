import { medianOf } from "./adjustment.ts";
import { type Cameras, stillCameras } from "./cameras.ts";
import { linearise } from "./normal-equations.ts";
import type { Observations } from "./observations.ts";
import { type FreeCamera, resectAll } from "./resection.ts";

/** The best camera that stays where it is and only turns, or turns and zooms. */
export interface Turning {
  readonly cameras: Cameras;
  /** Mean robust cost a point and frame, px². */
  readonly cost: number;
}

const SCALES_PX = [40, 20, 10, 5, 3, 2, 2];

export function fitTurning(
  observations: Observations,
  focalPx: number,
  centre: readonly [number, number],
  free: Extract<FreeCamera, "turn" | "turn-and-zoom">,
): Turning {
  const { frameCount, pointCount } = observations.tracks;
  const cameras = stillCameras(frameCount, focalPx, centre);
  const atInfinity = new Float64Array(pointCount);
  resectAll(observations, cameras, atInfinity, { free, scalesPx: SCALES_PX });
  const { cost } = linearise(observations, cameras, atInfinity, 2);
  return { cameras, cost };
}

/** Focal lengths tried, in widths of the picture: from a wide action camera to a long lens. */
const FOCAL_SHARES = [0.45, 0.6, 0.8, 1.05, 1.4, 2, 3];
/** Then nearer to the best of them. */
const FOCAL_STEPS = [1.15, 1.07, 1.035, 1.017, 1.008];

/**
 * The camera that explains most without moving: turn and zoom of each frame and the best of a range
 * of focal lengths. What it leaves unexplained is all that can tell depth.
 */
export function bestTurning(
  observations: Observations,
  widthPx: number,
  centre: readonly [number, number],
): Turning {
  const fitted = (focalPx: number) => fitTurning(observations, focalPx, centre, "turn-and-zoom");
  let best = FOCAL_SHARES.map((share) => fitted(share * widthPx)).reduce(cheaper);
  for (const step of FOCAL_STEPS) {
    const focalPx = best.cameras.focalPxT[observations.anchorFrame];
    best = [best, fitted(focalPx * step), fitted(focalPx / step)].reduce(cheaper);
  }
  return best;
}

function cheaper(a: Turning, b: Turning): Turning {
  return b.cost < a.cost ? b : a;
}

/** Largest shift by translation alone of the median point, px: f·ρ·|t_xy − x·t_z|, turn left out. */
export function medianParallaxPx(
  { tracks, anchorFrame }: Observations,
  { translationT3: T, focalPxT, centre }: Cameras,
  inverseDepthN: ArrayLike<number>,
): number {
  const { frameCount, pointCount, tracksTN2 } = tracks;
  const f = focalPxT[anchorFrame];
  const largest = Float64Array.from({ length: pointCount }, (_, n) => {
    const a = 2 * (anchorFrame * pointCount + n);
    let most = 0;
    for (let t = 0; t < frameCount; t++) {
      const dx = T[3 * t] * f - T[3 * t + 2] * (tracksTN2[a] - centre[0]);
      const dy = T[3 * t + 1] * f - T[3 * t + 2] * (tracksTN2[a + 1] - centre[1]);
      most = Math.max(most, Math.hypot(dx, dy));
    }
    return Math.abs(inverseDepthN[n]) * most;
  });
  return medianOf(largest);
}
