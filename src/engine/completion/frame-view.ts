import type { CameraWish } from "../../domain/constraints.ts";
import { NEAREST_DEPTH, type PinholePath, type Seen } from "../../domain/pinhole.ts";
import type { Affine } from "./own-camera.ts";

/**
 * How one frame sees the picture of "now": what lay at (x,y) videoPx, so deep, is at depth·M·(x,y,1) + t
 * in the camera's space.
 */
export interface FrameView {
  /** [9] row-major. */
  readonly matrix: Float64Array;
  /** [3]. */
  readonly shift: Float32Array;
  readonly focalPx: number;
  readonly centreX: number;
  readonly centreY: number;
}

export function frameViews({ path, nowFocalPx }: CameraWish, own: readonly Affine[]): FrameView[] {
  const [centreX, centreY] = path.centre;
  return own.map(([a, b, c, d, e, f], t) => {
    const rotation = path.rotationT9.subarray(9 * t, 9 * t + 9);
    const across = [a / nowFocalPx, b / nowFocalPx, (c - centreX) / nowFocalPx];
    const down = [d / nowFocalPx, e / nowFocalPx, (f - centreY) / nowFocalPx];
    const matrix = new Float64Array(9);
    for (let row = 0; row < 3; row++) {
      const [r0, r1, r2] = rotation.subarray(3 * row, 3 * row + 3);
      for (let k = 0; k < 3; k++) {
        matrix[3 * row + k] = r0 * across[k] + r1 * down[k] + (k === 2 ? r2 : 0);
      }
    }
    const shift = path.translationT3.subarray(3 * t, 3 * t + 3);
    return { matrix, shift, focalPx: path.focalPxT[t], centreX, centreY };
  });
}

/** Where a frame sees what lay at (x,y) videoPx at "now", so deep. */
export function see(view: FrameView, x: number, y: number, depth: number, out: Seen): void {
  const { matrix: m, shift } = view;
  const cx = depth * (m[0] * x + m[1] * y + m[2]) + shift[0];
  const cy = depth * (m[3] * x + m[4] * y + m[5]) + shift[1];
  const cz = depth * (m[6] * x + m[7] * y + m[8]) + shift[2];
  project(view, cx, cy, cz, out);
}

/** Where frame t of a path sees a place of its world, from element `o` of `placesM3` on. */
export function seeWorld(
  { rotationT9: r, translationT3, focalPxT, centre }: PinholePath,
  t: number,
  placesM3: ArrayLike<number>,
  o: number,
  out: Seen,
): void {
  const [x, y, z] = [placesM3[o], placesM3[o + 1], placesM3[o + 2]];
  const row = (k: number) =>
    r[9 * t + 3 * k] * x +
    r[9 * t + 3 * k + 1] * y +
    r[9 * t + 3 * k + 2] * z +
    translationT3[3 * t + k];
  const lens = { focalPx: focalPxT[t], centreX: centre[0], centreY: centre[1] };
  project(lens, row(0), row(1), row(2), out);
}

/**
 * The picture of a place of the camera's space. What comes nearer than the lens is seen as at its rim:
 * finite, and told by its depth.
 */
function project(
  { focalPx, centreX, centreY }: Pick<FrameView, "focalPx" | "centreX" | "centreY">,
  cx: number,
  cy: number,
  cz: number,
  out: Seen,
): void {
  const scale = focalPx / Math.max(cz, NEAREST_DEPTH);
  out[0] = scale * cx + centreX;
  out[1] = scale * cy + centreY;
  out[2] = cz;
}
