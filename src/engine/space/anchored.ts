import type { PinholePath } from "../../domain/pinhole.ts";
import { transposed } from "../../domain/pose.ts";
import { multiply33 } from "./rotation.ts";

/** The same cameras with one frame's space as the world: Rₜ·Rₐᵀ and tₜ − Rₜ·Rₐᵀ·tₐ. */
export function anchoredPath(path: PinholePath, anchorFrame: number): PinholePath {
  const r = path.rotationT9.subarray(9 * anchorFrame, 9 * anchorFrame + 9);
  const s = path.translationT3.subarray(3 * anchorFrame, 3 * anchorFrame + 3);
  const back = transposed(r);
  const rotationT9 = new Float32Array(path.rotationT9.length);
  const translationT3 = new Float32Array(path.translationT3.length);
  for (let t = 0; t < path.frameCount; t++) {
    const turn = multiply33(path.rotationT9.subarray(9 * t, 9 * t + 9), back);
    rotationT9.set(turn, 9 * t);
    for (let c = 0; c < 3; c++) {
      const shift = turn[3 * c] * s[0] + turn[3 * c + 1] * s[1] + turn[3 * c + 2] * s[2];
      translationT3[3 * t + c] = path.translationT3[3 * t + c] - shift;
    }
  }
  return { ...path, rotationT9, translationT3 };
}
