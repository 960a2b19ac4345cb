import type { PinholePath } from "../../../domain/pinhole.ts";

/** [T,4,4] row-major, world to camera: the rotation, the shift, and 0 0 0 1. */
export function extrinsicsOf({ frameCount, rotationT9, translationT3 }: PinholePath): Float32Array {
  const out = new Float32Array(16 * frameCount);
  for (let t = 0; t < frameCount; t++) {
    for (let row = 0; row < 3; row++) {
      const turn = rotationT9.subarray(9 * t + 3 * row, 9 * t + 3 * row + 3);
      out.set([...turn, translationT3[3 * t + row]], 16 * t + 4 * row);
    }
    out[16 * t + 15] = 1;
  }
  return out;
}
