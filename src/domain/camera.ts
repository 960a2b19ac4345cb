import type { CameraPathT6 } from "./forecast.ts";

/**
 * Named spaces of positions. Functions between them are called `worldFromVideoPx` and the like.
 *
 * | space | meaning |
 * |---|---|
 * | `videoPx` | pixels of the working frame, x right, y down, 0 = centre of the first pixel |
 * | `norm` | the working frame as [-1,1] in x and y |
 * | `world` | the camera's space at "now": x right, y down, z away from the camera along its axis; one unit is the pivot's depth at "now", so that an unknown scale of the scene cancels |
 */
export type Space = "videoPx" | "norm" | "world";

/**
 * A camera over T frames: how a static point is seen in each of them.
 * - `affine`: from its `videoPx` position at "now", the path that packs forecast. No depth needed.
 * - `pinhole`: from its `world` position: pose, then projection
 *   x' = fx·X/Z + cx, y' = fy·Y/Z + cy (videoPx) of (X,Y,Z) = R·P + t.
 */
export type CameraModel = AffineCamera | PinholeCamera;

export interface AffineCamera {
  readonly kind: "affine";
  readonly pathT6: CameraPathT6;
}

export interface PinholeCamera {
  readonly kind: "pinhole";
  /** [T,4] (fx, fy, cx, cy) videoPx; a zoom changes them from frame to frame. */
  readonly intrinsicsT4: Float32Array;
  /** [T,12] rows of the 3×4 matrix [R|t]: the frame's camera space from `world`; at "now" it is [1|0]. */
  readonly poseT12: Float32Array;
}
