import type { Size } from "../../../domain/clip.ts";
import { FormatError } from "../../../domain/errors.ts";
import type { CameraPathT6 } from "../../../domain/forecast.ts";
import {
  DEFAULT_FOV_DEGREES,
  focalPxOfFov,
  frameCentre,
  type PinholePath,
  stillPinholePath,
  videoPxFromWorld,
  worldFromVideoPx,
} from "../../../domain/pinhole.ts";
import { cameraWish } from "../../../engine/edits/camera/wish.ts";
import type { ExportJob } from "./format.ts";
import { placement, WORKING_SIZE } from "./place.ts";
import { round } from "./time.ts";

/** A future's camera as programs with cameras take it. */
export interface ExportedCamera {
  /** Frame 0 is "now", where it stands at the world's origin. videoPx. */
  readonly path: PinholePath;
  /** Where it comes from and what it leaves out, in sentences. */
  readonly notices: readonly string[];
}

/**
 * The pinhole camera of a job's future: what camera edits set, else a camera that turns and zooms where
 * it stands so that the still picture moves as the forecast says.
 * @throws FormatError where the future has neither.
 */
export function cameraOf({ document: { forecast }, prepared }: ExportJob): ExportedCamera {
  const future = forecast.futures[prepared.futureIndex ?? 0];
  const { frameCount } = future.tracks;
  const wish = cameraWish(forecast.edits ?? [], frameCount, WORKING_SIZE);
  if (wish) {
    const own = future.cameraPathT6 && wish.ownT.some((moves) => moves === 1);
    return {
      path: withNow(wish.path, wish.nowFocalPx),
      notices: [
        "The camera is that of the camera edits.",
        ...(own ? ["The forecast's own camera goes along with it and is not in this file."] : []),
      ],
    };
  }
  if (!future.cameraPathT6) {
    throw new FormatError(
      "This future has no camera of its own",
      "Forecast with a model that tells the camera apart, or add a camera edit.",
    );
  }
  const turned = turningCamera(future.cameraPathT6, frameCount);
  const missed = round(worstMiss(turned, future.cameraPathT6), 1);
  return {
    path: withNow(turned, turned.focalPxT[0] / zoomOf(future.cameraPathT6, 0)),
    notices: [
      `The picture's motion is taken for a camera that turns and zooms where it stands, ${DEFAULT_FOV_DEGREES}° wide; it misses that motion by at most ${missed} px.`,
    ],
  };
}

/** Focal length in px of a picture of `size`. */
export function focalAt({ focalPxT }: PinholePath, t: number, size: Size): number {
  return focalPxT[t] * placement(size).scale;
}

/** Rows of the rotation from camera to world, and where the camera stands: x right, y down, z forward. */
export function worldFromCamera({ rotationT9, translationT3 }: PinholePath, t: number) {
  const [a, b, c, d, e, f, g, h, i] = rotationT9.subarray(9 * t, 9 * t + 9);
  const [x, y, z] = translationT3.subarray(3 * t, 3 * t + 3);
  return {
    rows: [
      [a, d, g],
      [b, e, h],
      [c, f, i],
    ] as const,
    eye: [-(a * x + d * y + g * z), -(b * x + e * y + h * z), -(c * x + f * y + i * z)] as const,
  };
}

function withNow(path: PinholePath, nowFocalPx: number): PinholePath {
  const out = stillPinholePath(path.frameCount + 1, nowFocalPx, WORKING_SIZE);
  out.focalPxT.set(path.focalPxT, 1);
  out.rotationT9.set(path.rotationT9, 9);
  out.translationT3.set(path.translationT3, 3);
  return out;
}

/** Zoom of the similarity nearest to an affine map. */
function zoomOf(pathT6: CameraPathT6, t: number): number {
  const [a, b, , d, e] = pathT6.subarray(6 * t, 6 * t + 6);
  return Math.hypot((a + e) / 2, (d - b) / 2);
}

/**
 * Frame by frame: zoom and roll of the nearest similarity (a+e)/2, (d−b)/2, and the turn that takes the
 * old axis to where the picture's middle has moved (Rodrigues: R = I + K + K²/(1 + cos)).
 */
function turningCamera(pathT6: CameraPathT6, frameCount: number): PinholePath {
  const nowFocalPx = focalPxOfFov(DEFAULT_FOV_DEGREES, WORKING_SIZE);
  const path = stillPinholePath(frameCount, nowFocalPx, WORKING_SIZE);
  const [cx, cy] = frameCentre(WORKING_SIZE);
  const last = pathT6.length / 6 - 1;
  for (let t = 0; t < frameCount; t++) {
    const from = Math.min(t, last);
    const [a, b, c, d, e, f] = pathT6.subarray(6 * from, 6 * from + 6);
    const focalPx = nowFocalPx * zoomOf(pathT6, from);
    const roll = Math.atan2((d - b) / 2, (a + e) / 2);
    const across = (a * cx + b * cy + c - cx) / focalPx;
    const down = (d * cx + e * cy + f - cy) / focalPx;
    const length = Math.hypot(across, down, 1);
    const [x, y, z] = [across / length, down / length, 1 / length];
    const k = 1 / (1 + z);
    const align = [1 - k * x * x, -k * x * y, x, -k * x * y, 1 - k * y * y, y, -x, -y, z];
    const [cos, sin] = [Math.cos(roll), Math.sin(roll)];
    path.focalPxT[t] = focalPx;
    for (let row = 0; row < 3; row++) {
      const [p, q, r] = align.slice(3 * row, 3 * row + 3);
      path.rotationT9.set([p * cos + q * sin, q * cos - p * sin, r], 9 * t + 3 * row);
    }
  }
  return path;
}

/** Largest distance over the picture's corners, edges and middle between camera and affine map. */
function worstMiss(path: PinholePath, pathT6: CameraPathT6): number {
  const { width, height } = WORKING_SIZE;
  const last = pathT6.length / 6 - 1;
  const nowFocalPx = focalPxOfFov(DEFAULT_FOV_DEGREES, WORKING_SIZE);
  let worst = 0;
  for (let t = 0; t < path.frameCount; t++) {
    const [a, b, c, d, e, f] = pathT6.subarray(6 * Math.min(t, last));
    for (let n = 0; n < 9; n++) {
      const x = ((n % 3) / 2) * (width - 1);
      const y = (Math.floor(n / 3) / 2) * (height - 1);
      const world = worldFromVideoPx(nowFocalPx, path.centre, x, y, 1);
      const [u, v] = videoPxFromWorld(path, t, world);
      worst = Math.max(worst, Math.hypot(u - (a * x + b * y + c), v - (d * x + e * y + f)));
    }
  }
  return worst;
}
