import type { Size } from "../clip.ts";
import type { CameraPathT6 } from "../forecast.ts";
import { focalPxOfFov, frameCentre } from "../pinhole.ts";
import { type CameraEdit, type CameraKey, STILL_KEY } from "./camera.ts";
import { MAX_EDIT_FRAMES } from "./kind.ts";

const DEGREES = 180 / Math.PI;

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
