import { CONTROL_POINTS, curvePoint } from "../../domain/curve-basis.ts";
import type { PinholePath } from "../../domain/pinhole.ts";
import {
  type LiftedFuture,
  type LiftRequest,
  MOVING,
  type SpaceCurves,
  type SpaceField,
  STATIC,
} from "../../domain/space-field.ts";
import type { Tracks } from "../../domain/tracks.ts";
import {
  type Cameras,
  directionOf,
  pinholePath,
  stillCameras,
  transformDirection,
  worldOnRay,
} from "./cameras.ts";
import { resectAll } from "./resection.ts";
import { pointResidual } from "./residuals.ts";
import { fitCurves } from "./spline.ts";

/**
 * Futures in the space of their past: with the depths of the past, each frame's camera is the resection
 * of its static points; what a track then keeps is the object's own motion.
 * @throws RangeError where nothing is known of the field.
 */
export function liftFuture(
  { field, queryXyN2 }: Omit<LiftRequest, "futures">,
  future: Tracks,
): LiftedFuture {
  if (!field.cameras) throw new RangeError("no future can be lifted: no depth is known");
  const tracks = beginAtNow(queryXyN2, future);
  const observations = { tracks, anchorFrame: 0 };
  const focalPx = field.cameras.focalPxT[field.anchorFrame];
  const cameras = stillCameras(tracks.frameCount, focalPx, field.cameras.centre);
  const usedN = field.stateN.map((state) => (state === STATIC ? 1 : 0));
  const scalesPx = [8, 4, 2, 2];
  resectAll(observations, cameras, field.inverseDepthN, { free: "pose", scalesPx, usedN });
  let squares = 0;
  let count = 0;
  for (let n = 0; n < usedN.length; n++) {
    if (!usedN[n]) continue;
    const own = pointResidual(observations, cameras, n, field.inverseDepthN[n]);
    squares += own.squaredPx2;
    count += own.frames;
  }
  return {
    cameras: pinholePath(cameras),
    rigidityPx: Math.sqrt(squares / Math.max(1, count)),
    curves: curvesOf(tracks, 0, cameras, field),
  };
}

/** The frames of a future after "now" itself, where every point is seen. */
export function beginAtNow(queryXyN2: Float32Array, future: Tracks): Tracks {
  const { frameCount, pointCount } = future;
  const tracksTN2 = new Float32Array((frameCount + 1) * pointCount * 2);
  const visibilityTN = new Uint8Array((frameCount + 1) * pointCount);
  tracksTN2.set(queryXyN2);
  tracksTN2.set(future.tracksTN2, pointCount * 2);
  visibilityTN.fill(1, 0, pointCount);
  visibilityTN.set(future.visibilityTN, pointCount);
  return { frameCount: frameCount + 1, pointCount, tracksTN2, visibilityTN };
}

const CONTROL_NUMBERS = 3 * CONTROL_POINTS;

/** The direction of a point after the part of its way since the anchor, where the way was at `from`. */
function afterWay(
  [x, y, z]: readonly [number, number, number],
  controlK3: Float32Array,
  time: number,
  [ax, ay, az]: ArrayLike<number> & Iterable<number>,
): [number, number, number] {
  const [dx, dy, dz] = curvePoint("smooth", controlK3, 3, time);
  return [x + dx - ax, y + dy - ay, z + dz - az];
}

/** Where a point is hidden its guessed way holds the curve, which would else run straight on and far off. */
const HIDDEN_WEIGHT = 0.02;

/**
 * Curves of all points through space. A static or unknown point stays where it is; a mover lies on the
 * ray of its pixel, as deep as its surround at the anchor would be then, or as one that went the way that a
 * network tells (`wayNK3`, PathGuess): its depth is an assumption.
 */
export function curvesOf(
  tracks: Tracks,
  anchorFrame: number,
  cameras: Cameras | PinholePath,
  { inverseDepthN, stateN }: Pick<SpaceField, "inverseDepthN" | "stateN">,
  wayNK3?: Float32Array,
): SpaceCurves {
  const { frameCount, pointCount, tracksTN2, visibilityTN } = tracks;
  const positionsTN3 = new Float32Array(frameCount * pointCount * 3);
  const focal = cameras.focalPxT[anchorFrame];
  const timeOf = (t: number) => t / Math.max(1, frameCount - 1);
  for (let n = 0; n < pointCount; n++) {
    const a = 2 * (anchorFrame * pointCount + n);
    const direction = directionOf(tracksTN2[a], tracksTN2[a + 1], focal, cameras.centre);
    const rho = inverseDepthN[n];
    const own = wayNK3?.subarray(n * CONTROL_NUMBERS, (n + 1) * CONTROL_NUMBERS);
    const from = own ? curvePoint("smooth", own, 3, timeOf(anchorFrame)) : [0, 0, 0];
    for (let t = 0; t < frameCount; t++) {
      const o = t * pointCount + n;
      if (stateN[n] !== MOVING) {
        for (let c = 0; c < 3; c++) positionsTN3[3 * o + c] = direction[c] / rho;
        continue;
      }
      const moved = own ? afterWay(direction, own, timeOf(t), from) : direction;
      const depth = Math.max(0.05, transformDirection(cameras, t, moved, rho)[2] / rho);
      const ray = directionOf(
        tracksTN2[2 * o],
        tracksTN2[2 * o + 1],
        cameras.focalPxT[t],
        cameras.centre,
      );
      positionsTN3.set(worldOnRay(cameras, t, ray, depth), 3 * o);
    }
  }
  const weightTN = Float32Array.from(visibilityTN, (seen) => (seen ? 1 : HIDDEN_WEIGHT));
  const { controlNKD, residual } = fitCurves(positionsTN3, weightTN, frameCount, 3);
  return { controlNK3: controlNKD, controlCount: CONTROL_POINTS, residual };
}
