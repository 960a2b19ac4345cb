import { invertCameraPath, moveTracks } from "../../domain/camera-view.ts";
import type { Size } from "../../domain/clip.ts";
import type { CameraPathT6, Future } from "../../domain/forecast.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { robustAffine, writeAffineMap } from "../scenario/affine.ts";

/** A point that is this near to where the camera takes it belongs to the ground, px. */
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
  const still = spreadOut(stillPoints(sampled, cameraPathT6, queryXyN2));
  if (still.length < FEWEST) return cameraPathT6;
  const refitted = new Float32Array(cameraPathT6.length);
  const fromM2 = Float32Array.from(still.flatMap((n) => [queryXyN2[2 * n], queryXyN2[2 * n + 1]]));
  const displacementM2 = new Float64Array(fromM2.length);
  const all = new Uint8Array(still.length).fill(1);
  for (let t = 0; t < frameCount; t++) {
    for (const [m, n] of still.entries()) {
      const o = 2 * (t * pointCount + n);
      displacementM2[2 * m] = pathTN2[o] - fromM2[2 * m];
      displacementM2[2 * m + 1] = pathTN2[o + 1] - fromM2[2 * m + 1];
    }
    writeAffineMap(robustAffine(fromM2, displacementM2, all, size), 1, refitted, 6 * t);
  }
  return refitted;
}

/** Enough for six numbers a frame; more only take their time. */
const MOST = 96;

/** The indices that are set, every k-th where there are too many. */
function spreadOut(useN: Uint8Array): number[] {
  const used = [...useN.keys()].filter((n) => useN[n] > 0);
  const step = Math.max(1, used.length / MOST);
  return Array.from({ length: Math.min(MOST, used.length) }, (_, i) => used[Math.floor(i * step)]);
}

/** The points that the camera alone moves: in every frame where its map takes them. */
function stillPoints(
  { frameCount, pointCount, tracksTN2 }: Tracks,
  cameraPathT6: CameraPathT6,
  queryXyN2: Float32Array,
): Uint8Array {
  const useN = new Uint8Array(pointCount).fill(1);
  for (let t = 0; t < frameCount; t++) {
    const [a, b, c, d, e, f] = cameraPathT6.subarray(6 * t, 6 * t + 6);
    for (let n = 0; n < pointCount; n++) {
      const [x, y] = [queryXyN2[2 * n], queryXyN2[2 * n + 1]];
      const o = 2 * (t * pointCount + n);
      const dx = tracksTN2[o] - (a * x + b * y + c);
      const dy = tracksTN2[o + 1] - (d * x + e * y + f);
      if (Math.hypot(dx, dy) > STILL_PX) useN[n] = 0;
    }
  }
  return useN;
}
