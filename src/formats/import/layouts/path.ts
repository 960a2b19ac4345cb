import type { PinholePath } from "../../../domain/pinhole.ts";
import type { NpyArray } from "../../containers/npy.ts";

/** Cameras out of matrices [T,4,4] or [T,3,4] from world to camera, row-major: x right, y down, z forward. */
export function pathOfArrays(
  { data, shape: [T, rows] }: NpyArray,
  focalPx: (t: number) => number,
  centre: readonly [number, number],
): PinholePath {
  const rotationT9 = new Float32Array(9 * T);
  const translationT3 = new Float32Array(3 * T);
  for (let t = 0; t < T; t++) {
    for (let row = 0; row < 3; row++) {
      const at = 4 * (rows * t + row);
      rotationT9.set(data.subarray(at, at + 3), 9 * t + 3 * row);
      translationT3[3 * t + row] = data[at + 3];
    }
  }
  const focalPxT = Float32Array.from({ length: T }, (_, t) => focalPx(t));
  return { frameCount: T, focalPxT, centre, rotationT9, translationT3 };
}
