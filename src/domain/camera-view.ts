import type { Size } from "./clip.ts";
import type { CameraPathT6, Future } from "./forecast.ts";
import { isInsideFrame } from "./inside-frame.ts";
import type { Tracks } from "./tracks.ts";

/**
 * - `sampled`: trajectories as the pack gave them.
 * - `held`: the camera stands still after "now": each future loses its own camera path, the picture
 *   stays where it is.
 * - `followed`: a stabilised picture: as held, and the picture of each frame is moved onto "now" by
 *   the inverse of one reference path, so that static world points stay put on the screen.
 */
export type CameraMode = "sampled" | "held" | "followed";

export interface CameraView {
  /** Same order as the futures given; those without a camera path are unchanged. */
  readonly futures: readonly Tracks[];
  /**
   * [T,6] per future frame: where a videoPx position of that frame's picture is drawn. null =
   * pictures stay in place.
   */
  readonly pictureAffineT6: CameraPathT6 | null;
}

/**
 * Inverse of every affine map of the path, [T,6] in the layout of `CameraPathT6`: it takes a
 * position in a future frame back to "now". Throws RangeError for a map that cannot be inverted.
 */
export function invertCameraPath(pathT6: CameraPathT6): CameraPathT6 {
  const inverse = new Float32Array(pathT6.length);
  for (let o = 0; o < pathT6.length; o += 6) {
    const [a, b, c, d, e, f] = pathT6.subarray(o, o + 6);
    const determinant = a * e - b * d;
    if (!(Math.abs(determinant) > 1e-9)) {
      throw new RangeError(`camera path: frame ${o / 6} collapses the picture`);
    }
    inverse[o] = e / determinant;
    inverse[o + 1] = -b / determinant;
    inverse[o + 2] = (b * f - c * e) / determinant;
    inverse[o + 3] = -d / determinant;
    inverse[o + 4] = a / determinant;
    inverse[o + 5] = (c * d - a * f) / determinant;
  }
  return inverse;
}

/** Positions of frame t moved by map t, as a copy; frames past the path's end use its last map. */
export function moveTracks(tracks: Tracks, pathT6: CameraPathT6): Tracks {
  const { frameCount, pointCount, tracksTN2 } = tracks;
  const moved = new Float32Array(tracksTN2.length);
  const lastMap = pathT6.length / 6 - 1;
  for (let t = 0; t < frameCount; t++) {
    const [a, b, c, d, e, f] = pathT6.subarray(6 * Math.min(t, lastMap));
    for (let n = 0; n < pointCount; n++) {
      const o = 2 * (t * pointCount + n);
      const x = tracksTN2[o];
      const y = tracksTN2[o + 1];
      moved[o] = a * x + b * y + c;
      moved[o + 1] = d * x + e * y + f;
    }
  }
  return { frameCount, pointCount, tracksTN2: moved, visibilityTN: tracks.visibilityTN };
}

/** Trajectories of a still camera as one on a path sees them; nothing outside the frame is visible. */
export function underPath(still: Tracks, pathT6: CameraPathT6, size: Size): Tracks {
  const moved = moveTracks(still, pathT6);
  const { tracksTN2 } = moved;
  const visibilityTN = still.visibilityTN.map((seen, i) =>
    seen && isInsideFrame(tracksTN2[2 * i], tracksTN2[2 * i + 1], size) ? 1 : 0,
  );
  return { ...moved, visibilityTN };
}

/** Kept as long as the tracks live, so that what is made of the result can be kept by it. */
const stilled = new WeakMap<Tracks, { readonly path: CameraPathT6; readonly still: Tracks }>();

/** The trajectories of one future as seen by a camera that stands still after "now"; made once. */
export function withoutCamera({
  tracks,
  cameraPathT6: path,
}: Pick<Future, "tracks" | "cameraPathT6">): Tracks {
  if (!path) return tracks;
  const known = stilled.get(tracks);
  if (known?.path === path) return known.still;
  const still = moveTracks(tracks, invertCameraPath(path));
  stilled.set(tracks, { path, still });
  return still;
}

/**
 * Futures as a camera mode shows them: for drawing and for export. `reference` names the future
 * whose camera path moves the picture when followed; by default the first that has one.
 */
export function cameraView(
  futures: readonly Future[],
  mode: CameraMode,
  reference?: Future,
): CameraView {
  if (mode === "sampled") {
    return { futures: futures.map((future) => future.tracks), pictureAffineT6: null };
  }
  const path =
    reference?.cameraPathT6 ?? futures.find((future) => future.cameraPathT6)?.cameraPathT6;
  return {
    futures: futures.map(withoutCamera),
    pictureAffineT6: mode === "followed" && path ? invertCameraPath(path) : null,
  };
}
