import { invertCameraPath, moveTracks } from "../../domain/camera-view.ts";
import type { Size } from "../../domain/clip.ts";
import type { CameraPathT6, Future } from "../../domain/forecast.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { robustAffine, writeAffineMap } from "../scenario/affine.ts";

/** A point that stays this near its place while the camera moves belongs to the ground, px. */
const STILL_PX = 2;
/** Fewer still points than this do not tell a camera. */
const FEWEST = 12;

/**
 * The future as another camera would see it: A_new·A⁻¹ on every position, exact where the future's
 * own camera is affine. A future without a camera path is seen by `pathT6` on top of what it shows.
 */
export function changeCamera(future: Future, pathT6: CameraPathT6): Future {
  const { tracks, cameraPathT6: own } = future;
  const still = own ? moveTracks(tracks, invertCameraPath(own)) : tracks;
  return { ...future, tracks: moveTracks(still, pathT6), cameraPathT6: pathT6.slice() };
}

/**
 * The camera after the ground was moved with the constraints: per frame the robust affine map from
 * "now" to where the future's still points are now. `pathTN2`: the completed positions [T,N,2]. The
 * path stays as it is where too few points are still.
 */
export function refitCamera(
  sampled: Tracks,
  cameraPathT6: CameraPathT6,
  pathTN2: Float32Array,
  queryXyN2: Float32Array,
  size: Size,
): CameraPathT6 {
  const { frameCount, pointCount } = sampled;
  const useN = stillPoints(sampled, cameraPathT6, queryXyN2);
  if (useN.reduce((sum, use) => sum + use, 0) < FEWEST) return cameraPathT6;
  const refitted = new Float32Array(cameraPathT6.length);
  const displacementN2 = new Float64Array(2 * pointCount);
  for (let t = 0; t < frameCount; t++) {
    const at = 2 * t * pointCount;
    for (let i = 0; i < displacementN2.length; i++) {
      displacementN2[i] = pathTN2[at + i] - queryXyN2[i];
    }
    writeAffineMap(robustAffine(queryXyN2, displacementN2, useN, size), 1, refitted, 6 * t);
  }
  return refitted;
}

function stillPoints(
  sampled: Tracks,
  cameraPathT6: CameraPathT6,
  queryXyN2: Float32Array,
): Uint8Array {
  const { tracksTN2 } = moveTracks(sampled, invertCameraPath(cameraPathT6));
  const { frameCount, pointCount } = sampled;
  const useN = new Uint8Array(pointCount).fill(1);
  for (let t = 0; t < frameCount; t++) {
    for (let n = 0; n < pointCount; n++) {
      const o = 2 * (t * pointCount + n);
      const [dx, dy] = [tracksTN2[o] - queryXyN2[2 * n], tracksTN2[o + 1] - queryXyN2[2 * n + 1]];
      if (Math.hypot(dx, dy) > STILL_PX) useN[n] = 0;
    }
  }
  return useN;
}
