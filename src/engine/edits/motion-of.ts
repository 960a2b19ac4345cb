import { invertCameraPath, moveTracks } from "../../domain/camera-view.ts";
import type { Size } from "../../domain/clip.ts";
import type { Motion } from "../../domain/edits/motion.ts";
import type { CameraPathT6, Future } from "../../domain/forecast.ts";
import { reverseFrames, type Tracks } from "../../domain/tracks.ts";
import { robustAffine, writeAffineMap } from "../scenario/affine.ts";

/** More points and frames than these only make an edit heavy. */
const MOST_POINTS = 400;
const MOST_FRAMES = 324;

export interface MotionSource {
  /** [T,N,2] videoPx; its first frame is where the motion begins. */
  readonly tracks: Tracks;
  readonly fps: number;
  /** Whose motion, in words. */
  readonly from: string;
  /** [T,6] of frames against the first; absent: fitted to all that is seen. */
  readonly cameraPathT6?: CameraPathT6;
}

/** A motion as edits keep it: the camera beside it, paths in the picture of the first frame. */
export function motionOf(source: MotionSource, size: Size, points?: readonly number[]): Motion {
  const { tracks, fps, from } = source;
  const camera = source.cameraPathT6 ?? fittedCamera(tracks, size);
  const still = moveTracks(tracks, invertCameraPath(camera));
  const { pointCount } = tracks;
  const frameCount = Math.min(MOST_FRAMES, tracks.frameCount);
  const chosen = points ?? spreadOut(tracks);
  const pathsNM = chosen.map((n) =>
    Array.from({ length: 2 * frameCount }, (_, i) => {
      const value = still.tracksTN2[2 * ((i >> 1) * pointCount + n) + (i % 2)];
      return Math.min(1e6, Math.max(-1e6, Math.round(value * 100) / 100));
    }),
  );
  const seenN = chosen.map((n) =>
    Array.from({ length: frameCount }, (_, t) =>
      tracks.visibilityTN[t * pointCount + n] > 0 ? "1" : "0",
    ).join(""),
  );
  return { from, fps, pathsNM, seenN, cameraM: [...camera.subarray(0, 6 * frameCount)] };
}

/** The camera of tracks, [T,6] against their first frame: the robust affine map of all that is seen. */
function fittedCamera(tracks: Tracks, size: Size): CameraPathT6 {
  const { frameCount, pointCount, tracksTN2, visibilityTN } = tracks;
  const startN2 = tracksTN2.slice(0, 2 * pointCount);
  const pathT6 = new Float32Array(6 * frameCount);
  for (let t = 0; t < frameCount; t++) {
    const at = t * pointCount;
    const moved = Float64Array.from(startN2, (v, i) => tracksTN2[2 * at + i] - v);
    const both = Uint8Array.from({ length: pointCount }, (_, n) =>
      visibilityTN[n] > 0 && visibilityTN[at + n] > 0 ? 1 : 0,
    );
    writeAffineMap(robustAffine(startN2, moved, both, size), 1, pathT6, 6 * t);
  }
  return pathT6;
}

/** All points that are seen first, every k-th where there are too many. */
function spreadOut({ pointCount, visibilityTN }: Tracks): number[] {
  const seen = Array.from({ length: pointCount }, (_, n) => n).filter((n) => visibilityTN[n] > 0);
  const all = seen.length > 0 ? seen : [0];
  const step = Math.max(1, all.length / MOST_POINTS);
  return Array.from(
    { length: Math.min(MOST_POINTS, all.length) },
    (_, i) => all[Math.floor(i * step)],
  );
}

/** The points at "now" and then the future's, with its camera, which stands still at "now". */
export function motionOfFuture(
  { tracks, cameraPathT6 }: Pick<Future, "tracks" | "cameraPathT6">,
  startN2: Float32Array,
): Pick<MotionSource, "tracks" | "cameraPathT6"> {
  const { frameCount, pointCount } = tracks;
  const tracksTN2 = new Float32Array(2 * pointCount * (frameCount + 1));
  tracksTN2.set(startN2.subarray(0, 2 * pointCount));
  tracksTN2.set(tracks.tracksTN2, 2 * pointCount);
  const visibilityTN = new Uint8Array(pointCount * (frameCount + 1)).fill(1, 0, pointCount);
  visibilityTN.set(tracks.visibilityTN, pointCount);
  const whole = { frameCount: frameCount + 1, pointCount, tracksTN2, visibilityTN };
  if (!cameraPathT6) return { tracks: whole };
  return { tracks: whole, cameraPathT6: Float32Array.of(1, 0, 0, 0, 1, 0, ...cameraPathT6) };
}

/** A past played backwards from "now": it goes on without a jump. */
export function motionOfPast(history: Tracks): Pick<MotionSource, "tracks"> {
  return { tracks: reverseFrames(history) };
}
