import type { NpyArray } from "../../containers/npy.ts";

/** Where points of the world lie before one frame's camera. */
export interface FrameCamera {
  /** World to camera, [3,4] row major: x right, y down, z forward. */
  readonly pose34: ArrayLike<number>;
  readonly fx: number;
  readonly fy: number;
  readonly cx: number;
  readonly cy: number;
}

/**
 * Positions [T,N,3] in space to the picture [T,N,2] by a pinhole camera a frame, in pixels of the
 * camera's own picture. Points that are not in front of the camera are NaN.
 */
export function project({ shape, data }: NpyArray, camera: (t: number) => FrameCamera): NpyArray {
  const [T, N] = shape;
  const out = new Float64Array(T * N * 2);
  for (let t = 0; t < T; t++) {
    const { pose34: p, fx, fy, cx, cy } = camera(t);
    for (let n = 0; n < N; n++) {
      const i = t * N + n;
      const [x, y, z] = [data[3 * i], data[3 * i + 1], data[3 * i + 2]];
      const depth = p[8] * x + p[9] * y + p[10] * z + p[11];
      const seen = depth > 1e-6;
      out[2 * i] = seen ? (fx * (p[0] * x + p[1] * y + p[2] * z + p[3])) / depth + cx : Number.NaN;
      out[2 * i + 1] = seen
        ? (fy * (p[4] * x + p[5] * y + p[6] * z + p[7])) / depth + cy
        : Number.NaN;
    }
  }
  return { shape: [T, N, 2], dtype: "float64", data: out };
}
