import { eyeOf, type PinholePath } from "./pinhole.ts";
import { quaternionBetween, quaternionOfRotation, rotationOfQuaternion } from "./quaternion.ts";

/**
 * A camera at fractional frames, one output frame an index: its place and focal length go straight
 * between frames, it turns the shorter way at an even pace. A whole index copies its frame; indices
 * beyond the ends take the end frame.
 */
export function resamplePath(path: PinholePath, indices: ArrayLike<number>): PinholePath {
  const frameCount = indices.length;
  const focalPxT = new Float32Array(frameCount);
  const rotationT9 = new Float32Array(9 * frameCount);
  const translationT3 = new Float32Array(3 * frameCount);
  const last = path.frameCount - 1;
  for (let t = 0; t < frameCount; t++) {
    const index = Math.min(last, Math.max(0, indices[t]));
    const from = Math.floor(index);
    const part = index - from;
    const turn = path.rotationT9.subarray(9 * from, 9 * from + 9);
    focalPxT[t] = path.focalPxT[from];
    if (part === 0) {
      rotationT9.set(turn, 9 * t);
      translationT3.set(path.translationT3.subarray(3 * from, 3 * from + 3), 3 * t);
      continue;
    }
    const next = path.rotationT9.subarray(9 * from + 9, 9 * from + 18);
    focalPxT[t] += part * (path.focalPxT[from + 1] - focalPxT[t]);
    const q = quaternionBetween(quaternionOfRotation(turn), quaternionOfRotation(next), part);
    const r = rotationOfQuaternion(q);
    const [a, b] = [eyeOf(path, from), eyeOf(path, from + 1)];
    const [x, y, z] = a.map((value, c) => value + part * (b[c] - value));
    rotationT9.set(r, 9 * t);
    for (let c = 0; c < 3; c++) {
      translationT3[3 * t + c] = -(r[3 * c] * x + r[3 * c + 1] * y + r[3 * c + 2] * z);
    }
  }
  return { frameCount, centre: path.centre, focalPxT, rotationT9, translationT3 };
}
