import type { Size } from "../clip.ts";
import type { CameraPathT6 } from "../forecast.ts";
import { eyeOf, focalPxOfFov, frameCentre, type PinholePath } from "../pinhole.ts";
import { multiplied, rotated, transposed } from "../pose.ts";
import { type CameraEdit, type CameraKey, STILL_KEY } from "./camera.ts";
import { MAX_EDIT_FRAMES } from "./kind.ts";

const DEGREES = 180 / Math.PI;
/** What a keyframe can hold: beyond it a path is cut. */
const MOST_DEPTHS = 1000;

/**
 * The turns and the zoom that move the middle of the picture, its size and its upright as an affine
 * camera path does: keyframes from the edit's first frame on. `rate`: frames here a frame of the path.
 */
export function keysOfPath(
  pathT6: CameraPathT6,
  { frames, assumed }: Pick<CameraEdit, "frames" | "assumed">,
  size: Size,
  rate = 1,
): CameraKey[] {
  const [cx, cy] = frameCentre(size);
  const focalPx = focalPxOfFov(assumed.fovDegrees, size);
  const keys = new Map<number, CameraKey>();
  for (let t = 0; t < pathT6.length / 6; t++) {
    const frame = frames[0] + Math.round((t + 1) * rate) - 1;
    const [a, b, c, d, e, f] = pathT6.subarray(6 * t, 6 * t + 6);
    const zoom = Math.min(100, Math.max(0.01, Math.sqrt(Math.abs(a * e - b * d))));
    const angle = Math.atan2(d - b, a + e);
    const [dx, dy] = [a * cx + b * cy + c - cx, d * cx + e * cy + f - cy];
    // The camera turns right and up first, and rolls then.
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const [x, y] = [cos * dx + sin * dy, cos * dy - sin * dx];
    if (frame < 0 || frame >= MAX_EDIT_FRAMES || ![zoom, x, y].every(Number.isFinite)) continue;
    const pan = -Math.atan(x / (focalPx * zoom)) * DEGREES;
    const tilt = Math.atan(y / (focalPx * zoom)) * DEGREES;
    keys.set(frame, { ...STILL_KEY, frame, pan, tilt, roll: -angle * DEGREES, zoom });
  }
  return [...keys.values()].sort((p, q) => p.frame - q.frame);
}

/**
 * The way of a pinhole camera from its first frame on, which becomes "now": a keyframe for each of the
 * others, from the edit's first frame on. `unit`: world units of the path to one pivot depth.
 */
export function keysOfPinhole(
  path: PinholePath,
  { frames }: Pick<CameraEdit, "frames">,
  unit: number,
): CameraKey[] {
  const count = Math.min(path.frameCount - 1, MAX_EDIT_FRAMES - frames[0]);
  const turnOf = (t: number) => Array.from(path.rotationT9.subarray(9 * t, 9 * t + 9));
  const first = turnOf(0);
  const back = transposed(first);
  const from = eyeOf(path, 0);
  const keys: CameraKey[] = [];
  for (let t = 1; t <= count; t++) {
    const eye = eyeOf(path, t);
    const way = rotated(first, [eye[0] - from[0], eye[1] - from[1], eye[2] - from[2]]);
    const [x, y, z] = way.map((value) =>
      Math.min(MOST_DEPTHS, Math.max(-MOST_DEPTHS, value / unit)),
    );
    // Pan first, tilt then, roll last: R = Rz(−roll)·Rx(−tilt)·Ry(−pan).
    const r = multiplied(turnOf(t), back);
    const turn = {
      pan: Math.atan2(r[6], r[8]) * DEGREES,
      tilt: Math.asin(Math.min(1, Math.max(-1, -r[7]))) * DEGREES,
      roll: Math.atan2(r[1], r[4]) * DEGREES,
    };
    const zoom = Math.min(100, Math.max(0.01, path.focalPxT[t] / path.focalPxT[0]));
    keys.push({ frame: frames[0] + t - 1, ...turn, x, y: -y, z, zoom });
  }
  return keys;
}
